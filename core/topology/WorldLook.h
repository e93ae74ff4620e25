// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/WorldGraph.h"

#include <QPointF>
#include <QRectF>

namespace weir {

// What decides the looks of the world, in the window and in files.

/// How a PoP's p99 compares with the median's, as the map colours it.
enum class WorldShade : std::uint8_t { Unknown, UpToMedian, UpToTwice, Above, Slow };
[[nodiscard]] WorldShade worldShade(const WorldGraph& world, std::uint32_t node);
/// How much of the accent's colour fills a mark of this shade; the slow ones have the warning's, those of
/// which nothing is known none.
[[nodiscard]] double worldStrength(WorldShade shade);

/// px, of a PoP alone; `most`: the highest rate of all; `scale`: px around the Earth, on a small map marks
/// are smaller, so that the land is seen.
[[nodiscard]] double worldRadius(double rate, double most, double scale);
/// px, of the line to the region.
[[nodiscard]] double worldWayWidth(double rate, double most);

inline constexpr double kWorldCountRoom = 9;              // px of radius that a count needs
inline constexpr double kWorldRegion = 9;                 // px, half a region's mark
inline constexpr double kWorldStem = 30;                  // px that a region stands above its place
inline constexpr double kWorldMostBow = 60;               // px that a way swings out
inline constexpr std::size_t kWorldCrowd = 150;           // marks: the ways of more stand back
[[nodiscard]] double worldWayStrength(std::size_t marks); ///< of the muted colour

/// Where the curve of a way between two places is drawn to: northwards.
[[nodiscard]] QPointF worldBow(const QPointF& from, const QPointF& to);

inline constexpr double kWorldLand = 0.13; // of the muted colour
inline constexpr double kWorldCoast = 0.45;
inline constexpr double kWorldBorder = 0.28;
inline constexpr double kWorldFinest = 0.7;      // px that a coast may lie off
inline constexpr double kWorldBorders = 700;     // px around the Earth: from there on borders are drawn
inline constexpr double kWorldLeastIsland = 1.5; // px: smaller ones are not

/// Where a place lies on the plane of the map.
[[nodiscard]] QPointF worldPoint(const GeoPlace& place);
/// All of the plane that is worth to be seen.
[[nodiscard]] QRectF worldPlane();
/// The part of it where PoPs and regions lie, with some sea around.
[[nodiscard]] QRectF worldBounds(const WorldGraph& world);
/// PoPs whose place nobody knows, those with the most messages first.
[[nodiscard]] std::vector<std::uint32_t> worldUnplaced(const WorldGraph& world);

} // namespace weir
