// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/WorldLook.h"

#include "core/topology/WorldMap.h"

#include <algorithm>
#include <cmath>

namespace weir {
namespace {

constexpr double kSmallest = 5; // px of radius: with what counts as meant around it, easily clicked
constexpr double kLargest = 18;
constexpr double kLargestOnASmallMap = 10;
constexpr double kSmallMap = 350; // px around the Earth
constexpr double kLargeMap = 1100;
constexpr double kThinnest = 0.8; // px of a way
constexpr double kThickest = 5;
constexpr double kBow = 0.12;    // of its length, that a way swings out
constexpr double kNorth = -0.36; // of the map: beyond there is only ice
constexpr double kSouth = 0.26;
constexpr double kLeastShown = 0.16; // of the Earth's girth, when all is fitted
constexpr double kSeaAround = 0.06;  // of what is shown
constexpr double kRim = 0.025;       // of the map's width

/// Areas and widths are seen alike, radii are not.
double between(double least, double greatest, double rate, double most)
{
    return most > 0 ? least + (greatest - least) * std::sqrt(rate / most) : least;
}

} // namespace

WorldShade worldShade(const WorldGraph& world, std::uint32_t node)
{
    const LatencyFigures& latency = world.sums[node].latency;
    if (world.slow[node])
        return WorldShade::Slow;
    if (latency.count == 0 || latency.doubtsClock())
        return WorldShade::Unknown;
    if (!world.median || latency.p99 <= world.median->figure)
        return WorldShade::UpToMedian;
    return latency.p99 <= 2 * world.median->figure ? WorldShade::UpToTwice : WorldShade::Above;
}

double worldStrength(WorldShade shade)
{
    switch (shade) {
    case WorldShade::Unknown:
        return 0;
    case WorldShade::UpToMedian:
        return 0.45;
    case WorldShade::UpToTwice:
        return 0.72;
    case WorldShade::Above:
    case WorldShade::Slow:
        return 1;
    }
    return 0;
}

double worldRadius(double rate, double most, double scale)
{
    const double size = std::clamp((scale - kSmallMap) / (kLargeMap - kSmallMap), 0.0, 1.0);
    return between(kSmallest, std::lerp(kLargestOnASmallMap, kLargest, size), rate, most);
}

double worldWayWidth(double rate, double most)
{
    return between(kThinnest, kThickest, rate, most);
}

double worldWayStrength(std::size_t marks)
{
    return marks > kWorldCrowd ? 0.35 : 0.55;
}

QPointF worldBow(const QPointF& from, const QPointF& to)
{
    const QPointF along = to - from;
    const double length = std::hypot(along.x(), along.y());
    QPointF aside(along.y(), -along.x());
    if (aside.y() > 0)
        aside = -aside;
    const double bow = std::min(kBow * length, kWorldMostBow);
    return (from + to) / 2 + (length > 0 ? aside / length * bow * 2 : QPointF());
}

QPointF worldPoint(const GeoPlace& place)
{
    const WorldPoint point = projected(place.at);
    return {point.x, point.y};
}

QRectF worldPlane()
{
    return {QPointF(-0.5, kNorth), QPointF(0.5, kSouth)};
}

QRectF worldBounds(const WorldGraph& world)
{
    QRectF all;
    for (const GeoPlace* place : world.places) {
        if (place != nullptr)
            all |= QRectF(worldPoint(*place), QSizeF(1e-9, 1e-9));
    }
    if (all.isEmpty())
        return worldPlane();
    const double aside = std::max(kSeaAround * all.width(), (kLeastShown - all.width()) / 2);
    const double above = std::max(kSeaAround * all.height(), (kLeastShown / 2 - all.height()) / 2);
    const double rim = kRim * worldPlane().width(); // at the date line discs are whole, too
    return all.adjusted(-aside, -above, aside, above) & worldPlane().adjusted(-rim, 0, rim, 0);
}

std::vector<std::uint32_t> worldUnplaced(const WorldGraph& world)
{
    std::vector<std::uint32_t> nodes;
    for (std::uint32_t node = 0; node < world.places.size(); ++node) {
        if (world.places[node] == nullptr)
            nodes.push_back(node);
    }
    std::stable_sort(nodes.begin(), nodes.end(), [&](std::uint32_t a, std::uint32_t b) {
        return world.sums[a].messages > world.sums[b].messages;
    });
    return nodes;
}

} // namespace weir
