// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/LossEpisode.h"

namespace weir {

LossEpisode::LossEpisode(GapCause cause, SourceEvents& events, Nanoseconds quiet)
    : m_cause(cause), m_events(events), m_quiet(quiet)
{
}

void LossEpisode::update(std::uint64_t count, Timestamp now, const std::string& detail)
{
    if (count > 0) {
        if (!m_gap)
            m_gap = m_events.gapBegan(m_cause, m_lastLook == kNoTime ? now : m_lastLook, detail);
        m_lastLoss = now;
        report(count);
    } else if (m_gap && now - m_lastLoss >= m_quiet) {
        end(m_lastLoss);
    }
    m_lastLook = now;
}

void LossEpisode::end(Timestamp now)
{
    if (m_gap)
        m_events.gapEnded(*m_gap, now);
    m_gap.reset();
}

void LossEpisode::report(std::uint64_t count)
{
    if (m_cause == GapCause::QueueFull)
        m_events.droppedByQueue(count);
    else
        m_events.droppedByBroker(count);
}

} // namespace weir
