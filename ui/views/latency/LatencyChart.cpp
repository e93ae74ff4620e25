// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/latency/LatencyChart.h"

#include "ui/theme/ThemeColors.h"

#include <QChart>
#include <QGraphicsLayout>
#include <QLineSeries>
#include <QValueAxis>

#include <algorithm>
#include <limits>

namespace weir {
namespace {

constexpr int kLeft = 64;   // px beside the plot, for the latencies
constexpr int kTop = 26;    // px above it, for what is measured
constexpr int kBottom = 28; // px below it, for the times
constexpr int kTickSpacing = 30;

/// Smallest and largest y of all lines; {1, 10} without any.
std::pair<double, double> extentOf(const std::vector<LatencyLine>& lines)
{
    double low = std::numeric_limits<double>::max();
    double high = 0;
    for (const LatencyLine& line : lines) {
        for (const auto& piece : line.pieces) {
            for (const QPointF& point : piece) {
                low = std::min(low, point.y());
                high = std::max(high, point.y());
            }
        }
    }
    return high <= 0 ? std::pair(1.0, 10.0) : std::pair(low, high);
}

} // namespace

LatencyChart::LatencyChart(QWidget* parent)
    : QChartView(parent),
      m_timeAxis(new QValueAxis(this)),
      m_valueAxis(new QValueAxis(this)),
      m_frame(new QLineSeries(this))
{
    setObjectName(QStringLiteral("latencyChart"));
    setAccessibleName(tr("Latency per PoP over time"));
    setMouseTracking(true);
    setFrameShape(QFrame::NoFrame);
    setMinimumHeight(160);
    chart()->legend()->hide();
    chart()->setAnimationOptions(QChart::NoAnimation);
    chart()->setBackgroundRoundness(0);
    chart()->layout()->setContentsMargins(0, 0, 0, 0);
    chart()->setMargins({kLeft, kTop, 16, kBottom});
    chart()->addSeries(m_frame);
    chart()->addAxis(m_timeAxis, Qt::AlignBottom);
    chart()->addAxis(m_valueAxis, Qt::AlignLeft);
    for (QValueAxis* axis : {m_timeAxis, m_valueAxis}) {
        axis->setLabelsVisible(false);
        axis->setGridLineVisible(false);
        axis->setTickCount(2);
        m_frame->attachAxis(axis);
    }
    connect(chart(), &QChart::plotAreaChanged, this, [this] {
        putAxis();
        redraw();
    });
    putAxis();
    dress();
}

void LatencyChart::redraw()
{
    m_stale = true;
    viewport()->update();
}

void LatencyChart::setLines(std::vector<LatencyLine> lines, Timestamp from, Timestamp to)
{
    m_from = from;
    m_to = to;
    m_lines = std::move(lines);
    m_anyStrong = std::any_of(m_lines.begin(), m_lines.end(), [](const LatencyLine& l) { return l.strong; });
    putAxis();
    redraw();
}

void LatencyChart::setGaps(std::vector<Gap> gaps)
{
    m_gaps = std::move(gaps);
    viewport()->update();
}

void LatencyChart::setLogarithmic(bool logarithmic)
{
    if (m_logarithmic == logarithmic)
        return;
    m_logarithmic = logarithmic;
    putAxis();
    redraw();
}

void LatencyChart::setMeasure(const QString& measure)
{
    m_measure = measure;
    viewport()->update();
}

void LatencyChart::setReadOut(const QString& text)
{
    m_readOut = text;
    setAccessibleDescription(text);
    viewport()->update();
}

void LatencyChart::setHighlight(const QString& name)
{
    if (m_highlight == name)
        return;
    m_highlight = name;
    redraw();
}

std::size_t LatencyChart::sensiblePoints() const
{
    return static_cast<std::size_t>(std::max(chart()->plotArea().width(), 200.0) / 2);
}

void LatencyChart::putAxis()
{
    const auto [low, high] = extentOf(m_lines);
    const int ticks = static_cast<int>(chart()->plotArea().height()) / kTickSpacing;
    m_axis = m_logarithmic ? LatencyAxis::logarithmic(low, high, ticks) : LatencyAxis::linear(high, ticks);
}

void LatencyChart::dress()
{
    const ThemeColors& colors = ThemeColors::of(palette());
    setBackgroundBrush(colors.base);
    chart()->setBackgroundBrush(colors.base);
    chart()->setBackgroundPen(Qt::NoPen);
    for (QValueAxis* axis : {m_timeAxis, m_valueAxis})
        axis->setLinePen(QPen(colors.border));
    redraw();
}

void LatencyChart::changeEvent(QEvent* event)
{
    QChartView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        dress();
}

void LatencyChart::resizeEvent(QResizeEvent* event)
{
    QChartView::resizeEvent(event);
    redraw();
}

} // namespace weir
