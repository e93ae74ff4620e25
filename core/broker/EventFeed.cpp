// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/EventFeed.h"

#include "core/broker/NatsLink.h"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

constexpr std::size_t kMostWaiting = 1000;
constexpr int kLargest = 64 << 10; ///< bytes: an event carries the client's JWT
constexpr Nanoseconds kFirstWait = std::chrono::seconds(1);

} // namespace

EventFeed::EventFeed(ConnectionProfile profile, std::vector<std::string> subjects, std::function<void()> wake,
                     Clock& clock)
    : m_profile(std::move(profile)), m_subjects(std::move(subjects)), m_wake(std::move(wake)), m_clock(clock)
{
}

EventFeed::~EventFeed()
{
    close();
}

/// The link ends, and with it the subscriptions; each may still be in a callback.
void EventFeed::close()
{
    m_link.reset();
    for (int open = m_open.load(); open > 0; open = m_open.load())
        m_open.wait(open);
    m_subscriptions.clear();
}

void EventFeed::onEnded(void* closure)
{
    auto& open = static_cast<EventFeed*>(closure)->m_open;
    --open;
    open.notify_all();
}

bool EventFeed::isConnected() const
{
    return m_link && !m_link->closed();
}

Nanoseconds EventFeed::nextAt() const
{
    return isConnected() ? Nanoseconds::max() : std::max(m_connectAt, Nanoseconds(0));
}

bool EventFeed::keep()
{
    if (isConnected())
        return false;
    if (m_clock.steady() < m_connectAt)
        return false;
    close();
    auto link = NatsLink::connect(m_profile, {}, m_wake);
    natsStatus status = NATS_OK;
    if (link) {
        m_link = std::move(*link);
        for (const std::string& subject : m_subjects) {
            natsSubscription* raw = nullptr;
            status = natsConnection_Subscribe(&raw, m_link->handle(), subject.c_str(), onMessage, this);
            m_subscriptions.emplace_back(raw);
            if (status != NATS_OK)
                break;
            ++m_open;
            // It fails only on a subscription that closed meanwhile; then no callback follows.
            if (natsSubscription_SetOnCompleteCB(raw, onEnded, this) != NATS_OK)
                --m_open;
        }
    }
    if (link && status == NATS_OK)
        status = natsConnection_Flush(m_link->handle()); // from here on the server tells
    if (link && status == NATS_OK) {
        m_policy.reset();
        m_problem.clear();
        m_connectAt = m_clock.steady() + kFirstWait; // should it be lost at once
        return true;
    }
    m_problem = link ? natsError("subscribing to events", status).line() : link.error().line();
    m_connectAt = m_clock.steady() + std::max(m_policy.next(), kFirstWait);
    close();
    return false;
}

void EventFeed::onMessage(natsConnection* /*connection*/, natsSubscription* /*subscription*/,
                          natsMsg* message, void* closure)
{
    const NatsMsgPtr owner(message);
    auto& feed = *static_cast<EventFeed*>(closure);
    bool first = false;
    {
        const std::unique_lock lock(feed.m_mutex);
        first = feed.m_batch.events.empty() && feed.m_batch.lost == 0;
        if (feed.m_batch.events.size() >= kMostWaiting || natsMsg_GetDataLength(message) > kLargest)
            ++feed.m_batch.lost;
        else
            feed.m_batch.events.push_back(
                {natsMsg_GetSubject(message), {natsMsg_GetData(message), natsMsg_GetDataLength(message)}});
    }
    if (first)
        feed.m_wake();
}

EventFeed::Batch EventFeed::take()
{
    const std::unique_lock lock(m_mutex);
    return std::exchange(m_batch, {});
}

} // namespace weir
