// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Gap.h"
#include "core/base/Time.h"
#include "ui/models/LatencyAxis.h"

#include <QChartView>
#include <QPixmap>
#include <QPointF>
#include <QString>

#include <vector>

class QLineSeries;
class QValueAxis;

namespace weir {

/// One line of the chart: x in seconds since 1970, y in milliseconds; broken where nothing was measured.
struct LatencyLine
{
    QString name;
    int style = -1;      ///< ThemeColors::series; -1: thin and grey
    bool strong = false; ///< drawn wide: it is what the chart is about
    std::vector<std::vector<QPointF>> pieces;
};

/// Latency over time, lines told apart by colour and dash, gaps hatched, times in UTC. QtCharts lays out the
/// frame; grid and figures are drawn here (QLogValueAxis writes powers of ten only), and so are the lines,
/// once for each change of the data: QLineSeries took 100 ms for 30 lines of 700 points, and more to paint
/// dashes. This folder alone touches QtCharts. gui thread.
class LatencyChart : public QChartView
{
    Q_OBJECT
public:
    explicit LatencyChart(QWidget* parent = nullptr);

    void setLines(std::vector<LatencyLine> lines, Timestamp from, Timestamp to);
    void setGaps(std::vector<Gap> gaps);
    void setLogarithmic(bool logarithmic);
    [[nodiscard]] bool isLogarithmic() const { return m_logarithmic; }
    /// The figures beside the upright axis, top to bottom the same as drawn.
    [[nodiscard]] const LatencyAxis& axis() const { return m_axis; }
    /// What the chart shows, e.g. "p99 latency per PoP"; with few lines their names follow it.
    void setMeasure(const QString& measure);
    /// What is said of the point under the pointer, above the plot.
    void setReadOut(const QString& text);
    [[nodiscard]] QString readOut() const { return m_readOut; }
    /// The lines' names as they stand above the plot: none where there are many.
    [[nodiscard]] QStringList names() const;
    /// The line that stands out; empty for none.
    void setHighlight(const QString& name);
    /// How many points make sense: one for two pixels of the plot.
    [[nodiscard]] std::size_t sensiblePoints() const;

signals:
    /// The pointer is near a point of `name` (empty: it is near none).
    void hovered(const QString& name, weir::Timestamp time);
    void clicked(const QString& name);

protected:
    void drawForeground(QPainter* painter, const QRectF& rect) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    struct Near
    {
        const LatencyLine* line = nullptr;
        QPointF point;
    };
    void dress();
    void putAxis();
    void redraw();
    void drawAllLines();
    void drawLine(QPainter& painter, const LatencyLine& line, bool strong, bool faint) const;
    void drawGaps(QPainter& painter) const;
    void drawHead(QPainter& painter) const;
    void drawGrid(QPainter& painter) const;
    void drawTimes(QPainter& painter) const;
    void drawMark(QPainter& painter) const;
    [[nodiscard]] Near nearest(const QPoint& position) const;
    [[nodiscard]] QPointF toPlot(const QPointF& value) const;
    [[nodiscard]] double xOf(Timestamp time) const;

    std::vector<LatencyLine> m_lines;
    std::vector<Gap> m_gaps;
    Timestamp m_from = kNoTime;
    Timestamp m_to = kNoTime;
    LatencyAxis m_axis;
    bool m_logarithmic = true;
    QString m_highlight;
    QString m_hovered;
    QString m_measure;
    QString m_readOut;
    QPointF m_mark;    ///< the point under the pointer, in values; null for none
    QPixmap m_drawn;   ///< the lines as drawn last
    QRectF m_drawnFor; ///< the plot area that they were drawn for
    bool m_stale = true;
    bool m_anyStrong = false;
    QValueAxis* m_timeAxis; ///< a line without figures, like the next one
    QValueAxis* m_valueAxis;
    QLineSeries* m_frame; ///< without points: axes want a series that they belong to
};

} // namespace weir
