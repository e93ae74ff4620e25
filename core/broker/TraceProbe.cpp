// SPDX-License-Identifier: GPL-3.0-or-later
// MessageTrace: the probe, and the servers that must first say their versions.
#include "core/broker/MessageTrace.h"
#include "core/broker/NatsInbox.h"
#include "core/broker/NatsLink.h"
#include "core/broker/ServerProbe.h"

#include <algorithm>
#include <array>

namespace weir {
namespace {

constexpr std::int64_t kSliceMs = 50; // how soon a requested stop or a refusal is seen

Error refusal(std::string why)
{
    return {ErrorCode::Unsupported, "tracing a message", std::move(why),
            "message tracing needs nats-server 2.11.0 or later everywhere"};
}

Result<ServerGreeting> greetingOf(const std::string& url, const std::stop_token& stop)
{
    const auto where = hostPortOf(url);
    if (!where)
        return where.error();
    ServerProbe probe(*where, stop);
    if (const auto connected = probe.connect(); !connected)
        return connected.error();
    return probe.greeting();
}

/// The connected server, and all that its cluster names.
Result<void> askVersions(const NatsLink& link, const std::stop_token& stop)
{
    std::array<char, 64> id{};
    if (natsConnection_GetConnectedServerId(link.handle(), id.data(), id.size()) != NATS_OK)
        return refusal("the connection has ended");
    std::vector<std::string> urls = link.discoveredServers();
    urls.insert(urls.begin(), link.url());
    for (const std::string& url : urls) {
        const auto greeting = greetingOf(url, stop);
        if (!greeting)
            return refusal("server " + url + " did not say its version: " + greeting.error().why);
        // Behind one address there may be several servers: the one that answers need not be ours.
        if (url == urls.front() && greeting->id != id.data())
            return refusal("at " + url +
                           " answers another server than the connected one: its version is not known");
        if (!canTrace(greeting->version))
            return refusal("server " + (greeting->name.empty() ? url : greeting->name) + " is of version " +
                           greeting->version + ", which would deliver the message for real");
    }
    return {};
}

bool isPublishable(const std::string& subject)
{
    const bool odd = subject.empty() || subject.front() == '.' || subject.back() == '.' ||
                     subject.find("..") != std::string::npos ||
                     subject.find_first_of(" \t\r\n*>") != std::string::npos;
    return !odd;
}

Result<void> send(const NatsLink& link, const std::string& subject, const std::string& inbox)
{
    natsMsg* raw = nullptr;
    natsStatus status = natsMsg_Create(&raw, subject.c_str(), nullptr, nullptr, 0);
    const NatsMsgPtr message(raw);
    if (status == NATS_OK)
        status = natsMsgHeader_Set(raw, "Nats-Trace-Dest", inbox.c_str());
    if (status == NATS_OK)
        status = natsMsgHeader_Set(raw, "Nats-Trace-Only", "true");
    if (status == NATS_OK)
        status = natsConnection_PublishMsg(link.handle(), raw);
    if (status != NATS_OK)
        return natsError("tracing a message", status);
    return {};
}

/// Until every server has told, or `patience` is over.
Result<std::vector<TraceHop>> gather(const NatsLink& link, natsSubscription* events,
                                     std::chrono::milliseconds patience, const std::stop_token& stop)
{
    std::vector<TraceHop> hops;
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!isComplete(hops) && std::chrono::steady_clock::now() < end && !stop.stop_requested()) {
        natsMsg* raw = nullptr;
        const natsStatus got = natsSubscription_NextMsg(&raw, events, kSliceMs);
        const NatsMsgPtr message(raw);
        if (got == NATS_TIMEOUT) {
            if (const std::string refused = link.refusedPermission(); !refused.empty() && hops.empty())
                return natsError("tracing a message", NATS_NOT_PERMITTED, refused);
            continue;
        }
        if (got != NATS_OK)
            return natsError("tracing a message", got);
        auto hop = readTraceEvent(QByteArray(natsMsg_GetData(raw), natsMsg_GetDataLength(raw)));
        if (!hop)
            return hop.error();
        hops.push_back(std::move(*hop));
    }
    return hops;
}

} // namespace

Result<MessageWay> traceMessage(const ConnectionProfile& profile, const TraceProbe& probe,
                                const std::stop_token& stop)
{
    if (!isPublishable(probe.subject))
        return Error{ErrorCode::Usage, "tracing a message",
                     "'" + probe.subject + "' is no subject to publish to",
                     "give one without wildcards, such as orders.eu.created"};
    if (probe.look) {
        if (const auto may = mayTrace(*probe.look); !may)
            return may.error();
    }
    auto link = NatsLink::connect(profile, {}, [] {});
    if (!link)
        return link.error();
    if (const auto may = askVersions(**link, stop); !may)
        return may.error();
    const std::string inbox = natsInboxFor(profile);
    natsSubscription* raw = nullptr;
    const natsStatus status = natsConnection_SubscribeSync(&raw, (*link)->handle(), inbox.c_str());
    const NatsSubscriptionPtr events(raw);
    if (status != NATS_OK)
        return natsError("tracing a message", status);
    const auto time = std::chrono::time_point_cast<Nanoseconds>(std::chrono::system_clock::now());
    if (const auto sent = send(**link, probe.subject, inbox); !sent)
        return sent.error();
    auto hops = gather(**link, raw, probe.patience, stop);
    if (!hops)
        return hops.error();
    MessageWay way = wayOf(probe.subject, std::move(*hops), probe.patience);
    way.time = Timestamp(time.time_since_epoch());
    return way;
}

} // namespace weir
