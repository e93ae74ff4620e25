// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowTrace.h"

#include "core/broker/NatsOptions.h"
#include "core/topology/AccountWays.h"

#include <algorithm>

namespace weir {
namespace {

/// Lines and nodes that a way adds to a graph.
class WayLines
{
public:
    WayLines(FlowGraph& graph, const MessageWay& way, const BrokerLook& look)
        : m_graph(graph), m_way(way), m_names(look, {})
    {
    }

    void add(const std::string& group, const TraceHop& hop)
    {
        for (const TraceEgress& egress : hop.egresses) {
            // Ourselves, and what was not given it.
            if (egress.kind != "client" || egress.name == kNatsClientName || !egress.error.empty())
                continue;
            const std::string account = m_names.nameOf(egress.account.empty() ? hop.account : egress.account);
            const std::string client =
                egress.name.empty() ? hop.serverId + "/" + std::to_string(egress.cid) : egress.name;
            const std::string id =
                node(FlowKind::Client, client,
                     egress.name.empty() ? "connection " + std::to_string(egress.cid) : egress.name, account);
            if (egress.queue.empty()) {
                line(group, id, "subscription to " + egress.subscription);
                continue;
            }
            const std::string queue = node(FlowKind::QueueGroup, egress.queue, egress.queue, account);
            line(group, queue, "subscription to " + egress.subscription);
            line(queue, id, "the member that was chosen");
        }
        if (hop.stream && hop.stream->error.empty() && !hop.stream->noInterest) {
            const std::string account = m_names.nameOf(hop.account);
            line(group, node(FlowKind::Stream, hop.stream->name, hop.stream->name, account),
                 "the stream takes " + hop.stream->subject);
        }
    }
    [[nodiscard]] FlowAssembly& assembly() { return m_assembly; }

private:
    /// Its id, as FlowBroker makes them of `own`.
    std::string node(FlowKind kind, const std::string& own, const std::string& name,
                     const std::string& account)
    {
        std::string id(flowKindName(kind));
        id.append(":").append(account).append("/").append(own);
        m_assembly.node({id, kind, name, {{"account", account}}});
        return id;
    }
    /// One that is there becomes a traced one; one that is not is added.
    void line(const std::string& from, const std::string& to, const std::string& why)
    {
        const std::string because =
            "traced " + formatRfc3339(m_way.time) + " with a probe to " + m_way.subject + ": " + why;
        const auto first = m_graph.find(from);
        const auto last = m_graph.find(to);
        for (FlowEdge& edge : m_graph.edges) {
            if (!first || !last || edge.from != *first || edge.to != *last)
                continue;
            if (edge.basis != FlowBasis::Traced)
                edge.because =
                    because + "; besides, " + std::string(flowBasisName(edge.basis)) + ": " + edge.because;
            edge.basis = FlowBasis::Traced;
            return;
        }
        FlowEdge added;
        added.basis = FlowBasis::Traced;
        added.because = because;
        m_assembly.edge(from, to, added);
    }

    FlowGraph& m_graph;
    const MessageWay& m_way;
    const AccountWays m_names;
    FlowAssembly m_assembly;
};

} // namespace

FlowGraph withWay(FlowGraph graph, const TracedWay& traced, const BrokerLook* look)
{
    if (!traced.way || !graph.find(traced.node))
        return graph;
    const BrokerLook nobody;
    WayLines lines(graph, *traced.way, look == nullptr ? nobody : *look);
    for (const TraceHop& hop : traced.way->hops)
        lines.add(traced.node, hop);
    FlowAssembly& assembly = lines.assembly();
    for (const FlowNode& node : graph.nodes)
        assembly.node(node);
    for (const FlowEdge& edge : graph.edges)
        assembly.edge(graph.nodes[edge.from].id, graph.nodes[edge.to].id, edge);
    FlowGraph joined = assembly.take();
    graph.nodes = std::move(joined.nodes);
    graph.edges = std::move(joined.edges);
    for (const std::string& lack : traced.way->lacks)
        graph.coverage.push_back("tracing " + traced.way->subject + ": " + lack);
    return graph;
}

} // namespace weir
