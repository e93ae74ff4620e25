// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/topology/FlowGraph.h"

#include <cstdint>
#include <stop_token>
#include <vector>

namespace weir {

/// By column, which is a kind's number: its nodes from top to bottom.
using FlowOrder = std::vector<std::vector<std::uint32_t>>;

/// Orders each column so that few lines cross. Graphviz, whose time grows with the square of the lines, and
/// which cannot be interrupted, is given the nodes with the most lines and some lines of each (800 nodes:
/// 0.2 s at the most were measured); the others come in where their neighbours stand, and passes over
/// the whole graph follow. Cancelled when `stop` is asked, Internal when Graphviz fails.
[[nodiscard]] Result<FlowOrder> orderFlow(const FlowGraph& graph, const std::stop_token& stop);

/// Pairs of lines between the same two columns that cross, in this order.
[[nodiscard]] std::uint64_t crossingsOf(const FlowGraph& graph, const FlowOrder& order);

} // namespace weir
