// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/LatencyTableModel.h"

#include <algorithm>
#include <numeric>

namespace weir {
namespace {

constexpr std::size_t kStyled = 8; // lines that a reader can tell apart
constexpr int kSortEvery = 2000;   // ms

double millisOf(Nanoseconds latency)
{
    return static_cast<double>(latency.count()) / 1e6;
}

/// What a column is sorted by; kNoDuration sorts below every latency.
std::int64_t keyOf(const LatencyFigures& figures, LatencyColumn column)
{
    switch (column) {
    case LatencyColumn::Messages:
        return static_cast<std::int64_t>(messagesOf(figures));
    case LatencyColumn::P50:
        return figures.p50.count();
    case LatencyColumn::P90:
        return figures.p90.count();
    case LatencyColumn::P99:
        return figures.p99.count();
    case LatencyColumn::Max:
    case LatencyColumn::Spread:
        return figures.max.count();
    case LatencyColumn::Unknown:
        return static_cast<std::int64_t>(figures.unknown);
    case LatencyColumn::Skewed:
        return static_cast<std::int64_t>(figures.skewed);
    case LatencyColumn::Pop:
        break;
    }
    return 0;
}

} // namespace

LatencyTableModel::LatencyTableModel(QObject* parent) : QAbstractTableModel(parent), m_styled(kStyled) {}

int LatencyTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_pops.size());
}

int LatencyTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : kLatencyColumns;
}

void LatencyTableModel::clear()
{
    beginResetModel();
    m_pops.clear();
    m_slow.clear();
    m_styled.assign(kStyled, {});
    m_sinceSort.invalidate();
    endResetModel();
}

int LatencyTableModel::rowOf(const QString& name) const
{
    const std::string wanted = name.toStdString();
    const auto found =
        std::find_if(m_pops.begin(), m_pops.end(), [&](const PopLatency& pop) { return pop.name == wanted; });
    return found == m_pops.end() ? -1 : static_cast<int>(found - m_pops.begin());
}

int LatencyTableModel::styleOf(const QString& name) const
{
    const auto found = std::find(m_styled.begin(), m_styled.end(), name.toStdString());
    return found == m_styled.end() || name.isEmpty() ? -1 : static_cast<int>(found - m_styled.begin());
}

void LatencyTableModel::setPercentile(Percentile which)
{
    m_percentile = which;
    giveStyles();
    judge();
}

void LatencyTableModel::setPops(std::vector<PopLatency> pops)
{
    const bool same =
        pops.size() == m_pops.size() && std::all_of(pops.begin(), pops.end(), [this](const PopLatency& pop) {
            return rowOf(QString::fromStdString(pop.name)) >= 0;
        });
    const bool settles = !same || !m_sinceSort.isValid() || m_sinceSort.hasExpired(kSortEvery);
    dropMissing(pops);
    std::vector<PopLatency> added;
    for (PopLatency& pop : pops) {
        const int row = rowOf(QString::fromStdString(pop.name));
        if (row < 0)
            added.push_back(std::move(pop));
        else if (settles)
            m_pops[static_cast<std::size_t>(row)] = std::move(pop);
        else // figures that are newer than the order would belie it; the chart is always of now
            m_pops[static_cast<std::size_t>(row)].points = std::move(pop.points);
    }
    if (!settles)
        return;
    if (!added.empty()) {
        const int first = rowCount();
        beginInsertRows({}, first, first + static_cast<int>(added.size()) - 1);
        std::move(added.begin(), added.end(), std::back_inserter(m_pops));
        endInsertRows();
    }
    giveStyles();
    judge();
    putSorted();
    if (!m_pops.empty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, kLatencyColumns - 1));
}

void LatencyTableModel::dropMissing(const std::vector<PopLatency>& next)
{
    for (int row = rowCount() - 1; row >= 0; --row) {
        const std::string& name = m_pops[static_cast<std::size_t>(row)].name;
        if (std::any_of(next.begin(), next.end(), [&](const PopLatency& pop) { return pop.name == name; }))
            continue;
        beginRemoveRows({}, row, row);
        m_pops.erase(m_pops.begin() + row);
        endRemoveRows();
    }
}

bool LatencyTableModel::before(const PopLatency& a, const PopLatency& b) const
{
    const bool descending = m_sortOrder == Qt::DescendingOrder;
    const std::int64_t left = keyOf(a.summary, m_sortColumn);
    const std::int64_t right = keyOf(b.summary, m_sortColumn);
    if (left != right)
        return descending ? left > right : left < right;
    return m_sortColumn == LatencyColumn::Pop && descending ? a.name > b.name : a.name < b.name;
}

void LatencyTableModel::putSorted()
{
    m_sinceSort.start();
    std::vector<std::size_t> order(m_pops.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [this](std::size_t a, std::size_t b) { return before(m_pops[a], m_pops[b]); });
    if (std::is_sorted(order.begin(), order.end()))
        return;
    emit layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    std::vector<PopLatency> sorted;
    std::vector<int> moved(order.size());
    for (std::size_t to = 0; to < order.size(); ++to) {
        sorted.push_back(std::move(m_pops[order[to]]));
        moved[order[to]] = static_cast<int>(to);
    }
    m_pops = std::move(sorted);
    const QModelIndexList before = persistentIndexList();
    QModelIndexList after;
    for (const QModelIndex& old : before)
        after << index(moved[static_cast<std::size_t>(old.row())], old.column());
    changePersistentIndexList(before, after);
    emit layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

void LatencyTableModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0 || column >= kLatencyColumns)
        return;
    m_sortColumn = static_cast<LatencyColumn>(column);
    m_sortOrder = order;
    putSorted();
    emit headerDataChanged(Qt::Horizontal, 0, kLatencyColumns - 1);
}

void LatencyTableModel::sortByHeader(int column)
{
    const bool again = column == static_cast<int>(m_sortColumn);
    const bool down =
        again ? m_sortOrder == Qt::AscendingOrder : column != static_cast<int>(LatencyColumn::Pop);
    sort(column, down ? Qt::DescendingOrder : Qt::AscendingOrder);
}

/// The worst PoPs get a style each; who has one keeps it while among them.
void LatencyTableModel::giveStyles()
{
    std::vector<const PopLatency*> worst;
    for (const PopLatency& pop : m_pops)
        worst.push_back(&pop);
    std::sort(worst.begin(), worst.end(), [this](const PopLatency* a, const PopLatency* b) {
        const auto left = figureOf(a->summary, m_percentile);
        const auto right = figureOf(b->summary, m_percentile);
        return left != right ? left > right : a->name < b->name;
    });
    worst.resize(std::min(worst.size(), kStyled));
    for (std::string& holder : m_styled) {
        if (std::none_of(worst.begin(), worst.end(),
                         [&](const PopLatency* pop) { return pop->name == holder; }))
            holder.clear();
    }
    for (const PopLatency* pop : worst) {
        const auto free = std::find(m_styled.begin(), m_styled.end(), std::string());
        if (free != m_styled.end() &&
            std::find(m_styled.begin(), m_styled.end(), pop->name) == m_styled.end())
            *free = pop->name;
    }
}

/// Who stands out, and the scale that all spreads are drawn on.
void LatencyTableModel::setEarlier(const EarlierFigures& earlier)
{
    m_earlier = earlier;
    judge();
}

void LatencyTableModel::judge()
{
    m_slow = slowPops(m_pops, m_percentile, m_earlier);
    double least = 0;
    double most = 0;
    for (const PopLatency& pop : m_pops) {
        if (pop.summary.count == 0)
            continue;
        least = least == 0 ? millisOf(pop.summary.p50) : std::min(least, millisOf(pop.summary.p50));
        most = std::max(most, millisOf(pop.summary.max));
    }
    m_axis = LatencyAxis::logarithmic(least, most, 3);
}

const SlowPop* LatencyTableModel::slowOf(const PopLatency& pop) const
{
    const auto found = std::find_if(m_slow.begin(), m_slow.end(),
                                    [&](const SlowPop& slow) { return slow.name == pop.name; });
    return found == m_slow.end() ? nullptr : &*found;
}

bool LatencyTableModel::isSlow(const QString& name) const
{
    const int row = rowOf(name);
    return row >= 0 && slowOf(m_pops[static_cast<std::size_t>(row)]) != nullptr;
}

QList<double> LatencyTableModel::spreadOf(const LatencyFigures& figures) const
{
    QList<double> places;
    if (figures.count == 0)
        return places;
    for (const Nanoseconds latency : {figures.p50, figures.p90, figures.p99, figures.max})
        places << m_axis.place(millisOf(latency), true);
    return places;
}

} // namespace weir
