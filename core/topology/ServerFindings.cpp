// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/ServerFindings.h"

#include "core/base/Wording.h"

#include <algorithm>
#include <cstdint>

namespace weir {
namespace {

const std::string& labelOf(const FlowNode& node)
{
    return node.name.empty() ? node.id : node.name;
}

void findUnreached(ServerGraph& made, const ServerParts& parts)
{
    FlowGraph& graph = made.graph;
    for (const auto& [name, beyond] : parts.beyond) {
        if (beyond.gone == kNoTime)
            graph.findings.push_back(gatewayFinding(name, beyond));
    }
    std::map<std::string, std::vector<std::size_t>> byCluster; ///< nodes; each of no cluster alone
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const FlowNode& node = graph.nodes[i];
        const ServerState& state = made.states[i];
        if (state.reached || state.gone != kNoTime || node.kind != FlowKind::Server)
            continue;
        const auto home = parts.homes.find(node.id);
        byCluster[home != parts.homes.end() ? "cluster:" + home->second : node.id].push_back(i);
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
void findGone(ServerGraph& made)
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

void findVersions(FlowGraph& graph, const ServerParts& parts)
{
    for (const auto& [name, cluster] : parts.clusters) {
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
void findHoles(ServerGraph& made, const ServerParts& parts)
{
    FlowGraph& graph = made.graph;
    std::set<std::pair<std::uint32_t, std::uint32_t>> routes;
    for (const auto& [from, to] : parts.routes) {
        const auto a = graph.find(from);
        const auto b = graph.find(to);
        if (a && b)
            routes.emplace(*a, *b);
    }
    for (const auto& [name, cluster] : parts.clusters) {
        std::vector<std::uint32_t> nodes;
        for (const std::string& id : cluster.servers)
            nodes.push_back(*graph.find(id));
        std::vector<std::string> holes;
        for (auto a = nodes.begin(); a != nodes.end(); ++a) {
            for (auto b = a + 1; b != nodes.end(); ++b) {
                // Of one that was not reached only the others tell.
                if (!routes.contains(std::minmax(*a, *b)) &&
                    (made.states[*a].reached || made.states[*b].reached))
                    holes.push_back(labelOf(graph.nodes[*a]) + " – " + labelOf(graph.nodes[*b]));
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

void findSlowLinks(ServerGraph& made)
{
    FlowGraph& graph = made.graph;
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

} // namespace

void addServerFindings(ServerGraph& made, const ServerParts& parts)
{
    findUnreached(made, parts);
    findGone(made);
    findVersions(made.graph, parts);
    findHoles(made, parts);
    findSlowLinks(made);
}

} // namespace weir
