// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/LiveMonitor.h"

#include "core/broker/BrokerUser.h"
#include "core/broker/SystemMonitor.h"

#include <algorithm>

namespace weir {
namespace {

/// Those that change what a look shows. API's audit and each NAK are left out: servers publish advisories
/// only to who asks for them, and these come as often as messages.
std::vector<std::string> advisoriesOf(const ConnectionProfile& profile)
{
    const std::string prefix =
        (profile.jetstreamEventPrefix.empty() ? "$JS.EVENT" : profile.jetstreamEventPrefix) + ".ADVISORY.";
    std::vector<std::string> subjects;
    for (const char* const each : {"STREAM.CREATED.>", "STREAM.UPDATED.>", "STREAM.DELETED.>",
                                   "STREAM.LEADER_ELECTED.>", "CONSUMER.CREATED.>", "CONSUMER.DELETED.>"})
        subjects.push_back(prefix + each);
    return subjects;
}

} // namespace

std::unique_ptr<NatsMonitor> makeNatsMonitor(const ConnectionProfile& profile, NatsMonitor::Options options,
                                             Clock& clock)
{
    options.urls = monitorUrls(profile);
    options.profile = profile;
    if (!options.urls.empty())
        return std::make_unique<NatsMonitor>(options, clock);
    SystemMonitor::Options system;
    system.profile = systemProfileOf(profile);
    system.patience = options.patience;
    system.largestPage = options.largestPage;
    return std::make_unique<NatsMonitor>(std::make_unique<SystemMonitor>(std::move(system), clock), options,
                                         clock);
}

LiveMonitor::LiveMonitor(ConnectionProfile profile, const NatsMonitor::Options& options,
                         std::function<void()> wake, Clock& clock)
    : m_profile(std::move(profile)),
      m_wake(std::move(wake)),
      m_clock(clock),
      m_user(brokerUserOf(m_profile)),
      m_monitor(makeNatsMonitor(m_profile, options, clock))
{
}

Result<LiveMonitor::Look> LiveMonitor::glance(const std::stop_token& stop)
{
    hear();
    auto look = m_monitor->glance(stop);
    if (!look)
        return look;
    findAccount(**look);
    hear(); // what has just been found to be of use
    auto whole = std::make_shared<BrokerLook>(**look);
    m_book.addTo(*whole);
    for (const EventFeed* feed : {m_advisories.get(), m_clients.get()}) {
        if (feed != nullptr && !feed->problem().empty())
            whole->notes.push_back("events do not come: " + feed->problem());
    }
    return Look(whole);
}

Nanoseconds LiveMonitor::nextAt() const
{
    Nanoseconds next = m_monitor->nextAt();
    for (const EventFeed* feed : {m_advisories.get(), m_clients.get()})
        next = feed != nullptr ? std::min(next, feed->nextAt()) : next;
    return next;
}

void LiveMonitor::hear()
{
    for (EventFeed* feed : {m_advisories.get(), m_clients.get()}) {
        if (feed == nullptr)
            continue;
        if (feed->keep())
            m_monitor->expectMuch();
        m_book.take(feed->take(), m_account, *m_monitor);
    }
}

/// Events are of use once it is known whose they are: a user that is not of the system account hears none of
/// it.
void LiveMonitor::findAccount(const BrokerLook& look)
{
    if (const std::string found = accountOfUser(look, m_user); !found.empty())
        m_account = found;
    const bool isSystem =
        std::any_of(look.accounts.begin(), look.accounts.end(),
                    [this](const SeenAccount& each) { return each.isSystem && each.id == m_account; });
    const bool hasStreams = std::any_of(look.servers.begin(), look.servers.end(),
                                        [](const SeenServer& server) { return server.jetStream; });
    if (!m_advisories && hasStreams && !isSystem && !m_account.empty())
        m_advisories = std::make_unique<EventFeed>(m_profile, advisoriesOf(m_profile), m_wake, m_clock);
    if (!m_clients && (isSystem || !m_profile.systemCreds.empty()))
        m_clients = std::make_unique<EventFeed>(systemProfileOf(m_profile),
                                                std::vector<std::string>{"$SYS.ACCOUNT.*.CONNECT",
                                                                         "$SYS.ACCOUNT.*.DISCONNECT",
                                                                         "$SYS.SERVER.*.CLIENT.AUTH.ERR"},
                                                m_wake, m_clock);
}

} // namespace weir
