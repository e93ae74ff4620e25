// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/MonitorReply.h"

#include "core/broker/MonitorJson.h"
#include "core/identity/Base64Url.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace weir {
namespace {

std::optional<std::uint64_t> nextPage(const QJsonObject& page, std::uint64_t read, const char* total)
{
    const std::uint64_t next = countIn(page, "offset") + read;
    if (read == 0 || next >= countIn(page, total))
        return std::nullopt;
    return next;
}

/// What a user JWT says (nats-io/jwt v2, user_claims.go); it is not checked: the server did that.
void readCredential(const std::string& jwt, SeenConnection& into)
{
    const std::size_t first = jwt.find('.');
    const std::size_t second = first == std::string::npos ? first : jwt.find('.', first + 1);
    if (second == std::string::npos)
        return;
    const auto text = decodeBase64Url(std::string_view(jwt).substr(first + 1, second - first - 1));
    if (!text)
        return;
    const QJsonObject claims = QJsonDocument::fromJson(QByteArray::fromStdString(*text)).object();
    const QJsonObject nats = claims.value("nats").toObject();
    if (nats.value("type").toString() != QLatin1String("user"))
        return;
    // A scoped signing key says what its users may do: their own JWT is silent.
    const QJsonObject pub = nats.value("pub").toObject();
    const QJsonObject sub = nats.value("sub").toObject();
    into.permissions = UserPermissions{textsOf(pub.value("allow")), textsOf(pub.value("deny")),
                                       textsOf(sub.value("allow")), textsOf(sub.value("deny"))};
    into.issued = unixTimeIn(claims, "iat");
    into.expires = unixTimeIn(claims, "exp");
}

/// Where clients reach it: not the address that stands for all of a machine's.
std::string clientAddressOf(const QJsonObject& varz)
{
    const std::string host = textIn(varz, "host");
    const std::vector<std::string> told = textsOf(varz.value("connect_urls"));
    const bool isAny = host.empty() || host == "0.0.0.0" || host == "::";
    return isAny && !told.empty() ? told.front() : addressIn(varz, "host");
}

SeenConnection connectionOf(const QJsonObject& from, const std::string& server)
{
    SeenConnection seen;
    seen.server = server;
    seen.cid = countIn(from, "cid");
    seen.name = textIn(from, "name");
    seen.account = textIn(from, "account");
    if (seen.account.empty())
        seen.account = "$G"; // left out for the global account
    seen.user = textIn(from, "authorized_user");
    seen.userName = textIn(from, "name_tag");
    readCredential(textIn(from, "jwt"), seen);
    seen.inMessages = countIn(from, "in_msgs");
    seen.inBytes = countIn(from, "in_bytes");
    seen.outMessages = countIn(from, "out_msgs");
    seen.outBytes = countIn(from, "out_bytes");
    seen.pendingBytes = countIn(from, "pending_bytes");
    seen.rtt = readGoDuration(textIn(from, "rtt"));
    seen.start = timeIn(from, "start");
    seen.address = addressIn(from, "ip");
    seen.kind = textIn(from, "type");
    seen.library = textIn(from, "lang");
    if (const std::string version = textIn(from, "version"); !seen.library.empty() && !version.empty())
        seen.library += " " + version;
    for (const QJsonValue& each : from.value("subscriptions_list_detail").toArray()) {
        const QJsonObject detail = each.toObject();
        seen.subscriptions.push_back(
            {textIn(detail, "subject"), textIn(detail, "qgroup"), countIn(detail, "msgs")});
    }
    return seen;
}

} // namespace

Result<void> readVarz(const QByteArray& json, BrokerLook& into)
{
    const auto varz = monitorDocument(json, "varz", "server_id");
    if (!varz)
        return varz.error();
    SeenServer server;
    server.id = textIn(*varz, "server_id");
    server.name = textIn(*varz, "server_name");
    server.version = textIn(*varz, "version");
    server.cluster = textIn(varz->value("cluster").toObject(), "name");
    server.host = clientAddressOf(*varz);
    server.leafHost = addressIn(varz->value("leaf").toObject(), "host");
    server.start = timeIn(*varz, "start");
    server.clock = timeIn(*varz, "now");
    server.inMessages = countIn(*varz, "in_msgs");
    server.inBytes = countIn(*varz, "in_bytes");
    server.outMessages = countIn(*varz, "out_msgs");
    server.outBytes = countIn(*varz, "out_bytes");
    server.slowConsumers = countIn(*varz, "slow_consumers");
    server.connections = countIn(*varz, "connections");
    server.totalConnections = countIn(*varz, "total_connections");
    server.subscriptions = countIn(*varz, "subscriptions");
    server.leafNodes = countIn(*varz, "leafnodes");
    server.memory = countIn(*varz, "mem");
    server.cores = countIn(*varz, "cores");
    server.cpu = varz->value("cpu").toDouble();
    server.routes = countIn(*varz, "routes");
    server.gateways = countIn(*varz, "remotes");
    const QJsonObject jetStream = varz->value("jetstream").toObject();
    server.jetStream = jetStream.contains(QLatin1String("config"));
    server.jetStreamRequests = countIn(jetStream.value("stats").toObject().value("api").toObject(), "total");
    server.configured = timeIn(*varz, "config_load_time");
    server.tags = textsOf(varz->value("tags"));
    into.servers.push_back(std::move(server));
    return {};
}

Result<ServerSign> readStatsz(const QByteArray& json)
{
    const auto statsz = monitorDocument(json, "statsz", "statsz");
    if (!statsz)
        return statsz.error();
    const QJsonObject server = statsz->value("server").toObject();
    return ServerSign{textIn(server, "id"), textIn(server, "name"),
                      countIn(statsz->value("statsz").toObject(), "active_servers")};
}

Result<std::optional<std::uint64_t>> readConnz(const QByteArray& json, BrokerLook& into)
{
    const auto connz = monitorDocument(json, "connz", "connections");
    if (!connz)
        return connz.error();
    const std::string server = textIn(*connz, "server_id");
    const QJsonArray connections = connz->value("connections").toArray();
    for (const QJsonValue& each : connections)
        into.connections.push_back(connectionOf(each.toObject(), server));
    if (countIn(*connz, "offset") == 0)
        into.connectionsTotal += countIn(*connz, "total");
    return nextPage(*connz, static_cast<std::uint64_t>(connections.size()), "total");
}

} // namespace weir
