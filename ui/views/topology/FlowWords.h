// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowGraph.h"

#include <QString>

#include <string_view>

namespace weir {

class FlowScene;

// What FlowView says in words. gui thread.

[[nodiscard]] QString flowKindTitle(FlowKind kind); ///< "PoP", "Queue group": headers, tips

/// A name that anybody may have chosen, fit to be shown on one line: controls, direction overrides and what
/// else cannot be seen are spelled out, heaps of marks cut, at most `limit` bytes of it.
[[nodiscard]] QString shownName(std::string_view name, std::size_t limit = 256);
/// What stands in a node's box.
[[nodiscard]] QString shownLabel(const FlowNode& node, std::size_t limit = 256);

/// Of tool tips: HTML, every name escaped.
[[nodiscard]] QString nodeTip(const FlowScene& scene, std::uint32_t node);
[[nodiscard]] QString edgeTip(const FlowScene& scene, std::uint32_t edge);
/// One sentence, for people who hear the picture.
[[nodiscard]] QString nodeSentence(const FlowScene& scene, std::uint32_t node);
[[nodiscard]] QString edgeSentence(const FlowScene& scene, std::uint32_t edge);

} // namespace weir
