// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/WorldGraph.h"
#include "ui/views/topology/FlowDetails.h"

#include <QString>

#include <vector>

namespace weir {

struct WorldMark;

// What WorldView says in words. gui thread.

/// Of tool tips: HTML, every name escaped.
[[nodiscard]] QString worldTip(const WorldGraph& world, const WorldMark& mark);
/// One sentence, for people who hear the picture.
[[nodiscard]] QString worldSentence(const WorldGraph& world, std::uint32_t node, const WorldMark* mark);
/// Of the details: what is known of a PoP's messages.
[[nodiscard]] FlowFigures worldFigures(const WorldGraph& world, std::uint32_t node);
/// "São Paulo, Brazil"; empty where the code's place is not known.
[[nodiscard]] QString worldPlace(const WorldGraph& world, std::uint32_t node);

} // namespace weir
