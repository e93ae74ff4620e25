// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowGraph.h"

#include <memory>
#include <string>
#include <vector>

namespace weir {

enum class FlowChange : std::uint8_t {
    Same,
    Appeared,
    Vanished,
    Changed, ///< an edge's rate or p99
};
[[nodiscard]] std::string_view flowChangeName(FlowChange change);

/// What became of an edge.
struct FlowEdgeChange
{
    FlowChange change = FlowChange::Same;
    std::optional<double> rateBefore; ///< of one that is in both, where it was known
    Nanoseconds p99Before = kNoDuration;
    bool rateChanged = false;
    bool p99Changed = false;
};

/// Two graphs as one. Immutable once made.
struct FlowDiff
{
    std::shared_ptr<const FlowGraph> graph; ///< the later one's nodes and edges, and those that vanished
    std::vector<FlowChange> nodes;          ///< by node
    std::vector<FlowEdgeChange> edges;      ///< by edge
    Timestamp from = kNoTime;               ///< of the earlier one
    Timestamp to = kNoTime;
};

/// `factor` > 1: what rose or fell by more than that counts as changed; chance makes a rate of few messages
/// rise and fall: what may be chance (three standard deviations of a count) does not count.
[[nodiscard]] FlowDiff compareFlows(const FlowGraph& before, const FlowGraph& now, double factor);

/// One line a change, in the order in which messages pass.
[[nodiscard]] std::vector<std::string> changesInWords(const FlowDiff& diff);

} // namespace weir
