// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMarginsF>
#include <QPointF>
#include <QRectF>
#include <QSizeF>

namespace weir {

/// Which part of a plane is seen, how large; both axes alike.
class PlaneCamera
{
public:
    /// `margins`: px of the view that are not the stage.
    explicit PlaneCamera(const QMarginsF& margins) : m_margins(margins) {}

    void setView(const QSizeF& size) { m_view = size; }
    [[nodiscard]] QSizeF view() const { return m_view; }
    /// The part of the view that shows the plane.
    [[nodiscard]] QRectF stage() const;

    /// All of `bounds` is seen, at most `closest` px a unit.
    void fit(const QRectF& bounds, double closest);
    /// What is under `anchor` stays there; `farthest` and `closest` px a unit.
    void zoom(double factor, const QPointF& anchor, double farthest, double closest);
    void pan(const QPointF& pixels) { m_middle -= pixels / m_scale; }
    /// Takes back what would move the middle of the stage out of `bounds`.
    void keepOn(const QRectF& bounds);
    /// Moves as little as needed for the box, in pixels, to be on the stage; whether it moved.
    bool reveal(const QRectF& box);
    void center(const QPointF& point) { m_middle = point; }

    [[nodiscard]] double scale() const { return m_scale; } ///< px a unit
    [[nodiscard]] QPointF toView(const QPointF& point) const
    {
        return stage().center() + (point - m_middle) * m_scale;
    }
    [[nodiscard]] QPointF toPlane(const QPointF& pixel) const
    {
        return m_middle + (pixel - stage().center()) / m_scale;
    }
    /// What of the plane is on the stage.
    [[nodiscard]] QRectF seen() const { return {toPlane(stage().topLeft()), toPlane(stage().bottomRight())}; }

private:
    QMarginsF m_margins;
    QSizeF m_view{800, 600};
    QPointF m_middle;
    double m_scale = 1;
};

} // namespace weir
