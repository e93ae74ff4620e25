// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowLayout.h"

#include "core/topology/GraphvizOrder.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace weir {
namespace {

constexpr int kLevelPasses = 12;
constexpr double kWidestApart = 3;   ///< rows, between the nodes of a layer of few
constexpr double kFilled = 0.9;      ///< of the height, by a layer of fewer: its names have the room
constexpr std::size_t kKept = 1000;  ///< places of nodes that left, should they come back
constexpr std::size_t kNewShare = 3; ///< of which one may be new without placing all anew

std::size_t columnOf(FlowKind kind)
{
    return static_cast<std::size_t>(kind);
}

/// The rows nearest to `wanted` (least squares) that keep its order and lie at least `apart`: isotonic
/// regression by pooling what violates the order.
std::vector<double> inRows(const std::vector<double>& wanted, double apart)
{
    struct Pool
    {
        double sum;
        std::size_t count;
        [[nodiscard]] double mean() const { return sum / static_cast<double>(count); }
    };
    std::vector<Pool> pools;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        pools.push_back({wanted[i] - static_cast<double>(i) * apart, 1});
        while (pools.size() > 1 && pools[pools.size() - 2].mean() > pools.back().mean()) {
            const Pool last = pools.back();
            pools.pop_back();
            pools.back().sum += last.sum;
            pools.back().count += last.count;
        }
    }
    std::vector<double> rows;
    for (const Pool& pool : pools) {
        for (std::size_t i = 0; i < pool.count; ++i)
            rows.push_back(pool.mean() + static_cast<double>(rows.size()) * apart);
    }
    return rows;
}

} // namespace

void FlowLayout::forget()
{
    m_rows.clear();
    m_kinds.fill(false);
}

Result<std::shared_ptr<const FlowPicture>> FlowLayout::place(std::shared_ptr<const FlowGraph> graph,
                                                             const std::stop_token& stop)
{
    if (stop.stop_requested())
        return layingOutStopped();
    const auto isNew = [this](const FlowNode& node) { return !m_rows.contains(node.id); };
    const auto fresh =
        static_cast<std::size_t>(std::count_if(graph->nodes.begin(), graph->nodes.end(), isNew));
    if (fresh > 0) {
        const bool mostly = fresh * kNewShare > graph->nodes.size();
        if (auto done = mostly ? placeAll(*graph, stop) : placeNew(*graph, stop); !done)
            return done.error();
    }
    if (m_rows.size() > 2 * graph->nodes.size() + kKept)
        std::erase_if(m_rows, [&](const auto& row) { return !graph->find(row.first); });
    for (const FlowNode& node : graph->nodes)
        m_kinds[columnOf(node.kind)] = true;
    const auto columns = flowColumns(m_kinds, m_spacing.gap);
    auto picture = std::make_shared<FlowPicture>();
    for (const FlowNode& node : graph->nodes) {
        const FlowPlace place{columns[columnOf(node.kind)], m_rows[node.id]};
        const double wide = flowBoxWidth(node.kind) / 2;
        const double high = kFlowBoxHeight / 2;
        const bool first = picture->places.empty();
        picture->left = first ? place.x - wide : std::min(picture->left, place.x - wide);
        picture->right = first ? place.x + wide : std::max(picture->right, place.x + wide);
        picture->top = first ? place.y - high : std::min(picture->top, place.y - high);
        picture->bottom = first ? place.y + high : std::max(picture->bottom, place.y + high);
        picture->places.push_back(place);
    }
    picture->graph = std::move(graph);
    return std::shared_ptr<const FlowPicture>(std::move(picture));
}

Result<void> FlowLayout::placeAll(const FlowGraph& graph, const std::stop_token& stop)
{
    auto order = orderFlow(graph, stop);
    if (!order)
        return order.error();
    auto rows = level(graph, *order, stop);
    if (!rows)
        return rows.error();
    forget();
    for (std::uint32_t i = 0; i < graph.nodes.size(); ++i)
        m_rows[graph.nodes[i].id] = (*rows)[i];
    return {};
}

/// Graphviz's own rows want its whole patience (its network simplex takes seconds for a thousand nodes); the
/// order is what is hard to find.
Result<std::vector<double>> FlowLayout::level(const FlowGraph& graph, const FlowOrder& columns,
                                              const std::stop_token& stop) const
{
    std::vector<std::vector<std::uint32_t>> neighbours(graph.nodes.size());
    for (const FlowEdge& edge : graph.edges) {
        neighbours[edge.from].push_back(edge.to);
        neighbours[edge.to].push_back(edge.from);
    }
    std::size_t most = 0;
    for (const auto& column : columns)
        most = std::max(most, column.size());
    // Where few stand beside many there is room for names, and for lines to be told apart.
    const auto apart = [&](std::size_t size) {
        const double room =
            kFilled * static_cast<double>(most) / static_cast<double>(std::max<std::size_t>(size, 1));
        return m_spacing.row * std::clamp(room, 1.0, kWidestApart);
    };
    std::vector<double> rows(graph.nodes.size(), 0);
    for (const auto& column : columns) {
        const double middle = (static_cast<double>(column.size()) - 1) / 2;
        for (std::size_t i = 0; i < column.size(); ++i)
            rows[column[i]] = (static_cast<double>(i) - middle) * apart(column.size());
    }
    for (int pass = 0; pass < kLevelPasses; ++pass) {
        if (stop.stop_requested())
            return layingOutStopped();
        for (const auto& column : columns) {
            std::vector<double> wanted;
            for (const std::uint32_t node : column) {
                double sum = 0;
                for (const std::uint32_t other : neighbours[node])
                    sum += rows[other];
                const auto count = static_cast<double>(neighbours[node].size());
                wanted.push_back(count > 0 ? sum / count : rows[node]);
            }
            const std::vector<double> levelled = inRows(wanted, apart(column.size()));
            for (std::size_t i = 0; i < column.size(); ++i)
                rows[column[i]] = levelled[i];
        }
    }
    return rows;
}

Result<void> FlowLayout::placeNew(const FlowGraph& graph, const std::stop_token& stop)
{
    std::array<std::set<double>, kFlowKinds> taken; ///< by column: where its nodes stand
    for (const FlowNode& node : graph.nodes) {
        if (const auto row = m_rows.find(node.id); row != m_rows.end())
            taken[columnOf(node.kind)].insert(row->second);
    }
    // What left the graph keeps its place only as long as nobody else wants it.
    std::vector<double> sums(graph.nodes.size(), 0);
    std::vector<int> counts(graph.nodes.size(), 0);
    const auto lean = [&](std::uint32_t node, std::uint32_t on) {
        if (const auto row = m_rows.find(graph.nodes[on].id); row != m_rows.end()) {
            sums[node] += row->second;
            ++counts[node];
        }
    };
    for (const FlowEdge& edge : graph.edges) {
        lean(edge.from, edge.to);
        lean(edge.to, edge.from);
    }
    std::map<std::string, double> fresh;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        if (m_rows.contains(graph.nodes[i].id))
            continue;
        if (stop.stop_requested())
            return layingOutStopped();
        const double wanted = counts[i] > 0 ? sums[i] / counts[i] : 0;
        std::set<double>& column = taken[columnOf(graph.nodes[i].kind)];
        const auto isFree = [&](double y) {
            const auto next = column.lower_bound(y - m_spacing.row * 0.99);
            return next == column.end() || *next > y + m_spacing.row * 0.99;
        };
        double y = wanted;
        for (int step = 1; !isFree(y); ++step)
            y = wanted + (step % 2 == 1 ? 1 : -1) * std::ceil(step / 2.0) * m_spacing.row;
        column.insert(y);
        fresh.emplace(graph.nodes[i].id, y);
    }
    m_rows.merge(fresh);
    return {};
}

} // namespace weir
