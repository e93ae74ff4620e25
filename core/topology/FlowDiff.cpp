// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowDiff.h"

#include "core/topology/FlowText.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace weir {
namespace {

constexpr double kSigmas = 3;
constexpr std::uint64_t kFewForPercentile = 100; ///< messages: below it the p99 is the slowest one

bool differBy(double a, double b, double factor)
{
    return a > b * factor || b > a * factor;
}

/// Whether two counts may be of the same rate: each is as uncertain as its square root.
bool mayBeChance(const FlowEdge& before, const FlowEdge& now)
{
    if (!before.messages || !now.messages || !before.rate || !now.rate)
        return false;
    const auto uncertainty = [](const FlowEdge& of) {
        const auto count = static_cast<double>(*of.messages);
        return count == 0 ? 0 : *of.rate / std::sqrt(count);
    };
    return std::abs(*before.rate - *now.rate) <= kSigmas * std::hypot(uncertainty(before), uncertainty(now));
}

FlowEdgeChange changeOf(const FlowEdge& before, const FlowEdge& now, double factor)
{
    FlowEdgeChange change;
    change.rateBefore = before.rate;
    change.p99Before = before.p99;
    change.rateChanged =
        before.rate && now.rate && differBy(*before.rate, *now.rate, factor) && !mayBeChance(before, now);
    change.p99Changed =
        before.p99 != kNoDuration && now.p99 != kNoDuration &&
        std::min(before.messages.value_or(0), now.messages.value_or(0)) >= kFewForPercentile &&
        differBy(static_cast<double>(before.p99.count()), static_cast<double>(now.p99.count()), factor);
    if (change.rateChanged || change.p99Changed)
        change.change = FlowChange::Changed;
    return change;
}

using Ends = std::pair<std::string, std::string>;

std::map<Ends, const FlowEdge*> edgesOf(const FlowGraph& graph)
{
    std::map<Ends, const FlowEdge*> edges;
    for (const FlowEdge& edge : graph.edges)
        edges.emplace(Ends(graph.nodes[edge.from].id, graph.nodes[edge.to].id), &edge);
    return edges;
}

std::string labelOf(const FlowNode& node)
{
    return std::string(flowKindName(node.kind)) + " " + flowNodeLabel(node);
}

std::string wordsOf(const FlowEdgeChange& change, const FlowEdge& edge)
{
    std::string text;
    if (change.rateChanged)
        text += flowRateText(change.rateBefore) + " → " + flowRateText(edge.rate);
    if (change.p99Changed)
        text += (text.empty() ? "p99 " : ", p99 ") + formatDuration(change.p99Before) + " → " +
                formatDuration(edge.p99);
    return text;
}

} // namespace

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

FlowDiff compareFlows(const FlowGraph& before, const FlowGraph& now, double factor)
{
    const auto then = edgesOf(before);
    const auto present = edgesOf(now);
    FlowAssembly assembly;
    for (const FlowGraph* graph : {&now, &before}) {
        for (const FlowNode& node : graph->nodes) {
            if (graph == &now || !now.find(node.id))
                assembly.node(node);
        }
    }
    for (const auto& [ends, edge] : present)
        assembly.edge(ends.first, ends.second, *edge);
    for (const auto& [ends, edge] : then) {
        if (!present.contains(ends))
            assembly.edge(ends.first, ends.second, *edge);
    }
    auto graph = std::make_shared<FlowGraph>(assembly.take());
    graph->from = now.from;
    graph->to = now.to;
    graph->filter = now.filter;
    graph->coverage = now.coverage;
    for (const std::string& line : before.coverage)
        graph->coverage.push_back("of the earlier range: " + line);
    graph->findings = now.findings;
    FlowDiff diff;
    diff.from = before.from;
    diff.to = before.to;
    for (const FlowNode& node : graph->nodes)
        diff.nodes.push_back(!now.find(node.id)      ? FlowChange::Vanished
                             : !before.find(node.id) ? FlowChange::Appeared
                                                     : FlowChange::Same);
    for (const FlowEdge& edge : graph->edges) {
        const Ends ends(graph->nodes[edge.from].id, graph->nodes[edge.to].id);
        const auto old = then.find(ends);
        FlowEdgeChange change;
        if (!present.contains(ends))
            change.change = FlowChange::Vanished;
        else if (old == then.end())
            change.change = FlowChange::Appeared;
        else
            change = changeOf(*old->second, edge, factor);
        diff.edges.push_back(change);
    }
    diff.graph = std::move(graph);
    return diff;
}

std::vector<std::string> changesInWords(const FlowDiff& diff)
{
    std::vector<std::string> lines;
    const FlowGraph& graph = *diff.graph;
    std::vector<std::pair<FlowKind, std::string>> sorted;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        if (diff.nodes[i] != FlowChange::Same)
            sorted.emplace_back(graph.nodes[i].kind,
                                std::string(flowChangeName(diff.nodes[i])) + "  " + labelOf(graph.nodes[i]));
    }
    for (std::size_t i = 0; i < graph.edges.size(); ++i) {
        const FlowEdgeChange& change = diff.edges[i];
        if (change.change == FlowChange::Same)
            continue;
        const FlowNode& from = graph.nodes[graph.edges[i].from];
        const FlowNode& to = graph.nodes[graph.edges[i].to];
        std::string line =
            std::string(flowChangeName(change.change)) + "  " + labelOf(from) + " → " + labelOf(to);
        if (const std::string words = wordsOf(change, graph.edges[i]); !words.empty())
            line += "  " + words;
        sorted.emplace_back(from.kind, std::move(line));
    }
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (auto& [kind, line] : sorted)
        lines.push_back(std::move(line));
    return lines;
}

} // namespace weir
