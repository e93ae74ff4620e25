// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/StreamFeed.h"

#include "core/broker/NatsMessage.h"

#include <charconv>
#include <cstdio>
#include <thread>

namespace weir {
namespace {

constexpr Nanoseconds kExpires = std::chrono::seconds(30);
constexpr Nanoseconds kUnanswered = kExpires + std::chrono::seconds(5);
constexpr Nanoseconds kFullQueuePause = std::chrono::milliseconds(2);

std::int64_t headerNumber(std::string_view headers, std::string_view name, std::int64_t otherwise)
{
    const std::size_t at = headers.find(name);
    if (at == std::string_view::npos)
        return otherwise;
    headers.remove_prefix(at + name.size());
    while (headers.starts_with(' '))
        headers.remove_prefix(1);
    std::int64_t value = otherwise;
    (void)std::from_chars(headers.data(), headers.data() + headers.size(), value);
    return value;
}

} // namespace

StreamFeed::StreamFeed(natsConnection* connection, Settings settings, StreamLedger& ledger,
                       MessageQueue& queue, Clock& clock)
    : m_connection(connection),
      m_settings(std::move(settings)),
      m_ledger(ledger),
      m_queue(queue),
      m_clock(clock)
{
}

Result<std::unique_ptr<StreamFeed>> StreamFeed::subscribe(natsConnection* connection, Settings settings,
                                                          StreamLedger& ledger, MessageQueue& queue,
                                                          Clock& clock)
{
    std::unique_ptr<StreamFeed> feed(new StreamFeed(connection, std::move(settings), ledger, queue, clock));
    natsSubscription* subscription = nullptr;
    const natsStatus status = natsConnection_Subscribe(&subscription, connection,
                                                       feed->m_settings.inbox.c_str(), onMessage, feed.get());
    if (status != NATS_OK) {
        feed->m_ended = true;
        return natsError("subscribing to the inbox", status);
    }
    feed->m_subscription.reset(subscription);
    if (natsSubscription_SetOnCompleteCB(subscription, onEnded, feed.get()) != NATS_OK)
        feed->m_ended = true;
    // Bounded by what is asked for.
    (void)natsSubscription_SetPendingLimits(subscription, -1, -1);
    feed->tick();
    return feed;
}

StreamFeed::~StreamFeed()
{
    stop();
}

void StreamFeed::stop()
{
    m_stopping = true;
    if (m_subscription)
        (void)natsSubscription_Unsubscribe(m_subscription.get());
    m_ended.wait(false);
}

void StreamFeed::onEnded(void* closure)
{
    auto& ended = static_cast<StreamFeed*>(closure)->m_ended;
    ended = true;
    ended.notify_all();
}

void StreamFeed::onMessage(natsConnection* /*connection*/, natsSubscription* /*subscription*/,
                           natsMsg* message, void* closure)
{
    static_cast<StreamFeed*>(closure)->take(message);
    natsMsg_Destroy(message);
}

void StreamFeed::take(natsMsg* message)
{
    RawMessage raw = readNatsMessage(message, m_rebuilt);
    m_lastSign.store(m_clock.steady().count(), std::memory_order_relaxed);
    const std::optional<AckSubject> ack = parseAckSubject(raw.reply);
    if (!ack)
        return status(raw.headers);
    const std::int64_t owed = m_owed.fetch_sub(1, std::memory_order_relaxed) - 1;
    const StreamLedger::Verdict verdict = m_ledger.judge(*ack);
    m_ledger.came(*ack, verdict);
    switch (verdict) {
    case StreamLedger::Verdict::Take: {
        raw.time = m_clock.now();
        raw.stored = ack->stored;
        raw.streamSeq = ack->streamSeq;
        m_lastAt.store(toUnixNanos(raw.time), std::memory_order_relaxed);
        push(raw);
        break;
    }
    case StreamLedger::Verdict::Durable:
        (void)natsConnection_Publish(m_connection, natsMsg_GetReply(message), "+ACK", 4);
        break;
    case StreamLedger::Verdict::Waiting:
        break; // its first copy will be acknowledged when it is durable
    }
    if (owed == m_settings.batch)
        pull();
}

void StreamFeed::push(const RawMessage& raw)
{
    m_ledger.take(raw.streamSeq, raw.reply);
    // The reply subject is the consumer's own, not the publisher's: it is no part of the message.
    RawMessage kept = raw;
    kept.reply = {};
    while (!m_queue.push(kept)) {
        if (m_stopping)
            return m_ledger.untake();
        std::this_thread::sleep_for(kFullQueuePause);
    }
}

void StreamFeed::status(std::string_view headers)
{
    // `NATS/1.0 408 Request Timeout`, 404, 409 and their Nats-Pending-Messages: what a request still owed.
    const std::int64_t code = headerNumber(headers, "NATS/1.0", 0);
    if (code == 100)
        return;
    if (headers.find("Message Size Exceeds MaxBytes") != std::string_view::npos)
        m_maxBytes = m_maxBytes * 2;
    const bool gone = code == 503 || headers.find("Consumer Deleted") != std::string_view::npos;
    m_owed -= headerNumber(headers, "Nats-Pending-Messages:", m_owed);
    if (gone) {
        const std::unique_lock lock(m_mutex);
        m_trouble = "the consumer is gone from the server";
    }
}

void StreamFeed::pull()
{
    char body[128];
    const int size =
        std::snprintf(body, sizeof body, R"({"batch":%u,"expires":%lld,"max_bytes":%lld})", m_settings.batch,
                      static_cast<long long>(kExpires.count()), static_cast<long long>(m_maxBytes.load()));
    m_owed += m_settings.batch;
    m_lastSign.store(m_clock.steady().count(), std::memory_order_relaxed);
    (void)natsConnection_PublishRequest(m_connection, m_settings.nextSubject.c_str(),
                                        m_settings.inbox.c_str(), body, size);
}

void StreamFeed::tick()
{
    if (m_clock.steady().count() - m_lastSign.load(std::memory_order_relaxed) > kUnanswered.count())
        m_owed = 0;
    while (m_owed <= m_settings.batch && trouble().empty())
        pull();
}

std::string StreamFeed::trouble() const
{
    const std::unique_lock lock(m_mutex);
    return m_trouble;
}

} // namespace weir
