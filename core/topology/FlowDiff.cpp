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

void noteChange(const FlowEdge& before, FlowEdge& now, double factor)
{
    if (before.rate && now.rate && differBy(*before.rate, *now.rate, factor) && !mayBeChance(before, now))
        now.rateBefore = before.rate;
    if (before.p99 != kNoDuration && now.p99 != kNoDuration &&
        std::min(before.messages.value_or(0), now.messages.value_or(0)) >= kFewForPercentile &&
        differBy(static_cast<double>(before.p99.count()), static_cast<double>(now.p99.count()), factor))
        now.p99Before = before.p99;
    if (now.rateBefore || now.p99Before != kNoDuration)
        now.change = FlowChange::Changed;
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

} // namespace

FlowGraph compareFlows(const FlowGraph& before, const FlowGraph& now, double factor)
{
    const auto then = edgesOf(before);
    const auto present = edgesOf(now);
    FlowAssembly assembly;
    for (FlowNode node : now.nodes) {
        node.change = before.find(node.id) ? FlowChange::Same : FlowChange::Appeared;
        assembly.node(std::move(node));
    }
    for (FlowNode node : before.nodes) {
        node.change = FlowChange::Vanished;
        if (!now.find(node.id))
            assembly.node(std::move(node));
    }
    for (const auto& [ends, edge] : present) {
        FlowEdge drawn = *edge;
        if (const auto old = then.find(ends); old != then.end())
            noteChange(*old->second, drawn, factor);
        else
            drawn.change = FlowChange::Appeared;
        assembly.edge(ends.first, ends.second, std::move(drawn));
    }
    for (const auto& [ends, edge] : then) {
        FlowEdge drawn = *edge;
        drawn.change = FlowChange::Vanished;
        if (!present.contains(ends))
            assembly.edge(ends.first, ends.second, std::move(drawn));
    }
    FlowGraph graph = assembly.take();
    graph.from = now.from;
    graph.to = now.to;
    graph.against = FlowSpan{before.from, before.to};
    graph.filter = now.filter;
    graph.coverage = now.coverage;
    for (const std::string& line : before.coverage)
        graph.coverage.push_back("of the earlier range: " + line);
    graph.findings = now.findings;
    return graph;
}

std::string changeInWords(const FlowEdge& edge)
{
    std::string text;
    if (edge.rateBefore)
        text += flowRateText(edge.rateBefore) + " → " + flowRateText(edge.rate);
    if (edge.p99Before != kNoDuration)
        text += (text.empty() ? "p99 " : ", p99 ") + formatDuration(edge.p99Before) + " → " +
                formatDuration(edge.p99);
    return text;
}

std::vector<std::string> changesInWords(const FlowGraph& graph)
{
    std::vector<std::pair<FlowKind, std::string>> sorted;
    for (const FlowNode& node : graph.nodes) {
        if (node.change != FlowChange::Same)
            sorted.emplace_back(node.kind, std::string(flowChangeName(node.change)) + "  " + labelOf(node));
    }
    for (const FlowEdge& edge : graph.edges) {
        if (edge.change == FlowChange::Same)
            continue;
        const FlowNode& from = graph.nodes[edge.from];
        std::string line = std::string(flowChangeName(edge.change)) + "  " + labelOf(from) + " → " +
                           labelOf(graph.nodes[edge.to]);
        if (const std::string words = changeInWords(edge); !words.empty())
            line += "  " + words;
        sorted.emplace_back(from.kind, std::move(line));
    }
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<std::string> lines;
    for (auto& [kind, line] : sorted)
        lines.push_back(std::move(line));
    return lines;
}

} // namespace weir
