// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPainterPath>
#include <QPointF>
#include <QRectF>

namespace weir {

/// The line of an edge: a cubic curve from the right side of one box to the left side of the next, in pixels.
struct FlowCurve
{
    QPointF from;
    QPointF bend1;
    QPointF bend2;
    QPointF to;

    /// Swings out where the next box is not to the right.
    [[nodiscard]] static FlowCurve between(const QRectF& from, const QRectF& to);
    [[nodiscard]] QPointF at(double t) const;
    /// Around the curve and its bends.
    [[nodiscard]] QRectF bounds() const;
    [[nodiscard]] double distanceTo(const QPointF& point) const;
    [[nodiscard]] QPainterPath path() const;
};

} // namespace weir
