// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/EvidenceBadge.h"

#include <QPainter>
#include <QPolygonF>

namespace weir {
namespace {

void drawTick(QPainter& painter, const QRectF& box, const QColor& color)
{
    const auto at = [&box](double x, double y) {
        return QPointF(box.left() + x * box.width(), box.top() + y * box.height());
    };
    painter.setPen(QPen(color, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPolyline(QPolygonF{at(0.28, 0.53), at(0.44, 0.68), at(0.73, 0.34)});
}

} // namespace

void paintEvidence(QPainter& painter, const QRectF& box, Evidence evidence, const QColor& ink,
                   const QColor& paper)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF ring = box.adjusted(1, 1, -1, -1);
    painter.setPen(QPen(ink, 1.4));
    painter.setBrush(Qt::NoBrush);
    switch (evidence) {
    case Evidence::Verified:
        painter.setBrush(ink);
        painter.drawEllipse(ring);
        drawTick(painter, box, paper);
        break;
    case Evidence::Vouched:
        painter.drawEllipse(ring);
        drawTick(painter, box, ink);
        break;
    case Evidence::Claimed:
        painter.drawEllipse(ring);
        painter.setBrush(ink);
        painter.drawEllipse(box.center(), 1.4, 1.4);
        break;
    case Evidence::Inferred:
        painter.setPen(QPen(ink, 1.4, Qt::DotLine));
        painter.drawEllipse(ring);
        break;
    case Evidence::Unknown:
        painter.drawLine(QPointF(box.left() + 3, box.center().y()),
                         QPointF(box.right() - 3, box.center().y()));
        break;
    }
    painter.restore();
}

} // namespace weir
