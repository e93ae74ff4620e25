// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/HistoryReader.h"
#include "core/topology/FlowGraph.h"

#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace weir {

/// How much came at comparable times: ranges as long as the one that is asked of, at the same time of the
/// days before, else one after the other before it.
struct FlowSeason
{
    std::vector<FlowGraph> ranges;
    std::string inWords; ///< "the same time of 5 days before"
};

/// Reads the season of [from, to), up to seven ranges; groups of subjects drawn together as with `alike`.
/// Fewer than three comparable ranges, of which all was recorded, are none. Cancelled once `stop` is asked.
[[nodiscard]] Result<FlowSeason> readSeason(HistoryReader& reader, Timestamp from, Timestamp to,
                                            const Filter& filter, const std::vector<std::string>& alike,
                                            const std::stop_token& stop);

/// Subjects whose rate is far above their season (three times its greatest, and more than chance), each with
/// the senders that the excess came from.
[[nodiscard]] std::vector<FlowFinding> findStorms(const FlowGraph& now, const FlowSeason& season);

} // namespace weir
