// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/broker/MessageQueue.h"
#include "core/broker/NatsHandles.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

namespace weir {

/// What the feeds of one source have counted so far; each number only grows.
struct FeedCounts
{
    std::uint64_t handled = 0; ///< messages that nats.c gave us: taken and refused
    std::uint64_t refused = 0; ///< of them, those the queue had no room for
    std::uint64_t bytes = 0;   ///< of all handled
    std::uint64_t dropped = 0; ///< by nats.c before it gave them to us
    std::int64_t lastAt = 0;   ///< when the last one came, ns since 1970; 0: none yet

    FeedCounts& operator+=(const FeedCounts& other);
};

/// One subscription whose messages go straight into the queue. Its callback copies once and counts without a
/// lock; everything else is for the supervisor's thread.
/// Each has a delivery thread of its own: nats.c's shared pool was measured with four subscriptions and cost
/// the same within the noise (0.9 to 1.2 us a message flat out), and in it a source that waits would hold up
/// all others.
class NatsFeed
{
public:
    struct Limits
    {
        int messages;
        int bytes;
    };

    /// Subscribes. The queue and the clock must outlive the feed, the feed its last callback (see ended()).
    [[nodiscard]] static Result<std::unique_ptr<NatsFeed>> subscribe(natsConnection* connection,
                                                                     const std::string& subject,
                                                                     Limits limits, MessageQueue& queue,
                                                                     Clock& clock);
    NatsFeed(const NatsFeed&) = delete;
    NatsFeed& operator=(const NatsFeed&) = delete;

    [[nodiscard]] const std::string& subject() const { return m_subject; }
    [[nodiscard]] FeedCounts counts();
    /// Ends the subscription at the server and takes what is on its way. Nothing more is dropped from here
    /// on.
    void drain(std::chrono::milliseconds patience);
    /// No callback will be made any more. Destroy the feed only then.
    [[nodiscard]] bool ended() const { return m_ended.load(std::memory_order_acquire); }
    void waitUntilEnded() const { m_ended.wait(false, std::memory_order_acquire); }

private:
    NatsFeed(std::string subject, MessageQueue& queue, Clock& clock);
    static void onMessage(natsConnection* connection, natsSubscription* subscription, natsMsg* message,
                          void* closure);
    static void onEnded(void* closure);
    void take(natsMsg* message);

    const std::string m_subject;
    MessageQueue& m_queue;
    Clock& m_clock;
    NatsSubscriptionPtr m_subscription;
    std::uint64_t m_dropped = 0;
    std::string m_rebuilt; // the delivery thread's
    // Written by the delivery thread alone, so that adding needs no locked instruction.
    alignas(64) std::atomic<std::uint64_t> m_handled{0};
    std::atomic<std::uint64_t> m_refused{0};
    std::atomic<std::uint64_t> m_bytes{0};
    std::atomic<std::int64_t> m_lastAt{0};
    alignas(64) std::atomic<bool> m_ended{false};
};

} // namespace weir
