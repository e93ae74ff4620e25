// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/FlowCurve.h"

#include <algorithm>
#include <cmath>

namespace weir {
namespace {

constexpr double kLeastSwing = 0.25; // of a box's width
constexpr int kPieces = 24;          // straight ones that stand for the curve where it is pointed at

double distanceToPiece(const QPointF& a, const QPointF& b, const QPointF& point)
{
    const QPointF along = b - a;
    const double square = QPointF::dotProduct(along, along);
    const double t = square > 0 ? std::clamp(QPointF::dotProduct(point - a, along) / square, 0.0, 1.0) : 0.0;
    const QPointF away = a + t * along - point;
    return std::hypot(away.x(), away.y());
}

} // namespace

FlowCurve FlowCurve::between(const QRectF& from, const QRectF& to)
{
    const QPointF start(from.right(), from.center().y());
    const QPointF end(to.left(), to.center().y());
    const double swing = std::max((end.x() - start.x()) / 2, from.width() * kLeastSwing);
    return {start, start + QPointF(swing, 0), end - QPointF(swing, 0), end};
}

QPointF FlowCurve::at(double t) const
{
    const double s = 1 - t;
    return s * s * s * from + 3 * s * s * t * bend1 + 3 * s * t * t * bend2 + t * t * t * to;
}

QRectF FlowCurve::bounds() const
{
    const double left = std::min({from.x(), bend2.x(), to.x()});
    const double right = std::max({from.x(), bend1.x(), to.x()});
    const double top = std::min(from.y(), to.y());
    return {left, top, right - left, std::abs(to.y() - from.y())};
}

double FlowCurve::distanceTo(const QPointF& point) const
{
    double nearest = std::hypot(from.x() - point.x(), from.y() - point.y());
    QPointF last = from;
    for (int i = 1; i <= kPieces; ++i) {
        const QPointF next = at(static_cast<double>(i) / kPieces);
        nearest = std::min(nearest, distanceToPiece(last, next, point));
        last = next;
    }
    return nearest;
}

QPainterPath FlowCurve::path() const
{
    QPainterPath path(from);
    path.cubicTo(bend1, bend2, to);
    return path;
}

} // namespace weir
