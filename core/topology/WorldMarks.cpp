// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/WorldMarks.h"

#include "core/topology/NearGrid.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace weir {
namespace {

constexpr double kOverlap = 0.8; // of both radii: nearer than that are drawn together
constexpr double kReach = 3;     // px around a mark in which it counts as meant

QRectF around(const QPointF& middle, double radius)
{
    return {middle - QPointF(radius, radius), QSizeF(2 * radius, 2 * radius)};
}

double rateOf(const WorldGraph& world, std::uint32_t node)
{
    return world.sums[node].rate.value_or(0);
}

/// Each joins the first that it would cover too much of; `apart` keeps to itself.
std::vector<WorldMark> joined(std::vector<WorldMark> marks, std::optional<std::uint32_t> apart)
{
    std::vector<WorldMark> left;
    NearGrid<std::uint32_t> grid;
    for (WorldMark& mark : marks) {
        const auto joins = [&](std::uint32_t index) {
            WorldMark& near = left[index];
            const QPointF away = near.at - mark.at;
            if (near.lead == apart || std::hypot(away.x(), away.y()) > kOverlap * (near.radius + mark.radius))
                return false;
            near.members.insert(near.members.end(), mark.members.begin(), mark.members.end());
            near.rate += mark.rate;
            near.slow += mark.slow;
            near.radius = std::max(near.radius, kWorldCountRoom);
            return true;
        };
        if (mark.lead != apart && grid.any(around(mark.at, mark.radius), joins))
            continue;
        grid.add(around(mark.at, std::max(mark.radius, kWorldCountRoom)),
                 static_cast<std::uint32_t>(left.size()));
        left.push_back(std::move(mark));
    }
    return left;
}

} // namespace

WorldMarks::WorldMarks(const WorldGraph& world, const std::vector<FlowPlace>& points, const WorldEye& eye,
                       std::optional<std::uint32_t> apart)
{
    place(world, points, eye, apart);
    label(world, eye, apart);
}

void WorldMarks::place(const WorldGraph& world, const std::vector<FlowPlace>& points, const WorldEye& eye,
                       std::optional<std::uint32_t> apart)
{
    std::vector<std::uint32_t> nodes;
    double most = 0;
    for (std::uint32_t node = 0; node < world.places.size(); ++node) {
        if (world.places[node] == nullptr)
            continue;
        nodes.push_back(node);
        most = std::max(most, rateOf(world, node));
    }
    // Of equal rates the same leads in each frame.
    std::stable_sort(nodes.begin(), nodes.end(), [&](std::uint32_t a, std::uint32_t b) {
        return std::pair(a == apart, rateOf(world, a)) > std::pair(b == apart, rateOf(world, b));
    });
    std::vector<WorldMark> alone;
    std::vector<std::uint32_t> regions;
    for (const std::uint32_t node : nodes) {
        WorldMark mark;
        mark.lead = node;
        mark.members = {node};
        mark.at = mark.foot = eye.toView({points[node].x, points[node].y});
        mark.rate = rateOf(world, node);
        if (world.graph.nodes[node].kind == FlowKind::Region) {
            regions.push_back(node);
            continue;
        }
        mark.shade = worldShade(world, node);
        mark.slow = mark.shade == WorldShade::Slow ? 1 : 0;
        mark.radius = worldRadius(mark.rate, most, eye.scale);
        alone.push_back(std::move(mark));
    }
    m_marks = joined(std::move(alone), apart);
    // Marks that others joined grew: what they came to cover joins them, too.
    for (std::size_t before = 0; before != m_marks.size();) {
        before = m_marks.size();
        m_marks = joined(std::move(m_marks), apart);
    }
    m_markOf.assign(world.places.size(), -1);
    for (std::size_t mark = 0; mark < m_marks.size(); ++mark) {
        for (const std::uint32_t node : m_marks[mark].members)
            m_markOf[node] = static_cast<std::int32_t>(mark);
    }
    for (const std::uint32_t node : regions) {
        WorldMark mark;
        mark.lead = node;
        mark.members = {node};
        mark.foot = eye.toView({points[node].x, points[node].y});
        mark.at = mark.foot - QPointF(0, kWorldStem);
        mark.radius = kWorldRegion;
        mark.isRegion = true;
        m_markOf[node] = static_cast<std::int32_t>(m_marks.size());
        m_marks.push_back(std::move(mark));
    }
}

const WorldMark* WorldMarks::of(std::uint32_t node) const
{
    return node < m_markOf.size() && m_markOf[node] >= 0 ? &m_marks[static_cast<std::size_t>(m_markOf[node])]
                                                         : nullptr;
}

const WorldMark* WorldMarks::at(const QPointF& point) const
{
    // What is drawn last is above.
    const auto found = std::find_if(m_marks.rbegin(), m_marks.rend(), [&](const WorldMark& mark) {
        const QPointF away = mark.at - point;
        return std::hypot(away.x(), away.y()) <= mark.radius + kReach || mark.labelBox.contains(point);
    });
    return found == m_marks.rend() ? nullptr : &*found;
}

const WorldMark& WorldMarks::beside(const WorldMark& from, const QPointF& direction) const
{
    const WorldMark* best = &from;
    double least = 0;
    for (const WorldMark& mark : m_marks) {
        const QPointF away = mark.at - from.at;
        const double along = QPointF::dotProduct(away, direction);
        const double aside = std::abs(away.x() * direction.y() - away.y() * direction.x());
        if (along <= 0.5 || aside > 2 * along)
            continue;
        const double far = along + 2 * aside;
        if (best == &from || far < least) {
            best = &mark;
            least = far;
        }
    }
    return *best;
}

std::vector<WorldWay> WorldMarks::ways(const WorldGraph& world, const WorldMark& mark) const
{
    std::vector<WorldWay> ways;
    const auto& edges = world.graph.edges;
    for (const std::uint32_t node : mark.members) {
        auto edge =
            std::lower_bound(edges.begin(), edges.end(), node,
                             [](const FlowEdge& each, std::uint32_t from) { return each.from < from; });
        for (; edge != edges.end() && edge->from == node; ++edge) {
            const WorldMark* region = of(edge->to);
            if (region == nullptr)
                continue;
            auto way = std::find_if(ways.begin(), ways.end(),
                                    [&](const WorldWay& known) { return known.to == region->foot; });
            if (way == ways.end())
                way =
                    ways.insert(way, {mark.at, region->foot, 0, edge->basis, mark.shade == WorldShade::Slow});
            way->rate += edge->rate.value_or(0);
        }
    }
    return ways;
}

double WorldMarks::mostRate() const
{
    double most = 0;
    for (const WorldMark& mark : m_marks)
        most = std::max(most, mark.rate);
    return most;
}

std::vector<FlowPlace> worldPlaces(const WorldGraph& world)
{
    std::vector<FlowPlace> places;
    for (const GeoPlace* place : world.places) {
        const QPointF at = place != nullptr ? worldPoint(*place) : QPointF(-1, 0);
        places.push_back({at.x(), at.y()});
    }
    return places;
}

} // namespace weir
