// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/BrokerEvent.h"
#include "core/broker/BrokerLook.h"
#include "core/broker/EventFeed.h"

#include <string>

namespace weir {

class NatsMonitor;

/// What events tell: to the monitor, so that it looks at what changed alone; and to the look, what no look
/// would show: clients that were refused, and those that came and went in between. Bounded. One thread.
class EventBook
{
public:
    /// `account`: whose advisories these may be; empty: not known.
    void take(const EventFeed::Batch& batch, const std::string& account, NatsMonitor& monitor);
    void addTo(BrokerLook& look) const;

private:
    void refused(const ClientEvent& event);
    void left(const ClientEvent& event);

    std::vector<SeenAuthError> m_refused;
    std::vector<SeenVisit> m_visits;
    std::uint64_t m_lost = 0;
    std::uint64_t m_unread = 0; ///< that were no events
};

} // namespace weir
