// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/latency/LatencyChart.h"

#include "ui/theme/ThemeColors.h"

#include <QChart>
#include <QGraphicsLayout>
#include <QLineSeries>
#include <QLogValueAxis>
#include <QValueAxis>

#include <algorithm>
#include <cmath>
#include <limits>

namespace weir {
namespace {

constexpr int kBottom = 26;     // px below the plot, for the times
constexpr double kLeast = 0.01; // ms: the lowest that a logarithmic axis goes

double secondsOf(Timestamp time)
{
    return static_cast<double>(toUnixNanos(time)) / 1e9;
}

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
    return high <= 0 ? std::pair(1.0, 10.0) : std::pair(std::max(low, kLeast), std::max(high, kLeast));
}

/// The largest of 1, 2, 5 times a power of ten that is not above `value`.
double stepBelow(double value)
{
    const double decade = std::pow(10.0, std::floor(std::log10(value)));
    return value >= 5 * decade ? 5 * decade : value >= 2 * decade ? 2 * decade : decade;
}

double stepAbove(double value)
{
    const double below = stepBelow(value);
    const double decade = std::pow(10.0, std::floor(std::log10(below) + 1e-9));
    return below < 1.5 * decade ? 2 * decade : below < 2.5 * decade ? 5 * decade : 10 * decade;
}

} // namespace

LatencyChart::LatencyChart(QWidget* parent)
    : QChartView(parent), m_timeAxis(new QValueAxis(this)), m_frame(new QLineSeries(this))
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
    chart()->setMargins({4, 8, 16, kBottom});
    m_timeAxis->setLabelsVisible(false);
    m_timeAxis->setGridLineVisible(false);
    chart()->addSeries(m_frame);
    chart()->addAxis(m_timeAxis, Qt::AlignBottom);
    m_frame->attachAxis(m_timeAxis);
    connect(chart(), &QChart::plotAreaChanged, this, &LatencyChart::redraw);
    putAxes();
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
    putAxes();
    m_timeAxis->setRange(secondsOf(from), secondsOf(to));
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
    putAxes();
    redraw();
}

void LatencyChart::setMeasure(const QString& measure)
{
    m_measure = measure;
    m_valueAxis->setTitleText(tr("%1, ms").arg(m_measure));
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

void LatencyChart::replaceValueAxis()
{
    QAbstractAxis* old = m_valueAxis;
    if (m_logarithmic) {
        auto* axis = new QLogValueAxis;
        axis->setBase(10);
        axis->setMinorTickCount(8);
        axis->setLabelFormat(QStringLiteral("%g"));
        m_valueAxis = axis;
    } else {
        auto* axis = new QValueAxis;
        axis->setLabelFormat(QStringLiteral("%g"));
        m_valueAxis = axis;
    }
    chart()->addAxis(m_valueAxis, Qt::AlignLeft);
    if (old) {
        m_frame->detachAxis(old);
        chart()->removeAxis(old);
        delete old;
    }
    m_frame->attachAxis(m_valueAxis);
    setMeasure(m_measure);
    dress();
}

void LatencyChart::putAxes()
{
    const bool isLog = qobject_cast<QLogValueAxis*>(m_valueAxis) != nullptr;
    if (!m_valueAxis || isLog != m_logarithmic)
        replaceValueAxis();
    const auto [low, high] = extentOf(m_lines);
    if (auto* axis = qobject_cast<QValueAxis*>(m_valueAxis)) {
        axis->setRange(0, high * 1.05);
        axis->setTickCount(6);
        axis->applyNiceNumbers();
        m_low = axis->min();
        m_high = axis->max();
        return;
    }
    m_low = stepBelow(low);
    m_high = std::max(stepAbove(high), m_low * 10); // a decade at least, so that one is labelled
    m_valueAxis->setRange(m_low, m_high);
}

void LatencyChart::dress()
{
    const ThemeColors& colors = ThemeColors::of(palette());
    setBackgroundBrush(colors.base);
    chart()->setBackgroundBrush(colors.base);
    chart()->setBackgroundPen(Qt::NoPen);
    QColor grid = colors.border;
    grid.setAlphaF(0.7F);
    QColor minor = colors.border;
    minor.setAlphaF(0.25F);
    for (QAbstractAxis* axis : std::initializer_list<QAbstractAxis*>{m_timeAxis, m_valueAxis}) {
        axis->setLabelsBrush(colors.muted);
        axis->setLabelsFont(font());
        axis->setTitleBrush(colors.muted);
        axis->setTitleFont(font());
        axis->setLinePen(QPen(colors.border));
        axis->setGridLinePen(QPen(grid, 1));
        axis->setMinorGridLinePen(QPen(minor, 1));
    }
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
