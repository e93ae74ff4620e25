// SPDX-License-Identifier: GPL-3.0-or-later
// What stands around a flow: the columns' headers and the legend.
#include "ui/views/topology/FlowMarks.h"
#include "ui/views/topology/FlowPaint.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>

namespace weir {
namespace {

constexpr double kSample = 26; // px of line before its word
constexpr double kGap = 16;    // px between two entries

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

/// Writes entries from left to right.
class LegendLine
{
public:
    LegendLine(QPainter& painter, const FlowPaint& paint, const QRectF& strip)
        : m_painter(painter), m_paint(paint), m_room(strip.adjusted(10, 0, -10, 0))
    {
    }
    void sample(FlowBasis basis, const QString& word)
    {
        QPen pen(m_paint.colors.text, 1.6);
        pen.setCapStyle(Qt::FlatCap);
        const QList<qreal> dashes = flowDashes(basis, pen.widthF());
        if (!dashes.isEmpty())
            pen.setDashPattern(dashes);
        m_painter.setPen(pen);
        const double y = m_room.center().y();
        m_painter.drawLine(QPointF(m_room.left(), y), QPointF(m_room.left() + kSample, y));
        say(kSample, word);
    }
    void change(FlowChange change, const QString& word)
    {
        const QColor color = changeColor(m_paint, change).value_or(m_paint.colors.text);
        const QRectF box(m_room.left(), m_room.center().y() - 5, 14, 10);
        m_painter.setPen(QPen(color, 2));
        m_painter.setBrush(Qt::NoBrush);
        m_painter.drawRoundedRect(box, 2, 2);
        say(box.width(), word);
    }
    void widths(const QString& word)
    {
        const double y = m_room.center().y();
        const double x = m_room.left();
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(m_paint.colors.muted);
        m_painter.drawPolygon(
            QPolygonF({{x, y - 0.5}, {x + kSample, y - 4}, {x + kSample, y + 4}, {x, y + 0.5}}));
        say(kSample, word);
    }
    void warning(const QString& word)
    {
        m_painter.save();
        m_painter.translate(m_room.left(), m_room.center().y() - kFlowMark / 2);
        m_painter.strokePath(warningMark(), QPen(m_paint.colors.warning, 1.3));
        m_painter.restore();
        say(kFlowMark, word);
    }
    [[nodiscard]] QRectF rest() const { return m_room; }

private:
    void say(double after, const QString& word)
    {
        m_room.setLeft(m_room.left() + after + 6);
        m_painter.setPen(m_paint.colors.text);
        m_painter.drawText(m_room, Qt::AlignLeft | Qt::AlignVCenter, word);
        m_room.setLeft(m_room.left() + QFontMetricsF(m_painter.font()).horizontalAdvance(word) + kGap);
    }
    QPainter& m_painter;
    const FlowPaint& m_paint;
    QRectF m_room;
};

} // namespace

void paintFrame(QPainter& painter, const FlowPaint& paint, const QString& note)
{
    paintHeaders(painter, paint);
    const QSizeF view = paint.camera.view();
    const QRectF strip(0, view.height() - FlowCamera::kFooter, view.width(), FlowCamera::kFooter);
    painter.fillRect(strip, paint.colors.base);
    painter.fillRect(QRectF(strip.topLeft(), QSizeF(strip.width(), 1)), paint.colors.border);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(paint.font);
    LegendLine legend(painter, paint, strip);
    if (paint.scene.graph().against) {
        legend.change(FlowChange::Appeared, tr("+ new"));
        legend.change(FlowChange::Vanished, tr("− gone"));
        legend.change(FlowChange::Changed, tr("→ changed"));
    }
    legend.sample(FlowBasis::Observed, tr("observed"));
    legend.sample(FlowBasis::Declared, tr("declared"));
    legend.sample(FlowBasis::Inferred, tr("inferred"));
    legend.widths(tr("wider: higher rate"));
    legend.warning(tr("errors, slow, or a finding"));
    painter.setPen(paint.colors.muted);
    painter.drawText(
        legend.rest(), Qt::AlignRight | Qt::AlignVCenter,
        QFontMetricsF(paint.font).elidedText(note, Qt::ElideRight, std::max(0.0, legend.rest().width())));
}

} // namespace weir
