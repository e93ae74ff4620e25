// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/broker/ConnectionProfile.h"
#include "core/broker/MessageSource.h"
#include "core/broker/ReconnectPolicy.h"
#include "core/broker/StreamLedger.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace weir {

/// The messages of a JetStream stream through a durable pull consumer with explicit acknowledgement: a
/// message is acknowledged when committed() says that it is durable, never before, so that nothing is lost at
/// kill -9. What was stored and not yet acknowledged at that moment is delivered again: see `findStored`.
class JetStreamSource final : public MessageSource
{
public:
    struct Options
    {
        ConnectionProfile profile;
        std::string stream;
        std::string consumer = "weir"; ///< durable name: progress belongs to it; empty: see ownConsumer
        std::function<Result<std::string>()> ownConsumer; ///< asked at start() for a name
        std::string filterSubject;                        ///< empty: the whole stream
        bool fromNow = false; ///< a new consumer begins with new messages, not with the oldest
        /// A new consumer begins after this stream sequence; 0: see fromNow.
        std::uint64_t startAfter = 0;
        /// What the history holds already, by whichever consumer, which is how nothing is stored twice when a
        /// run was killed before it acknowledged, or when the consumer is another one or a new one. Asked for
        /// all that is above the sequence `floor`, on the first link and when the stream was made anew; the
        /// answer is asked of each message, on the broker's thread. Empty: such messages are stored a second
        /// time (streamSeq tells).
        std::function<Result<StoredMessages>(std::uint64_t floor)> findStored;
        std::uint32_t maxAckPending = 50'000; ///< messages taken and not yet committed, at the most
        Nanoseconds ackWait = std::chrono::seconds(30);
        bool retryFirstConnect = false;
        ReconnectPolicy::Options reconnect;
    };

    JetStreamSource(Options options, Clock& clock);
    ~JetStreamSource() override;

    [[nodiscard]] Result<void> start(MessageQueue& queue, SourceEvents& events) override;
    /// Nothing is pushed afterwards; committed() still acknowledges until the source is destroyed or started.
    void stop() override;
    void committed(std::uint64_t count) override;

private:
    class Session;
    Options m_options;
    Clock& m_clock;
    std::unique_ptr<Session> m_session;
};

} // namespace weir
