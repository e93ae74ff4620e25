// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowSvgText.h"
#include "core/topology/WorldLook.h"
#include "core/topology/WorldMap.h"
#include "core/topology/WorldSvgParts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace weir {
namespace {

using Points = std::vector<QPointF>;

constexpr std::size_t kMostPoints = 30'000; // of a path: Qt SVG takes longer ones for damaged

std::string tenths(const QPointF& point)
{
    return svgNumber(std::round(point.x() * 10) / 10) + " " + svgNumber(std::round(point.y() * 10) / 10);
}

std::string pathOf(const Points& points, bool closed)
{
    std::string path;
    const char* command = "M";
    for (const QPointF& point : points) {
        path += command + tenths(point);
        command = "L";
    }
    return points.empty() ? path : path + (closed ? "Z" : "");
}

/// One side of the stage: what lies within has a `depth` of 0 or more.
struct Side
{
    bool upright = false; ///< of its line
    double at = 0;
    double sign = 1;
    [[nodiscard]] double depth(const QPointF& point) const
    {
        return sign * ((upright ? point.x() : point.y()) - at);
    }
};

std::array<Side, 4> sidesOf(const QRectF& stage)
{
    return {Side{true, stage.left(), 1}, Side{true, stage.right(), -1}, Side{false, stage.top(), 1},
            Side{false, stage.bottom(), -1}};
}

QPointF crossing(const QPointF& a, const QPointF& b, const Side& side)
{
    const double from = side.depth(a);
    return a + (b - a) * (from / (from - side.depth(b)));
}

/// The part of a closed line's area on the stage (Sutherland and Hodgman): cut on one side after the other.
Points cutArea(Points points, const QRectF& stage)
{
    for (const Side& side : sidesOf(stage)) {
        Points kept;
        for (std::size_t i = 0; i < points.size(); ++i) {
            const QPointF& from = points[i];
            const QPointF& to = points[(i + 1) % points.size()];
            if (side.depth(from) >= 0)
                kept.push_back(from);
            if ((side.depth(from) >= 0) != (side.depth(to) >= 0))
                kept.push_back(crossing(from, to, side));
        }
        points = std::move(kept);
    }
    return points;
}

/// The parts of a line on the stage.
std::vector<Points> cutLine(const Points& points, const QRectF& stage)
{
    std::vector<Points> parts{points};
    for (const Side& side : sidesOf(stage)) {
        std::vector<Points> kept;
        for (const Points& part : parts) {
            Points run;
            for (std::size_t i = 0; i < part.size(); ++i) {
                const bool within = side.depth(part[i]) >= 0;
                if (i > 0 && within != (side.depth(part[i - 1]) >= 0))
                    run.push_back(crossing(part[i - 1], part[i], side));
                if (within)
                    run.push_back(part[i]);
                else if (!run.empty())
                    kept.push_back(std::exchange(run, {}));
            }
            if (!run.empty())
                kept.push_back(std::move(run));
        }
        parts = std::move(kept);
    }
    return parts;
}

Points seen(const std::vector<WorldPoint>& points, const QPointF& origin, double scale)
{
    Points shape;
    shape.reserve(points.size());
    for (const WorldPoint& point : points)
        shape.push_back(origin + QPointF(point.x, point.y) * scale);
    return shape;
}

/// Paths of what is seen of a level.
struct Land
{
    std::string areas;
    std::string coasts;
    std::string borders;
    std::size_t areaPoints = 0;
    std::size_t linePoints = 0;
};

Land landOf(const WorldMap::Level& level, const QRectF& stage, const QPointF& origin, double scale)
{
    const QPointF low = (stage.topLeft() - origin) / scale;
    const QPointF high = (stage.bottomRight() - origin) / scale;
    const WorldBounds bounds{{low.x(), low.y()}, {high.x(), high.y()}};
    Land land;
    for (const WorldRing& ring : level.rings) {
        const bool isSmall = (ring.bounds.high.x - ring.bounds.low.x) * scale < kWorldLeastIsland;
        if (isSmall || !ring.bounds.meets(bounds))
            continue;
        const Points area = cutArea(seen(ring.points, origin, scale), stage);
        land.areaPoints += area.size() + 1;
        land.areas += pathOf(area, true);
    }
    for (const WorldLine& line : level.lines) {
        if (!line.bounds.meets(bounds) || (line.isBorder && scale < kWorldBorders))
            continue;
        for (const Points& part : cutLine(seen(line.points, origin, scale), stage)) {
            land.linePoints += part.size();
            (line.isBorder ? land.borders : land.coasts) += pathOf(part, false);
        }
    }
    return land;
}

} // namespace

std::string worldSvgLand(const QRectF& stage, const QPointF& origin, double scale)
{
    const WorldMap& map = WorldMap::builtIn();
    const double wanted = map.level(kWorldFinest / scale).tolerance;
    Land land;
    for (const WorldMap::Level& level : map.levels()) {
        if (level.tolerance < wanted)
            continue;
        land = landOf(level, stage, origin, scale);
        if (std::max(land.areaPoints, land.linePoints) <= kMostPoints)
            break;
    }
    if (land.areas.empty())
        return {};
    // What lies in the land twice is a lake, or another country's.
    std::string out = "<path fill-rule=\"evenodd\" fill=\"" + svgPale(kSvgMuted, kWorldLand) + "\" d=\"" +
                      land.areas + "\"/>\n";
    for (const auto& [path, strength] :
         {std::pair(&land.borders, kWorldBorder), std::pair(&land.coasts, kWorldCoast)}) {
        if (!path->empty())
            out += "<path fill=\"none\" stroke=\"" + svgPale(kSvgMuted, strength) +
                   "\" stroke-width=\"0.8\" d=\"" + *path + "\"/>\n";
    }
    return out;
}

} // namespace weir
