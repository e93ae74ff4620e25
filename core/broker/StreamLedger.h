// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Time.h"
#include "core/broker/DeliveryCount.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// What the reply subject of a consumer's message says: `$JS.ACK.<stream>.<consumer>.<delivered>.<stream
/// seq>. <consumer seq>.<time>.<pending>`, newer servers with `<domain>.<account hash>` after ACK
/// (nats-server, ADR-15).
struct AckSubject
{
    std::uint64_t deliveries = 0;
    std::uint64_t streamSeq = 0;
    Timestamp stored = kNoTime;
    std::uint64_t consumerSeq = 0;
};

/// How far a consumer has come, in its stream's sequence and in its own.
struct ConsumerPlace
{
    std::uint64_t streamSeq = 0;
    std::uint64_t consumerSeq = 0;
};
[[nodiscard]] std::optional<AckSubject> parseAckSubject(std::string_view reply);

/// What of a stream is in the history: whether the message of a sequence is that the stream stored at that
/// time, which tells streams apart, and a stream from another of the same name.
struct StoredMessages
{
    std::function<bool(std::uint64_t streamSeq, Timestamp stored)> holds; ///< empty: none
    std::uint64_t last = 0; ///< sequence of the message that the stream stored last; 0: none
    Timestamp lastStored = kNoTime;
    Timestamp lastReceived = kNoTime;
};

/// Which messages of a stream were taken and which of them may be acknowledged. Any thread.
class StreamLedger
{
public:
    enum class Verdict : std::uint8_t {
        Take,    ///< new to us
        Waiting, ///< taken already, not yet durable: say nothing
        Durable, ///< durable already: acknowledge again
    };

    /// What the history holds from earlier runs; before any judge().
    void knowStored(std::function<bool(std::uint64_t, Timestamp)> isStored)
    {
        m_isStored = std::move(isStored);
    }

    /// Whatever its reply subject says of earlier deliveries: nats-server takes the count back of a delivery
    /// that found nobody (2.9.10, consumer.go, didNotDeliver), so "for the first time" is said twice.
    [[nodiscard]] Verdict judge(const AckSubject& message) const;
    /// The consumer stands so as we come to it, or is a new one.
    void beginCounting(ConsumerPlace delivered, ConsumerPlace floor);
    /// A message came, and was judged so: before anything is done with it.
    void came(const AckSubject& message, Verdict verdict);
    /// The next message goes into the queue; before it does, so that committed() finds it.
    void take(std::uint64_t streamSeq, std::string_view reply);
    /// It did not go in after all.
    void untake();
    /// The first `count` taken messages are durable: the replies to acknowledge.
    [[nodiscard]] std::vector<std::string> committed(std::uint64_t count);
    /// Everything up to `floor` is acknowledged: also what a server that lost its memory delivers again.
    void settle(ConsumerPlace floor);
    /// The stream was deleted and made anew: its sequences begin again, and acknowledgements of the old one's
    /// messages would be taken for the new one's.
    void beginAnew();
    /// How many messages somebody else with the same consumer took and acknowledged; `atEnd`: or still has.
    /// `filtered`: the consumer does not get every message of the stream.
    [[nodiscard]] std::uint64_t takenElsewhere(bool filtered, bool atEnd) const;
    [[nodiscard]] std::size_t waiting() const;
    /// The highest stream sequence taken or settled; 0: none.
    [[nodiscard]] std::uint64_t highest() const;
    /// Up to which everything is acknowledged, as far as was said.
    [[nodiscard]] std::uint64_t floor() const;

private:
    struct Waiting
    {
        std::uint64_t streamSeq;
        std::string reply; ///< empty: nobody is left to acknowledge it to
    };
    [[nodiscard]] bool isTaken(std::uint64_t streamSeq) const;
    void remember(std::uint64_t streamSeq);
    void raiseFloor(std::uint64_t floor);
    [[nodiscard]] std::uint64_t holes(std::uint64_t after, std::uint64_t last) const;

    std::function<bool(std::uint64_t, Timestamp)> m_isStored;
    mutable std::mutex m_mutex;
    std::deque<Waiting> m_waiting; // guarded by m_mutex; in the order taken
    std::uint64_t m_highest = 0;   // guarded by m_mutex
    std::uint64_t m_floor = 0;     // guarded by m_mutex
    DeliveryCount m_deliveries;    // guarded by m_mutex
    std::uint64_t m_holes = 0;     // guarded by m_mutex; sequences up to m_floor that never came here
    std::uint64_t m_committed = 0; // guarded by m_mutex; how many left m_waiting
    std::map<std::uint64_t, std::uint64_t>
        m_taken; // guarded by m_mutex; first → last of each run of sequences
};

} // namespace weir
