// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/Attribution.h"

#include "core/broker/SubjectPattern.h"
#include "core/topology/AccountWays.h"

#include <algorithm>
#include <set>
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
    : m_now(now), m_before(before), m_account(std::move(account))
{
    if (before == nullptr)
        return;
    for (const SeenConnection& connection : before->connections)
        m_earlier.emplace(std::pair<std::string_view, std::uint64_t>(connection.server, connection.cid),
                          &connection);
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

std::vector<Attribution::Candidate> Attribution::candidatesFor(const std::string& group) const
{
    std::vector<Candidate> candidates;
    for (const SeenConnection& connection : m_now.connections) {
        if (connection.account == m_account && !isObserver(connection) && mayPublish(connection, group))
            candidates.push_back({&connection, nameOf(connection)});
    }
    return candidates;
}

const SeenConnection* Attribution::earlier(const SeenConnection& connection) const
{
    const auto found = m_earlier.find({connection.server, connection.cid});
    return found == m_earlier.end() ? nullptr : found->second;
}

/// Servers count the connections that they ever had; each new one must be one that was seen.
std::string Attribution::unseenVisitors() const
{
    for (const SeenServer& server : m_now.servers) {
        const auto then = std::find_if(m_before->servers.begin(), m_before->servers.end(),
                                       [&](const SeenServer& other) { return other.id == server.id; });
        if (then == m_before->servers.end())
            return "server " + server.name + " was not looked at before";
        if (server.start != then->start || server.totalConnections < then->totalConnections)
            return "server " + server.name + " began anew";
        const auto fresh = std::count_if(
            m_now.connections.begin(), m_now.connections.end(), [&](const SeenConnection& connection) {
                return connection.server == server.id && earlier(connection) == nullptr;
            });
        if (server.totalConnections - then->totalConnections > static_cast<std::uint64_t>(fresh))
            return "a connection came and went between two looks";
    }
    return {};
}

std::string Attribution::leaveOutIdle(std::vector<Candidate>& candidates, Timestamp first) const
{
    if (m_before == nullptr)
        return "their counters were read but once";
    if (first == kNoTime || first + kOverlap < m_before->time)
        return "there were messages before their counters were read first";
    if (std::string why = unseenVisitors(); !why.empty())
        return why;
    std::erase_if(candidates, [this](const Candidate& candidate) {
        const SeenConnection* then = earlier(*candidate.connection);
        return candidate.connection->inMessages == (then == nullptr ? 0 : then->inMessages);
    });
    return {};
}

Attribution::Verdict Attribution::publisherOf(const std::string& group, std::uint64_t messages,
                                              Timestamp first) const
{
    if (std::string other = otherWays(group); !other.empty())
        return {{}, std::move(other)};
    std::vector<Candidate> candidates = candidatesFor(group);
    const auto names = [&candidates] {
        std::set<std::string> all;
        for (const Candidate& candidate : candidates)
            all.insert(candidate.name);
        return all;
    };
    const std::size_t may = names().size();
    if (may == 0)
        return {{}, "no connected client may publish there"};
    const bool byPermission =
        std::all_of(candidates.begin(), candidates.end(),
                    [](const Candidate& candidate) { return candidate.connection->permissions.has_value(); });
    if (may == 1 && byPermission)
        return {*names().begin(), "the only connected client whose permissions let it publish there"};
    if (std::string why = leaveOutIdle(candidates, first); !why.empty())
        return {{}, std::to_string(may) + " connected clients may publish there; " + why};
    const std::set<std::string> did = names();
    if (did.size() != 1)
        return {{},
                std::to_string(may) + " connected clients may publish there, and " +
                    std::to_string(did.size()) + " of them published"};
    std::uint64_t counted = 0;
    for (const Candidate& candidate : candidates) {
        const SeenConnection* then = earlier(*candidate.connection);
        counted += candidate.connection->inMessages - (then == nullptr ? 0 : then->inMessages);
    }
    if (static_cast<double>(counted) < kOfCounter * static_cast<double>(messages))
        return {{},
                *did.begin() + " is the only client that published, but its server counted " +
                    std::to_string(counted) + " of " + std::to_string(messages) + " messages"};
    return {*did.begin(), "of " + std::to_string(may) +
                              " connected clients that may publish there the only one that " +
                              "published: its server counted " + std::to_string(counted) + " messages of it"};
}

} // namespace weir
