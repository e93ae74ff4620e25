// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowLayout.h"

#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// The graph as a JSON object (design: "Command line", `topology`): `from to filter nodes edges coverage
/// findings`; a node is `id kind name`, its facts and its figures, an edge `from to kind rate bytes_rate
/// evidence first_seen last_seen` and `messages bytes errors latency_p50_us latency_p99_us because`. What is
/// not known is null. A compared graph has `against` (`from to`), and each node and edge its `change`
/// (`same`, `appeared`, `vanished`, `changed`); changed edges have `rate_before`, `latency_p99_before_us`.
[[nodiscard]] std::string flowJson(const FlowGraph& graph);

/// The same as Cytoscape.js's constructor takes it: `elements` with the picture's positions, what is of the
/// whole graph as its `data` (js.cytoscape.org, "Notation", "Elements JSON").
[[nodiscard]] std::string flowCytoscape(const FlowPicture& picture);

/// The graph in Graphviz's language, a rank for each kind of node, lines as thick as their rate, dashed where
/// they are declared, dotted where they are inferred; range, findings and coverage stand below.
[[nodiscard]] std::string flowDot(const FlowGraph& graph);

/// The same as JSON in the shape in which Graphviz writes graphs (graphviz.org, "Output formats", `json0`):
/// `objects` with `_gvid`, `edges` with `tail` and `head`, attributes as text; with `pos` where the picture
/// has places.
[[nodiscard]] std::string flowGraphviz(const FlowPicture& picture);

/// `PoP`, `Queue group`: what people call a kind.
[[nodiscard]] std::string_view flowKindWord(FlowKind kind);

/// What people call a node: its name, or what stands for none.
[[nodiscard]] std::string flowNodeLabel(const FlowNode& node);

/// The same in a picture: `+ ` before what appeared since the range that it is compared with, `− ` before
/// what vanished.
[[nodiscard]] std::string flowNodeText(const FlowNode& node);
/// What stands at an edge: its rate, and in a comparison what became of it: `+ 3/s`, `− 3/s`, `10/s → 30/s`.
[[nodiscard]] std::string flowEdgeText(const FlowEdge& edge);

/// `12.3/s`, `1.2 k/s`; empty where there is none.
[[nodiscard]] std::string flowRateText(const std::optional<double>& rate);

/// What the graph is of: `2026-11-20T23:45:08Z to …, filter pop:FRA`.
[[nodiscard]] std::string flowRangeText(const FlowGraph& graph);

/// What stands below an exported picture: what it is of, what asks for a look, what it rests on; a line each.
[[nodiscard]] std::vector<std::string> flowRemarks(const FlowGraph& graph);

} // namespace weir
