// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/PlaneCamera.h"

#include <algorithm>

namespace weir {

QRectF PlaneCamera::stage() const
{
    const QRectF stage = QRectF({}, m_view).marginsRemoved(m_margins);
    return {stage.topLeft(), QSizeF(std::max(1.0, stage.width()), std::max(1.0, stage.height()))};
}

void PlaneCamera::fit(const QRectF& bounds, double closest)
{
    const QSizeF room = stage().size();
    const double wide = bounds.width() > 0 ? room.width() / bounds.width() : closest;
    const double high = bounds.height() > 0 ? room.height() / bounds.height() : closest;
    m_scale = std::min({wide, high, closest});
    m_middle = bounds.center();
}

void PlaneCamera::zoom(double factor, const QPointF& anchor, double farthest, double closest)
{
    const QPointF before = toPlane(anchor);
    m_scale = std::clamp(m_scale * factor, std::min(farthest, closest), closest);
    m_middle += before - toPlane(anchor);
}

void PlaneCamera::keepOn(const QRectF& bounds)
{
    m_middle = {std::clamp(m_middle.x(), bounds.left(), std::max(bounds.left(), bounds.right())),
                std::clamp(m_middle.y(), bounds.top(), std::max(bounds.top(), bounds.bottom()))};
}

bool PlaneCamera::reveal(const QRectF& box)
{
    const QRectF room = stage();
    if (room.contains(box))
        return false;
    const auto push = [](double low, double high, double from, double to) {
        return low < from ? from - low : high > to ? to - high : 0.0;
    };
    pan({push(box.left(), box.right(), room.left(), room.right()),
         push(box.top(), box.bottom(), room.top(), room.bottom())});
    return true;
}

} // namespace weir
