// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowGraph.h"

#include <array>

namespace weir {

inline constexpr std::size_t kFlowKinds = static_cast<std::size_t>(kLastFlowKind) + 1;
inline constexpr double kFlowBoxHeight = 24; ///< px at natural size

/// How wide the box of a node of this kind is, in px at natural size: as its names usually want.
[[nodiscard]] double flowBoxWidth(FlowKind kind);

/// By kind: where the middle of its column is; columns of the kinds that are `present` stand side by side,
/// `gap` px between their boxes, the first at 0.
[[nodiscard]] std::array<double, kFlowKinds> flowColumns(const std::array<bool, kFlowKinds>& present,
                                                         double gap);

} // namespace weir
