// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/HistoryReader.h"
#include "core/topology/FlowGraph.h"

#include <stop_token>

namespace weir {

/// A stretch of a history that was looked at.
struct FlowRange
{
    Timestamp from = kNoTime;
    Timestamp to = kNoTime;
    Nanoseconds recorded{0}; ///< how much of it was recorded
    std::vector<std::string> lacks;
};

/// Adds the flow that a history shows of [from, to), from its sums, also of what has expired: to the second
/// for ranges up to two hours, else to the minute; the ends are widened to whole ones. With a filter, that of
/// the messages that match: what has expired is missing then. Returns the range that was looked at, and what
/// it lacks.
[[nodiscard]] Result<FlowRange> addFlowOf(HistoryReader& reader, Timestamp from, Timestamp to,
                                          const Filter& filter, const std::stop_token& stop,
                                          FlowAssembly& into);

} // namespace weir
