// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/SvgPage.h"
#include "core/topology/WorldGraph.h"

#include <QRectF>

#include <string>

namespace weir {

// What worldSvg() is put together of.

/// Land, coasts and borders on the stage, nothing beyond it. `origin`: where (0, 0) of the plane is, `scale`:
/// px around the Earth.
[[nodiscard]] std::string worldSvgLand(const QRectF& stage, const QPointF& origin, double scale);
/// The PoPs whose place nobody knows, in columns.
[[nodiscard]] SvgPart worldSvgUnplaced(const WorldGraph& world, double room);
/// What is known of a PoP's messages.
[[nodiscard]] std::string worldSvgFigures(const WorldGraph& world, std::uint32_t node);

} // namespace weir
