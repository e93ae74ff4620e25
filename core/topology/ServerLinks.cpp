// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/ServerLinks.h"

#include "core/topology/FlowText.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

namespace weir {
namespace {

constexpr double kFarAbove = 4;                                     ///< times the median of its kind
constexpr std::size_t kForAMedian = 4;                              ///< links: with fewer there is no usual
constexpr Nanoseconds kLeastSlow = std::chrono::milliseconds(5);    ///< below it no link is slow
constexpr Nanoseconds kAlwaysSlow = std::chrono::milliseconds(400); ///< around half the Earth and back
constexpr std::uint64_t kMuchPending = 1'000'000;                   ///< bytes

LinkKind kindOf(SeenLink::Kind kind)
{
    return kind == SeenLink::Kind::Route  ? LinkKind::Route
           : kind == SeenLink::Kind::Leaf ? LinkKind::Leaf
                                          : LinkKind::Gateway;
}

LinkEnd endOf(const SeenServer& server)
{
    return {"server:" + server.id,
            FlowKind::Server,
            server.name.empty() ? server.id : server.name,
            server.cluster,
            {}};
}

/// Pairs what both ends tell.
class Pairing
{
public:
    Pairing(const BrokerLook& now, const BrokerLook* before, const ClustersBeyond& beyond)
        : m_now(now), m_before(before), m_beyond(beyond)
    {
        if (before == nullptr)
            return;
        for (const SeenLink& link : before->links)
            m_earlier.emplace(std::tuple(link.kind, link.server, link.cid, link.address), &link);
    }

    void add(const SeenLink& link);
    [[nodiscard]] std::vector<PairedLink> take();

private:
    /// What one end tells, of all connections of a pair.
    struct Told
    {
        bool any = false;
        std::size_t connections = 0;
        std::optional<double> in = 0;
        std::optional<double> out = 0;
    };
    struct Pair
    {
        PairedLink paired;
        std::array<Told, 2> told; ///< by the first end, by the second
    };

    [[nodiscard]] LinkEnd otherEnd(const SeenLink& link, const SeenServer& teller) const;
    [[nodiscard]] bool isHub(const SeenLink& link, const SeenServer& teller) const;
    void judge(std::vector<PairedLink>& links) const;
    [[nodiscard]] static std::string wordsOf(const PairedLink& link);

    const BrokerLook& m_now;
    const BrokerLook* const m_before;
    const ClustersBeyond& m_beyond;
    std::map<std::tuple<SeenLink::Kind, std::string, std::uint64_t, std::string>, const SeenLink*> m_earlier;
    std::map<std::tuple<LinkKind, std::string, std::string>, Pair> m_pairs;
};

LinkEnd Pairing::otherEnd(const SeenLink& link, const SeenServer& teller) const
{
    if (const SeenServer* remote = serverOf(m_now, link.remote))
        return endOf(*remote);
    const std::string name = !link.remoteName.empty() ? link.remoteName : link.address;
    switch (link.kind) {
    case SeenLink::Kind::Route:
        return {"server:" + (link.remote.empty() ? link.address : link.remote), FlowKind::Server, name,
                teller.cluster, link.address};
    case SeenLink::Kind::OutboundGateway:
    case SeenLink::Kind::InboundGateway:
        if (m_beyond.count(link.remoteName) > 0)
            return {gatewayId(link.remoteName), FlowKind::Gateway, link.remoteName, {}, {}};
        if (link.remote.empty())
            return {"cluster:" + link.remoteName, FlowKind::Cluster, link.remoteName, {}, {}};
        return {"server:" + link.remote, FlowKind::Server, link.address.empty() ? link.remote : link.address,
                link.remoteName, link.address};
    case SeenLink::Kind::Leaf:
        if (!isHub(link, teller))
            return {"server:" + link.address, FlowKind::Server, name, {}, link.address};
        return {"leaf:" + teller.id + "/" + (link.remote.empty() ? link.address : link.remote),
                FlowKind::LeafNode,
                name,
                {},
                link.address};
    }
    return {};
}

/// Of a leaf node's connection: who takes it listens for leaf nodes, and is known by where it does.
bool Pairing::isHub(const SeenLink& link, const SeenServer& teller) const
{
    const SeenServer* remote = serverOf(m_now, link.remote);
    if (remote != nullptr && !remote->leafHost.empty() && link.address == remote->leafHost)
        return false;
    return !teller.leafHost.empty();
}

void Pairing::add(const SeenLink& link)
{
    const SeenServer* teller = serverOf(m_now, link.server);
    if (teller == nullptr)
        return;
    LinkEnd own = endOf(*teller);
    LinkEnd other = otherEnd(link, *teller);
    const LinkKind kind = kindOf(link.kind);
    // Messages of a leaf node's way come from it; pairs of servers are as they are named.
    const bool turned =
        kind == LinkKind::Leaf ? isHub(link, *teller) : other.kind == FlowKind::Server && other.id < own.id;
    if (kind == LinkKind::Leaf) {
        LinkEnd& leaf = turned ? other : own;
        // A leaf node of no cluster calls its cluster as it calls itself (2.9.10).
        if (leaf.cluster.empty() || leaf.cluster == leaf.name) {
            leaf.kind = FlowKind::LeafNode;
            leaf.cluster.clear();
        }
    }
    const LinkEnd& first = turned ? other : own;
    const LinkEnd& second = turned ? own : other;
    const auto [at, isNew] = m_pairs.try_emplace({kind, first.id, second.id});
    Pair& pair = at->second;
    if (link.gone != kNoTime && !isNew && pair.paired.link.gone == kNoTime)
        return; // it was connected anew
    pair.paired.link.gone = link.gone == kNoTime ? kNoTime : std::max(pair.paired.link.gone, link.gone);
    pair.paired.from = first;
    pair.paired.to = second;
    pair.paired.link.kind = kind;
    if (!link.account.empty())
        pair.paired.account = link.account;
    pair.paired.link.rtt = std::max(pair.paired.link.rtt, link.rtt);
    pair.paired.link.pendingBytes += link.pendingBytes;
    pair.paired.link.subscriptions = std::max(pair.paired.link.subscriptions, link.subscriptions);
    Told& told = pair.told[turned ? 1 : 0];
    told.any = true;
    ++told.connections;
    const auto earlier = m_earlier.find({link.kind, link.server, link.cid, link.address});
    const SeenServer* then = m_before != nullptr ? serverOf(*m_before, link.server) : nullptr;
    const bool same = earlier != m_earlier.end() && then != nullptr && then->start == teller->start;
    const auto add = [&](std::optional<double>& sum, std::uint64_t SeenLink::*counter) {
        const auto one = same ? growthRate(earlier->second->*counter, toldOf(*earlier->second, *m_before),
                                           link.*counter, toldOf(link, m_now))
                              : std::nullopt;
        sum = sum && one ? std::optional(*sum + *one) : std::nullopt;
    };
    add(told.in, &SeenLink::inMessages);
    add(told.out, &SeenLink::outMessages);
}

std::string Pairing::wordsOf(const PairedLink& link)
{
    if (link.link.gone != kNoTime)
        return std::string(linkKindName(link.link.kind)) + ", gone, last seen " +
               formatRfc3339(link.link.gone);
    const auto words = [](const std::optional<double>& value) {
        return value ? flowRateText(value) : std::string("not known");
    };
    std::string text = std::string(linkKindName(link.link.kind)) + ", " +
                       std::to_string(link.link.connections) +
                       (link.link.connections == 1 ? " connection" : " connections");
    if (link.link.rtt != kNoDuration)
        text += ", RTT " + formatDuration(link.link.rtt);
    text += "; " + link.from.name + " sends " + words(link.link.there) + ", " + link.to.name + " sends " +
            words(link.link.back);
    if (link.link.pendingBytes > 0)
        text += "; " + std::to_string(link.link.pendingBytes) + " bytes wait to be taken";
    return text;
}

std::vector<PairedLink> Pairing::take()
{
    std::vector<PairedLink> links;
    for (auto& [key, pair] : m_pairs) {
        ServerLink& link = pair.paired.link;
        if (link.gone != kNoTime) {
            ServerLink gone; // nothing else of it is so any more
            gone.kind = link.kind;
            gone.gone = link.gone;
            link = gone;
            links.push_back(std::move(pair.paired));
            continue;
        }
        const auto& [first, second] = pair.told;
        link.connections = std::max(first.connections, second.connections);
        // What an end sent it knows itself; else the other end knows what came.
        link.there = first.any ? first.out : second.in;
        link.back = second.any ? second.out : first.in;
        links.push_back(std::move(pair.paired));
    }
    judge(links);
    for (PairedLink& link : links)
        link.words = wordsOf(link);
    return links;
}

void Pairing::judge(std::vector<PairedLink>& links) const
{
    std::map<LinkKind, std::vector<Nanoseconds>> byKind;
    for (const PairedLink& link : links) {
        if (link.link.rtt != kNoDuration)
            byKind[link.link.kind].push_back(link.link.rtt);
    }
    for (auto& [kind, all] : byKind)
        std::sort(all.begin(), all.end());
    for (PairedLink& each : links) {
        ServerLink& link = each.link;
        const std::vector<Nanoseconds>& all = byKind[link.kind];
        const Nanoseconds median = all.size() >= kForAMedian ? all[(all.size() - 1) / 2] : kNoDuration;
        if (link.pendingBytes >= kMuchPending)
            link.slow = std::to_string(link.pendingBytes / 1000) + " kB wait to be taken by the other end";
        else if (link.rtt >= kAlwaysSlow)
            link.slow = "RTT " + formatDuration(link.rtt) + ": more than around half the Earth";
        else if (link.rtt >= kLeastSlow && median != kNoDuration &&
                 static_cast<double>(link.rtt.count()) >= kFarAbove * static_cast<double>(median.count()))
            link.slow = "RTT " + formatDuration(link.rtt) + ", at least four times the median of " +
                        std::to_string(all.size()) + " " + std::string(linkKindName(link.kind)) + "s, " +
                        formatDuration(median);
    }
}

} // namespace

ServerState rateOf(const SeenServer& server, const BrokerLook& now, const BrokerLook* before)
{
    ServerState state;
    const SeenServer* then = before != nullptr ? serverOf(*before, server.id) : nullptr;
    if (then == nullptr || then->start != server.start)
        return state;
    const auto rate = [&](std::uint64_t SeenServer::*counter) {
        return growthRate(then->*counter, toldOf(*then, *before), server.*counter, toldOf(server, now));
    };
    state.in = rate(&SeenServer::inMessages);
    state.out = rate(&SeenServer::outMessages);
    state.inBytes = rate(&SeenServer::inBytes);
    state.outBytes = rate(&SeenServer::outBytes);
    return state;
}

std::vector<PairedLink> serverLinks(const BrokerLook& now, const BrokerLook* before,
                                    const ClustersBeyond& beyond)
{
    Pairing pairing(now, before, beyond);
    for (const bool gone : {false, true}) {
        for (const SeenLink& link : now.links) {
            if ((link.gone != kNoTime) == gone)
                pairing.add(link);
        }
    }
    return pairing.take();
}

} // namespace weir
