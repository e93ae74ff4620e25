// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowGraph.h"

#include <set>
#include <string>

namespace weir {

/// Which nodes of a flow are drawn together as one.
struct FlowGrouping
{
    std::set<FlowKind> kinds; ///< all of these kinds; subjects by their first token
    /// Names: all streams, consumers, queue groups and clients of one are its node, whatever their kind.
    std::set<std::string> accounts;
    [[nodiscard]] bool isEmpty() const { return kinds.empty() && accounts.empty(); }
    bool operator==(const FlowGrouping&) const = default;
};

/// The graph with the nodes of each group as one: its edges add up; of latencies the slowest edge's stand, of
/// what they rest on the least certain. Alone in its group a node stays as it is.
/// Lines between nodes of one group are left out.
[[nodiscard]] FlowGraph groupedFlow(const FlowGraph& graph, const FlowGrouping& grouping);

/// The account that a node of a flow belongs to; empty: none, or nobody knows.
[[nodiscard]] std::string accountOf(const FlowNode& node);

} // namespace weir
