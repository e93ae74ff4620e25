// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowGraph.h"

#include <QString>

#include <string_view>

namespace weir {

class FlowScene;

// What FlowView says in words. gui thread.

[[nodiscard]] QString flowKindTitle(FlowKind kind); ///< "PoP", "Queue group": headers, tips

/// What stands in a node's box.
[[nodiscard]] QString shownLabel(const FlowNode& node, std::size_t limit = 256);

/// Of tool tips: HTML, every name escaped.
[[nodiscard]] QString nodeTip(const FlowScene& scene, std::uint32_t node);
[[nodiscard]] QString edgeTip(const FlowScene& scene, std::uint32_t edge);
/// One sentence, for people who hear the picture.
[[nodiscard]] QString nodeSentence(const FlowScene& scene, std::uint32_t node);
[[nodiscard]] QString edgeSentence(const FlowScene& scene, std::uint32_t edge);

} // namespace weir
