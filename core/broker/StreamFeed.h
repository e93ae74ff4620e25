// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/broker/MessageQueue.h"
#include "core/broker/NatsHandles.h"
#include "core/broker/StreamLedger.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

namespace weir {

/// Pulls a consumer's messages into the queue over one link. When the queue is full, its delivery thread
/// waits: no more comes than was asked for, so the broker is not held up and nothing is dropped.
class StreamFeed
{
public:
    struct Settings
    {
        std::string nextSubject; ///< $JS.API.CONSUMER.MSG.NEXT.STREAM.CONSUMER
        std::string inbox;
        std::uint32_t batch = 1000; ///< messages a request; two are under way
    };

    [[nodiscard]] static Result<std::unique_ptr<StreamFeed>> subscribe(natsConnection* connection,
                                                                       Settings settings,
                                                                       StreamLedger& ledger,
                                                                       MessageQueue& queue, Clock& clock);
    /// Waits until the last callback is over.
    ~StreamFeed();
    StreamFeed(const StreamFeed&) = delete;
    StreamFeed& operator=(const StreamFeed&) = delete;

    /// Asks for more where the last requests are used up or went unanswered. Thread: the supervisor's.
    void tick();
    /// Ends it: nothing is pushed afterwards.
    void stop();
    /// The consumer is gone, or the server told something else that only a new link mends; empty: all is
    /// well.
    [[nodiscard]] std::string trouble() const;
    [[nodiscard]] Timestamp lastMessage() const
    {
        return fromUnixNanos(m_lastAt.load(std::memory_order_relaxed));
    }

private:
    StreamFeed(natsConnection* connection, Settings settings, StreamLedger& ledger, MessageQueue& queue,
               Clock& clock);
    static void onMessage(natsConnection* connection, natsSubscription* subscription, natsMsg* message,
                          void* closure);
    static void onEnded(void* closure);
    void take(natsMsg* message);
    void status(std::string_view headers);
    void push(const RawMessage& raw);
    void pull();

    natsConnection* const m_connection;
    const Settings m_settings;
    StreamLedger& m_ledger;
    MessageQueue& m_queue;
    Clock& m_clock;
    std::string m_rebuilt; // the delivery thread's
    std::atomic<std::int64_t> m_owed{0};
    std::atomic<std::int64_t> m_maxBytes{std::int64_t{16} << 20};
    std::atomic<std::int64_t> m_lastAt{0};
    std::atomic<std::int64_t> m_lastSign{0}; // steady, of a message, a status or a request
    std::atomic<bool> m_stopping{false};
    std::atomic<bool> m_ended{false};
    mutable std::mutex m_mutex;
    std::string m_trouble; // guarded by m_mutex
    NatsSubscriptionPtr m_subscription;
};

} // namespace weir
