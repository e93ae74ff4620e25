// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/MessageTrace.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

namespace weir {
namespace {

/// `1.10` comes after `1.9`.
std::vector<int> numbersOf(std::string_view hop)
{
    std::vector<int> numbers;
    while (!hop.empty()) {
        int number = 0;
        const std::size_t dot = std::min(hop.find('.'), hop.size());
        (void)std::from_chars(hop.data(), hop.data() + dot, number);
        numbers.push_back(number);
        hop.remove_prefix(std::min(dot + 1, hop.size()));
    }
    return numbers;
}

const TraceHop* findHop(const std::vector<TraceHop>& hops, const std::string& id)
{
    const auto found =
        std::find_if(hops.begin(), hops.end(), [&](const TraceHop& hop) { return hop.id == id; });
    return found == hops.end() ? nullptr : &*found;
}

/// An egress to another server from which an event must come.
bool leadsOn(const TraceEgress& egress)
{
    return !egress.hop.empty() && egress.error.empty();
}

std::string secondsText(Nanoseconds time)
{
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(time).count()) + " ms";
}

Error tooOld(const std::string& server, const std::string& version)
{
    return {ErrorCode::Unsupported, "tracing a message",
            version.empty() ? "server " + server + " has not said its version"
                            : "server " + server + " is of version " + version +
                                  ", which would deliver the message for real",
            "message tracing needs nats-server 2.11.0 or later everywhere"};
}

} // namespace

bool canTrace(std::string_view version)
{
    constexpr std::array<int, 3> kFirst = {2, 11, 0};
    std::array<int, 3> numbers{};
    const char* at = version.data();
    const char* const end = at + version.size();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto [next, error] = std::from_chars(at, end, numbers[i]);
        if (error != std::errc() || (i + 1 < numbers.size() && (next == end || *next != '.')))
            return false;
        at = i + 1 < numbers.size() ? next + 1 : next;
    }
    // A preview of the first is none of it yet.
    return numbers > kFirst || (numbers == kFirst && (at == end || *at != '-'));
}

Result<void> mayTrace(const BrokerLook& look)
{
    std::set<std::string> known;
    for (const SeenServer& server : look.servers) {
        if (!canTrace(server.version))
            return tooOld(server.name.empty() ? server.id : server.name, server.version);
        known.insert(server.id);
        known.insert(server.name);
    }
    for (const SeenLink& link : look.links) {
        const bool isGateway =
            link.kind == SeenLink::Kind::OutboundGateway || link.kind == SeenLink::Kind::InboundGateway;
        const bool isKnown = (!link.remote.empty() && known.contains(link.remote)) ||
                             (!isGateway && !link.remoteName.empty() && known.contains(link.remoteName));
        if (!isKnown)
            return tooOld(!link.remoteName.empty() ? link.remoteName
                          : !link.remote.empty()   ? link.remote
                                                   : link.address,
                          {});
    }
    return {};
}

bool isComplete(const std::vector<TraceHop>& hops)
{
    if (findHop(hops, {}) == nullptr)
        return false;
    for (const TraceHop& hop : hops) {
        for (const TraceEgress& egress : hop.egresses) {
            if (leadsOn(egress) && findHop(hops, egress.hop) == nullptr)
                return false;
        }
        const auto sentOn = std::count_if(hop.egresses.begin(), hop.egresses.end(), leadsOn);
        if (sentOn < hop.next)
            return false;
    }
    return true;
}

MessageWay wayOf(std::string subject, std::vector<TraceHop> hops, Nanoseconds waited)
{
    MessageWay way;
    way.subject = std::move(subject);
    std::stable_sort(hops.begin(), hops.end(),
                     [](const TraceHop& a, const TraceHop& b) { return numbersOf(a.id) < numbersOf(b.id); });
    if (findHop(hops, {}) == nullptr)
        way.lacks.push_back("the server that the message was sent to did not tell within " +
                            secondsText(waited));
    for (const TraceHop& hop : hops) {
        for (const TraceEgress& egress : hop.egresses) {
            if (leadsOn(egress) && findHop(hops, egress.hop) == nullptr)
                way.lacks.push_back("server " + egress.name + ", sent to by " + hop.server + " over a " +
                                    egress.kind + " (hop " + egress.hop + "), did not tell within " +
                                    secondsText(waited));
        }
        const auto sentOn = std::count_if(hop.egresses.begin(), hop.egresses.end(), leadsOn);
        if (sentOn < hop.next)
            way.lacks.push_back("server " + hop.server + " sent it on to " + std::to_string(hop.next) +
                                " servers, of which it names " + std::to_string(sentOn));
    }
    way.hops = std::move(hops);
    return way;
}

} // namespace weir
