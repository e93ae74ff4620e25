// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowGraph.h"

#include <vector>

namespace weir {

/// By edge: how wide it is drawn, 1 to 10 px by the square root of its rate against the graph's highest.
[[nodiscard]] std::vector<double> flowWidths(const FlowGraph& graph);

/// By edge: 1 where there were errors, or its p99 stands far above the others that leave nodes of this kind.
[[nodiscard]] std::vector<char> flowWarnings(const FlowGraph& graph);

/// By node: 1 where the graph has a finding on it.
[[nodiscard]] std::vector<char> flowMarks(const FlowGraph& graph);

} // namespace weir
