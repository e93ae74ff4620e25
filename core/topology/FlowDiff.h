// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowGraph.h"

#include <string>
#include <vector>

namespace weir {

inline constexpr double kChangedBy = 1.5; ///< compareFlows()' factor, where nobody chooses another

/// The later graph, with what vanished since the earlier one; each node and edge says what became of it.
/// `factor` > 1: what rose or fell by more than that counts as changed. Chance makes a rate of few messages
/// rise and fall: what may be chance (three standard deviations of a count) does not count.
[[nodiscard]] FlowGraph compareFlows(const FlowGraph& before, const FlowGraph& now, double factor);

/// What became of an edge's figures: `10/s → 30/s, p99 5.00 ms → 20.0 ms`; empty where they did not change.
[[nodiscard]] std::string changeInWords(const FlowEdge& edge);
/// One line a change of a compared graph, in the order in which messages pass.
[[nodiscard]] std::vector<std::string> changesInWords(const FlowGraph& graph);

} // namespace weir
