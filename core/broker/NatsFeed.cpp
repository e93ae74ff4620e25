// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/NatsFeed.h"

#include "core/broker/NatsMessage.h"

#include <algorithm>

namespace weir {
namespace {

template<typename T>
void add(std::atomic<T>& counter, T amount)
{
    counter.store(counter.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
}

} // namespace

FeedCounts& FeedCounts::operator+=(const FeedCounts& other)
{
    handled += other.handled;
    refused += other.refused;
    bytes += other.bytes;
    dropped += other.dropped;
    lastAt = std::max(lastAt, other.lastAt);
    return *this;
}

NatsFeed::NatsFeed(std::string subject, MessageQueue& queue, Clock& clock)
    : m_subject(std::move(subject)), m_queue(queue), m_clock(clock)
{
}

Result<std::unique_ptr<NatsFeed>> NatsFeed::subscribe(natsConnection* connection, const std::string& subject,
                                                      Limits limits, MessageQueue& queue, Clock& clock)
{
    std::unique_ptr<NatsFeed> feed(new NatsFeed(subject, queue, clock));
    natsSubscription* subscription = nullptr;
    const natsStatus status =
        natsConnection_Subscribe(&subscription, connection, subject.c_str(), onMessage, feed.get());
    if (status != NATS_OK)
        return natsError("subscribing to " + subject, status);
    feed->m_subscription.reset(subscription);
    // Both fail only on a subscription that closed meanwhile; then no callback follows.
    if (natsSubscription_SetOnCompleteCB(subscription, onEnded, feed.get()) != NATS_OK)
        feed->m_ended.store(true, std::memory_order_release);
    (void)natsSubscription_SetPendingLimits(subscription, limits.messages, limits.bytes);
    return feed;
}

void NatsFeed::onMessage(natsConnection* /*connection*/, natsSubscription* /*subscription*/, natsMsg* message,
                         void* closure)
{
    static_cast<NatsFeed*>(closure)->take(message);
    natsMsg_Destroy(message);
}

void NatsFeed::take(natsMsg* message)
{
    RawMessage raw = readNatsMessage(message, m_rebuilt);
    raw.time = m_clock.now();
    if (!m_queue.push(raw))
        add<std::uint64_t>(m_refused, 1);
    add<std::uint64_t>(m_bytes,
                       raw.subject.size() + raw.reply.size() + raw.headers.size() + raw.payload.size());
    m_lastAt.store(toUnixNanos(raw.time), std::memory_order_relaxed);
    m_handled.store(m_handled.load(std::memory_order_relaxed) + 1, std::memory_order_release);
}

void NatsFeed::onEnded(void* closure)
{
    auto& ended = static_cast<NatsFeed*>(closure)->m_ended;
    ended.store(true, std::memory_order_release);
    ended.notify_all();
}

FeedCounts NatsFeed::counts()
{
    std::int64_t dropped = 0;
    if (natsSubscription_GetDropped(m_subscription.get(), &dropped) == NATS_OK)
        m_dropped = static_cast<std::uint64_t>(dropped);
    FeedCounts counts;
    counts.handled = m_handled.load(std::memory_order_acquire);
    counts.refused = m_refused.load(std::memory_order_relaxed);
    counts.bytes = m_bytes.load(std::memory_order_relaxed);
    counts.dropped = m_dropped;
    counts.lastAt = m_lastAt.load(std::memory_order_relaxed);
    return counts;
}

void NatsFeed::drain(std::chrono::milliseconds patience)
{
    (void)natsSubscription_SetPendingLimits(m_subscription.get(), -1, -1);
    (void)counts();
    (void)natsSubscription_DrainTimeout(m_subscription.get(), patience.count());
}

} // namespace weir
