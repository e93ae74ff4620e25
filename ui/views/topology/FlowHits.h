// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/topology/FlowCamera.h"
#include "ui/views/topology/FlowScene.h"

#include <QPointF>

#include <optional>

namespace weir {

/// What a point of the view, a node or an edge, means. At most one is there.
struct FlowHit
{
    std::optional<std::uint32_t> node;
    std::optional<std::uint32_t> edge;
    bool operator==(const FlowHit&) const = default;
    [[nodiscard]] bool isNothing() const { return !node && !edge; }
};

/// Boxes stand above lines; of lines the nearest, where any is near. `point` in pixels.
[[nodiscard]] FlowHit flowHit(const FlowScene& scene, const FlowCamera& camera, const QPointF& point);

enum class FlowStep { Left, Right, Up, Down };

/// The node that an arrow key leads to: up and down in the column; left and right along the widest edge that
/// goes there, without any to the nearest node of the next column. `node` itself at the end.
[[nodiscard]] std::uint32_t flowNeighbour(const FlowScene& scene, std::uint32_t node, FlowStep step);

} // namespace weir
