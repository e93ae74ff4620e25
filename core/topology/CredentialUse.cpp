// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/CredentialUse.h"

#include "core/base/Wording.h"
#include "core/topology/AccountWays.h"
#include "core/topology/CredentialFacts.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace weir {
namespace {

constexpr double kLastPart = 0.1; ///< of its life, in which a credential ends soon
constexpr Nanoseconds kSoon = std::chrono::minutes(15);

/// Puts what a look tells in the order of credentials.
class CredentialMaker
{
public:
    CredentialMaker(const RangeLooks& looks, Timestamp from)
        : m_looks(looks),
          m_look(*looks.now),
          m_from(from),
          m_ways(m_look, looks.account),
          m_earlier(connectionsOf(looks.before.get()))
    {
    }

    [[nodiscard]] CredentialList make()
    {
        for (const SeenConnection& connection : m_look.connections)
            add(connection);
        for (const SeenVisit& visit : m_look.visits) {
            if (visit.stop >= m_from)
                of(visit.account, visit.user, {}).visits.push_back(visit);
        }
        for (const SeenAuthError& error : m_look.authErrors) {
            if (error.last >= m_from)
                claimed(error.user).refusals.push_back(error);
        }
        CredentialList list;
        list.to = m_look.time;
        for (auto& [id, use] : m_uses) {
            judge(use);
            list.uses.push_back(std::move(use));
        }
        std::stable_sort(list.uses.begin(), list.uses.end(), [](const auto& a, const auto& b) {
            return std::tuple(a.state, a.expires == kNoTime, a.expires, a.name) <
                   std::tuple(b.state, b.expires == kNoTime, b.expires, b.name);
        });
        list.coverage = m_look.problems;
        list.coverage.insert(list.coverage.end(), m_looks.remarks.begin(), m_looks.remarks.end());
        if (m_look.visitors > m_look.visits.size())
            list.coverage.push_back("of " + std::to_string(m_look.visitors) +
                                    " connections that came and went between two looks the last " +
                                    std::to_string(m_look.visits.size()) + " are told of");
        return list;
    }

private:
    CredentialUse& of(const std::string& account, const std::string& user, const std::string& userName);
    CredentialUse& claimed(const std::string& user);
    void add(const SeenConnection& connection);
    void addJwt(const SeenConnection& connection, CredentialUse& use) const;
    void judge(CredentialUse& use) const;
    [[nodiscard]] std::optional<double> growth(const SeenConnection& now,
                                               std::uint64_t SeenConnection::*counter) const;

    const RangeLooks& m_looks;
    const BrokerLook& m_look;
    const Timestamp m_from;
    const AccountWays m_ways;
    const ConnectionIndex m_earlier;
    std::map<std::string, CredentialUse> m_uses; ///< by id
};

CredentialUse& CredentialMaker::of(const std::string& account, const std::string& user,
                                   const std::string& userName)
{
    CredentialUse& use = m_uses[account + "/" + user];
    if (use.id.empty()) {
        use.id = account + "/" + user;
        use.accountId = account;
        use.account = account.empty() ? std::string() : m_ways.nameOf(account);
        use.isSystem = std::any_of(m_look.accounts.begin(), m_look.accounts.end(),
                                   [&](const auto& each) { return each.id == account && each.isSystem; });
        (isUserNkey(user) ? use.nkey : use.name) = user;
    }
    if (use.name.empty())
        use.name = userName;
    return use;
}

/// Who was not let in may be anybody: it is told with the one whose name or nkey was claimed.
CredentialUse& CredentialMaker::claimed(const std::string& user)
{
    const auto found = std::find_if(m_uses.begin(), m_uses.end(), [&](const auto& each) {
        return !user.empty() && (each.second.name == user || each.second.nkey == user);
    });
    return found != m_uses.end() ? found->second : of({}, user, {});
}

std::optional<double> CredentialMaker::growth(const SeenConnection& now,
                                              std::uint64_t SeenConnection::*counter) const
{
    const auto then = m_earlier.find({now.server, now.cid});
    if (then != m_earlier.end() && then->second->start == now.start)
        return growthRate(then->second->*counter, toldOf(*then->second, *m_looks.before), now.*counter,
                          toldOf(now, m_look));
    // It began in the range, and its counters with it.
    return now.start != kNoTime && now.start >= m_from
               ? growthRate(0, now.start, now.*counter, toldOf(now, m_look))
               : std::nullopt;
}

void CredentialMaker::add(const SeenConnection& connection)
{
    CredentialUse& use = of(connection.account, connection.user, connection.userName);
    addJwt(connection, use);
    CredentialConnection made;
    const SeenServer* server = serverOf(m_look, connection.server);
    made.server = server != nullptr && !server->name.empty() ? server->name : connection.server;
    made.cid = connection.cid;
    made.client = connection.name;
    made.address = connection.address;
    made.library = connection.library;
    made.issued = connection.issued;
    made.expires = connection.expires;
    made.start = connection.start;
    made.gone = connection.gone;
    made.subscriptions = connection.subscriptions.size();
    if (connection.gone == kNoTime) {
        made.published = growth(connection, &SeenConnection::inMessages);
        made.taken = growth(connection, &SeenConnection::outMessages);
    }
    use.connections.push_back(std::move(made));
}

/// The newest JWT speaks for the credential: it is what comes next.
void CredentialMaker::addJwt(const SeenConnection& connection, CredentialUse& use) const
{
    if (!connection.permissions || (use.hasJwt && connection.issued <= use.issued))
        return;
    use.hasJwt = true;
    use.issued = connection.issued;
    use.expires = connection.expires;
    use.permissions = *connection.permissions;
}

void CredentialMaker::judge(CredentialUse& use) const
{
    for (const CredentialConnection& each : use.connections) {
        if (each.gone != kNoTime)
            continue;
        use.published = both(use.published, each.published, use.present == 0);
        use.taken = both(use.taken, each.taken, use.present == 0);
        ++use.present;
        use.older += each.issued != kNoTime && each.issued < use.issued ? 1 : 0;
    }
    std::stable_sort(use.connections.begin(), use.connections.end(), [](const auto& a, const auto& b) {
        return std::pair(a.gone == kNoTime, a.start) > std::pair(b.gone == kNoTime, b.start);
    });
    std::reverse(use.visits.begin(), use.visits.end());
    std::stable_sort(use.refusals.begin(), use.refusals.end(),
                     [](const auto& a, const auto& b) { return a.last > b.last; });
    const Nanoseconds left = use.expires == kNoTime ? Nanoseconds::max() : use.expires - m_look.time;
    const bool hasLife = use.expires != kNoTime && use.issued != kNoTime;
    const double life = hasLife ? static_cast<double>((use.expires - use.issued).count()) : 0;
    if (!use.refusals.empty()) {
        std::uint64_t times = 0;
        for (const SeenAuthError& each : use.refusals)
            times += each.times;
        use.state = CredentialState::Refused;
        use.reason = "not let in " + counted(times, "time") + ": " + use.refusals.front().reason;
    } else if (!use.hasJwt) {
        use.state = CredentialState::Untold;
    } else if (use.expires == kNoTime) {
        use.state = CredentialState::NeverEnds;
    } else if (left <= Nanoseconds::zero()) {
        use.state = CredentialState::Ended;
        use.reason = "its time is over: it cannot connect again";
    } else if (left <= kSoon || static_cast<double>(left.count()) <= kLastPart * life) {
        use.state = CredentialState::EndsSoon;
        use.reason = "the server closes its connections then";
    } else {
        use.state = CredentialState::Valid;
    }
    const bool calm = use.state == CredentialState::Valid || use.state == CredentialState::NeverEnds;
    if (calm && use.older > 0) {
        use.state = CredentialState::Mixed;
        use.reason = std::to_string(use.older) + " of " + counted(use.present, "connection") +
                     " came with an older one";
    }
}

} // namespace

std::string_view credentialStateName(CredentialState state)
{
    switch (state) {
    case CredentialState::Refused:
        return "refused";
    case CredentialState::Ended:
        return "ended";
    case CredentialState::EndsSoon:
        return "ends soon";
    case CredentialState::Mixed:
        return "older in use";
    case CredentialState::Valid:
        return "valid";
    case CredentialState::NeverEnds:
        return "never ends";
    case CredentialState::Untold:
        return "not told";
    }
    return "unknown";
}

CredentialList credentialsOf(const RangeLooks& looks, Timestamp from)
{
    return looks.now ? CredentialMaker(looks, from).make() : CredentialList();
}

bool isNamed(const CredentialUse& use, const std::string& name)
{
    return use.name == name || use.nkey == name ||
           std::any_of(use.connections.begin(), use.connections.end(),
                       [&](const CredentialConnection& each) { return each.client == name; });
}

} // namespace weir
