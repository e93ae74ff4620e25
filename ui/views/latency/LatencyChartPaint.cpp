// SPDX-License-Identifier: GPL-3.0-or-later
// What LatencyChart draws over its lines (times, gaps, the point under the pointer) and how it is pointed at.
#include "ui/models/TimeText.h"
#include "ui/theme/ThemeColors.h"
#include "ui/views/latency/LatencyChart.h"

#include <QChart>
#include <QLineSeries>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace weir {
namespace {

constexpr double kReach = 28.0;   // px around the pointer in which a point counts as meant
constexpr int kTimeSpacing = 110; // px that a time needs

} // namespace

double LatencyChart::xOf(Timestamp time) const
{
    const QRectF plot = chart()->plotArea();
    const double whole = static_cast<double>((m_to - m_from).count());
    return whole <= 0 ? plot.left()
                      : plot.left() + plot.width() * static_cast<double>((time - m_from).count()) / whole;
}

void LatencyChart::drawForeground(QPainter* painter, const QRectF& rect)
{
    QChartView::drawForeground(painter, rect);
    if (m_from == kNoTime || m_to <= m_from)
        return;
    const ThemeColors& colors = ThemeColors::of(palette());
    const QRectF plot = chart()->plotArea();
    painter->setRenderHint(QPainter::Antialiasing, false);
    QColor hatch = colors.gap;
    hatch.setAlphaF(0.75F);
    for (const Gap& gap : m_gaps) {
        const double left = std::max(plot.left(), xOf(std::max(gap.from, m_from)));
        const double right = gap.to == kNoTime || gap.to > m_to ? plot.right() : xOf(gap.to);
        if (gap.from < m_to && right >= plot.left())
            painter->fillRect(QRectF(left, plot.top(), std::max(2.0, right - left), plot.height()),
                              QBrush(hatch, Qt::BDiagPattern));
    }
    painter->setFont(font());
    for (const Timestamp time :
         axisTimes(m_from, m_to, std::max(2, static_cast<int>(plot.width()) / kTimeSpacing))) {
        const double x = xOf(time);
        painter->setPen(colors.border);
        painter->drawLine(QPointF(x, plot.bottom()), QPointF(x, plot.bottom() + 4));
        painter->setPen(colors.muted);
        painter->drawText(QRectF(x - 60, plot.bottom() + 5, 120, 18), Qt::AlignCenter, clockText(time));
    }
    if (m_mark.isNull())
        return;
    const QPointF point = chart()->mapToPosition(m_mark, m_pool.empty() ? nullptr : m_pool.front());
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(colors.muted, 1, Qt::DotLine));
    painter->drawLine(QPointF(point.x(), plot.top()), QPointF(point.x(), plot.bottom()));
    painter->setPen(QPen(colors.text, 2));
    painter->setBrush(colors.base);
    painter->drawEllipse(point, 4.5, 4.5);
}

/// Of each line only the point nearest in time is looked at: lines are sorted by time.
LatencyChart::Near LatencyChart::nearest(const QPoint& position) const
{
    Near best;
    if (m_pool.empty() || !chart()->plotArea().contains(position))
        return best;
    const QPointF value = chart()->mapToValue(position, m_pool.front());
    double reach = kReach;
    for (const LatencyLine& line : m_lines) {
        for (const auto& piece : line.pieces) {
            auto place = std::lower_bound(piece.begin(), piece.end(), value.x(),
                                          [](const QPointF& point, double x) { return point.x() < x; });
            if (place == piece.end() ||
                (place != piece.begin() && value.x() - std::prev(place)->x() < place->x() - value.x()))
                --place;
            const QPointF away = chart()->mapToPosition(*place, m_pool.front()) - position;
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
    const QString name = near.line ? near.line->name : QString();
    m_mark = near.line ? near.point : QPointF();
    if (name != m_hovered) {
        m_hovered = name;
        putSeries();
    }
    emit hovered(name, fromUnixNanos(static_cast<std::int64_t>(std::llround(m_mark.x() * 1e9))));
    viewport()->update();
    QChartView::mouseMoveEvent(event);
}

void LatencyChart::leaveEvent(QEvent* event)
{
    m_mark = {};
    m_hovered.clear();
    putSeries();
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
