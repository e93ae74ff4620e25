// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/GraphvizOrder.h"

#include <algorithm>
#include <graphviz/gvc.h>
#include <map>
#include <mutex>
#include <string>

namespace weir {
namespace {

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

std::vector<Agnode_t*> fill(Agraph_t* root, const ColumnedNodes& given)
{
    set(root, "rankdir", "LR");
    set(root, "splines", "false"); // lines are ours
    set(root, "nslimit1", "0.1");
    set(root, "mclimit", "0.1");
    set(root, "phase", "2"); // ranks and order; rows are ours, too
    (void)agattr(root, AGNODE, const_cast<char*>("label"), const_cast<char*>("")); // else it measures names
    std::vector<Agnode_t*> nodes;
    std::map<std::size_t, Agraph_t*> columns;
    for (const std::size_t column : given.columns) {
        // Names may be anything: Graphviz gets numbers.
        Agnode_t* node = agnode(root, const_cast<char*>(std::to_string(nodes.size()).c_str()), 1);
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
    for (const auto& [from, to] : given.lines)
        (void)agedge(root, nodes[from], nodes[to], nullptr, 1);
    return nodes;
}

} // namespace

Error layingOutStopped()
{
    return {ErrorCode::Cancelled, "laying the graph out", "it was stopped", {}};
}

Result<std::vector<int>> orderByGraphviz(const ColumnedNodes& nodes, const std::stop_token& stop)
{
    if (nodes.columns.empty())
        return std::vector<int>();
    const std::lock_guard lock(graphvizMutex);
    if (stop.stop_requested())
        return layingOutStopped();
    Drawing drawing("flow");
    const std::vector<Agnode_t*> drawn = fill(drawing.graph(), nodes);
    if (!drawing.layOut())
        return Error{ErrorCode::Internal, "laying the graph out", "Graphviz could not", {}};
    if (stop.stop_requested())
        return layingOutStopped();
    std::vector<int> rows(drawn.size());
    std::transform(drawn.begin(), drawn.end(), rows.begin(),
                   [](Agnode_t* node) { return -ND_order(node); }); // Graphviz counts upwards
    return rows;
}

} // namespace weir
