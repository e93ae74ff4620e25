// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/RangeHistory.h"

#include <algorithm>

namespace weir {

namespace {
using namespace std::chrono_literals;
constexpr std::size_t kKept = 50;
constexpr Nanoseconds kShortest = 10ms;
constexpr Nanoseconds kLongest = 366 * 24h;
} // namespace

RangeHistory::RangeHistory(ViewState& state, Clock& clock, QObject* parent)
    : QObject(parent),
      m_state(state),
      m_clock(clock),
      m_current(state.range()),
      m_liveSpan(state.range().live ? state.range().span : Nanoseconds(5min))
{
    connect(&state, &ViewState::rangeChanged, this, &RangeHistory::remember);
}

void RangeHistory::remember()
{
    if (!m_goingBack) {
        m_earlier.push_back(m_current);
        if (m_earlier.size() > kKept)
            m_earlier.erase(m_earlier.begin());
    }
    m_current = m_state.range();
    if (m_current.live)
        m_liveSpan = m_current.span;
    emit changed();
}

void RangeHistory::goBack()
{
    if (m_earlier.empty())
        return;
    const TimeRange range = m_earlier.back();
    m_earlier.pop_back();
    m_goingBack = true;
    m_state.setRange(range);
    m_goingBack = false;
    emit changed();
}

TimeRange RangeHistory::resolved() const
{
    TimeRange range = m_state.range();
    if (range.live) {
        range.to = m_clock.now();
        range.from = range.to - range.span;
    }
    return range;
}

void RangeHistory::pause()
{
    if (!m_state.range().live)
        return;
    TimeRange range = resolved();
    range.live = false;
    m_state.setRange(range);
}

void RangeHistory::goLive()
{
    TimeRange range;
    range.span = m_liveSpan;
    m_state.setRange(range);
}

void RangeHistory::shift(int lengths)
{
    TimeRange range = resolved();
    const Nanoseconds by = (range.to - range.from) * lengths;
    range.live = false;
    range.from += by;
    range.to += by;
    m_state.setRange(range);
}

void RangeHistory::zoom(bool out)
{
    TimeRange range = m_state.range();
    if (range.live) {
        range.span = std::clamp(out ? range.span * 2 : range.span / 2, kShortest, kLongest);
    } else {
        const Nanoseconds length = range.to - range.from;
        if ((out && length > kLongest / 2) || (!out && length < kShortest * 2))
            return;
        const Nanoseconds by = out ? length / 2 : -length / 4;
        range.from -= by;
        range.to += by;
    }
    m_state.setRange(range);
}

} // namespace weir
