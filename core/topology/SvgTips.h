// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowGraph.h"

#include <cstdint>
#include <string>

namespace weir {

// What an SVG says where somebody points: `title` elements, with whole names, escaped.

/// `<title>…</title>` of this text; it must be harmless (FlowNames.h).
[[nodiscard]] std::string svgTitle(const std::string& text);
/// Kind, name, facts and findings of a node; `more` of it before its findings.
[[nodiscard]] std::string svgNodeTip(const FlowGraph& graph, std::uint32_t node,
                                     const std::string& more = {});
/// Ends, rate, and how the line is known.
[[nodiscard]] std::string svgEdgeTip(const FlowGraph& graph, const FlowEdge& edge);

} // namespace weir
