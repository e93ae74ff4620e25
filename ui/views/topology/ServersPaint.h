// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/ServerLook.h"
#include "ui/theme/ThemeColors.h"
#include "ui/views/topology/FlowPaint.h"
#include "ui/views/topology/PlaneCamera.h"

#include <QFont>

class QPainter;

namespace weir {

/// Everything that painting servers asks for.
struct ServersPaint
{
    const ServerPlan& plan;
    const FlowScene& scene;
    const PlaneCamera& camera;
    const FlowLook& look;
    const ThemeColors& colors;
    QFont font;

    [[nodiscard]] const ServerGraph& graph() const { return *plan.graph; }
    [[nodiscard]] QRectF rect(const PlanBox& box) const
    {
        return {camera.toView({box.x, box.y}), QSizeF(box.width, box.height) * camera.scale()};
    }
    [[nodiscard]] QRectF box(std::uint32_t node) const { return rect(plan.boxes[node]); }
    [[nodiscard]] QLineF line(const FlowEdge& edge) const;
    /// Of a text that is `natural` px high at natural size.
    [[nodiscard]] QFont scaled(double natural, bool bold = false) const;
};

void paintFrames(QPainter& painter, const ServersPaint& paint);
/// Above what far out stands in their place.
void paintTitles(QPainter& painter, const ServersPaint& paint);
/// Where there are many, between clusters: below their frames.
void paintFarLinks(QPainter& painter, const ServersPaint& paint);
void paintLinks(QPainter& painter, const ServersPaint& paint);
void paintServers(QPainter& painter, const ServersPaint& paint);
/// What is hovered and selected, and its links, above the rest.
void paintChosenServers(QPainter& painter, const ServersPaint& paint);
/// At the bottom the legend, with `note` beside it.
void paintServersLegend(QPainter& painter, const ServersPaint& paint, const QString& note);

} // namespace weir
