// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/FlowView.h"

#include <QPainter>

namespace weir {

FlowView::FlowView(QWidget* parent) : GraphView(parent)
{
    setObjectName(QStringLiteral("flowView"));
    setAccessibleName(tr("Flow from PoP to consumer"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
}

void FlowView::setPicture(std::shared_ptr<const FlowPicture> picture)
{
    setScene(FlowScene(std::move(picture)));
}

bool FlowView::revealNode(std::uint32_t node)
{
    const QRectF box = scene().box(node, m_camera);
    if (m_camera.stage().contains(box))
        return false;
    m_camera.reveal(box);
    return true;
}

QPointF FlowView::middleOf(std::uint32_t node) const
{
    return m_camera.toView(scene().place(node));
}

FlowHit FlowView::hitAt(const QPointF& point) const
{
    return flowHit(scene(), m_camera, point);
}

std::uint32_t FlowView::firstNode() const
{
    return scene().columns().front().nodes.front();
}

std::uint32_t FlowView::neighbour(std::uint32_t node, FlowStep step) const
{
    return flowNeighbour(scene(), node, step);
}

void FlowView::paintBase(QPainter& painter, const ThemeColors& colors)
{
    const FlowPaint paint{scene(), m_camera, look(), colors, font()};
    paintLines(painter, paint);
    paintBoxes(painter, paint);
}

void FlowView::paintAbove(QPainter& painter, const ThemeColors& colors)
{
    const FlowPaint paint{scene(), m_camera, look(), colors, font()};
    painter.setClipRect(stage());
    paintChosen(painter, paint);
    painter.setClipping(false);
    paintFrame(painter, paint, look().selected.isNothing() ? QString() : accessibleDescription());
}

} // namespace weir
