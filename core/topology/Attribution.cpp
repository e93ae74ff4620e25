// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/Attribution.h"

#include "core/broker/SubjectPattern.h"
#include "core/topology/AccountWays.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace weir {
namespace {

/// Messages that were observed are counted at other moments than the server's counters were read.
constexpr double kOfCounter = 0.95;
/// Recording begins a moment before the first look.
constexpr std::chrono::seconds kOverlap{2};

/// The server's own time of its count of connections; Weir's where it did not tell.
Timestamp clockOf(const SeenServer& server, const BrokerLook& look)
{
    return server.clock == kNoTime ? toldOf(server, look) : server.clock;
}

std::string nameOf(const SeenConnection& connection)
{
    if (!connection.userName.empty())
        return connection.userName;
    return connection.user.empty() ? clientOf(connection) : connection.user;
}

} // namespace

bool mayPublish(const SeenConnection& connection, const std::string& pattern)
{
    if (!connection.permissions)
        return true;
    const UserPermissions& may = *connection.permissions;
    const auto covers = [&](const std::string& denied) { return patternCovers(denied, pattern); };
    if (std::any_of(may.publishDeny.begin(), may.publishDeny.end(), covers))
        return false;
    const auto meets = [&](const std::string& allowed) { return patternsMeet(allowed, pattern); };
    return may.publishAllow.empty() || std::any_of(may.publishAllow.begin(), may.publishAllow.end(), meets);
}

Attribution::Attribution(const BrokerLook& now, const BrokerLook* before, std::string account)
    : m_now(now), m_before(before), m_account(std::move(account)), m_earlier(connectionsOf(before))
{
    if (m_before != nullptr) {
        const ConnectionIndex there = connectionsOf(&m_now);
        for (const auto& [key, connection] : m_earlier) {
            if (!there.contains(key))
                m_left.push_back(connection);
        }
        m_unseen = findVisitors();
    }
    addClients();
}

void Attribution::addClients()
{
    std::map<std::string, std::uint32_t> names;
    const auto add = [&](const SeenConnection& connection, bool hasLeft) {
        const std::uint64_t counted = countedOf(connection);
        // A Weir that published nothing is none; one may replay.
        if (connection.account != m_account || (isObserver(connection) && counted == 0))
            return;
        const auto [name, fresh] =
            names.try_emplace(nameOf(connection), static_cast<std::uint32_t>(m_names.size()));
        if (fresh)
            m_names.push_back(name->first);
        m_clients.push_back({&connection, name->second, counted, hasLeft});
    };
    for (const SeenConnection& connection : m_now.connections)
        add(connection, connection.gone != kNoTime);
    for (const SeenConnection* connection : m_left)
        add(*connection, true);
}

std::string Attribution::otherWays(const std::string& group) const
{
    if (m_account.empty())
        return "the account is not known";
    if (!isWholeLook(m_now))
        return "not every connection was looked at";
    for (const SeenLink& link : m_now.links) {
        if (link.kind == SeenLink::Kind::Leaf && (link.account.empty() || link.account == m_account))
            return "a leaf node is connected: who publishes behind it is not seen";
        if (link.kind == SeenLink::Kind::InboundGateway)
            return "another cluster is connected by a gateway: who publishes there may not be seen";
    }
    for (const SeenAccount& account : m_now.accounts) {
        if (account.id != m_account)
            continue;
        for (const SeenImport& import : account.imports) {
            if (!import.service && patternsMeet(import.local, group))
                return "it may come from another account through the import of " + import.remote;
        }
    }
    return {};
}

Attribution::Clients Attribution::clientsThatMay(const std::string& group) const
{
    Clients clients;
    for (const Client& client : m_clients) {
        if (mayPublish(*client.connection, group))
            clients.push_back(&client);
    }
    return clients;
}

std::uint64_t Attribution::countedOf(const SeenConnection& connection) const
{
    const auto then = m_earlier.find({connection.server, connection.cid});
    const std::uint64_t before = then == m_earlier.end() ? 0 : then->second->inMessages;
    return connection.inMessages - std::min(before, connection.inMessages);
}

std::size_t Attribution::distinctNames(const Clients& clients) const
{
    std::vector<bool> met(m_names.size());
    for (const Client* client : clients)
        met[client->name] = true;
    return static_cast<std::size_t>(std::count(met.begin(), met.end(), true));
}

std::string Attribution::findVisitors()
{
    if (!isWholeLook(*m_before))
        return "not every connection was looked at before";
    for (const SeenServer& server : m_now.servers) {
        const SeenServer* then = serverOf(*m_before, server.id);
        if (then == nullptr)
            return "server " + server.name + " was not looked at before";
        if (server.start != then->start || server.totalConnections < then->totalConnections)
            return "server " + server.name + " began anew";
        Visitors visitors = visitorsOf(*then, server);
        if (visitors.count > 0)
            m_visitors.push_back(std::move(visitors));
    }
    return {};
}

/// Servers count the connections that they ever had; each new one must be one that was seen. A look reads the
/// list after the count, so who came in between is told by the time.
Attribution::Visitors Attribution::visitorsOf(const SeenServer& then, const SeenServer& now) const
{
    const Timestamp from = clockOf(then, *m_before);
    const Timestamp to = clockOf(now, m_now);
    std::set<std::uint64_t> seen;
    const auto isNew = [&](const auto& each) {
        return each.server == now.id && each.start > from && each.start <= to && seen.insert(each.cid).second;
    };
    std::map<std::string_view, std::string> names; // by user
    Visitors visitors{now.totalConnections - then.totalConnections, 0, {}};
    const auto take = [&](const SeenConnection& connection) {
        if (connection.account == m_account)
            names.try_emplace(connection.user, nameOf(connection));
        if (visitors.count > 0 && isNew(connection))
            --visitors.count;
    };
    for (const SeenConnection& connection : m_now.connections)
        take(connection);
    for (const SeenConnection* connection : m_left)
        take(*connection);
    for (const SeenVisit& visit : m_now.visits) {
        if (visit.account.empty() || !isNew(visit))
            continue;
        const auto name = names.find(visit.user);
        if (visit.account != m_account)
            ++visitors.ofOthers;
        else
            ++visitors.told[name == names.end() ? visit.user : name->second];
    }
    return visitors;
}

std::string Attribution::othersThan(const std::string& publisher) const
{
    if (!m_unseen.empty())
        return m_unseen;
    for (const Visitors& visitors : m_visitors) {
        const auto own = visitors.told.find(publisher);
        if (visitors.count > visitors.ofOthers + (own == visitors.told.end() ? 0 : own->second))
            return "a connection came and went between two looks";
    }
    return {};
}

std::string Attribution::countersMissing(Timestamp first) const
{
    if (m_before == nullptr)
        return "their counters were read but once";
    if (first == kNoTime || first + kOverlap < m_before->time)
        return "there were messages before their counters were read first";
    return {};
}

std::string Attribution::notCounted(const Observed& observed) const
{
    std::string when;
    if (observed.first < m_before->time)
        when += " from " + formatRfc3339(m_before->time);
    if (observed.last > m_now.time)
        when += " until " + formatRfc3339(m_now.time);
    return when.empty() ? when : "; counters were read" + when;
}

Attribution::Verdict Attribution::publisherOf(const std::string& group, const Observed& observed) const
{
    if (std::string other = otherWays(group); !other.empty())
        return {{}, std::move(other)};
    Clients clients = clientsThatMay(group);
    const std::size_t may = distinctNames(clients);
    if (may == 0)
        return {{}, "no connected client may publish there"};
    const bool byPermission = std::all_of(clients.begin(), clients.end(), [](const Client* client) {
        return client->connection->permissions.has_value();
    });
    const std::string mayText = std::to_string(may) + " connected clients may publish there";
    if (may == 1 && byPermission) {
        const std::string& only = m_names[clients.front()->name];
        if (const std::string why = othersThan(only); !why.empty())
            return {{}, "only " + only + " of those connected may publish there; " + why};
        return {only, "the only connected client whose permissions let it publish there"};
    }
    if (const std::string why = countersMissing(observed.first); !why.empty())
        return {{}, mayText + "; " + why};
    std::erase_if(clients, [](const Client* client) { return client->counted == 0 && !client->hasLeft; });
    const std::size_t did = distinctNames(clients);
    if (did != 1) {
        const bool haveLeft =
            std::any_of(clients.begin(), clients.end(), [](const Client* client) { return client->hasLeft; });
        return {{},
                mayText + ", and " + std::to_string(did) + " of them published" +
                    (haveLeft ? " or left, uncounted" : "")};
    }
    const std::string& publisher = m_names[clients.front()->name];
    if (const std::string why = othersThan(publisher); !why.empty())
        return {{}, mayText + "; " + why};
    std::uint64_t counted = 0;
    for (const Client* client : clients)
        counted += client->counted;
    if (static_cast<double>(counted) < kOfCounter * static_cast<double>(observed.messages))
        return {{},
                publisher + " is the only client that published, but its server counted " +
                    std::to_string(counted) + " of " + std::to_string(observed.messages) + " messages"};
    return {publisher, "of " + std::to_string(may) +
                           " connected clients that may publish there the only one that published: its " +
                           "server counted " + std::to_string(counted) + " messages of it" +
                           notCounted(observed)};
}

} // namespace weir
