// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/EventBook.h"
#include "core/broker/EventFeed.h"
#include "core/broker/NatsMonitor.h"

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace weir {

/// A broker looked at again and again, at the interval and when its servers' events say that something
/// changed. JetStream's advisories are published in the account that owns the stream: they come through the
/// profile's own user. That clients come, go and are refused is told to users of the system account: the
/// profile's own, or that of its `systemCreds`. One thread, not the GUI's.
class LiveMonitor
{
public:
    using Look = NatsMonitor::Look;

    /// `wake` is called on any thread when an event asks for a glance. The clock must outlive this.
    LiveMonitor(ConnectionProfile profile, const NatsMonitor::Options& options, std::function<void()> wake,
                Clock& clock);

    /// What is known now; see NatsMonitor::glance().
    [[nodiscard]] Result<Look> glance(const std::stop_token& stop);
    /// When to glance again (steady), if nothing wakes before.
    [[nodiscard]] Nanoseconds nextAt() const;
    /// The profile's account, an id; empty: not known.
    [[nodiscard]] const std::string& account() const { return m_account; }
    /// Events tell when clients come and go, and when the account's streams change.
    [[nodiscard]] bool hearsClients() const { return m_clients && m_clients->isConnected(); }
    [[nodiscard]] bool hearsStreams() const { return m_advisories && m_advisories->isConnected(); }

private:
    void hear();
    void findAccount(const BrokerLook& look);

    const ConnectionProfile m_profile;
    const std::function<void()> m_wake;
    Clock& m_clock;
    std::string m_user;
    std::string m_account;
    std::unique_ptr<NatsMonitor> m_monitor;
    std::unique_ptr<EventFeed> m_advisories;
    std::unique_ptr<EventFeed> m_clients;
    EventBook m_book;
};

/// Through the monitoring ports that the profile names; where it names none, through the system account.
[[nodiscard]] std::unique_ptr<NatsMonitor> makeNatsMonitor(const ConnectionProfile& profile,
                                                           NatsMonitor::Options options, Clock& clock);

} // namespace weir
