// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/EarlierServers.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace weir {
namespace {

/// Ids that servers have now, by those that they had.
using NewIds = std::map<std::string, std::string>;

std::set<std::string> idsOf(const BrokerLook& look)
{
    std::set<std::string> ids;
    for (const SeenServer& server : look.servers)
        ids.insert(server.id);
    return ids;
}

/// Another server listens at the same address only where it names one: many say that they listen at all.
bool sameAddress(const SeenServer& a, const SeenServer& b)
{
    return !a.host.empty() && a.host == b.host && !a.host.starts_with("0.0.0.0") &&
           !a.host.starts_with("::") && !a.host.starts_with("[::]");
}

/// How much speaks for `now` being `then`, started anew; 0: nothing.
int likeness(const SeenServer& now, const SeenServer& then)
{
    if (now.start == kNoTime || then.start == kNoTime || now.start <= then.start ||
        now.cluster != then.cluster)
        return 0;
    return (!now.name.empty() && now.name == then.name ? 1 : 0) + (sameAddress(now, then) ? 1 : 0);
}

NewIds restarted(BrokerLook& last, const BrokerLook& earlier)
{
    NewIds ids;
    const std::set<std::string> present = idsOf(last);
    // Two that were there at one time are two.
    std::set<std::string> taken = idsOf(earlier);
    for (const SeenServer& then : earlier.servers) {
        if (present.contains(then.id))
            continue;
        SeenServer* best = nullptr;
        for (SeenServer& now : last.servers) {
            if (!taken.contains(now.id) &&
                likeness(now, then) > (best == nullptr ? 0 : likeness(*best, then)))
                best = &now;
        }
        if (best == nullptr)
            continue;
        best->beganAnew = true;
        taken.insert(best->id);
        ids.emplace(then.id, best->id);
    }
    return ids;
}

const std::string& newId(const NewIds& ids, const std::string& id)
{
    const auto found = ids.find(id);
    return found == ids.end() ? id : found->second;
}

bool namesOneServer(const SeenLink& link)
{
    return !link.remote.empty() && !link.remoteName.empty() &&
           (link.kind == SeenLink::Kind::Route || link.kind == SeenLink::Kind::Leaf);
}

/// Servers that at one time only their links tell of: who began anew has the same name at the same other end.
void addRestartedEnds(NewIds& ids, const BrokerLook& last, const BrokerLook& earlier)
{
    const std::set<std::string> toldThen = idsOf(earlier);
    const std::set<std::string> toldNow = idsOf(last);
    std::set<std::string> then = toldThen;
    for (const SeenLink& link : earlier.links)
        then.insert(link.remote);
    std::set<std::string> now = toldNow;
    using Key = std::tuple<SeenLink::Kind, std::string, std::string, std::string>;
    std::map<Key, std::set<std::string>> fresh;
    for (const SeenLink& link : last.links) {
        now.insert(link.remote);
        if (namesOneServer(link) && !then.contains(link.remote))
            fresh[{link.kind, link.server, link.account, link.remoteName}].insert(link.remote);
    }
    for (const SeenLink& link : earlier.links) {
        if (!namesOneServer(link) || now.contains(link.remote) || ids.contains(link.remote))
            continue;
        const auto found = fresh.find({link.kind, newId(ids, link.server), link.account, link.remoteName});
        if (found == fresh.end() || found->second.size() != 1)
            continue;
        const std::string& id = *found->second.begin();
        if (!toldThen.contains(link.remote) || !toldNow.contains(id)) // else restarted() knows better
            ids.emplace(link.remote, id);
    }
}

auto keyOf(const SeenLink& link)
{
    return std::tuple(link.kind, link.server, link.remote, link.remoteName, link.address);
}

} // namespace

void addEarlierServers(BrokerLook& last, const BrokerLook& earlier)
{
    NewIds ids = restarted(last, earlier);
    addRestartedEnds(ids, last, earlier);
    const std::set<std::string> present = idsOf(last);
    for (const SeenServer& server : earlier.servers) {
        if (present.contains(server.id) || ids.contains(server.id))
            continue;
        last.servers.push_back(server);
        last.servers.back().gone = std::max(earlier.time, server.gone);
    }
    std::set<decltype(keyOf(std::declval<const SeenLink&>()))> known;
    for (const SeenLink& link : last.links)
        known.insert(keyOf(link));
    for (SeenLink link : earlier.links) {
        link.server = newId(ids, link.server);
        link.remote = newId(ids, link.remote);
        if (!known.insert(keyOf(link)).second)
            continue;
        link.gone = std::max(earlier.time, link.gone);
        last.links.push_back(std::move(link));
    }
}

} // namespace weir
