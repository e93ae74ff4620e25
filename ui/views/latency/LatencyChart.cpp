// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/latency/LatencyChart.h"

#include "ui/theme/ThemeColors.h"

#include <QChart>
#include <QGraphicsLayout>
#include <QLineSeries>
#include <QLogValueAxis>
#include <QMouseEvent>
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

} // namespace

LatencyChart::LatencyChart(QWidget* parent) : QChartView(parent), m_timeAxis(new QValueAxis(this))
{
    setObjectName(QStringLiteral("latencyChart"));
    setAccessibleName(tr("Latency per PoP over time"));
    setRenderHint(QPainter::Antialiasing);
    setMouseTracking(true);
    setFrameShape(QFrame::NoFrame);
    chart()->legend()->hide();
    chart()->setAnimationOptions(QChart::NoAnimation);
    chart()->setBackgroundRoundness(0);
    chart()->layout()->setContentsMargins(0, 0, 0, 0);
    chart()->setMargins({4, 8, 12, kBottom});
    m_timeAxis->setLabelsVisible(false);
    m_timeAxis->setGridLineVisible(false);
    chart()->addAxis(m_timeAxis, Qt::AlignBottom);
    putAxes();
    dress();
}

void LatencyChart::setLines(const std::vector<LatencyLine>& lines, Timestamp from, Timestamp to)
{
    m_from = from;
    m_to = to;
    m_lines = lines;
    putSeries();
    putAxes();
    m_timeAxis->setRange(secondsOf(from), secondsOf(to));
    viewport()->update();
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
}

void LatencyChart::setHighlight(const QString& name)
{
    if (m_highlight == name)
        return;
    m_highlight = name;
    putSeries();
}

std::size_t LatencyChart::sensiblePoints() const
{
    const double width = std::max(chart()->plotArea().width(), 200.0);
    return static_cast<std::size_t>(width / 2);
}

QPen LatencyChart::penOf(const LatencyLine& line) const
{
    const ThemeColors& colors = ThemeColors::of(palette());
    const bool meant = line.name == m_highlight || line.name == m_hovered;
    const bool others = !m_highlight.isEmpty() && !meant;
    QPen pen = line.style < 0 ? QPen(colors.border, 1)
                              : colors.seriesAt(static_cast<std::size_t>(line.style)).pen(meant ? 2.6 : 1.5);
    if (line.style < 0 && meant)
        pen = QPen(colors.text, 2);
    if (others) {
        QColor faint = pen.color();
        faint.setAlphaF(0.35F);
        pen.setColor(faint);
    }
    return pen;
}

/// Draws the grey lines first and the highlighted one last, each piece as a series of the pool.
void LatencyChart::putSeries()
{
    std::vector<const LatencyLine*> order;
    for (const LatencyLine& line : m_lines)
        order.push_back(&line);
    std::stable_sort(order.begin(), order.end(), [this](const LatencyLine* a, const LatencyLine* b) {
        const auto rank = [this](const LatencyLine* line) {
            return line->name == m_highlight ? 2 : line->style >= 0 ? 1 : 0;
        };
        return rank(a) < rank(b);
    });
    std::size_t used = 0;
    for (const LatencyLine* line : order) {
        for (const auto& piece : line->pieces) {
            if (used == m_pool.size()) {
                m_pool.push_back(new QLineSeries);
                chart()->addSeries(m_pool.back());
                m_pool.back()->attachAxis(m_timeAxis);
                m_pool.back()->attachAxis(m_valueAxis);
            }
            QLineSeries* series = m_pool[used++];
            series->setPen(penOf(*line));
            QList<QPointF> points(piece.begin(), piece.end());
            if (points.size() == 1) // a lone point would not be seen
                points << points.front() + QPointF(1, 0);
            series->replace(points);
            series->show();
        }
    }
    for (; used < m_pool.size() && m_pool[used]->isVisible(); ++used) {
        m_pool[used]->clear();
        m_pool[used]->hide();
    }
}

void LatencyChart::putAxes()
{
    const bool isLog = qobject_cast<QLogValueAxis*>(m_valueAxis) != nullptr;
    if (!m_valueAxis || isLog != m_logarithmic) {
        QAbstractAxis* old = m_valueAxis;
        if (m_logarithmic) {
            auto* axis = new QLogValueAxis;
            axis->setBase(10);
            axis->setLabelFormat(QStringLiteral("%g ms"));
            axis->setMinorTickCount(8);
            m_valueAxis = axis;
        } else {
            auto* axis = new QValueAxis;
            axis->setLabelFormat(QStringLiteral("%g ms"));
            m_valueAxis = axis;
        }
        chart()->addAxis(m_valueAxis, Qt::AlignLeft);
        for (QLineSeries* series : m_pool) {
            if (old)
                series->detachAxis(old);
            series->attachAxis(m_valueAxis);
        }
        if (old) {
            chart()->removeAxis(old);
            delete old;
        }
        dress();
    }
    const auto [low, high] = extentOf(m_lines);
    if (auto* axis = qobject_cast<QValueAxis*>(m_valueAxis)) {
        axis->setRange(0, high * 1.05);
        axis->setTickCount(6);
        axis->applyNiceNumbers();
    } else {
        const double floor = std::pow(10.0, std::floor(std::log10(low)));
        const double ceiling = std::pow(10.0, std::ceil(std::log10(high * 1.001)));
        m_valueAxis->setRange(floor, std::max(ceiling, floor * 10));
    }
}

void LatencyChart::dress()
{
    const ThemeColors& colors = ThemeColors::of(palette());
    setBackgroundBrush(colors.base);
    chart()->setBackgroundBrush(colors.base);
    chart()->setBackgroundPen(Qt::NoPen);
    QColor grid = colors.border;
    grid.setAlphaF(0.6F);
    QColor minor = colors.border;
    minor.setAlphaF(0.22F);
    for (QAbstractAxis* axis : std::initializer_list<QAbstractAxis*>{m_timeAxis, m_valueAxis}) {
        if (!axis)
            continue;
        axis->setLabelsBrush(colors.muted);
        axis->setLabelsFont(font());
        axis->setLinePen(QPen(colors.border));
        axis->setGridLinePen(QPen(grid, 1));
        axis->setMinorGridLinePen(QPen(minor, 1));
    }
    putSeries();
}

void LatencyChart::changeEvent(QEvent* event)
{
    QChartView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        dress();
}

} // namespace weir
