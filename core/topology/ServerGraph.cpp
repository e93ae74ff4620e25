// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/ServerGraph.h"

#include "core/base/Wording.h"
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
    ServerMaker(const BrokerLook& now, const BrokerLook* before)
        : m_now(now), m_before(before), m_beyond(clustersBeyond(now))
    {
    }

    ServerGraph make()
    {
        m_links = serverLinks(m_now, m_before, m_beyond);
        for (const PairedLink& link : m_links) {
            if (link.from.kind == FlowKind::LeafNode)
                m_leafs.insert(link.from.id);
            if (link.link.kind == LinkKind::Route && link.link.gone == kNoTime)
                m_routes.emplace(link.from.id, link.to.id);
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
        for (const auto& [name, cluster] : m_clusters)
            addCluster(name, cluster);
        for (const auto& [name, beyond] : m_beyond)
            addGateway(name, beyond);
        ServerGraph made;
        made.graph = m_assembly.take();
        made.graph.from = m_before != nullptr ? m_before->time : m_now.time;
        made.graph.to = m_now.time;
        tell(made);
        find(made);
        return made;
    }

private:
    struct Cluster
    {
        std::vector<std::string> servers;                         ///< node ids
        std::map<std::string, std::vector<std::string>> versions; ///< names of servers, by version
        bool whole = true;
        Timestamp gone = kNoTime; ///< when a server that is there no more was last seen
    };

    void addServer(const SeenServer& server);
    [[nodiscard]] ServerState stateOf(const SeenServer& server) const;
    void settle(const FlowNode& node, const std::string& cluster);
    void addLink(const PairedLink& link);
    void addEnd(const LinkEnd& end, const PairedLink& link);
    void addCluster(const std::string& name, const Cluster& cluster);
    void addGateway(const std::string& name, const ClusterBeyond& beyond);
    void tell(ServerGraph& made) const;
    void find(ServerGraph& made) const;
    void findUnreached(ServerGraph& made) const;
    void findGone(ServerGraph& made) const;
    void findVersions(FlowGraph& graph) const;
    void findHoles(FlowGraph& graph) const;
    [[nodiscard]] std::string labelOf(const FlowGraph& graph, const std::string& id) const;

    const BrokerLook& m_now;
    const BrokerLook* const m_before;
    const ClustersBeyond m_beyond;
    FlowAssembly m_assembly;
    std::map<std::string, Cluster> m_clusters;   ///< by name
    std::map<std::string, ServerState> m_states; ///< by node id
    std::map<std::string, std::string> m_homes;  ///< cluster's name, by the server's node id
    std::vector<PairedLink> m_links;
    std::set<std::string> m_leafs;                          ///< node ids
    std::set<std::string> m_named;                          ///< ids of servers that others are connected to
    std::set<std::pair<std::string, std::string>> m_routes; ///< of node ids, ascending
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
        node.facts.emplace_back("gone", "last seen " + formatRfc3339(state.gone));
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
        m_clusters[cluster].versions[server.version].push_back(node.name);
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
    Cluster& home = m_clusters[cluster];
    m_homes[node.id] = cluster;
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
        Cluster& far = m_clusters[end.name];
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
        node.facts.emplace_back("gone", "last seen " + formatRfc3339(link.link.gone));
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

void ServerMaker::addCluster(const std::string& name, const Cluster& cluster)
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
        node.facts.emplace_back("gone", "last seen " + formatRfc3339(cluster.gone));
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
        const auto home = m_homes.find(node.id);
        if (home != m_homes.end())
            made.states.back().cluster = *graph.find("cluster:" + home->second);
    }
    for (const auto& [name, cluster] : m_clusters) {
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

std::string ServerMaker::labelOf(const FlowGraph& graph, const std::string& id) const
{
    const auto node = graph.find(id);
    return node && !graph.nodes[*node].name.empty() ? graph.nodes[*node].name : id;
}

void ServerMaker::find(ServerGraph& made) const
{
    FlowGraph& graph = made.graph;
    findUnreached(made);
    findGone(made);
    findVersions(graph);
    findHoles(graph);
    for (std::size_t edge = 0; edge < graph.edges.size(); ++edge) {
        const ServerLink& link = made.links[edge];
        if (link.slow.empty())
            continue;
        const FlowNode& from = graph.nodes[graph.edges[edge].from];
        const FlowNode& to = graph.nodes[graph.edges[edge].to];
        graph.findings.push_back(
            {"slow_link", from.id,
             std::string(linkKindName(link.kind)) + " " + from.name + " – " + to.name + " is slow", link.slow,
             link.kind == LinkKind::Route
                 ? "servers of a cluster belong near to each other; far ones are joined by "
                   "gateways"
                 : "look at the network between the two, and at the load of the far end"});
    }
}

void ServerMaker::findUnreached(ServerGraph& made) const
{
    FlowGraph& graph = made.graph;
    for (const auto& [name, beyond] : m_beyond) {
        if (beyond.gone == kNoTime)
            graph.findings.push_back(gatewayFinding(name, beyond));
    }
    std::map<std::string, std::vector<std::size_t>> byCluster; ///< nodes; each of no cluster alone
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const FlowNode& node = graph.nodes[i];
        const ServerState& state = made.states[i];
        if (state.reached || state.gone != kNoTime || node.kind != FlowKind::Server)
            continue;
        const auto home = m_homes.find(node.id);
        byCluster[home != m_homes.end() ? "cluster:" + home->second : node.id].push_back(i);
    }
    for (const auto& [id, nodes] : byCluster) {
        std::vector<std::string> names;
        for (const std::size_t node : nodes)
            names.push_back(graph.nodes[node].name);
        graph.findings.push_back(
            {"not_reached", nodes.size() == 1 ? graph.nodes[nodes[0]].id : id,
             (nodes.size() == 1 ? "server " : "servers ") + listed(names) +
                 (nodes.size() == 1 ? " was" : " were") + " not reached",
             "others are connected there, but no monitoring port of it was named, or none "
             "answered",
             "name its monitoring port, too, beside the others of the connection"});
    }
}

/// Leaf nodes come and go.
void ServerMaker::findGone(ServerGraph& made) const
{
    FlowGraph& graph = made.graph;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const FlowNode& node = graph.nodes[i];
        if (made.states[i].gone != kNoTime && node.kind == FlowKind::Server)
            graph.findings.push_back({"gone", node.id, "server " + node.name + " is gone",
                                      "last seen " + formatRfc3339(made.states[i].gone) +
                                          ": it does not answer, and no other server is connected to it",
                                      "if nobody stopped it, look at its log and at its host"});
    }
}

void ServerMaker::findVersions(FlowGraph& graph) const
{
    for (const auto& [name, cluster] : m_clusters) {
        if (cluster.versions.size() < 2)
            continue;
        std::string evidence;
        for (const auto& [version, servers] : cluster.versions)
            evidence += (evidence.empty() ? "" : "; ") + version + ": " + listed(servers);
        graph.findings.push_back(
            {"version_skew", "cluster:" + name,
             "the servers of cluster " + name + " run " + counted(cluster.versions.size(), "version"),
             evidence, "finish the upgrade: a cluster does what its oldest server can"});
    }
}

/// Each server of a cluster has a route to each other.
void ServerMaker::findHoles(FlowGraph& graph) const
{
    for (const auto& [name, cluster] : m_clusters) {
        std::vector<std::string> holes;
        for (std::size_t i = 0; i < cluster.servers.size(); ++i) {
            for (std::size_t j = i + 1; j < cluster.servers.size(); ++j) {
                const std::string& a = cluster.servers[i];
                const std::string& b = cluster.servers[j];
                const bool joined = m_routes.count(std::minmax(a, b)) > 0;
                // Of one that was not reached only the others tell.
                if (!joined && (m_states.at(a).reached || m_states.at(b).reached))
                    holes.push_back(labelOf(graph, a) + " – " + labelOf(graph, b));
            }
        }
        if (!holes.empty())
            graph.findings.push_back({"open_mesh", "cluster:" + name,
                                      "cluster " + name + " lacks " + counted(holes.size(), "route"),
                                      listed(holes) + ": messages between their clients are lost, a server "
                                                      "passes on nothing that came by a route",
                                      "look at the servers' logs for why they do not connect"});
    }
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
