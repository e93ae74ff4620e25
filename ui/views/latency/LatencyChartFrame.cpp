// SPDX-License-Identifier: GPL-3.0-or-later
// What LatencyChart draws around its lines: the head, the grid with its figures, the times.
#include "ui/models/TimeText.h"
#include "ui/theme/ThemeColors.h"
#include "ui/views/latency/LatencyChart.h"

#include <QChart>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace weir {
namespace {

constexpr std::size_t kNamed = 4; // lines: so few are named above the plot
constexpr int kSample = 24;       // px of line before its name
constexpr int kTimeSpacing = 110; // px that a time needs

} // namespace

QStringList LatencyChart::names() const
{
    QStringList names;
    for (const LatencyLine& line : m_lines) {
        if (m_lines.size() <= kNamed)
            names += line.name;
    }
    return names;
}

/// Above the plot: what is shown, the names of a few lines (many are named in the table), and what is under
/// the pointer.
void LatencyChart::drawHead(QPainter& painter) const
{
    const ThemeColors& colors = ThemeColors::of(palette());
    const QRectF plot = chart()->plotArea();
    QRectF above(plot.left(), plot.top() - 24, plot.width(), 20);
    const auto write = [&](const QString& text) {
        painter.setPen(colors.text);
        painter.drawText(above, Qt::AlignLeft | Qt::AlignVCenter, text);
        above.setLeft(above.left() + painter.fontMetrics().horizontalAdvance(text) + 20);
    };
    painter.setFont(font());
    write(m_measure);
    for (const LatencyLine& line : m_lines) {
        if (m_lines.size() > kNamed)
            break;
        painter.setPen(line.style < 0 ? QPen(colors.disabled, 1)
                                      : colors.seriesAt(static_cast<std::size_t>(line.style)).pen(2));
        painter.drawLine(QPointF(above.left(), above.center().y()),
                         QPointF(above.left() + kSample, above.center().y()));
        above.setLeft(above.left() + kSample + 6);
        write(line.name);
    }
    painter.setPen(colors.text);
    painter.drawText(
        above, Qt::AlignRight | Qt::AlignVCenter,
        painter.fontMetrics().elidedText(m_readOut, Qt::ElideRight, static_cast<int>(above.width())));
}

void LatencyChart::drawGrid(QPainter& painter) const
{
    const ThemeColors& colors = ThemeColors::of(palette());
    const QRectF plot = chart()->plotArea();
    painter.setFont(font());
    QColor faint = colors.border;
    faint.setAlphaF(0.6F);
    for (const double tick : m_axis.ticks) {
        const double y = std::round(plot.bottom() - plot.height() * m_axis.place(tick, m_logarithmic));
        painter.setPen(faint);
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
        painter.setPen(colors.muted);
        painter.drawText(QRectF(0, y - 10, plot.left() - 8, 20), Qt::AlignRight | Qt::AlignVCenter,
                         axisText(tick));
    }
}

void LatencyChart::drawTimes(QPainter& painter) const
{
    const ThemeColors& colors = ThemeColors::of(palette());
    const QRectF plot = chart()->plotArea();
    painter.setFont(font());
    for (const auto& [time, text] :
         axisTimes(m_from, m_to, std::max(2, static_cast<int>(plot.width()) / kTimeSpacing))) {
        const double x = xOf(time);
        if (x < plot.left() + 30 || x > plot.right() - 20)
            continue; // its text would be cut
        painter.setPen(colors.border);
        painter.drawLine(QPointF(x, plot.bottom()), QPointF(x, plot.bottom() + 4));
        painter.setPen(colors.muted);
        painter.drawText(QRectF(x - 60, plot.bottom() + 6, 120, 18), Qt::AlignCenter, text);
    }
}

} // namespace weir
