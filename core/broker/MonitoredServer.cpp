// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/MonitoredServer.h"

#include "core/broker/MonitorReply.h"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

using Page = MonitorQuestion::Page;
using namespace std::chrono_literals;

// Garbage collection and compression may double what a server spends while it answers: 1/125 and 1/400 of
// its time come to two hundredths of a core at the most.
constexpr int kRest = 125;
constexpr int kUrgentRest = 400;
constexpr Nanoseconds kAhead = 10s; ///< rest owed by what events ask for: some 50 connections

constexpr Nanoseconds kOwed = 1s; ///< so that small pages are read together

// In intervals.
constexpr int kDetailsWorn = 15; ///< what each subscription was given is counted with them
constexpr int kDetailsOld = 30;  ///< one subscription may have taken the place of another
constexpr int kStreamsWorn = 2;
constexpr int kLinksWorn = 5;
constexpr int kAccountsWorn = 15;
constexpr int kHeadStart = 5; ///< of what changed, before what only is older

constexpr Nanoseconds kLongestWait = 60s;
constexpr Nanoseconds kVarz = 300us; ///< that a server takes for VARZ at least

bool sameClients(const SeenServer& a, const SeenServer& b)
{
    return a.connections == b.connections && a.totalConnections == b.totalConnections &&
           a.subscriptions == b.subscriptions;
}

bool sameTraffic(const SeenServer& a, const SeenServer& b)
{
    return a.inMessages == b.inMessages && a.outMessages == b.outMessages;
}

} // namespace

MonitoredServer::MonitoredServer(std::string target, MonitorTransport& transport, Clock& clock,
                                 Options options)
    : m_target(std::move(target)),
      m_transport(transport),
      m_clock(clock),
      m_options(options),
      m_pace(kRest, kOwed),
      m_urgent(kUrgentRest, kAhead)
{
}

void MonitoredServer::readAll(const std::stop_token& stop)
{
    readVarz(stop);
    if (m_failure)
        return;
    for (const Topic topic : {Topic::Links, Topic::Accounts, Topic::Streams, Topic::Connections})
        read(topic, stop);
}

bool MonitoredServer::readDue(const std::stop_token& stop)
{
    if (!m_server && m_clock.steady() >= m_glanceAt) { // whole at first: what it costs is rested for
        readAll(stop);
        return true;
    }
    const bool glance = m_clock.steady() >= (m_failure ? m_glanceAt : std::min(m_glanceAt, newcomersAt()));
    if (glance)
        readVarz(stop);
    if (m_failure)
        return glance;
    bool asked = readExpected(stop) || glance;
    while (glance && m_pace.mayAsk(m_clock.steady()) && !stop.stop_requested()) {
        const auto topic = dueTopic();
        if (!topic)
            break;
        read(*topic, stop);
        asked = true;
    }
    return asked;
}

Nanoseconds MonitoredServer::newcomersAt() const
{
    if (!m_newcomers)
        return Nanoseconds::max();
    return std::max(m_pace.nextAt(),
                    part(Topic::Connections).at + std::min<Nanoseconds>(m_options.interval, 1s));
}

Result<QByteArray> MonitoredServer::ask(const MonitorQuestion& question, MonitorPace& pace,
                                        const std::stop_token& stop)
{
    const Nanoseconds began = m_clock.steady();
    auto answer = m_transport.ask(m_target, question, stop);
    const Nanoseconds now = m_clock.steady();
    Nanoseconds took = now - began;
    if (question.page == Page::Varz && answer)
        m_quickest = std::min(m_quickest, took);
    if (!answer)
        took = took * 2 / 5; // waiting in vain is paid for at the full two hundredths
    // What the way there and back takes is no work of the server's.
    pace.spent(now, std::max(took - std::min(m_quickest, took), Nanoseconds(0)) + kVarz);
    return answer;
}

void MonitoredServer::readVarz(const std::stop_token& stop)
{
    const Nanoseconds began = m_clock.steady();
    m_glanced = began;
    m_glanceAt = began + m_options.interval;
    const auto varz = ask({}, m_pace, stop);
    if (stop.stop_requested())
        return;
    if (!varz)
        return fail(varz.error());
    BrokerLook told;
    if (const auto done = weir::readVarz(*varz, told); !done)
        return fail({done.error().code, "reading " + m_transport.describe(m_target, {}), done.error().why,
                     done.error().hint});
    m_failure.reset();
    m_failures = 0;
    told.servers.front().told = m_clock.now();
    // A server that takes long for the cheapest page is asked less often.
    const Nanoseconds took = m_clock.steady() - began - m_quickest;
    m_glanceAt =
        began + std::clamp(took * kRest, m_options.interval, std::max(kLongestWait, m_options.interval));
    begin(std::move(told.servers.front()));
}

void MonitoredServer::begin(SeenServer server)
{
    const bool anew = m_server && (m_server->id != server.id || m_server->start != server.start);
    m_server = std::move(server);
    if (anew) {
        for (Part& each : m_parts)
            each = {};
        m_connections = {};
        m_soon.clear();
        m_later.clear();
        m_detailedAt = kNever;
    }
    m_connections.accepted(m_server->totalConnections);
}

void MonitoredServer::fail(Error error)
{
    m_failure = std::move(error);
    m_failures = std::min(m_failures + 1, 6U);
    m_glanceAt =
        m_clock.steady() + std::clamp(m_options.interval * (1 << (m_failures - 1)), m_options.interval,
                                      std::max(kLongestWait, m_options.interval));
}

bool MonitoredServer::hasChanged(Topic topic) const
{
    const Part& known = part(topic);
    if (known.at == kNever)
        return true;
    switch (topic) {
    case Topic::Connections:
        return m_newcomers || !sameClients(m_detailed, *m_server);
    case Topic::Streams:
        return m_server->jetStreamRequests != known.stood.jetStreamRequests;
    case Topic::Links:
        return m_server->routes != known.stood.routes || m_server->gateways != known.stood.gateways ||
               m_server->leafNodes != known.stood.leafNodes;
    case Topic::Accounts:
        return m_server->configured != known.stood.configured;
    }
    return false;
}

bool MonitoredServer::isWorn(Topic topic) const
{
    const Part& known = part(topic);
    const Nanoseconds now = m_clock.steady();
    const auto old = [&](Nanoseconds at, int intervals) {
        return now - at >= m_options.interval * intervals;
    };
    switch (topic) {
    case Topic::Connections:
        return !sameTraffic(known.stood, *m_server) || areDetailsWorn();
    case Topic::Streams:
        return m_server->jetStream && old(known.at, kStreamsWorn) && !sameTraffic(known.stood, *m_server);
    case Topic::Links:
        return old(known.at, kLinksWorn);
    case Topic::Accounts:
        return old(known.at, kAccountsWorn);
    }
    return false;
}

bool MonitoredServer::areDetailsWorn() const
{
    const Nanoseconds age = m_clock.steady() - m_detailedAt;
    return age >= m_options.interval * kDetailsOld ||
           (age >= m_options.interval * kDetailsWorn && !sameTraffic(m_detailed, *m_server));
}

std::optional<MonitoredServer::Topic> MonitoredServer::dueTopic() const
{
    std::optional<Topic> due;
    Nanoseconds oldest = Nanoseconds::max();
    for (const Topic topic : {Topic::Connections, Topic::Streams, Topic::Links, Topic::Accounts}) {
        const bool changed = hasChanged(topic);
        if (part(topic).at >= m_glanced || (!changed && !isWorn(topic)))
            continue;
        // Something that always changes must not keep the rest from being read.
        const Nanoseconds at = part(topic).at - (changed ? m_options.interval * kHeadStart : Nanoseconds(0));
        if (at < oldest)
            due = topic;
        oldest = std::min(oldest, at);
    }
    return due;
}

void MonitoredServer::read(Topic topic, const std::stop_token& stop)
{
    Part& into = part(topic);
    into.stood = *m_server;
    into.problem.clear();
    switch (topic) {
    case Topic::Connections:
        readConnections(hasChanged(topic) || areDetailsWorn(), stop);
        break;
    case Topic::Streams:
        readStreams(stop);
        break;
    case Topic::Links:
        readLinks(stop);
        break;
    case Topic::Accounts:
        readAccounts(stop);
        break;
    }
    into.at = m_clock.steady();
}

} // namespace weir
