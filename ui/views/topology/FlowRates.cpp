// SPDX-License-Identifier: GPL-3.0-or-later
// The rates that stand at the lines of a flow.
#include "core/topology/FlowText.h"
#include "ui/views/topology/FlowMarks.h"
#include "ui/views/topology/FlowPaint.h"

#include <QPainter>

#include <algorithm>

namespace weir {
namespace {

constexpr double kLabelZoom = 0.7;

/// Where the line is half way through the gap beside its first box: no box hides it there.
QPointF labelPlace(const FlowPaint& paint, const FlowCurve& curve)
{
    const FlowColumn* next = nullptr;
    for (const FlowColumn& column : paint.scene.columns()) {
        if (!next && FlowScene::span(column, paint.camera).left() > curve.from.x())
            next = &column;
    }
    const double end = next ? FlowScene::span(*next, paint.camera).left() : curve.to.x();
    const double middle = (curve.from.x() + end) / 2;
    double low = 0;
    double high = 1;
    for (int i = 0; i < 12; ++i) {
        const double t = (low + high) / 2;
        (curve.at(t).x() < middle ? low : high) = t;
    }
    return curve.at(low);
}

} // namespace

void paintRates(QPainter& painter, const FlowPaint& paint, std::span<const std::uint32_t> edges)
{
    if (paint.camera.zoom() < kLabelZoom)
        return;
    QFont font = paint.boxFont();
    font.setPixelSize(std::max(9, font.pixelSize() * 7 / 8));
    painter.setFont(font);
    const QFontMetricsF metrics(font);
    std::vector<QRectF> taken;
    for (auto edge = edges.rbegin(); edge != edges.rend(); ++edge) {
        const FlowEdge& of = paint.scene.graph().edges[*edge];
        const FlowCurve curve = paint.scene.curve(*edge, paint.camera);
        const bool warns = paint.scene.warns(*edge);
        const QString text = QString::fromStdString(flowEdgeText(of));
        if ((text.isEmpty() && !warns) || paint.look.isFaint(of) || curve.to.x() <= curve.from.x())
            continue;
        const double mark = warns ? kFlowMark + 3 : 0;
        QRectF plate(0, 0, metrics.horizontalAdvance(text) + mark + 4, metrics.height());
        plate.moveCenter(labelPlace(paint, curve));
        plate.translate(0,
                        -plate.height() / 2 - linePen(paint, *edge).widthF() / 2); // the dashes can be seen
        if (plate.width() > curve.to.x() - curve.from.x() ||
            std::any_of(taken.begin(), taken.end(), [&](const QRectF& t) { return t.intersects(plate); }))
            continue;
        taken.push_back(plate);
        painter.fillRect(plate, paint.colors.base);
        if (warns) {
            painter.save();
            painter.translate(plate.left() + 1, plate.center().y() - kFlowMark / 2);
            painter.strokePath(warningMark(), QPen(paint.colors.warning, 1.3));
            painter.restore();
        }
        painter.setPen(
            changeColor(paint, of.change).value_or(warns ? paint.colors.warning : paint.colors.muted));
        painter.drawText(plate.adjusted(mark + 2, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, text);
    }
}

} // namespace weir
