// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/PopPlaces.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// A point of the map: x grows eastwards, by 1 around the Earth, 0 at Greenwich; y grows southwards, 0 at the
/// equator.
struct WorldPoint
{
    double x = 0;
    double y = 0;
    bool operator==(const WorldPoint&) const = default;
};

/// Miller's cylindrical projection: poles are at hand, and Europe is not as small as it is.
[[nodiscard]] WorldPoint projected(const GeoPoint& point);

struct WorldBounds
{
    WorldPoint low;
    WorldPoint high;
    [[nodiscard]] bool meets(const WorldBounds& other) const
    {
        return low.x <= other.high.x && other.low.x <= high.x && low.y <= other.high.y &&
               other.low.y <= high.y;
    }
};

/// A coast, or a border between two countries.
struct WorldLine
{
    std::vector<WorldPoint> points;
    WorldBounds bounds;
    bool isBorder = false;
};

/// A piece of a country, closed; what lies in it an odd number of times is land.
struct WorldRing
{
    std::vector<WorldPoint> points;
    WorldBounds bounds;
};

/// Coasts, borders and lands, in three levels of detail of which each takes lines as straight that the next
/// does not. Immutable, any thread.
class WorldMap
{
public:
    struct Level
    {
        double tolerance = 0; ///< of the points, at the most
        std::vector<WorldLine> lines;
        std::vector<WorldRing> rings;
    };

    [[nodiscard]] static const WorldMap& builtIn();
    /// Of the text of such a file as resources/world/world.txt. Lines in another form are passed over.
    explicit WorldMap(std::string_view text);

    /// The coarsest level whose lines lie off by at most `tolerance`; the finest, where none is as good.
    [[nodiscard]] const Level& level(double tolerance) const;
    [[nodiscard]] std::span<const Level> levels() const { return m_levels; }
    /// Of all that is drawn.
    [[nodiscard]] const WorldBounds& bounds() const { return m_bounds; }

private:
    std::array<Level, 3> m_levels; ///< the finest first
    WorldBounds m_bounds;
};

} // namespace weir
