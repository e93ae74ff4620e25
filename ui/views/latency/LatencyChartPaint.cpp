// SPDX-License-Identifier: GPL-3.0-or-later
// The lines, gaps and the point under the pointer that LatencyChart draws, and how it is pointed at.
#include "ui/theme/ThemeColors.h"
#include "ui/views/latency/LatencyChart.h"

#include <QChart>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace weir {
namespace {

constexpr double kReach = 28.0;       // px around the pointer in which a point counts as meant
constexpr double kGapNarrowest = 3.0; // px
constexpr double kHatched = 8.0;      // px of a gap from which it is hatched
constexpr std::size_t kSpacious = 16; // lines: with more, thin and plain ones are easier to tell apart

/// Qt draws pens of one device pixel many times faster than wider ones; two of them beside each other look
/// like one of two pixels.
QPen hairline(const QColor& color, const QList<qreal>& dashes)
{
    QPen pen(color, 1);
    pen.setCosmetic(true);
    pen.setCapStyle(Qt::FlatCap);
    if (!dashes.isEmpty()) {
        QList<qreal> longer;
        for (const qreal dash : dashes)
            longer << dash * 1.6;
        pen.setDashPattern(longer);
    }
    return pen;
}

/// `share` of one colour over another: opaque, since blending costs a second pass over every pixel.
QColor mixed(const QColor& over, const QColor& under, float share)
{
    const auto mix = [share](float a, float b) { return a * share + b * (1 - share); };
    return QColor::fromRgbF(mix(over.redF(), under.redF()), mix(over.greenF(), under.greenF()),
                            mix(over.blueF(), under.blueF()));
}

} // namespace

double LatencyChart::xOf(Timestamp time) const
{
    const QRectF plot = chart()->plotArea();
    const double whole = static_cast<double>((m_to - m_from).count());
    return whole <= 0 ? plot.left()
                      : plot.left() + plot.width() * static_cast<double>((time - m_from).count()) / whole;
}

QPointF LatencyChart::toPlot(const QPointF& value) const
{
    const QRectF plot = chart()->plotArea();
    const double from = static_cast<double>(toUnixNanos(m_from)) / 1e9;
    const double seconds = static_cast<double>((m_to - m_from).count()) / 1e9;
    return {plot.left() + plot.width() * (value.x() - from) / seconds,
            plot.bottom() - plot.height() * m_axis.place(value.y(), m_logarithmic)};
}

void LatencyChart::drawLine(QPainter& painter, const LatencyLine& line, bool strong, bool faint) const
{
    const ThemeColors& colors = ThemeColors::of(palette());
    QColor color = colors.disabled;
    QList<qreal> dashes;
    if (line.style >= 0) {
        const SeriesStyle& style = colors.seriesAt(static_cast<std::size_t>(line.style));
        color = style.color;
        dashes = style.dashes;
    } else if (strong) {
        color = colors.text;
    }
    if (!strong)
        color = mixed(color, colors.base, faint ? 0.35F : line.style < 0 ? 0.6F : m_anyStrong ? 0.7F : 1.0F);
    painter.setPen(hairline(color, dashes));
    const bool plain = line.style < 0 || m_lines.size() > kSpacious || (m_anyStrong && m_highlight.isEmpty());
    const int widths = strong ? 3 : plain ? 1 : 2;
    for (const auto& piece : line.pieces) {
        QPolygonF points;
        points.reserve(static_cast<qsizetype>(piece.size()) + 1);
        for (const QPointF& point : piece)
            points << toPlot(point);
        if (points.size() == 1) // a lone point would not be seen
            points << points.front() + QPointF(2, 0);
        const int above = widths / 2;
        for (int i = 0; i < widths; ++i)
            painter.drawPolyline(points.translated(0, i - above));
    }
}

/// The grey lines first and the highlighted one last.
void LatencyChart::drawAllLines()
{
    const qreal ratio = devicePixelRatioF();
    m_drawn = QPixmap(viewport()->size() * ratio);
    m_drawn.setDevicePixelRatio(ratio);
    m_drawn.fill(Qt::transparent);
    m_drawnFor = chart()->plotArea();
    m_stale = false;
    QPainter painter(&m_drawn);
    painter.setClipRect(m_drawnFor.adjusted(0, -2, 1, 2));
    const auto drawWhere = [&](auto&& isTurn) {
        for (const LatencyLine& line : m_lines) {
            if (isTurn(line))
                drawLine(painter, line, line.name == m_highlight || (line.strong && m_highlight.isEmpty()),
                         !m_highlight.isEmpty() && line.name != m_highlight);
        }
    };
    drawWhere([this](const LatencyLine& line) {
        return line.style < 0 && line.name != m_highlight && !line.strong;
    });
    painter.setRenderHint(QPainter::Antialiasing, m_lines.size() <= kSpacious);
    drawWhere([this](const LatencyLine& line) {
        return line.style >= 0 && line.name != m_highlight && !line.strong;
    });
    drawWhere([this](const LatencyLine& line) { return line.strong && line.name != m_highlight; });
    drawWhere([this](const LatencyLine& line) { return line.name == m_highlight; });
}

void LatencyChart::drawGaps(QPainter& painter) const
{
    const QRectF plot = chart()->plotArea();
    QColor hatch = ThemeColors::of(palette()).gap;
    for (const Gap& gap : m_gaps) {
        // What was sampled has figures, only fewer of them: they must be readable through it.
        hatch.setAlphaF(gap.cause == GapCause::Sampled ? 0.3F : 0.75F);
        const double left = std::max(plot.left(), xOf(std::max(gap.from, m_from)));
        const double right = gap.to == kNoTime || gap.to > m_to ? plot.right() : xOf(gap.to);
        if (gap.from >= m_to || right < plot.left())
            continue;
        const double width = std::max(kGapNarrowest, right - left);
        // Of a hatch only dots would be left in a narrow one.
        painter.fillRect(QRectF(left, plot.top(), width, plot.height()),
                         QBrush(hatch, width < kHatched ? Qt::SolidPattern : Qt::BDiagPattern));
    }
}

void LatencyChart::drawMark(QPainter& painter) const
{
    if (m_mark.isNull())
        return;
    const ThemeColors& colors = ThemeColors::of(palette());
    const QRectF plot = chart()->plotArea();
    const QPointF point = toPlot(m_mark);
    painter.setPen(QPen(colors.muted, 1, Qt::DotLine));
    painter.drawLine(QPointF(point.x(), plot.top()), QPointF(point.x(), plot.bottom()));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colors.text, 2));
    painter.setBrush(colors.base);
    painter.drawEllipse(point, 4.5, 4.5);
}

void LatencyChart::drawForeground(QPainter* painter, const QRectF& rect)
{
    QChartView::drawForeground(painter, rect);
    if (m_from == kNoTime || m_to <= m_from)
        return;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing, false);
    drawHead(*painter);
    drawGrid(*painter);
    drawGaps(*painter);
    if (m_stale || m_drawnFor != chart()->plotArea())
        drawAllLines();
    painter->drawPixmap(0, 0, m_drawn);
    for (const LatencyLine& line : m_lines) {
        if (line.name == m_hovered && line.name != m_highlight)
            drawLine(*painter, line, true, false);
    }
    drawTimes(*painter);
    drawMark(*painter);
    painter->restore();
}

/// Of each line only the points nearest in time are looked at: lines are sorted by time.
LatencyChart::Near LatencyChart::nearest(const QPoint& position) const
{
    Near best;
    const QRectF plot = chart()->plotArea();
    if (m_from == kNoTime || m_to <= m_from || !plot.contains(position))
        return best;
    const double at =
        static_cast<double>(toUnixNanos(m_from)) / 1e9 +
        (position.x() - plot.left()) / plot.width() * static_cast<double>((m_to - m_from).count()) / 1e9;
    double reach = kReach;
    for (const LatencyLine& line : m_lines) {
        for (const auto& piece : line.pieces) {
            auto place = std::lower_bound(piece.begin(), piece.end(), at,
                                          [](const QPointF& point, double x) { return point.x() < x; });
            if (place == piece.end() ||
                (place != piece.begin() && at - std::prev(place)->x() < place->x() - at))
                --place;
            const QPointF away = toPlot(*place) - position;
            const double distance = std::hypot(away.x(), away.y());
            if (distance < reach) {
                reach = distance;
                best = {&line, *place};
            }
        }
    }
    return best;
}

void LatencyChart::mouseMoveEvent(QMouseEvent* event)
{
    const Near near = nearest(event->pos());
    m_hovered = near.line ? near.line->name : QString();
    m_mark = near.line ? near.point : QPointF();
    emit hovered(m_hovered, fromUnixNanos(static_cast<std::int64_t>(std::llround(m_mark.x() * 1e9))));
    viewport()->update();
    QChartView::mouseMoveEvent(event);
}

void LatencyChart::leaveEvent(QEvent* event)
{
    m_mark = {};
    m_hovered.clear();
    emit hovered({}, kNoTime);
    viewport()->update();
    QChartView::leaveEvent(event);
}

void LatencyChart::mousePressEvent(QMouseEvent* event)
{
    const Near near = nearest(event->pos());
    emit clicked(near.line ? near.line->name : QString());
    QChartView::mousePressEvent(event);
}

} // namespace weir
