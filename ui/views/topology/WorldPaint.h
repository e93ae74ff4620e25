// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/WorldMarks.h"
#include "ui/theme/ThemeColors.h"
#include "ui/views/topology/FlowPaint.h"
#include "ui/views/topology/PlaneCamera.h"

#include <QFont>
#include <QPainterPath>

class QPainter;

namespace weir {

/// Everything that painting the world asks for.
struct WorldPaint
{
    const WorldGraph& world;
    const FlowScene& scene;
    const WorldMarks& marks;
    const PlaneCamera& camera;
    const FlowLook& look;
    const ThemeColors& colors;
    QFont font;

    [[nodiscard]] QColor sea() const;
    [[nodiscard]] bool isFaint(const WorldMark& mark) const;
    [[nodiscard]] bool isMarked(const WorldMark& mark) const;
};

/// Land and borders, in the detail that the zoom shows.
void paintLand(QPainter& painter, const WorldPaint& paint);
/// From each mark to the region that serves it.
void paintWays(QPainter& painter, const WorldPaint& paint);
void paintMarks(QPainter& painter, const WorldPaint& paint);
/// What is hovered and selected, above the rest.
void paintChosenMarks(QPainter& painter, const WorldPaint& paint);
/// At the bottom the legend, with `note` beside it.
void paintWorldLegend(QPainter& painter, const WorldPaint& paint, const QString& note);

/// The line between two places of the view.
[[nodiscard]] QPainterPath worldWay(const QPointF& from, const QPointF& to);

} // namespace weir
