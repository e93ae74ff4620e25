// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QToolButton;

namespace weir {

class Clock;
class ConnectionChip;
class FilterBox;
class RangeButton;
class RangeHistory;
class RangeStrip;
class RateTimeline;
class ViewState;

/// What stands above every page: connection, time range, live or paused, filter, and the strip.
class TopBar : public QWidget
{
    Q_OBJECT
public:
    /// All outlive it.
    TopBar(ViewState& state, Clock& clock, RangeHistory& ranges, RateTimeline& timeline,
           QWidget* parent = nullptr);

    [[nodiscard]] ConnectionChip& chip() { return *m_chip; }
    [[nodiscard]] RangeButton& range() { return *m_range; }
    [[nodiscard]] FilterBox& filter() { return *m_filter; }
    [[nodiscard]] RangeStrip& strip() { return *m_strip; }
    /// Pauses a live range, makes a fixed one live.
    void toggleLive();

private:
    void showLive();

    ViewState& m_state;
    RangeHistory& m_ranges;
    ConnectionChip* m_chip;
    RangeButton* m_range;
    QToolButton* m_back;
    QToolButton* m_live;
    FilterBox* m_filter;
    RangeStrip* m_strip;
};

} // namespace weir
