// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/EventBook.h"

#include "core/broker/NatsMonitor.h"

#include <algorithm>
#include <tuple>

namespace weir {
namespace {

constexpr std::size_t kMostRefused = 200;
constexpr std::size_t kMostVisits = 100;

} // namespace

void EventBook::take(const EventFeed::Batch& batch, const std::string& account, NatsMonitor& monitor)
{
    m_lost += batch.lost;
    if (batch.lost > 0)
        monitor.expectMuch();
    for (const EventFeed::Event& each : batch.events) {
        const BrokerEventKind kind = brokerEventKind(each.subject);
        if (kind == BrokerEventKind::Other)
            continue;
        if (kind == BrokerEventKind::StreamChange) {
            if (!account.empty())
                monitor.expectStreams(account);
            continue;
        }
        const auto event = readClientEvent(each.payload);
        if (!event) {
            ++m_unread;
            continue;
        }
        MonitoredServer* const server = monitor.server(event->server);
        if (kind == BrokerEventKind::AuthError)
            refused(*event);
        else if (server != nullptr && kind == BrokerEventKind::Connect)
            server->expectConnection(event->cid);
        else if (server != nullptr && !server->forgetConnection(event->cid))
            left(*event);
    }
}

void EventBook::refused(const ClientEvent& event)
{
    const auto key = [](const auto& each) {
        return std::tie(each.server, each.user, each.name, each.host, each.reason);
    };
    const auto same = std::find_if(m_refused.begin(), m_refused.end(),
                                   [&](const SeenAuthError& other) { return key(other) == key(event); });
    if (same != m_refused.end()) {
        ++same->times;
        same->last = std::max(same->last, event.time);
        std::rotate(same, same + 1, m_refused.end()); // the latest stay longest
        return;
    }
    if (m_refused.size() >= kMostRefused)
        m_refused.erase(m_refused.begin());
    m_refused.push_back(
        {event.server, event.user, event.name, event.host, event.reason, 1, event.time, event.time});
}

void EventBook::left(const ClientEvent& event)
{
    if (m_visits.size() >= kMostVisits)
        m_visits.erase(m_visits.begin());
    m_visits.push_back({event.server, event.cid, event.account, event.user, event.name, event.host,
                        event.reason, event.start, event.time});
}

void EventBook::addTo(BrokerLook& look) const
{
    look.authErrors = m_refused;
    look.visits = m_visits;
    if (m_lost > 0)
        look.notes.push_back(std::to_string(m_lost) + " events came faster than they were read");
    if (m_unread > 0)
        look.notes.push_back(std::to_string(m_unread) + " events could not be read");
}

} // namespace weir
