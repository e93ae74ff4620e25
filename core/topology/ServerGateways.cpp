// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/ServerGateways.h"

#include "core/base/Wording.h"

#include <algorithm>
#include <vector>

namespace weir {
namespace {

bool isGateway(const SeenLink& link)
{
    return link.kind == SeenLink::Kind::OutboundGateway || link.kind == SeenLink::Kind::InboundGateway;
}

/// Listening ends, and those that only connect from there.
std::vector<std::string> farEnds(const ClusterBeyond& beyond)
{
    std::set<std::string> ends;
    for (const auto& [server, address] : beyond.ends)
        ends.insert(address);
    for (const auto& [server, address] : beyond.callers) {
        if (beyond.ends.count(server) == 0)
            ends.insert(address.substr(0, address.rfind(':')) + " (connects from there)");
    }
    return {ends.begin(), ends.end()};
}

} // namespace

std::size_t ClusterBeyond::servers() const
{
    return ends.size() +
           static_cast<std::size_t>(std::count_if(callers.begin(), callers.end(), [this](const auto& caller) {
               return ends.count(caller.first) == 0;
           }));
}

ClustersBeyond clustersBeyond(const BrokerLook& look)
{
    std::map<std::string, const SeenServer*> servers; // by id
    std::set<std::string> seen;                       // clusters
    std::set<std::string> present;                    // clusters that a gateway leads to
    for (const SeenServer& server : look.servers) {
        servers[server.id] = &server;
        seen.insert(server.cluster);
    }
    for (const SeenLink& link : look.links) {
        if (isGateway(link) && servers.count(link.remote) > 0)
            seen.insert(link.remoteName);
        if (isGateway(link) && link.gone == kNoTime)
            present.insert(link.remoteName);
    }
    ClustersBeyond clusters;
    for (const SeenLink& link : look.links) {
        const auto teller = servers.find(link.server);
        if (!isGateway(link) || link.remoteName.empty() || teller == servers.end() ||
            seen.count(link.remoteName) > 0 || (link.gone != kNoTime && present.count(link.remoteName) > 0))
            continue;
        ClusterBeyond& beyond = clusters[link.remoteName];
        beyond.gone = std::max(beyond.gone, link.gone);
        const SeenServer& by = *teller->second;
        beyond.tellers.insert(by.name.empty() ? by.id : by.name);
        const bool isOut = link.kind == SeenLink::Kind::OutboundGateway;
        ++(isOut ? beyond.outbound : beyond.inbound);
        if (isOut)
            beyond.subscriptions = std::max(beyond.subscriptions, link.subscriptions);
        if (!link.address.empty())
            (isOut ? beyond.ends : beyond.callers)[link.remote.empty() ? link.address : link.remote] =
                link.address;
    }
    return clusters;
}

std::string gatewayId(const std::string& cluster)
{
    return "gateway:" + cluster;
}

FlowNode gatewayNode(const std::string& cluster, const ClusterBeyond& beyond)
{
    FlowNode node{gatewayId(cluster), FlowKind::Gateway, cluster, {}};
    node.facts.emplace_back("known by", "gateway connections of " + listed(beyond.tellers));
    if (beyond.servers() > 0)
        node.facts.emplace_back("far ends", listed(farEnds(beyond)));
    node.facts.emplace_back("outbound connections", std::to_string(beyond.outbound));
    node.facts.emplace_back("inbound connections", std::to_string(beyond.inbound));
    if (beyond.subscriptions > 0)
        node.facts.emplace_back("subscriptions", std::to_string(beyond.subscriptions));
    if (beyond.gone != kNoTime)
        addGone(node, beyond.gone);
    return node;
}

FlowFinding gatewayFinding(const std::string& cluster, const ClusterBeyond& beyond)
{
    const std::vector<std::string> ends = farEnds(beyond);
    return {"not_reached", gatewayId(cluster), "cluster " + cluster + ", behind a gateway, was not reached",
            "gateways of " + listed(beyond.tellers) + " are connected" +
                (ends.empty() ? std::string(" to it") : " to " + listed(ends)) +
                ", but no monitoring port of its servers was named, or none answered",
            "name the monitoring port (http_port) of a server of cluster " + cluster +
                ", too, beside the others of the connection"};
}

} // namespace weir
