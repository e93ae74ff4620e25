// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/FlowCamera.h"

#include <algorithm>
#include <cmath>

namespace weir {
namespace {

constexpr double kMargin = 16;      // px around everything
constexpr double kNaturalFit = 1.2; // few nodes are drawn a bit larger than natural
constexpr double kClosest = 3;
constexpr double kStays = 0.4;       // of the view, that a picture may leave its middle by
constexpr double kWideColumns = 1.5; // more does not help few columns

} // namespace

QRectF FlowCamera::stage() const
{
    return {0, kHeader, m_view.width(), std::max(1.0, m_view.height() - kHeader - kFooter)};
}

void FlowCamera::fit(const FlowPicture& picture)
{
    const QSizeF room = stage().size() - QSizeF(2 * kMargin, 2 * kMargin);
    const double wide = std::max(1.0, picture.right - picture.left);
    const double high = std::max(1.0, picture.bottom - picture.top);
    m_zoom = m_fitZoom = std::clamp(room.height() / high, 1e-4, kNaturalFit);
    m_columns = m_fitColumns = std::clamp(room.width() / wide, 1e-2, kWideColumns);
    m_middle = {(picture.left + picture.right) / 2, (picture.top + picture.bottom) / 2};
}

/// Of columns, at a zoom of rows.
double FlowCamera::columnsAt(double zoom) const
{
    if (zoom <= m_fitZoom || m_fitZoom >= 1)
        return m_fitColumns * zoom / m_fitZoom;
    // Never faster than the rows.
    const double natural = std::min(std::max(1.0, m_fitColumns), m_fitColumns / m_fitZoom);
    if (zoom >= 1)
        return natural * zoom;
    const double part = std::log(zoom / m_fitZoom) / std::log(1 / m_fitZoom);
    return m_fitColumns * std::pow(natural / m_fitColumns, part);
}

void FlowCamera::zoom(double factor, const QPointF& anchor)
{
    const FlowPlace before = toScene(anchor);
    m_zoom = std::clamp(m_zoom * factor, m_fitZoom / 2, kClosest);
    m_columns = columnsAt(m_zoom);
    const FlowPlace after = toScene(anchor);
    m_middle.x += before.x - after.x;
    m_middle.y += before.y - after.y;
}

void FlowCamera::pan(const QPointF& pixels)
{
    m_middle.x -= pixels.x() / m_columns;
    m_middle.y -= pixels.y() / m_zoom;
}

void FlowCamera::keepOn(const FlowPicture& picture)
{
    const double aside = kStays * stage().width() / m_columns;
    const double above = kStays * stage().height() / m_zoom;
    m_middle.x = std::clamp(m_middle.x, picture.left - aside, std::max(picture.left, picture.right) + aside);
    m_middle.y = std::clamp(m_middle.y, picture.top - above, std::max(picture.top, picture.bottom) + above);
}

void FlowCamera::reveal(const QRectF& box)
{
    const QRectF room = stage().adjusted(kMargin, kMargin, -kMargin, -kMargin);
    const auto push = [](double low, double high, double from, double to) {
        return low < from ? from - low : high > to ? to - high : 0.0;
    };
    pan({push(box.left(), box.right(), room.left(), room.right()),
         push(box.top(), box.bottom(), room.top(), room.bottom())});
}

QPointF FlowCamera::toView(const FlowPlace& place) const
{
    const QPointF middle = stage().center();
    return {middle.x() + (place.x - m_middle.x) * m_columns, middle.y() + (place.y - m_middle.y) * m_zoom};
}

FlowPlace FlowCamera::toScene(const QPointF& pixel) const
{
    const QPointF away = pixel - stage().center();
    return {m_middle.x + away.x() / m_columns, m_middle.y + away.y() / m_zoom};
}

bool FlowCamera::shows(const FlowPicture& picture) const
{
    return stage().contains(
        QRectF(toView({picture.left, picture.top}), toView({picture.right, picture.bottom})));
}

} // namespace weir
