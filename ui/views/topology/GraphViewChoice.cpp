// SPDX-License-Identifier: GPL-3.0-or-later
// What is selected, in focus and searched in GraphView.
#include "ui/models/Format.h"
#include "ui/views/topology/FlowWords.h"
#include "ui/views/topology/GraphView.h"

#include <algorithm>

namespace weir {

std::optional<std::uint32_t> GraphView::indexOf(const std::optional<std::string>& id) const
{
    return id && !m_scene.isEmpty() ? m_scene.graph().find(*id) : std::nullopt;
}

void GraphView::select(std::optional<std::string> nodeId)
{
    setSelection(std::move(nodeId), std::nullopt);
    if (m_look.selected.node) {
        if (revealNode(*m_look.selected.node))
            moved();
    }
}

void GraphView::setSelection(std::optional<std::string> node,
                             std::optional<std::pair<std::string, std::string>> edge)
{
    const bool isOtherNode = node != m_selectedNode;
    const bool isOtherEdge = edge != m_selectedEdge;
    if (!isOtherNode && !isOtherEdge)
        return;
    m_selectedNode = std::move(node);
    m_selectedEdge = std::move(edge);
    findSelection();
    describe();
    update();
    if (isOtherNode)
        emit selected(m_selectedNode);
    if (isOtherEdge && m_selectedEdge)
        emit edgeSelected(m_selectedEdge->first, m_selectedEdge->second);
}

void GraphView::findSelection()
{
    m_look.selected = {};
    m_look.selected.node = indexOf(m_selectedNode);
    if (!m_selectedEdge)
        return;
    const auto from = indexOf(m_selectedEdge->first);
    const auto to = indexOf(m_selectedEdge->second);
    if (!from || !to)
        return;
    for (const std::uint32_t edge : m_scene.outOf(*from)) {
        if (m_scene.graph().edges[edge].to == *to)
            m_look.selected.edge = edge;
    }
}

void GraphView::clicked(const FlowHit& hit)
{
    choose(hit);
}

void GraphView::choose(const FlowHit& hit)
{
    const FlowGraph& graph = m_scene.graph();
    if (hit.edge) {
        const FlowEdge& edge = graph.edges[*hit.edge];
        setSelection(std::nullopt, std::pair(graph.nodes[edge.from].id, graph.nodes[edge.to].id));
    } else {
        setSelection(hit.node ? std::optional(graph.nodes[*hit.node].id) : std::nullopt, std::nullopt);
    }
}

void GraphView::focusOn(std::optional<std::string> nodeId, int hops)
{
    const bool isOther = m_focusNode != nodeId;
    m_focusNode = std::move(nodeId);
    m_hops = std::max(0, hops);
    findStrong();
    redraw();
    if (isOther)
        emit focusChanged(m_focusNode);
}

void GraphView::setSearch(const QString& text)
{
    m_search = text.trimmed();
    findStrong();
    redraw();
}

int GraphView::matches() const
{
    return static_cast<int>(std::count(m_look.marked.begin(), m_look.marked.end(), 1));
}

void GraphView::setPinned(std::set<std::string> nodeIds)
{
    m_pinned = std::move(nodeIds);
    findStrong();
    redraw();
}

void GraphView::findStrong()
{
    m_look.strong.clear();
    m_look.marked.clear();
    m_look.pinned.clear();
    if (m_scene.isEmpty())
        return;
    if (const auto node = indexOf(m_focusNode))
        m_look.strong = m_scene.way(*node, m_hops);
    findSearched();
    findPinned();
}

void GraphView::findSearched()
{
    if (m_search.isEmpty())
        return;
    const std::vector<FlowNode>& nodes = m_scene.graph().nodes;
    m_look.marked.resize(nodes.size());
    std::transform(nodes.begin(), nodes.end(), m_look.marked.begin(), [this](const FlowNode& node) {
        return static_cast<char>(shownLabel(node, node.name.size()).contains(m_search, Qt::CaseInsensitive) ||
                                 toText(node.id).contains(m_search, Qt::CaseInsensitive));
    });
    if (m_look.strong.empty())
        m_look.strong = m_look.marked;
    for (std::size_t i = 0; i < nodes.size(); ++i)
        m_look.strong[i] = static_cast<char>(m_look.strong[i] & m_look.marked[i]);
}

void GraphView::findPinned()
{
    if (m_pinned.empty())
        return;
    const std::vector<FlowNode>& nodes = m_scene.graph().nodes;
    m_look.pinned.resize(nodes.size());
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        m_look.pinned[i] = static_cast<char>(m_pinned.contains(nodes[i].id));
        if (!m_look.strong.empty() && m_look.pinned[i] != 0)
            m_look.strong[i] = 1;
    }
}

} // namespace weir
