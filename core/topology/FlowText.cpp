// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowText.h"

#include "core/topology/FlowDiff.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace weir {
namespace {
constexpr std::size_t kMostFindings = 40; // below a picture

std::string_view markOf(FlowChange change)
{
    return change == FlowChange::Appeared ? "+ " : change == FlowChange::Vanished ? "− " : "";
}

} // namespace

std::string_view flowKindWord(FlowKind kind)
{
    switch (kind) {
    case FlowKind::Pop:
        return "PoP";
    case FlowKind::Worker:
        return "Worker";
    case FlowKind::Identity:
        return "Identity";
    case FlowKind::SubjectGroup:
        return "Subjects";
    case FlowKind::Stream:
        return "Stream";
    case FlowKind::Consumer:
        return "Consumer";
    case FlowKind::QueueGroup:
        return "Queue group";
    case FlowKind::Client:
        return "Client";
    case FlowKind::Region:
        return "Region";
    case FlowKind::Cluster:
        return "Cluster";
    case FlowKind::Gateway:
        return "Gateway";
    case FlowKind::Server:
        return "Server";
    case FlowKind::LeafNode:
        return "Leaf node";
    case FlowKind::Account:
        return "Account";
    }
    return "";
}

std::string flowNodeLabel(const FlowNode& node)
{
    if (!node.name.empty())
        return node.name;
    return node.kind == FlowKind::Identity ? "publisher unknown" : "(others)";
}

std::string flowNodeText(const FlowNode& node)
{
    return std::string(markOf(node.change)) + flowNodeLabel(node);
}

std::string flowEdgeText(const FlowEdge& edge)
{
    const std::string text =
        edge.change == FlowChange::Changed ? changeInWords(edge) : flowRateText(edge.rate);
    return std::string(markOf(edge.change)) + text;
}

std::string flowRateText(const std::optional<double>& rate)
{
    if (!rate)
        return {};
    static constexpr std::array<const char*, 5> kPrefixes{"", " k", " M", " G", " T"};
    double value = *rate;
    std::size_t prefix = 0;
    while (value >= 999.5 && prefix + 1 < kPrefixes.size()) { // three digits: what rounds to 1000 is a k
        value /= 1000;
        ++prefix;
    }
    std::array<char, 32> text{};
    const int size = std::snprintf(text.data(), text.size(), "%.3g%s/s", value, kPrefixes[prefix]);
    return {text.data(), static_cast<std::size_t>(size)};
}

std::string flowRangeText(const FlowGraph& graph)
{
    const auto moment = [](Timestamp time, const char* none) {
        return time == kNoTime ? none : formatRfc3339(time);
    };
    std::string text = moment(graph.from, "beginning") + " to " + moment(graph.to, "end");
    if (graph.against)
        text += ", compared with " + moment(graph.against->from, "beginning") + " to " +
                moment(graph.against->to, "end");
    if (!graph.filter.empty())
        text += ", filter " + graph.filter;
    return text;
}

std::vector<std::string> flowRemarks(const FlowGraph& graph)
{
    std::vector<std::string> lines{flowRangeText(graph)};
    const std::size_t told = std::min(graph.findings.size(), kMostFindings);
    for (std::size_t i = 0; i < told; ++i)
        lines.push_back("! " + graph.findings[i].what + " (" + graph.findings[i].evidence + ")");
    if (graph.findings.size() > told)
        lines.push_back("! and " + std::to_string(graph.findings.size() - told) + " findings more");
    lines.insert(lines.end(), graph.coverage.begin(), graph.coverage.end());
    return lines;
}

} // namespace weir
