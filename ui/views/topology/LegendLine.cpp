// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/LegendLine.h"

#include "ui/views/topology/FlowMarks.h"
#include "ui/views/topology/FlowPaint.h"

#include <QPainter>

#include <algorithm>

namespace weir {
namespace {

constexpr double kSample = 26; // px of line before its word
constexpr double kDisc = 10;   // px
constexpr double kGap = 16;    // px between two entries

} // namespace

LegendLine::LegendLine(QPainter& painter, const ThemeColors& colors, const QRectF& strip)
    : m_painter(painter), m_colors(colors), m_room(strip.adjusted(10, 0, -10, 0))
{
    painter.fillRect(strip, colors.base);
    painter.fillRect(QRectF(strip.topLeft(), QSizeF(strip.width(), 1)), colors.border);
    painter.setRenderHint(QPainter::Antialiasing);
}

void LegendLine::line(FlowBasis basis, const QString& word)
{
    if (!fits(kSample, word))
        return;
    QPen pen(m_colors.text, 1.6);
    pen.setCapStyle(Qt::FlatCap);
    const QList<qreal> dashes = flowDashes(basis, pen.widthF());
    if (!dashes.isEmpty())
        pen.setDashPattern(dashes);
    m_painter.setPen(pen);
    const double y = m_room.center().y();
    m_painter.drawLine(QPointF(m_room.left(), y), QPointF(m_room.left() + kSample, y));
    say(kSample, word);
}

void LegendLine::widths(const QString& word)
{
    if (!fits(kSample, word))
        return;
    const double y = m_room.center().y();
    const double x = m_room.left();
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(m_colors.muted);
    m_painter.drawPolygon(
        QPolygonF({{x, y - 0.5}, {x + kSample, y - 4}, {x + kSample, y + 4}, {x, y + 0.5}}));
    say(kSample, word);
}

void LegendLine::disc(const QColor& fill, const QColor& rim, const QString& word)
{
    if (!fits(kDisc, word))
        return;
    m_painter.setPen(QPen(rim, 1.4));
    m_painter.setBrush(fill);
    m_painter.drawEllipse(QRectF(m_room.left(), m_room.center().y() - kDisc / 2, kDisc, kDisc));
    say(kDisc, word);
}

void LegendLine::box(const QColor& color, const QString& word)
{
    constexpr double kWide = 14;
    if (!fits(kWide, word))
        return;
    m_painter.setPen(QPen(color, 2));
    m_painter.setBrush(Qt::NoBrush);
    m_painter.drawRoundedRect(QRectF(m_room.left(), m_room.center().y() - 5, kWide, 10), 2, 2);
    say(kWide, word);
}

void LegendLine::kind(FlowKind kind, const QColor& color, const QString& word)
{
    if (fits(kFlowMark, word))
        mark(flowMark(kind), QPen(color, 1.2), word);
}

void LegendLine::number(const QString& word)
{
    constexpr double kSize = 15;
    if (!fits(kSize, word))
        return;
    const QRectF box(m_room.left(), m_room.center().y() - kSize / 2, kSize, kSize);
    const QFont usual = m_painter.font();
    QFont small = usual;
    small.setBold(true);
    small.setPixelSize(std::max(9, QFontInfo(usual).pixelSize() - 3));
    m_painter.setFont(small);
    m_painter.setPen(QPen(m_colors.muted, 1.4));
    m_painter.setBrush(m_colors.base);
    m_painter.drawEllipse(box);
    m_painter.setPen(m_colors.text);
    m_painter.drawText(box, Qt::AlignCenter, QStringLiteral("3"));
    m_painter.setFont(usual);
    say(kSize, word);
}

void LegendLine::warning(const QString& word)
{
    if (fits(kFlowMark, word))
        mark(warningMark(), QPen(m_colors.warning, 1.3), word);
}

void LegendLine::mark(const QPainterPath& path, const QPen& pen, const QString& word)
{
    m_painter.save();
    m_painter.translate(m_room.left(), m_room.center().y() - kFlowMark / 2);
    m_painter.strokePath(path, pen);
    m_painter.restore();
    say(kFlowMark, word);
}

void LegendLine::note(const QString& text)
{
    m_painter.setPen(m_colors.muted);
    m_painter.drawText(
        m_room, Qt::AlignRight | Qt::AlignVCenter,
        QFontMetricsF(m_painter.font()).elidedText(text, Qt::ElideRight, std::max(0.0, m_room.width())));
}

bool LegendLine::fits(double after, const QString& word) const
{
    return after + 6 + QFontMetricsF(m_painter.font()).horizontalAdvance(word) <= m_room.width();
}

void LegendLine::say(double after, const QString& word)
{
    m_room.setLeft(m_room.left() + after + 6);
    m_painter.setPen(m_colors.text);
    m_painter.drawText(m_room, Qt::AlignLeft | Qt::AlignVCenter, word);
    m_room.setLeft(m_room.left() + QFontMetricsF(m_painter.font()).horizontalAdvance(word) + kGap);
}

} // namespace weir
