// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowGrouping.h"

#include "core/base/Wording.h"

#include <algorithm>
#include <map>
#include <utility>

namespace weir {
namespace {

constexpr std::size_t kMostNamed = 40; ///< members in a node's facts

/// Nodes of one key are one group; empty: of none.
std::string groupOf(const FlowNode& node, const FlowGrouping& grouping)
{
    if (const std::string account = accountOf(node); grouping.accounts.contains(account))
        return "account:" + account;
    if (!grouping.kinds.contains(node.kind))
        return {};
    const std::string kind(flowKindName(node.kind));
    if (node.kind != FlowKind::SubjectGroup)
        return kind + ":(together)";
    return kind + ":" + node.name.substr(0, node.name.find('.')) + ".>";
}

FlowNode nodeFor(const std::string& id, const std::vector<const FlowNode*>& members)
{
    FlowNode node;
    node.id = id;
    const bool isAccount = id.starts_with("account:");
    node.kind = isAccount ? FlowKind::Account : members.front()->kind;
    node.together = members.size();
    node.name = isAccount || node.kind == FlowKind::SubjectGroup
                    ? id.substr(id.find(':') + 1)
                    : std::to_string(members.size()) + " " + std::string(flowKindName(node.kind)) + " nodes";
    std::vector<std::string> names;
    for (const FlowNode* member : members)
        names.push_back(member->name);
    node.facts.emplace_back("together", listed(names, kMostNamed));
    const auto same = [&](const FlowNode* member) { return member->change == members.front()->change; };
    if (std::all_of(members.begin(), members.end(), same))
        node.change = members.front()->change;
    return node;
}

/// Known where one of them is.
template<typename Number>
void addUp(std::optional<Number>& sum, const std::optional<Number>& more)
{
    if (more)
        sum = sum.value_or(0) + *more;
}

void addEdge(FlowEdge& sum, const FlowEdge& more)
{
    addUp(sum.messages, more.messages);
    sum.bytes += more.bytes;
    sum.errors += more.errors;
    addUp(sum.rate, more.rate);
    addUp(sum.bytesRate, more.bytesRate);
    sum.p50 = std::max(sum.p50, more.p50); // kNoDuration is less than any
    sum.p99 = std::max(sum.p99, more.p99);
    sum.basis = std::max(sum.basis, more.basis);
    if (more.firstSeen != kNoTime)
        sum.firstSeen = sum.firstSeen == kNoTime ? more.firstSeen : std::min(sum.firstSeen, more.firstSeen);
    sum.lastSeen = std::max(sum.lastSeen, more.lastSeen);
}

} // namespace

std::string accountOf(const FlowNode& node)
{
    if (node.kind == FlowKind::Account)
        return node.name;
    const auto fact = std::find_if(node.facts.begin(), node.facts.end(),
                                   [](const auto& each) { return each.first == "account"; });
    return fact == node.facts.end() ? std::string() : fact->second;
}

FlowGraph groupedFlow(const FlowGraph& graph, const FlowGrouping& grouping)
{
    if (grouping.isEmpty())
        return graph;
    std::map<std::string, std::vector<const FlowNode*>> groups;
    for (const FlowNode& node : graph.nodes) {
        if (std::string group = groupOf(node, grouping); !group.empty())
            groups[std::move(group)].push_back(&node);
    }
    std::map<std::string, std::string> renamed; ///< id of a node: of its group
    FlowAssembly assembly;
    for (const auto& [id, members] : groups) {
        if (members.size() < 2)
            continue;
        assembly.node(nodeFor(id, members));
        for (const FlowNode* member : members)
            renamed.emplace(member->id, id);
    }
    const auto idOf = [&renamed](const std::string& id) {
        const auto found = renamed.find(id);
        return found == renamed.end() ? id : found->second;
    };
    for (const FlowNode& node : graph.nodes) {
        if (!renamed.contains(node.id))
            assembly.node(node);
    }
    struct Sum
    {
        FlowEdge edge;
        std::size_t count = 0;
    };
    std::map<std::pair<std::string, std::string>, Sum> sums;
    for (const FlowEdge& edge : graph.edges) {
        const std::pair ends(idOf(graph.nodes[edge.from].id), idOf(graph.nodes[edge.to].id));
        if (ends.first == ends.second)
            continue;
        const auto [place, fresh] = sums.try_emplace(ends, Sum{edge, 1});
        if (fresh)
            continue;
        addEdge(place->second.edge, edge);
        ++place->second.count;
    }
    for (auto& [ends, sum] : sums) {
        if (sum.count > 1)
            sum.edge.because =
                std::to_string(sum.count) + " lines together, one of them: " + sum.edge.because;
        assembly.edge(ends.first, ends.second, std::move(sum.edge));
    }
    FlowGraph grouped = assembly.take();
    grouped.from = graph.from;
    grouped.to = graph.to;
    grouped.filter = graph.filter;
    grouped.against = graph.against;
    grouped.coverage = graph.coverage;
    grouped.findings = graph.findings;
    for (FlowFinding& finding : grouped.findings)
        finding.node = idOf(finding.node);
    return grouped;
}

} // namespace weir
