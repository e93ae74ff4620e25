// SPDX-License-Identifier: GPL-3.0-or-later
// Servers, and what connects them.
#include "app/cli/Output.h"
#include "app/cli/TopologyPrint.h"
#include "core/base/Wording.h"
#include "core/topology/FlowText.h"

#include <cstdio>

namespace weir::cli {
namespace {

std::string rateText(const std::optional<double>& rate, const char* what)
{
    return rate ? flowRateText(rate) + " " + what : std::string();
}

void printServer(const ServerGraph& servers, std::uint32_t node)
{
    const ServerState& state = servers.states[node];
    const FlowNode& of = servers.graph.nodes[node];
    Clauses known;
    if (of.kind == FlowKind::Cluster)
        known.add(counted(state.servers, "server"));
    if (state.cluster >= 0)
        known.add("of cluster " +
                  printable(servers.graph.nodes[static_cast<std::size_t>(state.cluster)].name));
    known.add(printable(state.version));
    if (state.reached)
        known.add(counted(state.clients, "client"));
    else if (state.gone != kNoTime)
        known.add("gone, last seen " + formatRfc3339(state.gone));
    else if (of.kind == FlowKind::Server || of.kind == FlowKind::Gateway)
        known.add("not reached");
    if (of.kind == FlowKind::Gateway && state.servers > 0)
        known.add(counted(state.servers, "far end"));
    known.add(rateText(state.in, "in"));
    known.add(rateText(state.out, "out"));
    std::printf("%s%s%s\n", inWords(of).c_str(), known.text().empty() ? "" : "  ", known.text().c_str());
}

void printLink(const ServerGraph& servers, std::uint32_t edge)
{
    const ServerLink& link = servers.links[edge];
    const FlowEdge& of = servers.graph.edges[edge];
    Clauses known;
    if (link.gone != kNoTime)
        known.add("gone, last seen " + formatRfc3339(link.gone));
    if (link.rtt != kNoDuration)
        known.add("RTT " + formatDuration(link.rtt));
    known.add(rateText(link.there, "there"));
    known.add(rateText(link.back, "back"));
    if (link.gone == kNoTime)
        known.add(counted(link.connections, "connection"));
    if (link.pendingBytes > 0)
        known.add(bytesForPeople(link.pendingBytes) + " wait");
    if (!link.slow.empty())
        known.add("slow");
    std::printf("%s %s – %s  %s\n", std::string(linkKindName(link.kind)).c_str(),
                printable(flowNodeLabel(servers.graph.nodes[of.from])).c_str(),
                printable(flowNodeLabel(servers.graph.nodes[of.to])).c_str(), known.text().c_str());
}

} // namespace

void printServers(ServerGraph servers, PictureFormat format)
{
    auto shared = std::make_shared<const ServerGraph>(std::move(servers));
    if (format != PictureFormat::Text)
        return printSheet(serversSheet(planServers(std::move(shared))), format);
    for (const FlowKind kind : {FlowKind::Cluster, FlowKind::Gateway, FlowKind::Server, FlowKind::LeafNode}) {
        for (std::uint32_t node = 0; node < shared->graph.nodes.size(); ++node) {
            if (shared->graph.nodes[node].kind == kind)
                printServer(*shared, node);
        }
    }
    for (std::uint32_t edge = 0; edge < shared->graph.edges.size(); ++edge)
        printLink(*shared, edge);
    printRemarks(shared->graph);
}

} // namespace weir::cli
