// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Gap.h"
#include "core/base/Time.h"

#include <QChartView>
#include <QPointF>
#include <QString>

#include <vector>

class QAbstractAxis;
class QLineSeries;
class QValueAxis;
class QXYSeries;

namespace weir {

/// One line of the chart: x in seconds since 1970, y in milliseconds; broken where nothing was measured.
struct LatencyLine
{
    QString name;
    int style = -1; ///< ThemeColors::series; -1: thin and grey
    std::vector<std::vector<QPointF>> pieces;
    friend bool operator==(const LatencyLine&, const LatencyLine&) = default;
};

/// Latency over time, lines told apart by colour and dash, gaps hatched, times in UTC. This folder alone
/// touches QtCharts. gui thread.
class LatencyChart : public QChartView
{
    Q_OBJECT
public:
    explicit LatencyChart(QWidget* parent = nullptr);

    void setLines(const std::vector<LatencyLine>& lines, Timestamp from, Timestamp to);
    void setGaps(std::vector<Gap> gaps);
    void setLogarithmic(bool logarithmic);
    [[nodiscard]] bool isLogarithmic() const { return m_logarithmic; }
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
    void putSeries();
    void putAxes();
    [[nodiscard]] Near nearest(const QPoint& position) const;
    [[nodiscard]] QPen penOf(const LatencyLine& line) const;
    [[nodiscard]] double xOf(Timestamp time) const;

    std::vector<LatencyLine> m_lines;
    std::vector<QLineSeries*> m_pool; ///< owned by the chart; reused from update to update
    std::vector<Gap> m_gaps;
    Timestamp m_from = kNoTime;
    Timestamp m_to = kNoTime;
    bool m_logarithmic = true;
    QString m_highlight;
    QString m_hovered;
    QPointF m_mark; ///< the point under the pointer, in values; null for none
    QValueAxis* m_timeAxis;
    QAbstractAxis* m_valueAxis = nullptr;
};

} // namespace weir
