// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/MessageSource.h"

#include <optional>
#include <string>

namespace weir {

/// Turns counts of lost messages into gaps: one opens with the first loss and closes once nothing was lost
/// for `quiet`. One thread.
class LossEpisode
{
public:
    LossEpisode(GapCause cause, SourceEvents& events, Nanoseconds quiet = std::chrono::seconds(1));

    /// `count` were lost between the last call and `now`; 0 is said too.
    void update(std::uint64_t count, Timestamp now, const std::string& detail);
    /// Closes what is open.
    void end(Timestamp now);

private:
    void report(std::uint64_t count);

    const GapCause m_cause;
    SourceEvents& m_events;
    const Nanoseconds m_quiet;
    Timestamp m_lastLook = kNoTime;
    Timestamp m_lastLoss = kNoTime;
    std::optional<std::uint64_t> m_gap;
};

} // namespace weir
