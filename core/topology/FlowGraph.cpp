// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowGraph.h"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <unordered_map>

namespace weir {

std::string_view flowKindName(FlowKind kind)
{
    switch (kind) {
    case FlowKind::Pop:
        return "pop";
    case FlowKind::Worker:
        return "worker";
    case FlowKind::Identity:
        return "identity";
    case FlowKind::SubjectGroup:
        return "subjects";
    case FlowKind::Stream:
        return "stream";
    case FlowKind::Consumer:
        return "consumer";
    case FlowKind::QueueGroup:
        return "queue";
    case FlowKind::Client:
        return "client";
    case FlowKind::Region:
        return "region";
    case FlowKind::Cluster:
        return "cluster";
    case FlowKind::Gateway:
        return "gateway";
    case FlowKind::Server:
        return "server";
    case FlowKind::LeafNode:
        return "leaf";
    case FlowKind::Account:
        return "account";
    }
    return "unknown";
}

std::string_view flowBasisName(FlowBasis basis)
{
    switch (basis) {
    case FlowBasis::Observed:
        return "observed";
    case FlowBasis::Declared:
        return "declared";
    case FlowBasis::Inferred:
        return "inferred";
    case FlowBasis::Traced:
        return "traced";
    }
    return "unknown";
}

std::string_view flowChangeName(FlowChange change)
{
    switch (change) {
    case FlowChange::Same:
        return "same";
    case FlowChange::Appeared:
        return "appeared";
    case FlowChange::Vanished:
        return "vanished";
    case FlowChange::Changed:
        return "changed";
    }
    return "unknown";
}

void addGone(FlowNode& node, Timestamp lastSeen)
{
    node.facts.emplace_back("gone", "last seen " + formatRfc3339(lastSeen));
}

bool isSystemSubject(std::string_view subject)
{
    return subject.starts_with('$') || subject.starts_with("_INBOX.") || subject.starts_with("_R_.");
}

std::optional<std::uint32_t> FlowGraph::find(std::string_view id) const
{
    const auto found =
        std::lower_bound(nodes.begin(), nodes.end(), id,
                         [](const FlowNode& node, std::string_view wanted) { return node.id < wanted; });
    if (found == nodes.end() || found->id != id)
        return std::nullopt;
    return static_cast<std::uint32_t>(found - nodes.begin());
}

void FlowAssembly::node(FlowNode node)
{
    m_nodes.push_back(std::move(node));
}

void FlowAssembly::edge(const std::string& from, const std::string& to, FlowEdge edge)
{
    m_lines.push_back({from, to, std::move(edge)});
}

FlowGraph FlowAssembly::take()
{
    FlowGraph graph;
    std::vector<FlowNode*> nodes; // they are large: what is sorted is where they lie
    nodes.reserve(m_nodes.size());
    for (FlowNode& node : m_nodes)
        nodes.push_back(&node);
    std::stable_sort(nodes.begin(), nodes.end(),
                     [](const FlowNode* a, const FlowNode* b) { return a->id < b->id; });
    for (FlowNode* node : nodes) {
        if (graph.nodes.empty() || graph.nodes.back().id != node->id) {
            graph.nodes.push_back(std::move(*node));
            continue;
        }
        auto& facts = graph.nodes.back().facts;
        for (auto& fact : node->facts) {
            if (std::find(facts.begin(), facts.end(), fact) == facts.end())
                facts.push_back(std::move(fact));
        }
    }
    std::unordered_map<std::string_view, std::uint32_t> places;
    places.reserve(graph.nodes.size());
    for (const FlowNode& node : graph.nodes)
        places.emplace(node.id, static_cast<std::uint32_t>(places.size()));
    for (Line& line : m_lines) {
        const auto from = places.find(line.from);
        const auto to = places.find(line.to);
        if (from == places.end() || to == places.end())
            continue;
        line.edge.from = from->second;
        line.edge.to = to->second;
        graph.edges.push_back(std::move(line.edge));
    }
    const auto ends = [](const FlowEdge& edge) { return std::tie(edge.from, edge.to); };
    std::stable_sort(graph.edges.begin(), graph.edges.end(),
                     [&](const FlowEdge& a, const FlowEdge& b) { return ends(a) < ends(b); });
    graph.edges.erase(std::unique(graph.edges.begin(), graph.edges.end(),
                                  [&](const FlowEdge& a, const FlowEdge& b) { return ends(a) == ends(b); }),
                      graph.edges.end());
    m_nodes.clear();
    m_lines.clear();
    return graph;
}

} // namespace weir
