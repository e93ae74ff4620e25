// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowLayout.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <graphviz/gvc.h>
#include <iterator>
#include <limits>
#include <mutex>
#include <set>

namespace weir {
namespace {

constexpr double kPointsPerInch = 72;
constexpr int kLevelPasses = 12;
constexpr double kWidestApart = 3;   ///< rows, between the nodes of a layer of few
constexpr double kFilled = 0.9;      ///< of the height, by a layer of fewer: its names have the room
constexpr std::size_t kKept = 1000;  ///< places of nodes that left, should they come back
constexpr std::size_t kNewShare = 3; ///< of which one may be new without placing all anew

/// Graphviz keeps state of its own for the whole process.
std::mutex graphvizMutex;

/// One for the process: a context loses a few kB when it is freed (2.42.2, under LeakSanitizer).
GVC_t* graphviz()
{
    static GVC_t* const context = gvContext();
    return context;
}

/// A graph of Graphviz's with its layout, freed in the right order.
class Drawing
{
public:
    explicit Drawing(const char* name) : m_graph(agopen(const_cast<char*>(name), Agstrictdirected, nullptr))
    {
    }
    ~Drawing()
    {
        if (m_laidOut)
            gvFreeLayout(graphviz(), m_graph);
        agclose(m_graph);
    }
    Drawing(const Drawing&) = delete;
    Drawing& operator=(const Drawing&) = delete;

    [[nodiscard]] Agraph_t* graph() { return m_graph; }
    [[nodiscard]] bool layOut()
    {
        m_laidOut = gvLayout(graphviz(), m_graph, "dot") == 0;
        return m_laidOut;
    }

private:
    Agraph_t* m_graph;
    bool m_laidOut = false;
};

void set(void* object, const char* name, const std::string& value)
{
    agsafeset(object, const_cast<char*>(name), const_cast<char*>(value.c_str()), const_cast<char*>(""));
}

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

Result<std::shared_ptr<const FlowPicture>> FlowLayout::place(std::shared_ptr<const FlowGraph> graph)
{
    const auto isNew = [this](const FlowNode& node) { return !m_rows.contains(node.id); };
    const auto fresh =
        static_cast<std::size_t>(std::count_if(graph->nodes.begin(), graph->nodes.end(), isNew));
    if (fresh * kNewShare > graph->nodes.size()) {
        if (auto done = placeAll(*graph); !done)
            return done.error();
    } else if (fresh > 0) {
        placeNew(*graph);
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

/// `dot` orders each column so that few lines cross; columns stand where the kinds' order says.
Result<void> FlowLayout::placeAll(const FlowGraph& graph)
{
    forget();
    if (graph.nodes.empty())
        return {};
    const std::lock_guard lock(graphvizMutex);
    Drawing drawing("flow");
    Agraph_t* root = drawing.graph();
    set(root, "rankdir", "LR");
    set(root, "splines", "false"); // lines are ours
    set(root, "nslimit", "0.1");
    set(root, "nslimit1", "0.1");
    set(root, "mclimit", "0.1");
    set(root, "nodesep", std::to_string(m_spacing.row * 0.25 / kPointsPerInch));
    std::vector<Agnode_t*> nodes;
    std::map<std::size_t, Agraph_t*> columns;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        // Names may be anything: Graphviz gets numbers.
        Agnode_t* node = agnode(root, const_cast<char*>(std::to_string(i).c_str()), 1);
        set(node, "shape", "box");
        set(node, "label", "");
        set(node, "fixedsize", "true");
        set(node, "width", "1");
        set(node, "height", std::to_string(m_spacing.row * 0.75 / kPointsPerInch));
        const std::size_t column = columnOf(graph.nodes[i].kind);
        Agraph_t*& rank = columns[column];
        if (rank == nullptr) {
            rank = agsubg(root, const_cast<char*>(("c" + std::to_string(column)).c_str()), 1);
            set(rank, "rank", "same");
        }
        agsubnode(rank, node, 1);
        nodes.push_back(node);
    }
    // One node of each column after the other, so that a column without lines stands in its place, too.
    Agnode_t* before = nullptr;
    for (const auto& [column, rank] : columns) {
        Agnode_t* first = agfstnode(rank);
        if (before != nullptr)
            set(agedge(root, before, first, nullptr, 1), "style", "invis");
        before = first;
    }
    for (const FlowEdge& edge : graph.edges)
        (void)agedge(root, nodes[edge.from], nodes[edge.to], nullptr, 1);
    if (!drawing.layOut())
        return Error{ErrorCode::Internal, "laying the graph out", "Graphviz could not", {}};
    std::vector<std::vector<std::uint32_t>> order(kFlowKinds);
    for (std::uint32_t i = 0; i < graph.nodes.size(); ++i)
        order[columnOf(graph.nodes[i].kind)].push_back(i);
    for (auto& column : order)
        std::sort(column.begin(), column.end(), [&](std::uint32_t a, std::uint32_t b) {
            return ND_coord(nodes[a]).y > ND_coord(nodes[b]).y; // Graphviz counts upwards
        });
    level(graph, order);
    return {};
}

/// Graphviz's own rows want its whole patience (its network simplex takes seconds for a thousand nodes); the
/// order is what is hard to find.
void FlowLayout::level(const FlowGraph& graph, std::vector<std::vector<std::uint32_t>>& columns)
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
    for (std::uint32_t i = 0; i < graph.nodes.size(); ++i)
        m_rows[graph.nodes[i].id] = rows[i];
}

void FlowLayout::placeNew(const FlowGraph& graph)
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
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        if (m_rows.contains(graph.nodes[i].id))
            continue;
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
        m_rows[graph.nodes[i].id] = y;
    }
}

} // namespace weir
