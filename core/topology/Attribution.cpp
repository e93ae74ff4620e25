// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/Attribution.h"

#include "core/broker/SubjectPattern.h"
#include "core/topology/AccountWays.h"

#include <algorithm>
#include <map>
#include <utility>

namespace weir {
namespace {

/// Messages that were observed are counted at other moments than the server's counters were read.
constexpr double kOfCounter = 0.95;
constexpr std::chrono::seconds kOverlap{2}; ///< sums are to the second

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
    std::map<std::string, std::uint32_t> names;
    for (const SeenConnection& connection : m_now.connections) {
        if (connection.account != m_account || isObserver(connection))
            continue;
        const auto [name, fresh] =
            names.try_emplace(nameOf(connection), static_cast<std::uint32_t>(m_names.size()));
        if (fresh)
            m_names.push_back(name->first);
        m_clients.push_back({&connection, name->second, countedOf(connection)});
    }
    if (m_before != nullptr)
        m_unseen = unseenVisitors();
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
    return connection.inMessages - (then == m_earlier.end() ? 0 : then->second->inMessages);
}

std::size_t Attribution::distinctNames(const Clients& clients) const
{
    std::vector<bool> met(m_names.size());
    for (const Client* client : clients)
        met[client->name] = true;
    return static_cast<std::size_t>(std::count(met.begin(), met.end(), true));
}

/// Servers count the connections that they ever had; each new one must be one that was seen.
std::string Attribution::unseenVisitors() const
{
    for (const SeenServer& server : m_now.servers) {
        const SeenServer* then = serverOf(*m_before, server.id);
        if (then == nullptr)
            return "server " + server.name + " was not looked at before";
        if (server.start != then->start || server.totalConnections < then->totalConnections)
            return "server " + server.name + " began anew";
        const auto fresh = std::count_if(m_now.connections.begin(), m_now.connections.end(),
                                         [&](const SeenConnection& connection) {
                                             return connection.server == server.id &&
                                                    !m_earlier.contains({connection.server, connection.cid});
                                         });
        if (server.totalConnections - then->totalConnections > static_cast<std::uint64_t>(fresh))
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
    return m_unseen;
}

Attribution::Verdict Attribution::publisherOf(const std::string& group, std::uint64_t messages,
                                              Timestamp first) const
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
    if (may == 1 && byPermission)
        return {m_names[clients.front()->name],
                "the only connected client whose permissions let it publish there"};
    const std::string mayText = std::to_string(may) + " connected clients may publish there";
    if (const std::string why = countersMissing(first); !why.empty())
        return {{}, mayText + "; " + why};
    std::erase_if(clients, [](const Client* client) { return client->counted == 0; });
    const std::size_t did = distinctNames(clients);
    if (did != 1)
        return {{}, mayText + ", and " + std::to_string(did) + " of them published"};
    const std::string& publisher = m_names[clients.front()->name];
    std::uint64_t counted = 0;
    for (const Client* client : clients)
        counted += client->counted;
    if (static_cast<double>(counted) < kOfCounter * static_cast<double>(messages))
        return {{},
                publisher + " is the only client that published, but its server counted " +
                    std::to_string(counted) + " of " + std::to_string(messages) + " messages"};
    return {publisher, "of " + std::to_string(may) +
                           " connected clients that may publish there the only one that " +
                           "published: its server counted " + std::to_string(counted) + " messages of it"};
}

} // namespace weir
