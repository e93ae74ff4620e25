// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowOrder.h"

#include "core/topology/FlowColumns.h"
#include "core/topology/GraphvizOrder.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <numeric>
#include <optional>

namespace weir {
namespace {

constexpr std::size_t kMostNodes = 800; ///< that Graphviz is given
constexpr std::size_t kMostLength =
    1200; ///< columns that their lines pass, in all: each is a node to Graphviz
constexpr int kSweeps = 12;

std::size_t columnOf(const FlowNode& node)
{
    return static_cast<std::size_t>(node.kind);
}

std::vector<std::vector<std::uint32_t>> neighboursIn(const FlowGraph& graph)
{
    std::vector<std::vector<std::uint32_t>> neighbours(graph.nodes.size());
    for (const FlowEdge& edge : graph.edges) {
        neighbours[edge.from].push_back(edge.to);
        neighbours[edge.to].push_back(edge.from);
    }
    return neighbours;
}

/// By column: how many of those before it have nodes.
std::array<std::size_t, kFlowKinds> presentBefore(const FlowGraph& graph)
{
    std::array<std::size_t, kFlowKinds> present{};
    for (const FlowNode& node : graph.nodes)
        present[columnOf(node)] = 1;
    std::exclusive_scan(present.begin(), present.end(), present.begin(), std::size_t{0});
    return present;
}

/// A line of each node first, then a second of each, until they are long enough.
std::vector<const FlowEdge*> chosenLines(const FlowGraph& graph,
                                         const std::vector<std::optional<std::uint32_t>>& part)
{
    std::vector<std::uint32_t> lines(graph.nodes.size(), 0);
    std::vector<std::pair<std::uint32_t, const FlowEdge*>> each;
    for (const FlowEdge& edge : graph.edges) {
        if (part[edge.from] && part[edge.to])
            each.emplace_back(std::max(lines[edge.from]++, lines[edge.to]++), &edge);
    }
    std::stable_sort(each.begin(), each.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    const auto before = presentBefore(graph);
    std::vector<const FlowEdge*> chosen;
    std::size_t length = 0;
    for (const auto& [turn, edge] : each) {
        const std::size_t from = before[columnOf(graph.nodes[edge->from])];
        const std::size_t to = before[columnOf(graph.nodes[edge->to])];
        length += std::max<std::size_t>(from < to ? to - from : from - to, 1);
        if (length > kMostLength)
            break;
        chosen.push_back(edge);
    }
    return chosen;
}

/// One order after the other of a graph, each made of the last.
class Sweeps
{
public:
    explicit Sweeps(const FlowGraph& graph)
        : m_neighbours(neighboursIn(graph)), m_heights(graph.nodes.size()), m_order(kFlowKinds)
    {
        for (std::uint32_t i = 0; i < graph.nodes.size(); ++i)
            m_order[columnOf(graph.nodes[i])].push_back(i);
    }

    [[nodiscard]] const FlowOrder& order() const { return m_order; }
    [[nodiscard]] Result<void> begin(const FlowGraph& graph, const std::stop_token& stop);
    void sweep(bool back);

private:
    [[nodiscard]] std::optional<double> amongNeighbours(std::uint32_t node) const;
    void placeRest();
    void sort(std::vector<std::uint32_t>& column);

    const std::vector<std::vector<std::uint32_t>> m_neighbours;
    std::vector<std::optional<double>> m_heights; ///< by node: 0 at the top of its column to 1
    FlowOrder m_order;
};

std::optional<double> Sweeps::amongNeighbours(std::uint32_t node) const
{
    double sum = 0;
    double count = 0;
    for (const std::uint32_t other : m_neighbours[node]) {
        sum += m_heights[other].value_or(0);
        count += m_heights[other] ? 1 : 0;
    }
    return count > 0 ? std::optional(sum / count) : std::nullopt;
}

/// What has no height comes last.
void Sweeps::sort(std::vector<std::uint32_t>& column)
{
    std::stable_sort(column.begin(), column.end(), [this](std::uint32_t a, std::uint32_t b) {
        return m_heights[a].value_or(2) < m_heights[b].value_or(2);
    });
    for (std::size_t i = 0; i < column.size(); ++i)
        m_heights[column[i]] = (static_cast<double>(i) + 0.5) / static_cast<double>(column.size());
}

Result<void> Sweeps::begin(const FlowGraph& graph, const std::stop_token& stop)
{
    std::vector<std::uint32_t> most(graph.nodes.size());
    std::iota(most.begin(), most.end(), 0U);
    std::stable_sort(most.begin(), most.end(), [this](std::uint32_t a, std::uint32_t b) {
        return m_neighbours[a].size() > m_neighbours[b].size();
    });
    most.resize(std::min(most.size(), kMostNodes));
    std::sort(most.begin(), most.end()); // as they came: what Graphviz makes of them depends on it
    ColumnedNodes given;
    std::vector<std::optional<std::uint32_t>> part(graph.nodes.size()); ///< by node: its number there
    for (const std::uint32_t node : most) {
        part[node] = static_cast<std::uint32_t>(given.columns.size());
        given.columns.push_back(columnOf(graph.nodes[node]));
    }
    for (const FlowEdge* edge : chosenLines(graph, part))
        given.lines.emplace_back(*part[edge->from], *part[edge->to]);
    const auto rows = orderByGraphviz(given, stop);
    if (!rows)
        return rows.error();
    FlowOrder columns(kFlowKinds);
    for (const std::uint32_t node : most) {
        m_heights[node] = (*rows)[*part[node]];
        columns[columnOf(graph.nodes[node])].push_back(node);
    }
    for (auto& column : columns)
        sort(column);
    placeRest();
    return {};
}

/// Who has a neighbour with a height stands at it, and then gives it on.
void Sweeps::placeRest()
{
    for (std::size_t pass = 0; pass < kFlowKinds; ++pass) {
        for (const auto& column : m_order) {
            for (const std::uint32_t node : column) {
                if (!m_heights[node])
                    m_heights[node] = amongNeighbours(node);
            }
        }
    }
    for (auto& column : m_order)
        sort(column);
}

void Sweeps::sweep(bool back)
{
    const auto pass = [this](std::vector<std::uint32_t>& column) {
        std::vector<std::optional<double>> wanted;
        for (const std::uint32_t node : column)
            wanted.push_back(amongNeighbours(node));
        for (std::size_t i = 0; i < column.size(); ++i)
            m_heights[column[i]] = wanted[i] ? wanted[i] : m_heights[column[i]];
        sort(column);
    };
    if (back)
        std::for_each(m_order.rbegin(), m_order.rend(), pass);
    else
        std::for_each(m_order.begin(), m_order.end(), pass);
}

/// Pairs of which the second stands before the first, though it comes later.
std::uint64_t inversionsOf(const std::vector<std::uint32_t>& rows, std::size_t size)
{
    std::vector<std::uint64_t> tree(size + 1, 0); // sums of counts by row, after Fenwick
    std::uint64_t inversions = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        std::uint64_t above = 0; // or beside
        for (std::size_t at = rows[i] + 1; at > 0; at -= at & (~at + 1))
            above += tree[at];
        inversions += i - above;
        for (std::size_t at = rows[i] + 1; at <= size; at += at & (~at + 1))
            ++tree[at];
    }
    return inversions;
}

} // namespace

std::uint64_t crossingsOf(const FlowGraph& graph, const FlowOrder& order)
{
    std::vector<std::uint32_t> rows(graph.nodes.size(), 0);
    for (const auto& column : order) {
        for (std::uint32_t i = 0; i < column.size(); ++i)
            rows[column[i]] = i;
    }
    using Line = std::pair<std::uint32_t, std::uint32_t>; // rows of its ends
    std::map<std::pair<std::size_t, std::size_t>, std::vector<Line>> lines;
    for (const FlowEdge& edge : graph.edges) {
        const std::pair between(columnOf(graph.nodes[edge.from]), columnOf(graph.nodes[edge.to]));
        lines[between].emplace_back(rows[edge.from], rows[edge.to]);
    }
    std::uint64_t crossings = 0;
    for (auto& [between, each] : lines) {
        std::sort(each.begin(), each.end());
        std::vector<std::uint32_t> ends;
        for (const Line& line : each)
            ends.push_back(line.second);
        crossings += inversionsOf(ends, graph.nodes.size());
    }
    return crossings;
}

Result<FlowOrder> orderFlow(const FlowGraph& graph, const std::stop_token& stop)
{
    Sweeps sweeps(graph);
    if (auto done = sweeps.begin(graph, stop); !done)
        return done.error();
    FlowOrder best = sweeps.order();
    std::uint64_t fewest = crossingsOf(graph, best);
    for (int i = 0; i < kSweeps && fewest > 0; ++i) {
        if (stop.stop_requested())
            return layingOutStopped();
        sweeps.sweep(i % 2 == 1);
        const std::uint64_t crossings = crossingsOf(graph, sweeps.order());
        if (crossings < fewest) {
            fewest = crossings;
            best = sweeps.order();
        }
    }
    return best;
}

} // namespace weir
