// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/latency/LatencyJudgement.h"
#include "ui/models/LatencyAxis.h"

#include <QAbstractTableModel>
#include <QElapsedTimer>

#include <optional>
#include <vector>

namespace weir {

enum class LatencyColumn { Pop, Messages, P50, P90, P99, Max, Unknown, Skewed, Spread };
inline constexpr int kLatencyColumns = 9;

enum class LatencyRole {
    Name = Qt::UserRole + 1, ///< QString, the PoP
    Style,                   ///< int: the series style, -1 for a PoP that is drawn thin and grey
    Few,                     ///< bool: too few messages for this figure to mean much
    Slow,                    ///< double: so many times slower than the median PoP; 0 for one like the others
    Judged,                  ///< bool: the figure that a slow PoP was judged by
    Spread,                  ///< QList<double>: where p50, p90, p99 and max lie, 0 to 1 over all PoPs
};

/// The PoPs of a range with their latencies; the slowest first unless a reader sorts otherwise. Figures
/// and order are renewed together, at most every two seconds unless PoPs come or go; a PoP keeps its series
/// style as long as it is among the worst. gui thread.
class LatencyTableModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    explicit LatencyTableModel(QObject* parent = nullptr);

    void setPops(std::vector<PopLatency> pops);
    /// In the order of the rows; the points are always the newest.
    void clear();
    [[nodiscard]] const std::vector<PopLatency>& pops() const { return m_pops; }
    /// The style of PoP `name` (see LatencyRole::Style).
    [[nodiscard]] int styleOf(const QString& name) const;
    [[nodiscard]] int rowOf(const QString& name) const; ///< -1 for none
    /// What slow PoPs are compared with besides.
    void setEarlier(const EarlierFigures& earlier);
    /// What "worst" means for the styles.
    void setPercentile(Percentile which);
    /// The PoPs that stand out, the worst first.
    [[nodiscard]] const std::vector<SlowPop>& slow() const { return m_slow; }
    [[nodiscard]] bool isSlow(const QString& name) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;
    /// A click on a header: sorts by it, the worst first, and the other way round at the next click.
    void sortByHeader(int column);

private:
    [[nodiscard]] bool before(const PopLatency& a, const PopLatency& b) const;
    [[nodiscard]] QString text(const PopLatency& pop, LatencyColumn column) const;
    [[nodiscard]] QString toolTip(const PopLatency& pop, LatencyColumn column) const;
    void dropMissing(const std::vector<PopLatency>& next);
    void putSorted();
    void giveStyles();
    void judge();
    [[nodiscard]] const SlowPop* slowOf(const PopLatency& pop) const;
    [[nodiscard]] QList<double> spreadOf(const LatencyFigures& figures) const;

    std::vector<PopLatency> m_pops;
    std::vector<SlowPop> m_slow;
    EarlierFigures m_earlier;
    LatencyAxis m_axis;                ///< of the spreads
    std::vector<std::string> m_styled; ///< the PoP that holds each series style; empty where free
    Percentile m_percentile = Percentile::P99;
    LatencyColumn m_sortColumn = LatencyColumn::P99;
    Qt::SortOrder m_sortOrder = Qt::DescendingOrder;
    QElapsedTimer m_sinceSort;
};

[[nodiscard]] QString percentileName(Percentile which); ///< p50, p90, p99
/// Why a PoP is called slow: what was compared with what, over which time.
[[nodiscard]] QString slowMeaning(const SlowPop& slow);
/// How a slow PoP compares with its own past, in a few words: ", 30 × a day before"; empty where not known.
[[nodiscard]] QString pastText(const SlowPop& slow);

} // namespace weir
