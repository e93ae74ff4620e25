// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/broker/ConnectionProfile.h"
#include "core/broker/MessageSource.h"
#include "core/broker/NatsLink.h"
#include "core/broker/ReconnectPolicy.h"
#include "core/broker/ServerProbe.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace weir {

/// What a source does with its connection. All calls come from one thread at a time: the owner's within
/// start(), the supervisor's afterwards.
class LinkUser
{
public:
    virtual ~LinkUser() = default;
    /// A fresh link: subscribe. Returns once the server has answered; an error means that nothing can be
    /// taken.
    [[nodiscard]] virtual Result<void> linkUp(NatsLink& link) = 0;
    /// Called every poll interval, and at once when the link has news.
    virtual void linkTick(NatsLink& link) = 0;
    /// The link is closed or about to be: settle its counts, forget everything of it.
    virtual void linkDown(NatsLink& link) = 0;
    /// When the last message came; kNoTime: none yet.
    [[nodiscard]] virtual Timestamp lastMessage() const = 0;
    /// When linkTick() is wanted next at the latest, where the poll interval is too long.
    [[nodiscard]] virtual Nanoseconds nextTick() const { return Nanoseconds::max(); }
};

/// Keeps a source connected, for ever: makes links, watches them, makes new ones with growing pauses when
/// they end, says why, and records the time between as a gap. nats.c's own reconnecting stays off, because it
/// ends for good when a user is revoked and keeps credentials of old.
class LinkKeeper
{
public:
    struct Options
    {
        ConnectionProfile profile;
        ReconnectPolicy::Options reconnect;
        bool retryFirstConnect = false;
        Nanoseconds pollInterval = std::chrono::milliseconds(50);
        bool losesWhileAway = true; ///< false: what is published meanwhile waits for us (a stream)
    };

    LinkKeeper(Options options, Clock& clock, SourceEvents& events, LinkUser& user);
    ~LinkKeeper();

    [[nodiscard]] Result<void> start();
    void stop();
    /// The same, and hands out the link, down for the user but open; null when there is none.
    [[nodiscard]] std::unique_ptr<NatsLink> stopAndKeepLink();
    /// Calls the user's linkTick() soon. Any thread.
    void wake();

    /// The budget's share, into the status. Thread: the one that calls the user.
    void setSample(std::uint32_t oneIn, const std::string& detail);
    /// Words for the status, such as a refused permission. Same thread.
    void setDetail(const std::string& detail);
    /// What goes wrong though the link stands, into the status. Same thread.
    void setWarning(const std::string& warning);
    /// Ends the present link, so that a new one is made. Same thread.
    void relink() { m_relink = true; }

private:
    void run(const std::stop_token& stop);
    void watch(const std::stop_token& stop);
    void attempt(const std::stop_token& stop);
    [[nodiscard]] Result<void> tryOnce();
    void lost();
    void measureRoundTrip();
    void describeServer();
    void beginGap(Timestamp from);
    void noteFailure(const Error& error);
    void pause(const std::stop_token& stop, Nanoseconds time);
    void publish(ConnectionPhase phase, const std::string& detail);

    const Options m_options;
    Clock& m_clock;
    SourceEvents& m_events;
    LinkUser& m_user;
    ReconnectPolicy m_policy;

    std::mutex m_mutex;
    std::condition_variable_any m_news;
    bool m_woken = false; // guarded by m_mutex

    // The supervisor's, or the owner's before it runs and after it ended.
    std::unique_ptr<NatsLink> m_link;
    std::vector<std::string> m_discovered;
    ConnectionStatus m_status;
    Timestamp m_lastGood = kNoTime;
    Nanoseconds m_nextRoundTrip{0};
    std::optional<std::uint64_t> m_gap;
    std::string m_lastReason;
    bool m_wasUp = false; ///< there has been a connection
    bool m_relink = false;
    ServerGreeting m_greeting;
    std::string m_described; ///< id of the server whose greeting that is
    std::jthread m_thread;
};

} // namespace weir
