// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/RecentLooks.h"

#include <algorithm>

namespace weir {
namespace {

constexpr std::size_t kMost = 8; ///< looks: each may have all connections of a large broker

// In intervals.
constexpr int kApart = 5; ///< between the looks that are compared
/// What was not told anew for so long has no present growth; a slow server's monitor rests long.
constexpr int kOldest = 60;

} // namespace

bool RecentLooks::hasGrown(const Tellings& then, const Tellings::value_type& now)
{
    const auto found = then.find(now.first);
    return found != then.end() && found->second < now.second;
}

RecentLooks::Tellings RecentLooks::tellingsOf(const BrokerLook& look)
{
    Tellings told;
    auto add = [&told, last = told.end()](char kind, const std::string& of, Timestamp at) mutable {
        // Those of one server stand together.
        if (last == told.end() || last->first.first != kind || last->first.second != of)
            last = told.try_emplace({kind, of}, at).first;
        last->second = std::max(last->second, at);
    };
    for (const SeenServer& server : look.servers)
        add('v', server.id, server.told);
    for (const SeenLink& link : look.links)
        add('l', link.server, link.told);
    for (const SeenConnection& connection : look.connections)
        add('c', connection.server, connection.told);
    for (const SeenStream& stream : look.streams)
        add('s', stream.account + "/" + stream.name, stream.told);
    return told;
}

void RecentLooks::keep(Look look)
{
    Kept next{std::move(look), {}};
    next.told = tellingsOf(*next.look);
    // The one before stays only where it tells something anew, and not of the same moment.
    if (m_kept.size() > 1) {
        const Kept& last = m_kept.back();
        const Kept& earlier = m_kept[m_kept.size() - 2];
        if (last.look->time - earlier.look->time < m_interval || last.told == earlier.told)
            m_kept.pop_back();
    }
    m_kept.push_back(std::move(next));
    m_kept.erase(m_kept.begin(), chosen());
    if (m_kept.size() > kMost)
        m_kept.erase(m_kept.begin() + 1); // the first is older than what others were told with
}

RecentLooks::Look RecentLooks::before() const
{
    const auto at = chosen();
    return m_kept.empty() || at == m_kept.end() - 1 ? nullptr : at->look;
}

/// The latest that is far enough from the last one, and shows each growth that the oldest shows; else that.
std::deque<RecentLooks::Kept>::const_iterator RecentLooks::chosen() const
{
    if (m_kept.empty())
        return m_kept.end();
    const Kept& now = m_kept.back();
    const Kept& oldest = m_kept.front();
    const bool isTooOld = oldest.look->time + kOldest * m_interval < now.look->time;
    const auto showsAll = [&](const Kept& each) {
        return std::all_of(now.told.begin(), now.told.end(), [&](const auto& part) {
            return hasGrown(each.told, part) || !hasGrown(oldest.told, part);
        });
    };
    for (auto at = m_kept.end(); at != m_kept.begin();) {
        --at;
        if (at->look->time + kApart * m_interval <= now.look->time && (isTooOld || showsAll(*at)))
            return at;
    }
    return m_kept.begin();
}

} // namespace weir
