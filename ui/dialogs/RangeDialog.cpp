// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/RangeDialog.h"

#include "ui/dialogs/MomentField.h"
#include "ui/models/TimeText.h"
#include "ui/window/WidgetState.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace weir {

RangeDialog::RangeDialog(const TimeRange& shown, Timestamp now, QWidget* parent)
    : QDialog(parent),
      m_now(now),
      m_from(momentField(QStringLiteral("rangeFrom"), tr("From"), shown.from, this)),
      m_to(momentField(QStringLiteral("rangeTo"), tr("To"), shown.to, this)),
      m_message(new QLabel(this)),
      m_show(nullptr)
{
    setObjectName(QStringLiteral("rangeDialog"));
    setWindowTitle(tr("Time range"));
    m_message->setObjectName(QStringLiteral("rangeMessage"));
    m_message->setWordWrap(true);
    m_message->setMinimumHeight(2 * fontMetrics().height() + 4);
    auto* hint = new QLabel(momentHint());
    hint->setProperty("muted", true);
    hint->setWordWrap(true);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_show = buttons->addButton(tr("Show range"), QDialogButtonBox::AcceptRole);
    m_show->setObjectName(QStringLiteral("rangeShow"));
    m_show->setDefault(true);
    auto* layout = new QFormLayout(this);
    layout->addRow(tr("&From"), m_from);
    layout->addRow(tr("&To"), m_to);
    layout->addRow(hint);
    layout->addRow(m_message);
    layout->addRow(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    for (QLineEdit* field : {m_from, m_to})
        connect(field, &QLineEdit::textChanged, this, &RangeDialog::check);
    m_from->selectAll();
    check();
}

void RangeDialog::check()
{
    const auto from = readMoment(m_from->text(), m_now);
    const auto to = readMoment(m_to->text(), m_now);
    setStateLevel(m_from, from ? StateLevel::Normal : StateLevel::Error);
    setStateLevel(m_to, to ? StateLevel::Normal : StateLevel::Error);
    QString problem;
    if (!from)
        problem = tr("From: %1").arg(QString::fromStdString(from.error().why));
    else if (!to)
        problem = tr("To: %1").arg(QString::fromStdString(to.error().why));
    else if (*to <= *from)
        problem = tr("To must lie after From.");
    m_show->setEnabled(problem.isEmpty());
    setStateLevel(m_message, problem.isEmpty() ? StateLevel::Normal : StateLevel::Error);
    if (!problem.isEmpty()) {
        m_message->setText(problem);
        return;
    }
    m_range.live = false;
    m_range.from = *from;
    m_range.to = *to;
    m_message->setText(tr("%1 (%2)").arg(rangeText(m_range), spanText(*to - *from)));
}

} // namespace weir
