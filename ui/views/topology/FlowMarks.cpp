// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/FlowMarks.h"

#include <array>

namespace weir {
namespace {

QPainterPath polygon(std::initializer_list<QPointF> points)
{
    QPainterPath path;
    path.addPolygon(QPolygonF(QList<QPointF>(points)));
    path.closeSubpath();
    return path;
}

/// A pin on a map.
QPainterPath pin()
{
    QPainterPath path(QPointF(6, 12));
    path.cubicTo(4, 8.5, 2, 7, 2, 4.5);
    path.cubicTo(2, 2, 4, 0.5, 6, 0.5);
    path.cubicTo(8, 0.5, 10, 2, 10, 4.5);
    path.cubicTo(10, 7, 8, 8.5, 6, 12);
    path.addEllipse(QPointF(6, 4.5), 1.4, 1.4);
    return path;
}

QPainterPath person()
{
    QPainterPath path;
    path.addEllipse(QPointF(6, 3.4), 2.6, 2.6);
    path.moveTo(1, 12);
    path.cubicTo(1, 6.5, 11, 6.5, 11, 12);
    path.closeSubpath();
    return path;
}

/// The tokens of a subject.
QPainterPath tokens()
{
    QPainterPath path;
    for (const double x : {1.8, 6.0, 10.2})
        path.addEllipse(QPointF(x, 6), 1.4, 1.4);
    return path;
}

QPainterPath cylinder()
{
    QPainterPath path;
    path.addEllipse(QRectF(1, 0.5, 10, 4));
    path.moveTo(1, 2.5);
    path.lineTo(1, 9.5);
    path.arcTo(QRectF(1, 7.5, 10, 4), 180, 180);
    path.lineTo(11, 2.5);
    return path;
}

QPainterPath sheets()
{
    QPainterPath path;
    path.addRect(QRectF(0.5, 3.5, 8, 8));
    path.moveTo(3.5, 3.5);
    path.lineTo(3.5, 0.5);
    path.lineTo(11.5, 0.5);
    path.lineTo(11.5, 8.5);
    path.lineTo(8.5, 8.5);
    return path;
}

QPainterPath screen()
{
    QPainterPath path;
    path.addRect(QRectF(0.5, 1, 11, 7.5));
    path.moveTo(6, 8.5);
    path.lineTo(6, 11.5);
    path.moveTo(3, 11.5);
    path.lineTo(9, 11.5);
    return path;
}

/// Around what belongs together.
QPainterPath frame()
{
    QPainterPath path;
    path.addRoundedRect(QRectF(0.5, 0.5, 11, 11), 2.5, 2.5);
    for (const QPointF& point : {QPointF(4, 4), QPointF(8, 4), QPointF(6, 8)})
        path.addEllipse(point, 1.1, 1.1);
    return path;
}

/// An arch, and a way through it.
QPainterPath gate()
{
    QPainterPath path(QPointF(0.5, 11.5));
    path.lineTo(0.5, 6);
    path.cubicTo(0.5, -1.2, 11.5, -1.2, 11.5, 6);
    path.lineTo(11.5, 11.5);
    path.lineTo(8.5, 11.5);
    path.lineTo(8.5, 7);
    path.cubicTo(8.5, 3, 3.5, 3, 3.5, 7);
    path.lineTo(3.5, 11.5);
    path.closeSubpath();
    return path;
}

QPainterPath rack()
{
    QPainterPath path;
    for (const double y : {0.5, 6.5}) {
        path.addRect(QRectF(0.5, y, 11, 5));
        path.addEllipse(QPointF(3, y + 2.5), 0.8, 0.8);
    }
    return path;
}

QPainterPath leaf()
{
    QPainterPath path(QPointF(1, 11));
    path.cubicTo(1, 4, 5, 1, 11, 1);
    path.cubicTo(11, 7, 8, 11, 1, 11);
    path.lineTo(8, 4);
    return path;
}

} // namespace

const QPainterPath& flowMark(FlowKind kind)
{
    static const std::array<QPainterPath, static_cast<std::size_t>(kLastFlowKind) + 1> marks = {
        pin(),
        polygon({{7, 0.5}, {2, 7}, {5.5, 7}, {4.5, 11.5}, {10, 4.8}, {6.3, 4.8}}), // Worker: a bolt
        person(),
        tokens(),
        cylinder(),
        polygon({{0.5, 2}, {7, 2}, {11.5, 6}, {7, 10}, {0.5, 10}, {3.5, 6}}), // consumer: an arrow
        sheets(),
        screen(),
        frame(),
        frame(),
        gate(),
        rack(),
        leaf(),
        polygon({{0.5, 2}, {5, 2}, {6.2, 3.5}, {11.5, 3.5}, {11.5, 10.5}, {0.5, 10.5}}), // account: a folder
    };
    return marks[static_cast<std::size_t>(kind)];
}

const QPainterPath& pinMark()
{
    static const QPainterPath mark = [] { // a drawing pin
        QPainterPath path = polygon({{3.5, 0.5}, {8.5, 0.5}, {7.5, 4.5}, {9.8, 7}, {2.2, 7}, {4.5, 4.5}});
        path.moveTo(6, 7);
        path.lineTo(6, 11.5);
        return path;
    }();
    return mark;
}

const QPainterPath& warningMark()
{
    static const QPainterPath mark = [] {
        QPainterPath path = polygon({{6, 0.5}, {11.8, 11}, {0.2, 11}});
        path.moveTo(6, 4);
        path.lineTo(6, 7.4);
        path.moveTo(6, 8.8);
        path.lineTo(6, 9.4);
        return path;
    }();
    return mark;
}

} // namespace weir
