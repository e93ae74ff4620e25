// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/broker/ConnectionProfile.h"
#include "core/broker/NatsHandles.h"
#include "core/broker/ReconnectPolicy.h"

#include <QByteArray>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace weir {

class NatsLink;

/// What servers publish by themselves, from one connection of its own: kept until it is taken, a bounded
/// number, the rest only counted. Used by one thread; messages come on nats.c's.
class EventFeed
{
public:
    struct Event
    {
        std::string subject;
        QByteArray payload;
    };
    struct Batch
    {
        std::vector<Event> events;
        std::uint64_t lost = 0; ///< that came while too many waited
    };

    /// `wake` is called on nats.c's threads, quickly, when something waits to be taken, never after the feed
    /// is gone. The clock must outlive the feed.
    EventFeed(ConnectionProfile profile, std::vector<std::string> subjects, std::function<void()> wake,
              Clock& clock);
    ~EventFeed();
    EventFeed(const EventFeed&) = delete;
    EventFeed& operator=(const EventFeed&) = delete;

    /// Connects where there is no connection, now and then where that fails. True when it has just connected:
    /// what happened before is not known.
    bool keep();
    [[nodiscard]] Batch take();
    [[nodiscard]] bool isConnected() const;
    /// When keep() has something to do (steady).
    [[nodiscard]] Nanoseconds nextAt() const;
    /// Why events do not come; empty: they do.
    [[nodiscard]] const std::string& problem() const { return m_problem; }

private:
    static void onMessage(natsConnection* connection, natsSubscription* subscription, natsMsg* message,
                          void* closure);
    static void onEnded(void* closure);
    void close();

    const ConnectionProfile m_profile;
    const std::vector<std::string> m_subjects;
    const std::function<void()> m_wake;
    Clock& m_clock;
    ReconnectPolicy m_policy;
    Nanoseconds m_connectAt = Nanoseconds::min();
    std::string m_problem;
    std::mutex m_mutex;
    Batch m_batch; // guarded by m_mutex
    std::unique_ptr<NatsLink> m_link;
    std::vector<NatsSubscriptionPtr> m_subscriptions;
    std::atomic<int> m_open{0}; ///< subscriptions whose last callback is still to come
};

} // namespace weir
