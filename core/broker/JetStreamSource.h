// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/broker/ConnectionProfile.h"
#include "core/broker/MessageSource.h"
#include "core/broker/ReconnectPolicy.h"

#include <cstdint>
#include <memory>
#include <string>

namespace weir {

/// The messages of a JetStream stream through a durable pull consumer with explicit acknowledgement: a
/// message is acknowledged when committed() says that it is durable, never before, so that nothing is lost at
/// kill -9. What was stored and not yet acknowledged at that moment is delivered again: see `lastStored`.
class JetStreamSource final : public MessageSource
{
public:
    struct Options
    {
        ConnectionProfile profile;
        std::string stream;
        std::string consumer = "weir"; ///< durable name: progress belongs to it
        std::string filterSubject;     ///< empty: the whole stream
        bool fromNow = false;          ///< a new consumer begins with new messages, not with the oldest
        /// The highest stream sequence that the history already holds (0: none): what is redelivered up to it
        /// is acknowledged and not pushed again. This is how a restart stores nothing twice.
        std::uint64_t lastStored = 0;
        std::uint32_t maxAckPending = 50'000; ///< messages taken and not yet committed, at the most
        Nanoseconds ackWait = std::chrono::seconds(30);
        bool retryFirstConnect = false;
        ReconnectPolicy::Options reconnect;
    };

    JetStreamSource(Options options, Clock& clock);
    ~JetStreamSource() override;

    [[nodiscard]] Result<void> start(MessageQueue& queue, SourceEvents& events) override;
    void stop() override;
    void committed(std::uint64_t count) override;

private:
    class Session;
    Options m_options;
    Clock& m_clock;
    std::unique_ptr<Session> m_session;
};

} // namespace weir
