// SPDX-License-Identifier: GPL-3.0-or-later
// What stands around a flow: the columns' headers and the legend.
#include "ui/views/topology/FlowPaint.h"
#include "ui/views/topology/LegendLine.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>

namespace weir {
namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("weir::FlowFrame", text);
}

/// px from this column to the nearest beside it.
double roomOf(const FlowPaint& paint, std::size_t index)
{
    const auto& columns = paint.scene.columns();
    double room = paint.camera.view().width();
    if (index > 0)
        room = std::min(room, (columns[index].x - columns[index - 1].x) * paint.camera.columnZoom());
    if (index + 1 < columns.size())
        room = std::min(room, (columns[index + 1].x - columns[index].x) * paint.camera.columnZoom());
    return room - 6;
}

void paintHeaders(QPainter& painter, const FlowPaint& paint)
{
    const QRectF strip(0, 0, paint.camera.view().width(), FlowCamera::kHeader);
    painter.fillRect(strip, paint.colors.base);
    painter.fillRect(strip.adjusted(0, strip.height() - 1, 0, 0), paint.colors.border);
    QFont font = paint.font;
    font.setBold(true);
    painter.setFont(font);
    painter.setPen(paint.colors.muted);
    const QFontMetricsF metrics(font);
    for (std::size_t i = 0; i < paint.scene.columns().size(); ++i) {
        const FlowColumn& column = paint.scene.columns()[i];
        const double x = paint.camera.toView({column.x, 0}).x();
        const QString count = QStringLiteral(" · %1").arg(column.nodes.size());
        const double room = roomOf(paint, i);
        const QString full = column.title + count;
        const QString text = metrics.horizontalAdvance(full) <= room
                                 ? full
                                 : metrics.elidedText(column.title, Qt::ElideRight, room);
        painter.drawText(QRectF(x - room / 2, 0, room, FlowCamera::kHeader - 2), Qt::AlignCenter, text);
    }
}

} // namespace

void paintFrame(QPainter& painter, const FlowPaint& paint, const QString& note)
{
    paintHeaders(painter, paint);
    const QSizeF view = paint.camera.view();
    painter.setFont(paint.font);
    LegendLine legend(painter, paint.colors,
                      {0, view.height() - FlowCamera::kFooter, view.width(), FlowCamera::kFooter});
    const auto change = [&](FlowChange what, const QString& word) {
        legend.box(changeColor(paint, what).value_or(paint.colors.text), word);
    };
    if (paint.scene.graph().against) {
        change(FlowChange::Appeared, tr("+ new"));
        change(FlowChange::Vanished, tr("− gone"));
        change(FlowChange::Changed, tr("→ changed"));
    }
    legend.line(FlowBasis::Observed, tr("observed"));
    legend.line(FlowBasis::Declared, tr("declared"));
    legend.line(FlowBasis::Inferred, tr("inferred"));
    const std::vector<FlowEdge>& edges = paint.scene.graph().edges;
    if (std::any_of(edges.begin(), edges.end(),
                    [](const FlowEdge& edge) { return edge.basis == FlowBasis::Traced; }))
        legend.line(FlowBasis::Traced, tr("traced"));
    legend.widths(tr("wider: higher rate"));
    legend.warning(tr("errors, slow, or a finding"));
    legend.note(note);
}

} // namespace weir
