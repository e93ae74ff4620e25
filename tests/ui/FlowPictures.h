// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowLayout.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace weir::test {

/// Each node in its kind's column, one row after the other, in the order of the graph: what a test can
/// foresee.
[[nodiscard]] std::shared_ptr<const FlowPicture> placed(FlowGraph graph);

/// `nodes` of an edge's flow, all kinds in it, each with edges to nodes further on; about `edges` of them.
/// The same for the same numbers.
[[nodiscard]] std::shared_ptr<const FlowPicture> bigFlow(std::size_t nodes, std::size_t edges);

} // namespace weir::test
