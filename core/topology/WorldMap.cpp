// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/WorldMap.h"

#include "core/topology/WorldData.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <utility>

namespace weir {
namespace {

constexpr std::array<double, 3> kTolerances{0, 0.0004, 0.0016}; ///< as parts of the Earth's girth
constexpr std::size_t kLeastRing = 4;                           ///< points: less has no area to speak of

using Points = std::vector<WorldPoint>;

WorldBounds boundsOf(const Points& points)
{
    WorldBounds bounds{points.front(), points.front()};
    for (const WorldPoint& point : points) {
        bounds.low = {std::min(bounds.low.x, point.x), std::min(bounds.low.y, point.y)};
        bounds.high = {std::max(bounds.high.x, point.x), std::max(bounds.high.y, point.y)};
    }
    return bounds;
}

double distance(const WorldPoint& point, const WorldPoint& from, const WorldPoint& to)
{
    const double dx = to.x - from.x;
    const double dy = to.y - from.y;
    const double length = std::hypot(dx, dy);
    if (length == 0)
        return std::hypot(point.x - from.x, point.y - from.y);
    return std::abs(dx * (from.y - point.y) - (from.x - point.x) * dy) / length;
}

/// Ramer, Douglas and Peucker: no point that is left out lies farther than `tolerance` from the line.
Points simplified(const Points& line, double tolerance)
{
    std::vector<char> keep(line.size(), 0);
    keep.front() = keep.back() = 1;
    std::vector<std::pair<std::size_t, std::size_t>> spans{{0, line.size() - 1}};
    while (!spans.empty()) {
        const auto [first, last] = spans.back();
        spans.pop_back();
        std::size_t farthest = first;
        double most = tolerance;
        for (std::size_t i = first + 1; i < last; ++i) {
            const double away = distance(line[i], line[first], line[last]);
            if (away > most) {
                most = away;
                farthest = i;
            }
        }
        if (farthest == first)
            continue;
        keep[farthest] = 1;
        spans.emplace_back(first, farthest);
        spans.emplace_back(farthest, last);
    }
    Points kept;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (keep[i] != 0)
            kept.push_back(line[i]);
    }
    return kept;
}

std::vector<int> numbersOf(std::string_view line)
{
    std::vector<int> numbers;
    const char* at = line.data();
    const char* const end = at + line.size();
    while (at < end) {
        int number = 0;
        const auto [next, error] = std::from_chars(at, end, number);
        if (error != std::errc())
            break;
        numbers.push_back(number);
        at = next + 1;
    }
    return numbers;
}

/// Hundredths of degrees, the first absolute, the others steps.
Points arcOf(const std::vector<int>& numbers)
{
    Points points;
    int longitude = 0;
    int latitude = 0;
    for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) {
        longitude += numbers[i];
        latitude += numbers[i + 1];
        points.push_back(projected({latitude / 100.0, longitude / 100.0}));
    }
    return points;
}

/// The arcs of a ring one after the other; common ends once.
Points joined(const std::vector<int>& ring, const std::vector<WorldLine>& arcs)
{
    Points points;
    for (const int number : ring) {
        Points piece = arcs[static_cast<std::size_t>(std::abs(number)) - 1].points;
        if (number < 0)
            std::reverse(piece.begin(), piece.end());
        if (!points.empty() && !piece.empty() && points.back() == piece.front())
            points.pop_back();
        points.insert(points.end(), piece.begin(), piece.end());
    }
    return points;
}

/// Two rings have a border in common, one alone a coast. Rings of arcs that nobody gave are left out.
void markBorders(std::vector<WorldLine>& arcs, std::vector<std::vector<int>>& rings)
{
    std::vector<int> uses(arcs.size(), 0);
    std::erase_if(rings, [&](const std::vector<int>& ring) {
        return ring.empty() || std::any_of(ring.begin(), ring.end(), [&](int number) {
                   return number == 0 || static_cast<std::size_t>(std::abs(number)) > arcs.size();
               });
    });
    for (const std::vector<int>& ring : rings) {
        for (const int number : ring)
            ++uses[static_cast<std::size_t>(std::abs(number)) - 1];
    }
    for (std::size_t i = 0; i < arcs.size(); ++i) {
        arcs[i].isBorder = uses[i] > 1;
        arcs[i].bounds = boundsOf(arcs[i].points);
    }
}

WorldMap::Level levelOf(const std::vector<WorldLine>& arcs, const std::vector<std::vector<int>>& rings,
                        double tolerance)
{
    WorldMap::Level level{tolerance, arcs, {}};
    for (WorldLine& line : level.lines) {
        if (tolerance > 0)
            line.points = simplified(line.points, tolerance);
    }
    for (const std::vector<int>& ring : rings) {
        Points points = joined(ring, level.lines);
        if (points.size() < kLeastRing)
            continue;
        const WorldBounds bounds = boundsOf(points);
        level.rings.push_back({std::move(points), bounds});
    }
    std::erase_if(level.lines, [](const WorldLine& line) {
        return line.points.size() < kLeastRing && line.points.front() == line.points.back();
    });
    return level;
}

WorldBounds around(const WorldBounds& a, const WorldBounds& b)
{
    return {{std::min(a.low.x, b.low.x), std::min(a.low.y, b.low.y)},
            {std::max(a.high.x, b.high.x), std::max(a.high.y, b.high.y)}};
}

} // namespace

WorldPoint projected(const GeoPoint& point)
{
    const double latitude = std::clamp(point.latitude, -90.0, 90.0) * std::numbers::pi / 180;
    const double y = 1.25 * std::log(std::tan(std::numbers::pi / 4 + 0.4 * latitude));
    return {point.longitude / 360, -y / (2 * std::numbers::pi)};
}

const WorldMap& WorldMap::builtIn()
{
    static const WorldMap map(kWorldText);
    return map;
}

WorldMap::WorldMap(std::string_view text)
{
    std::vector<WorldLine> arcs;
    std::vector<std::vector<int>> rings;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.size() < 3)
            continue;
        std::vector<int> numbers = numbersOf(line.substr(2));
        if (line[0] == 'a' && numbers.size() >= 2)
            arcs.push_back({arcOf(numbers), {}, false});
        else if (line[0] == 'r')
            rings.push_back(std::move(numbers));
    }
    markBorders(arcs, rings);
    for (std::size_t i = 0; i < m_levels.size(); ++i)
        m_levels[i] = levelOf(arcs, rings, kTolerances[i]);
    if (!arcs.empty())
        m_bounds = arcs.front().bounds;
    for (const WorldLine& arc : arcs)
        m_bounds = around(m_bounds, arc.bounds);
}

const WorldMap::Level& WorldMap::level(double tolerance) const
{
    for (auto level = m_levels.rbegin(); level != m_levels.rend(); ++level) {
        if (level->tolerance <= tolerance)
            return *level;
    }
    return m_levels.front();
}

} // namespace weir
