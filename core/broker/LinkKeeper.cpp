// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/LinkKeeper.h"

#include "core/broker/NatsOptions.h"

#include <algorithm>

namespace weir {
namespace {

constexpr Nanoseconds kRoundTripEvery = std::chrono::seconds(5);
constexpr std::chrono::milliseconds kRoundTripPatience{500};
constexpr std::chrono::milliseconds kGreetingPatience{1000};

} // namespace

LinkKeeper::LinkKeeper(Options options, Clock& clock, SourceEvents& events, LinkUser& user)
    : m_options(std::move(options)),
      m_clock(clock),
      m_events(events),
      m_user(user),
      m_policy(m_options.reconnect)
{
    m_status.tlsVerified = m_options.profile.tlsVerify;
    m_status.urls = m_options.profile.urlsForPeople();
}

LinkKeeper::~LinkKeeper()
{
    stop();
}

Result<void> LinkKeeper::start()
{
    publish(ConnectionPhase::Connecting, "");
    Result<void> first = tryOnce();
    if (!first) {
        noteFailure(first.error());
        if (!m_options.retryFirstConnect || !canHeal(first.error())) {
            publish(ConnectionPhase::Failed, first.error().why);
            return first;
        }
        beginGap(m_clock.now());
    }
    m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
    return {};
}

void LinkKeeper::stop()
{
    (void)stopAndKeepLink();
}

std::unique_ptr<NatsLink> LinkKeeper::stopAndKeepLink()
{
    if (!m_thread.joinable())
        return nullptr;
    m_thread.request_stop();
    m_thread.join();
    if (m_link)
        m_user.linkDown(*m_link);
    if (m_gap)
        m_events.gapEnded(*m_gap, m_clock.now());
    m_gap.reset();
    publish(ConnectionPhase::Closed, "stopped");
    return std::move(m_link);
}

void LinkKeeper::noteFailure(const Error& error)
{
    ++m_status.attempts;
    m_lastReason = error.why;
    m_status.hint = error.hint;
}

void LinkKeeper::beginGap(Timestamp from)
{
    if (m_options.losesWhileAway)
        m_gap = m_events.gapBegan(GapCause::Disconnected, from, m_lastReason);
}

void LinkKeeper::run(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        if (m_link)
            watch(stop);
        else
            attempt(stop);
    }
}

void LinkKeeper::watch(const std::stop_token& stop)
{
    pause(stop, std::min(m_options.pollInterval, m_user.nextTick()));
    if (stop.stop_requested())
        return;
    if (m_link->closed() || m_relink)
        return lost();
    m_user.linkTick(*m_link);
    measureRoundTrip();
}

/// nats.c tells neither the server's version nor whether it wants TLS; its greeting on a connection of its
/// own does. Made before the link is told of and only where the server is another one: to who looks at the
/// broker it came and went.
void LinkKeeper::describeServer()
{
    const std::string id = m_link->serverId();
    if (id.empty() || id != m_described) {
        const Result<HostPort> where = hostPortOf(m_link->url());
        if (!where)
            return;
        ServerProbe probe(*where, {}, kGreetingPatience);
        const Result<void> connected = probe.connect();
        const Result<ServerGreeting> greeting = connected ? probe.greeting() : connected.error();
        if (!greeting)
            return;
        m_greeting = *greeting;
        m_described = id;
    }
    if (!m_greeting.name.empty())
        m_status.server = m_greeting.name + " at " + m_link->url();
    m_status.serverVersion = m_greeting.version;
    m_status.tls = m_greeting.tlsRequired || (m_greeting.tlsAvailable && m_options.profile.wantsTls());
    m_status.tlsVerified = m_status.tls && m_options.profile.tlsVerify;
}

void LinkKeeper::attempt(const std::stop_token& stop)
{
    const Nanoseconds wait = m_policy.next();
    publish(m_wasUp ? ConnectionPhase::Reconnecting : ConnectionPhase::Connecting,
            m_lastReason + "; next attempt in " + formatDuration(wait));
    const Nanoseconds until = m_clock.steady() + wait;
    while (!stop.stop_requested() && m_clock.steady() < until)
        pause(stop, until - m_clock.steady());
    if (stop.stop_requested())
        return;
    if (const Result<void> done = tryOnce(); !done)
        noteFailure(done.error());
}

Result<void> LinkKeeper::tryOnce()
{
    m_relink = false;
    m_status.detail.clear(); // linkUp may set one
    Result<std::unique_ptr<NatsLink>> link =
        NatsLink::connect(m_options.profile, m_discovered, [this] { wake(); });
    if (!link)
        return link.error();
    if (Result<void> up = m_user.linkUp(**link); !up) {
        m_user.linkDown(**link);
        return up;
    }
    m_link = *std::move(link);
    m_policy.reset();
    m_discovered = m_link->discoveredServers();
    m_lastGood = m_clock.now();
    m_nextRoundTrip = Nanoseconds{0};
    m_wasUp = true;
    m_status.attempts = 0;
    m_status.hint.clear();
    m_status.server = m_link->url();
    describeServer();
    if (m_gap)
        m_events.gapEnded(*m_gap, m_lastGood);
    m_gap.reset();
    measureRoundTrip();
    publish(ConnectionPhase::Connected, m_status.detail);
    return {};
}

void LinkKeeper::lost()
{
    const Timestamp from = std::max(m_lastGood, m_user.lastMessage());
    const bool ended = m_link->closed();
    m_link->close();
    m_lastReason = ended ? m_link->closeReason() : m_status.detail;
    beginGap(from);
    m_user.linkDown(*m_link);
    m_link.reset();
    m_status.roundTrip = kNoDuration;
}

void LinkKeeper::measureRoundTrip()
{
    // While sampling, a PONG would wait behind the flood and hold up the duty cycle.
    if (m_clock.steady() < m_nextRoundTrip || m_status.sampleOneIn > 1)
        return;
    m_nextRoundTrip = m_clock.steady() + kRoundTripEvery;
    const Timestamp asked = m_clock.now();
    const Result<Nanoseconds> time = m_link->roundTrip(kRoundTripPatience);
    if (!time)
        return;
    m_lastGood = asked;
    m_status.roundTrip = *time;
    if (m_status.phase == ConnectionPhase::Connected)
        publish(ConnectionPhase::Connected, m_status.detail);
}

void LinkKeeper::setSample(std::uint32_t oneIn, const std::string& detail)
{
    m_status.sampleOneIn = oneIn;
    publish(m_status.phase, detail);
}

void LinkKeeper::setDetail(const std::string& detail)
{
    publish(m_status.phase, detail);
}

void LinkKeeper::setWarning(const std::string& warning)
{
    m_status.warning = warning;
    publish(m_status.phase, m_status.detail);
}

void LinkKeeper::wake()
{
    const std::unique_lock lock(m_mutex);
    m_woken = true;
    m_news.notify_one();
}

void LinkKeeper::pause(const std::stop_token& stop, Nanoseconds time)
{
    std::unique_lock lock(m_mutex);
    (void)m_news.wait_for(lock, stop, time, [this] { return m_woken; });
    m_woken = false;
}

void LinkKeeper::publish(ConnectionPhase phase, const std::string& detail)
{
    m_status.phase = phase;
    m_status.detail = detail;
    m_events.statusChanged(m_status);
}

} // namespace weir
