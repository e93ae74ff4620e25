// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/MonitorJson.h"
#include "core/broker/MonitorReply.h"

#include <QJsonArray>

#include <algorithm>

namespace weir {
namespace {

using Kind = SeenLink::Kind;

SeenLink linkOf(const QJsonObject& from, Kind kind, const std::string& server)
{
    SeenLink seen;
    seen.kind = kind;
    seen.server = server;
    seen.address = addressIn(from, "ip");
    seen.inMessages = countIn(from, "in_msgs");
    seen.inBytes = countIn(from, "in_bytes");
    seen.outMessages = countIn(from, "out_msgs");
    seen.outBytes = countIn(from, "out_bytes");
    seen.subscriptions = countIn(from, "subscriptions");
    seen.rtt = readGoDuration(textIn(from, "rtt"));
    return seen;
}

SeenLink gatewayOf(const QJsonObject& from, Kind kind, const std::string& server, const QString& cluster)
{
    const QJsonObject connection = from.value("connection").toObject();
    SeenLink seen = linkOf(connection, kind, server);
    seen.cid = countIn(connection, "cid");
    seen.remote = textIn(connection, "name"); // gateways name themselves by their server's id
    seen.remoteName = cluster.toStdString();
    seen.pendingBytes = countIn(connection, "pending_bytes");
    return seen;
}

/// Another connection of the pool to the same server.
void addTo(SeenLink& link, const SeenLink& more)
{
    link.inMessages += more.inMessages;
    link.inBytes += more.inBytes;
    link.outMessages += more.outMessages;
    link.outBytes += more.outBytes;
    link.pendingBytes += more.pendingBytes;
    link.subscriptions += more.subscriptions;
    if (more.rtt != kNoDuration)
        link.rtt = link.rtt == kNoDuration ? more.rtt : std::min(link.rtt, more.rtt);
}

/// The only server that `is`; null: none, or several.
template<typename Is>
const SeenServer* onlyServer(const BrokerLook& look, Is is)
{
    const auto found = std::find_if(look.servers.begin(), look.servers.end(), is);
    if (found == look.servers.end() || std::find_if(found + 1, look.servers.end(), is) != look.servers.end())
        return nullptr;
    return &*found;
}

/// Whether leaf nodes that connect to `address` may come out at `listening`.
bool isAddressOf(const std::string& address, const std::string& listening)
{
    if (address == listening)
        return true;
    const std::size_t port = listening.rfind(':');
    const bool isAny = listening.starts_with("0.0.0.0:") || listening.starts_with("[::]:");
    return isAny && address.ends_with(listening.substr(port));
}

void nameLeaf(const BrokerLook& look, SeenLink& link)
{
    const SeenServer* hub = onlyServer(look, [&](const SeenServer& server) {
        return server.id != link.server && !server.leafHost.empty() &&
               isAddressOf(link.address, server.leafHost);
    });
    if (hub == nullptr)
        return;
    link.remote = hub->id;
    link.remoteName = hub->name;
}

/// Where each of a hub's leaf links is told by its other end, and all of those ends are one server.
void nameLeavesOf(const std::string& hub, BrokerLook& look)
{
    std::vector<SeenLink*> theirs;
    std::string leaf;
    std::ptrdiff_t ends = 0;
    for (SeenLink& link : look.links) {
        if (link.kind != Kind::Leaf)
            continue;
        if (link.server == hub && link.remote.empty())
            theirs.push_back(&link);
        if (link.remote != hub)
            continue;
        if (!leaf.empty() && leaf != link.server)
            return;
        leaf = link.server;
        ++ends;
    }
    const SeenServer* server = serverOf(look, leaf);
    if (server == nullptr || static_cast<std::ptrdiff_t>(theirs.size()) != ends)
        return;
    for (SeenLink* link : theirs) {
        link->remote = server->id;
        link->remoteName = server->name;
    }
}

} // namespace

Result<void> readRoutez(const QByteArray& json, BrokerLook& into)
{
    const auto routez = monitorDocument(json, "routez", "server_id");
    if (!routez)
        return routez.error();
    const std::string server = textIn(*routez, "server_id");
    const auto first = static_cast<std::ptrdiff_t>(into.links.size());
    for (const QJsonValue& each : routez->value("routes").toArray()) {
        const QJsonObject route = each.toObject();
        SeenLink seen = linkOf(route, Kind::Route, server);
        seen.cid = countIn(route, "rid");
        seen.remote = textIn(route, "remote_id");
        seen.remoteName = textIn(route, "remote_name");
        seen.pendingBytes = countIn(route, "pending_size");
        const auto same =
            std::find_if(into.links.begin() + first, into.links.end(), [&](const SeenLink& link) {
                return !seen.remote.empty() && link.remote == seen.remote;
            });
        if (same == into.links.end())
            into.links.push_back(std::move(seen));
        else
            addTo(*same, seen);
    }
    return {};
}

Result<void> readGatewayz(const QByteArray& json, BrokerLook& into)
{
    const auto gatewayz = monitorDocument(json, "gatewayz", "server_id");
    if (!gatewayz)
        return gatewayz.error();
    const std::string server = textIn(*gatewayz, "server_id");
    const QJsonObject outbound = gatewayz->value("outbound_gateways").toObject();
    for (auto it = outbound.begin(); it != outbound.end(); ++it)
        into.links.push_back(gatewayOf(it->toObject(), Kind::OutboundGateway, server, it.key()));
    const QJsonObject inbound = gatewayz->value("inbound_gateways").toObject();
    for (auto it = inbound.begin(); it != inbound.end(); ++it) {
        for (const QJsonValue& each : it->toArray())
            into.links.push_back(gatewayOf(each.toObject(), Kind::InboundGateway, server, it.key()));
    }
    return {};
}

Result<void> readLeafz(const QByteArray& json, BrokerLook& into)
{
    const auto leafz = monitorDocument(json, "leafz", "server_id");
    if (!leafz)
        return leafz.error();
    for (const QJsonValue& each : leafz->value("leafs").toArray()) {
        const QJsonObject leaf = each.toObject();
        SeenLink seen = linkOf(leaf, Kind::Leaf, textIn(*leafz, "server_id"));
        seen.cid = countIn(leaf, "id");
        seen.remoteName = textIn(leaf, "name");
        seen.account = textIn(leaf, "account");
        into.links.push_back(std::move(seen));
    }
    return {};
}

void nameLinks(BrokerLook& look)
{
    for (SeenLink& link : look.links) {
        const bool isGateway = link.kind == Kind::OutboundGateway || link.kind == Kind::InboundGateway;
        if (isGateway)
            continue; // its name is a cluster's
        if (const SeenServer* server = serverOf(look, link.remote); server != nullptr)
            link.remoteName = server->name;
        if (link.remote.empty() && !link.remoteName.empty()) {
            const SeenServer* server =
                onlyServer(look, [&](const SeenServer& each) { return each.name == link.remoteName; });
            link.remote = server == nullptr ? std::string() : server->id;
        }
        if (link.kind == Kind::Leaf && link.remote.empty() && link.remoteName.empty())
            nameLeaf(look, link);
    }
    for (const SeenServer& server : look.servers)
        nameLeavesOf(server.id, look);
}

} // namespace weir
