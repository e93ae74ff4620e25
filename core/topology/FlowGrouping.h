// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowGraph.h"

#include <set>

namespace weir {

/// Which nodes of a flow are drawn together as one.
struct FlowGrouping
{
    std::set<FlowKind> kinds; ///< all of these kinds; subjects by their first token
    [[nodiscard]] bool isEmpty() const { return kinds.empty(); }
    bool operator==(const FlowGrouping&) const = default;
};

/// The graph with the nodes of each group as one: its edges add up; of latencies the slowest edge's stand, of
/// what they rest on the least certain. Alone in its group a node stays as it is.
[[nodiscard]] FlowGraph groupedFlow(const FlowGraph& graph, const FlowGrouping& grouping);

} // namespace weir
