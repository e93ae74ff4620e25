// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/TopBar.h"

#include "ui/models/RangeHistory.h"
#include "ui/models/RateTimeline.h"
#include "ui/theme/ThemedIcon.h"
#include "ui/window/ConnectionChip.h"
#include "ui/window/FilterBox.h"
#include "ui/window/RangeButton.h"
#include "ui/window/RangeStrip.h"

#include <QHBoxLayout>
#include <QToolButton>
#include <QVBoxLayout>

namespace weir {
namespace {

constexpr int kLeastFilter = 400; // px: the connection gives way first, its tool tip says all

} // namespace

TopBar::TopBar(ViewState& state, Clock& clock, RangeHistory& ranges, RateTimeline& timeline, QWidget* parent)
    : QWidget(parent),
      m_state(state),
      m_ranges(ranges),
      m_chip(new ConnectionChip(this)),
      m_range(new RangeButton(state, ranges, this)),
      m_back(new QToolButton(this)),
      m_live(new QToolButton(this)),
      m_filter(new FilterBox(state, clock, this)),
      m_strip(new RangeStrip(timeline, state, ranges, this))
{
    setObjectName(QStringLiteral("topBar"));
    m_back->setObjectName(QStringLiteral("rangeBack"));
    m_back->setIcon(themedIcon(QStringLiteral("back")));
    m_back->setToolTip(tr("Back to the range before (Alt+Left)"));
    m_back->setAccessibleName(tr("Back to the range before"));
    m_back->setFocusPolicy(Qt::StrongFocus);
    m_live->setObjectName(QStringLiteral("liveButton"));
    m_live->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_live->setFocusPolicy(Qt::StrongFocus);
    auto* row = new QHBoxLayout;
    row->setSpacing(6);
    row->addWidget(m_chip);
    row->addWidget(m_back);
    row->addWidget(m_range);
    row->addWidget(m_live);
    row->addWidget(m_filter, 1);
    m_filter->setMinimumWidth(kLeastFilter);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 6, 8, 2);
    layout->setSpacing(6);
    layout->addLayout(row);
    layout->addWidget(m_strip);
    m_filter->setNames([&timeline] { return timeline.names(); });
    connect(m_back, &QToolButton::clicked, &m_ranges, &RangeHistory::goBack);
    connect(m_live, &QToolButton::clicked, this, &TopBar::toggleLive);
    connect(&m_ranges, &RangeHistory::changed, this, &TopBar::showLive);
    showLive();
}

void TopBar::toggleLive()
{
    if (m_state.range().live)
        m_ranges.pause();
    else
        m_ranges.goLive();
}

void TopBar::showLive()
{
    const bool live = m_state.range().live;
    m_live->setText(live ? tr("Hold") : tr("Go live"));
    m_live->setIcon(themedIcon(live ? QStringLiteral("pause") : QStringLiteral("live")));
    m_live->setAccessibleName(live ? tr("Hold the time range") : tr("Show live traffic again"));
    m_live->setToolTip(live ? tr("Hold what is shown; recording goes on (Ctrl+L)")
                            : tr("Show the range that ends now (Ctrl+L)"));
    m_back->setEnabled(m_ranges.canGoBack());
}

} // namespace weir
