// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <utility>
#include <vector>

namespace weir {

/// Nodes by the column in which each stands, and lines between them.
struct ColumnedNodes
{
    std::vector<std::size_t> columns; ///< by node
    std::vector<std::pair<std::uint32_t, std::uint32_t>> lines{};
};

/// Of laying a graph out: nobody waits for it any more.
[[nodiscard]] Error layingOutStopped();

/// By node: how far down its column it stands, so that few lines cross (Graphviz's `dot`, its first two
/// phases). Graphviz cannot be interrupted: `stop` is heard before and after, and what is given to it bounds
/// how long that is. One at a time in a process; any thread.
[[nodiscard]] Result<std::vector<int>> orderByGraphviz(const ColumnedNodes& nodes,
                                                       const std::stop_token& stop);

} // namespace weir
