// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowGraph.h"

#include <QPainterPath>

namespace weir {

/// The small drawing that tells a node's kind, of lines in a square of 12 by 12.
[[nodiscard]] const QPainterPath& flowMark(FlowKind kind);
inline constexpr double kFlowMark = 12;

/// A triangle with an exclamation mark: something asks for a look. In the same square.
[[nodiscard]] const QPainterPath& warningMark();
/// Of what the reader wants to keep in view.
[[nodiscard]] const QPainterPath& pinMark();

} // namespace weir
