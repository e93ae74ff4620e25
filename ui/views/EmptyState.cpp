// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/EmptyState.h"

#include "ui/theme/ThemeColors.h"
#include "ui/theme/ThemedIcon.h"

#include <QEvent>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <initializer_list>

namespace weir {
namespace {

constexpr int kTextWidth = 460; // px: about 70 characters, the longest line that reads well

constexpr int kIcon = 40; // px

} // namespace

EmptyState::EmptyState(QWidget* parent, QString icon)
    : QWidget(parent),
      m_ownIcon(std::move(icon)),
      m_icon(new QLabel(this)),
      m_title(new QLabel(this)),
      m_hint(new QLabel(this)),
      m_busy(new QProgressBar(this)),
      m_button(new QPushButton(this))
{
    QFont bold = font();
    bold.setBold(true);
    bold.setPointSizeF(bold.pointSizeF() * 1.2);
    m_title->setFont(bold);
    m_hint->setProperty("muted", true);
    for (QLabel* label : {m_title, m_hint}) {
        label->setTextFormat(Qt::PlainText); // a server's words may stand in it
        label->setAlignment(Qt::AlignCenter);
        label->setWordWrap(true);
        label->setMaximumWidth(kTextWidth);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->setFocusPolicy(Qt::NoFocus);
    }
    m_busy->setRange(0, 0);
    m_busy->setTextVisible(false);
    m_busy->setFixedWidth(kTextWidth / 3);
    m_button->setObjectName(QStringLiteral("emptyAction"));
    m_hint->setObjectName(QStringLiteral("emptyHint"));
    m_button->setAutoDefault(true);
    connect(m_button, &QPushButton::clicked, this, [this] {
        const auto run = m_run; // what it does may put something else here
        run();
    });
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(8);
    layout->addStretch(2);
    for (QWidget* part : std::initializer_list<QWidget*>{m_icon, m_title, m_hint, m_busy, m_button})
        layout->addWidget(part, 0, Qt::AlignHCenter);
    layout->addStretch(3);
}

void EmptyState::showEmpty(const QString& title, const QString& hint, const Offer& offer)
{
    show(m_ownIcon, title, hint, false, offer);
}

void EmptyState::showLoading(const QString& title, const QString& hint)
{
    show(m_ownIcon, title, hint, true, {});
}

void EmptyState::showError(const QString& title, const QString& why, const Offer& offer)
{
    show(QStringLiteral("error"), title, why, false, offer);
}

QString EmptyState::title() const
{
    return m_title->text();
}

void EmptyState::show(const QString& icon, const QString& title, const QString& hint, bool busy,
                      const Offer& offer)
{
    m_shownIcon = icon;
    drawIcon();
    m_title->setText(title);
    m_hint->setText(hint);
    m_hint->setVisible(!hint.isEmpty());
    m_busy->setVisible(busy);
    m_run = offer.run;
    m_button->setText(offer.text);
    m_button->setVisible(static_cast<bool>(offer.run));
    // A label that may wrap asks for a square: it must be told how wide its line is.
    for (QLabel* label : {m_title, m_hint})
        label->setMinimumWidth(
            std::min(kTextWidth, label->fontMetrics().horizontalAdvance(label->text()) + 8));
    setAccessibleName(title);
    setAccessibleDescription(hint);
}

void EmptyState::drawIcon()
{
    m_icon->setVisible(!m_shownIcon.isEmpty());
    if (m_shownIcon.isEmpty())
        return;
    const ThemeColors& colors = ThemeColors::of(palette());
    const bool isError = m_shownIcon == QLatin1String("error");
    m_icon->setPixmap(
        themedPixmap(m_shownIcon, kIcon, isError ? colors.error : colors.muted, devicePixelRatioF()));
}

void EmptyState::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        drawIcon();
}

} // namespace weir
