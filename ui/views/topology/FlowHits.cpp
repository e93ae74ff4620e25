// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/FlowHits.h"

#include <algorithm>
#include <cmath>

namespace weir {
namespace {

constexpr double kReach = 5;    // px around a line in which it counts as meant
constexpr double kLeastRow = 3; // px beside a box that is thinner than a pointer is steady

std::optional<std::uint32_t> nodeAt(const FlowScene& scene, const FlowCamera& camera, const QPointF& point)
{
    std::optional<std::uint32_t> nearest;
    double distance = 0;
    for (const FlowColumn& column : scene.columns()) {
        const QRectF span = FlowScene::span(column, camera);
        if (point.x() < span.left() || point.x() > span.right())
            continue;
        const double more = std::max(0.0, (kLeastRow - span.height()) / 2);
        for (const std::uint32_t node : scene.seen(column, camera, point.y() - more, point.y() + more)) {
            const double away = std::abs(camera.toView(scene.place(node)).y() - point.y());
            if (!nearest || away < distance) {
                nearest = node;
                distance = away;
            }
        }
    }
    return nearest;
}

std::optional<std::uint32_t> edgeAt(const FlowScene& scene, const FlowCamera& camera, const QPointF& point)
{
    std::optional<std::uint32_t> nearest;
    double distance = 0;
    for (std::uint32_t edge = 0; edge < scene.graph().edges.size(); ++edge) {
        const double reach = kReach + scene.width(edge) / 2;
        const FlowCurve curve = scene.curve(edge, camera);
        if (!curve.bounds().adjusted(-reach, -reach, reach, reach).contains(point))
            continue;
        const double away = curve.distanceTo(point);
        if (away <= reach && (!nearest || away < distance)) {
            nearest = edge;
            distance = away;
        }
    }
    return nearest;
}

/// Of the column `aside` columns away, the node nearest in height.
std::uint32_t nearestIn(const FlowScene& scene, std::uint32_t node, int aside)
{
    const auto target = static_cast<std::int64_t>(scene.columnOf(node)) + aside;
    if (target < 0 || target >= static_cast<std::int64_t>(scene.columns().size()))
        return node;
    const auto& nodes = scene.columns()[static_cast<std::size_t>(target)].nodes;
    return *std::min_element(nodes.begin(), nodes.end(), [&](std::uint32_t a, std::uint32_t b) {
        const double y = scene.place(node).y;
        return std::abs(scene.place(a).y - y) < std::abs(scene.place(b).y - y);
    });
}

std::uint32_t along(const FlowScene& scene, std::uint32_t node, bool right)
{
    std::optional<std::uint32_t> widest;
    for (const auto edges : {scene.into(node), scene.outOf(node)}) {
        for (const std::uint32_t edge : edges) {
            const FlowEdge& of = scene.graph().edges[edge];
            const std::uint32_t other = of.from == node ? of.to : of.from;
            const bool isThere = right ? scene.columnOf(other) > scene.columnOf(node)
                                       : scene.columnOf(other) < scene.columnOf(node);
            if (isThere && (!widest || scene.width(edge) > scene.width(*widest)))
                widest = edge;
        }
    }
    if (!widest)
        return nearestIn(scene, node, right ? 1 : -1);
    const FlowEdge& of = scene.graph().edges[*widest];
    return of.from == node ? of.to : of.from;
}

} // namespace

FlowHit flowHit(const FlowScene& scene, const FlowCamera& camera, const QPointF& point)
{
    FlowHit hit;
    if (scene.isEmpty() || !camera.stage().contains(point))
        return hit;
    hit.node = nodeAt(scene, camera, point);
    if (!hit.node)
        hit.edge = edgeAt(scene, camera, point);
    return hit;
}

std::uint32_t flowNeighbour(const FlowScene& scene, std::uint32_t node, FlowStep step)
{
    if (step == FlowStep::Left || step == FlowStep::Right)
        return along(scene, node, step == FlowStep::Right);
    const auto& nodes = scene.columns()[scene.columnOf(node)].nodes;
    const auto here = std::find(nodes.begin(), nodes.end(), node);
    if (step == FlowStep::Up)
        return here == nodes.begin() ? node : *std::prev(here);
    return std::next(here) == nodes.end() ? node : *std::next(here);
}

} // namespace weir
