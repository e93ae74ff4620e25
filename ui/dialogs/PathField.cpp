// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/PathField.h"

#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QToolButton>

namespace weir {

PathField::PathField(const QString& name, const QString& label, Kind kind, QWidget* parent)
    : QWidget(parent), m_line(new QLineEdit(this)), m_label(label), m_kind(kind)
{
    m_line->setObjectName(name);
    m_line->setAccessibleName(label);
    auto* button = new QToolButton(this);
    button->setText(tr("Choose…"));
    button->setAccessibleName(tr("Choose: %1").arg(label));
    button->setFocusPolicy(Qt::StrongFocus);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_line, 1);
    layout->addWidget(button);
    setFocusProxy(m_line);
    connect(button, &QToolButton::clicked, this, &PathField::choose);
    connect(m_line, &QLineEdit::textChanged, this, &PathField::changed);
}

QString PathField::path() const
{
    const QString text = m_line->text().trimmed();
    return text.startsWith(QLatin1String("~/")) ? QDir::homePath() + text.mid(1) : text;
}

void PathField::setPath(const QString& path)
{
    m_line->setText(path);
}

void PathField::choose()
{
    const QString chosen = m_kind == Kind::Existing
                               ? QFileDialog::getOpenFileName(this, m_label, path())
                               : QFileDialog::getSaveFileName(this, m_label, path(), {}, nullptr,
                                                              QFileDialog::DontConfirmOverwrite);
    if (!chosen.isEmpty())
        m_line->setText(chosen);
}

} // namespace weir
