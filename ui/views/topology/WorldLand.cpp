// SPDX-License-Identifier: GPL-3.0-or-later
// Land and sea of the map.
#include "core/topology/WorldMap.h"
#include "ui/views/topology/WorldPaint.h"

#include <QPainter>

#include <algorithm>

namespace weir {
namespace {

WorldBounds seenBy(const PlaneCamera& camera)
{
    const QRectF seen = camera.seen();
    return {{seen.left(), seen.top()}, {seen.right(), seen.bottom()}};
}

template<typename Points>
QPolygonF polygon(const Points& points, const PlaneCamera& camera)
{
    const double scale = camera.scale();
    const QPointF origin = camera.toView({0, 0});
    QPolygonF shape;
    shape.reserve(static_cast<qsizetype>(points.size()));
    for (const WorldPoint& point : points)
        shape.append({origin.x() + point.x * scale, origin.y() + point.y * scale});
    return shape;
}

} // namespace

QColor WorldPaint::sea() const
{
    return colors.base;
}

void paintLand(QPainter& painter, const WorldPaint& paint)
{
    const PlaneCamera& camera = paint.camera;
    const WorldMap::Level& level = WorldMap::builtIn().level(kWorldFinest / camera.scale());
    const WorldBounds seen = seenBy(camera);
    const double least = kWorldLeastIsland / camera.scale();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(Qt::NoPen);
    painter.setBrush(mixed(paint.colors.muted, paint.sea(), static_cast<float>(kWorldLand)));
    QPainterPath land; // what lies in it twice is a lake, or another country's
    land.setFillRule(Qt::OddEvenFill);
    for (const WorldRing& ring : level.rings) {
        const bool isSmall = ring.bounds.high.x - ring.bounds.low.x < least;
        if (!isSmall && ring.bounds.meets(seen))
            land.addPolygon(polygon(ring.points, camera));
    }
    painter.drawPath(land);
    painter.setBrush(Qt::NoBrush);
    const QPen coast(mixed(paint.colors.muted, paint.sea(), static_cast<float>(kWorldCoast)), 1);
    const QPen border(mixed(paint.colors.muted, paint.sea(), static_cast<float>(kWorldBorder)), 1);
    for (const WorldLine& line : level.lines) {
        if (!line.bounds.meets(seen) || (line.isBorder && camera.scale() < kWorldBorders))
            continue;
        painter.setPen(line.isBorder ? border : coast);
        painter.drawPolyline(polygon(line.points, camera));
    }
}

} // namespace weir
