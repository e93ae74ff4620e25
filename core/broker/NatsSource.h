// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/broker/ConnectionProfile.h"
#include "core/broker/MessageSource.h"
#include "core/broker/ReconnectPolicy.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace weir {

/// Live messages of a NATS server by plain subscription. The broker's threads copy each message once, into
/// the queue; a supervisor thread of ours watches the connection, makes new ones for ever, counts what was
/// dropped and holds the observation budget. All events come from the supervisor's thread (those of start():
/// the owner's).
class NatsSource final : public MessageSource
{
public:
    struct Options
    {
        ConnectionProfile profile;
        std::vector<std::string> subjects; ///< empty: profile.subjects
        /// false: start() fails when the first connection does (a command line wants to know at once);
        /// true: it is retried for ever, unless waiting cannot heal it (a creds file that is none).
        bool retryFirstConnect = false;
        ReconnectPolicy::Options reconnect;
        /// What nats.c may hold for us before it drops, all subscriptions together, in bytes.
        std::size_t pendingBytes = std::size_t{128} << 20;
        /// How often drops are counted and gaps opened and closed.
        Nanoseconds pollInterval = std::chrono::milliseconds(50);
    };

    /// `clock` must outlive the source.
    NatsSource(Options options, Clock& clock);
    ~NatsSource() override;

    [[nodiscard]] Result<void> start(MessageQueue& queue, SourceEvents& events) override;
    void stop() override;

private:
    class Session;
    Options m_options;
    Clock& m_clock;
    std::unique_ptr<Session> m_session;
};

} // namespace weir
