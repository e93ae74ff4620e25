// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/EmptyState.h"

#include <QLabel>
#include <QProgressBar>
#include <QVBoxLayout>

#include <algorithm>

namespace weir {
namespace {

constexpr int kTextWidth = 460; // px: about 70 characters, the longest line that reads well

} // namespace

EmptyState::EmptyState(QWidget* parent)
    : QWidget(parent), m_title(new QLabel(this)), m_hint(new QLabel(this)), m_busy(new QProgressBar(this))
{
    QFont bold = font();
    bold.setBold(true);
    bold.setPointSizeF(bold.pointSizeF() * 1.2);
    m_title->setFont(bold);
    for (QLabel* label : {m_title, m_hint}) {
        label->setAlignment(Qt::AlignCenter);
        label->setWordWrap(true);
        label->setMaximumWidth(kTextWidth);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->setFocusPolicy(Qt::NoFocus);
    }
    m_busy->setRange(0, 0);
    m_busy->setTextVisible(false);
    m_busy->setFixedWidth(kTextWidth / 3);
    auto* layout = new QVBoxLayout(this);
    layout->addStretch(2);
    layout->addWidget(m_title, 0, Qt::AlignHCenter);
    layout->addWidget(m_hint, 0, Qt::AlignHCenter);
    layout->addWidget(m_busy, 0, Qt::AlignHCenter);
    layout->addStretch(3);
}

void EmptyState::showEmpty(const QString& title, const QString& hint)
{
    show(title, hint, false);
}

void EmptyState::showLoading(const QString& title, const QString& hint)
{
    show(title, hint, true);
}

void EmptyState::showError(const QString& title, const QString& why)
{
    show(title, why, false);
}

QString EmptyState::title() const
{
    return m_title->text();
}

void EmptyState::show(const QString& title, const QString& hint, bool busy)
{
    m_title->setText(title);
    m_hint->setText(hint);
    m_hint->setVisible(!hint.isEmpty());
    m_busy->setVisible(busy);
    // A label that may wrap asks for a square: it must be told how wide its line is.
    for (QLabel* label : {m_title, m_hint})
        label->setMinimumWidth(
            std::min(kTextWidth, label->fontMetrics().horizontalAdvance(label->text()) + 8));
    setAccessibleName(title);
    setAccessibleDescription(hint);
}

} // namespace weir
