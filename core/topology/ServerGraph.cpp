// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/ServerGraph.h"

#include "core/base/Wording.h"
#include "core/topology/ServerFindings.h"
#include "core/topology/ServerLinks.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

namespace weir {
namespace {

std::string nameOf(const SeenServer& server)
{
    return server.name.empty() ? server.id : server.name;
}

using Figures = std::vector<std::pair<std::string, double>>;

void addRate(Figures& figures, const char* name, const std::optional<double>& rate)
{
    if (rate)
        figures.emplace_back(name, *rate);
}

Figures figuresOf(const ServerState& state)
{
    Figures figures;
    addRate(figures, "rate_in", state.in);
    addRate(figures, "rate_out", state.out);
    addRate(figures, "bytes_rate_in", state.inBytes);
    addRate(figures, "bytes_rate_out", state.outBytes);
    return figures;
}

Figures figuresOf(const ServerLink& link)
{
    Figures figures;
    if (link.rtt != kNoDuration)
        figures.emplace_back("rtt_us", std::floor(static_cast<double>(link.rtt.count()) / 1000));
    addRate(figures, "rate_there", link.there);
    addRate(figures, "rate_back", link.back);
    figures.emplace_back("connections", static_cast<double>(link.connections));
    figures.emplace_back("pending_bytes", static_cast<double>(link.pendingBytes));
    return figures;
}

/// Makes the graph, step by step.
class ServerMaker
{
public:
    ServerMaker(const BrokerLook& now, const BrokerLook* before) : m_now(now), m_before(before)
    {
        m_parts.beyond = clustersBeyond(now);
    }

    ServerGraph make()
    {
        m_links = serverLinks(m_now, m_before, m_parts.beyond);
        for (const PairedLink& link : m_links) {
            if (link.from.kind == FlowKind::LeafNode)
                m_leafs.insert(link.from.id);
            if (link.link.kind == LinkKind::Route && link.link.gone == kNoTime)
                m_parts.routes.emplace(link.from.id, link.to.id);
        }
        for (const SeenLink& link : m_now.links) {
            if (link.gone == kNoTime)
                m_named.insert(link.remote);
        }
        for (const SeenServer& server : m_now.servers)
            addServer(server);
        for (const bool gone : {false, true}) {
            for (const PairedLink& link : m_links) {
                if ((link.link.gone != kNoTime) == gone)
                    addLink(link);
            }
        }
        for (const auto& [name, cluster] : m_parts.clusters)
            addCluster(name, cluster);
        for (const auto& [name, beyond] : m_parts.beyond)
            addGateway(name, beyond);
        ServerGraph made;
        made.graph = m_assembly.take();
        made.graph.from = m_before != nullptr ? m_before->time : m_now.time;
        made.graph.to = m_now.time;
        tell(made);
        addServerFindings(made, m_parts);
        return made;
    }

private:
    void addServer(const SeenServer& server);
    [[nodiscard]] ServerState stateOf(const SeenServer& server) const;
    void settle(const FlowNode& node, const std::string& cluster);
    void addLink(const PairedLink& link);
    void addEnd(const LinkEnd& end, const PairedLink& link);
    void addCluster(const std::string& name, const ServerCluster& cluster);
    void addGateway(const std::string& name, const ClusterBeyond& beyond);
    void tell(ServerGraph& made) const;

    const BrokerLook& m_now;
    const BrokerLook* const m_before;
    FlowAssembly m_assembly;
    ServerParts m_parts;
    std::map<std::string, ServerState> m_states; ///< by node id
    std::vector<PairedLink> m_links;
    std::set<std::string> m_leafs; ///< node ids
    std::set<std::string> m_named; ///< ids of servers that others are connected to
};

void ServerMaker::addServer(const SeenServer& server)
{
    FlowNode node{"server:" + server.id, FlowKind::Server, nameOf(server), {}};
    if (m_leafs.count(node.id) > 0)
        node.kind = FlowKind::LeafNode;
    node.facts.emplace_back("version", server.version);
    const bool isLeaf = node.kind == FlowKind::LeafNode;
    const std::string cluster = isLeaf ? std::string() : server.cluster; // LinkEnd's, too
    if (!cluster.empty())
        node.facts.emplace_back("cluster", cluster);
    if (!server.host.empty())
        node.facts.emplace_back("address", server.host);
    if (server.beganAnew)
        node.facts.emplace_back("began anew", formatRfc3339(server.start));
    const ServerState state = stateOf(server);
    if (state.gone != kNoTime)
        addGone(node, state.gone);
    else if (!state.reached)
        node.facts.emplace_back("last answered", formatRfc3339(server.gone));
    if (state.reached) {
        node.facts.emplace_back("clients", std::to_string(server.connections));
        node.facts.emplace_back("subscriptions", std::to_string(server.subscriptions));
        if (server.leafNodes > 0)
            node.facts.emplace_back("leaf nodes", std::to_string(server.leafNodes));
    }
    if (server.slowConsumers > 0)
        node.facts.emplace_back("slow consumers closed", std::to_string(server.slowConsumers));
    for (const std::string& tag : server.tags)
        node.facts.emplace_back("tag", tag);
    m_states[node.id] = state;
    node.figures = figuresOf(state);
    settle(node, cluster);
    if (state.reached && !cluster.empty())
        m_parts.clusters[cluster].versions[server.version].push_back(node.name);
    m_assembly.node(std::move(node));
}

/// One that does not tell any more is there while others are connected to it.
ServerState ServerMaker::stateOf(const SeenServer& server) const
{
    ServerState state;
    if (server.gone == kNoTime) {
        state = rateOf(server, m_now, m_before);
        state.reached = true;
        state.clients = server.connections;
    } else if (m_named.count(server.id) == 0) {
        state.gone = server.gone;
    }
    state.version = server.version;
    return state;
}

/// Puts a server into its cluster.
void ServerMaker::settle(const FlowNode& node, const std::string& cluster)
{
    if (cluster.empty())
        return;
    const ServerState& state = m_states.at(node.id);
    ServerCluster& home = m_parts.clusters[cluster];
    m_parts.homes[node.id] = cluster;
    if (state.gone != kNoTime) {
        home.gone = std::max(home.gone, state.gone);
        return;
    }
    home.servers.push_back(node.id);
    home.whole = home.whole && state.reached;
}

/// A server that others name, and that did not answer itself.
void ServerMaker::addEnd(const LinkEnd& end, const PairedLink& link)
{
    if (m_states.count(end.id) > 0 || end.kind == FlowKind::Gateway)
        return;
    if (end.kind == FlowKind::Cluster) {
        ServerCluster& far = m_parts.clusters[end.name];
        far.whole = false;
        far.gone = std::max(far.gone, link.link.gone);
        return;
    }
    FlowNode node{end.id, end.kind, end.name, {}};
    if (!end.address.empty())
        node.facts.emplace_back("address", end.address);
    if (!link.account.empty() && end.kind == FlowKind::LeafNode)
        node.facts.emplace_back("account", link.account);
    node.facts.emplace_back("known by",
                            linkKindName(link.link.kind) == "leaf node"
                                ? "its connection to the hub"
                                : std::string(linkKindName(link.link.kind)) + " of another server");
    if (link.link.gone != kNoTime)
        addGone(node, link.link.gone);
    m_states[end.id].gone = link.link.gone;
    settle(node, end.cluster);
    m_assembly.node(std::move(node));
}

void ServerMaker::addLink(const PairedLink& link)
{
    addEnd(link.from, link);
    addEnd(link.to, link);
    FlowEdge edge;
    edge.basis = FlowBasis::Declared;
    edge.because = link.words;
    if (link.link.there && link.link.back)
        edge.rate = *link.link.there + *link.link.back;
    edge.figures = figuresOf(link.link);
    m_assembly.edge(link.from.id, link.to.id, edge);
}

void ServerMaker::addCluster(const std::string& name, const ServerCluster& cluster)
{
    FlowNode node{"cluster:" + name, FlowKind::Cluster, name, {}};
    node.facts.emplace_back("servers", std::to_string(cluster.servers.size()));
    std::vector<std::string> versions;
    for (const auto& [version, servers] : cluster.versions)
        versions.push_back(version);
    if (!versions.empty())
        node.facts.emplace_back("version", listed(versions));
    ServerState state;
    state.servers = cluster.servers.size();
    state.reached = cluster.whole && !cluster.servers.empty();
    state.version = versions.size() == 1 ? versions.front() : std::string();
    if (cluster.servers.empty() && cluster.gone != kNoTime) {
        state.gone = cluster.gone;
        addGone(node, cluster.gone);
    }
    for (const std::string& id : cluster.servers) {
        state.in = both(state.in, m_states[id].in, id == cluster.servers.front());
        state.out = both(state.out, m_states[id].out, id == cluster.servers.front());
        state.clients += m_states[id].clients;
    }
    m_states[node.id] = state;
    node.figures = figuresOf(state);
    m_assembly.node(std::move(node));
}

void ServerMaker::addGateway(const std::string& name, const ClusterBeyond& beyond)
{
    FlowNode node = gatewayNode(name, beyond);
    m_states[node.id].servers = beyond.servers();
    m_states[node.id].gone = beyond.gone;
    m_assembly.node(std::move(node));
}

void ServerMaker::tell(ServerGraph& made) const
{
    FlowGraph& graph = made.graph;
    for (const FlowNode& node : graph.nodes) {
        made.states.push_back(m_states.at(node.id));
        const auto home = m_parts.homes.find(node.id);
        if (home != m_parts.homes.end())
            made.states.back().cluster = *graph.find("cluster:" + home->second);
    }
    for (const auto& [name, cluster] : m_parts.clusters) {
        // Of equally many the newest is right.
        const auto most = std::max_element(
            cluster.versions.begin(), cluster.versions.end(), [](const auto& a, const auto& b) {
                return std::pair(a.second.size(), a.first) < std::pair(b.second.size(), b.first);
            });
        for (const std::string& id : cluster.servers) {
            ServerState& state = made.states[*graph.find(id)];
            state.isOdd = state.reached && most != cluster.versions.end() && state.version != most->first;
        }
    }
    made.links.resize(graph.edges.size());
    for (const PairedLink& link : m_links) {
        const auto from = graph.find(link.from.id);
        const auto to = graph.find(link.to.id);
        if (!from || !to)
            continue;
        const auto edge =
            std::lower_bound(graph.edges.begin(), graph.edges.end(), std::pair(*from, *to),
                             [](const FlowEdge& of, const std::pair<std::uint32_t, std::uint32_t>& ends) {
                                 return std::pair(of.from, of.to) < ends;
                             });
        if (edge != graph.edges.end() && edge->from == *from && edge->to == *to)
            made.links[static_cast<std::size_t>(edge - graph.edges.begin())] = link.link;
    }
    if (m_before == nullptr)
        graph.coverage.emplace_back("rates are not known: they need two looks at the servers");
    graph.coverage.insert(graph.coverage.end(), m_now.problems.begin(), m_now.problems.end());
}

} // namespace

std::string_view linkKindName(LinkKind kind)
{
    switch (kind) {
    case LinkKind::Route:
        return "route";
    case LinkKind::Gateway:
        return "gateway";
    case LinkKind::Leaf:
        return "leaf node";
    }
    return "unknown";
}

ServerGraph serverGraph(const BrokerLook& now, const BrokerLook* before)
{
    return ServerMaker(now, before).make();
}

} // namespace weir
