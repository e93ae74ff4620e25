// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Gap.h"
#include "core/base/Result.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace weir {

class MessageQueue;

enum class ConnectionPhase : std::uint8_t {
    Idle,
    Connecting, ///< there was no connection yet, however many attempts failed
    Connected,
    Reconnecting, ///< there was one, and it is lost
    Closed,
    Failed
};

/// How a source's connection stands, for people.
struct ConnectionStatus
{
    ConnectionPhase phase = ConnectionPhase::Idle;
    std::string server; ///< name and URL of the server that we are on, without secrets
    std::string serverVersion;
    std::string urls;    ///< what is tried, without secrets
    std::string detail;  ///< why, in words: the server's reason, the next attempt
    std::string hint;    ///< what to do about it; may be empty
    std::string warning; ///< what goes wrong though the connection stands; may be empty
    Nanoseconds roundTrip = kNoDuration;
    bool tlsVerified = true; ///< false: this profile switched verification off, or no TLS
    bool tls = false;
    std::uint32_t attempts = 0;    ///< connection attempts that failed since the last success
    std::uint32_t sampleOneIn = 1; ///< 1: everything is taken; n: the budget takes about one in n
};

/// What a source tells beside its messages. Implementations are quick, never block, and take calls from any
/// thread; every call lands in the coverage ledger.
class SourceEvents
{
public:
    virtual ~SourceEvents() = default;
    virtual void statusChanged(const ConnectionStatus& status) = 0;
    /// The broker (or its client library) dropped `count` messages for us.
    virtual void droppedByBroker(std::uint64_t count) = 0;
    /// The queue refused `count` messages.
    virtual void droppedByQueue(std::uint64_t count) = 0;
    /// `count` messages were left with the broker by the observation budget; `estimated` where it cannot be
    /// counted.
    virtual void sampledOut(std::uint64_t count, bool estimated) = 0;
    /// A stretch begins in which messages may be missing; returns a key for gapEnded().
    virtual std::uint64_t gapBegan(GapCause cause, Timestamp from, const std::string& detail) = 0;
    /// `messages` more are known to be missing in it.
    virtual void gapGrew(std::uint64_t key, std::uint64_t messages, bool estimated) = 0;
    virtual void gapEnded(std::uint64_t key, Timestamp to) = 0;
};

/// Where messages come from: a broker, a stream, a recording.
class MessageSource
{
public:
    virtual ~MessageSource() = default;

    /// Begins to push into `queue`. Returns once subscribed, or with the reason why not. Both references
    /// must outlive stop(). Thread: the owner's.
    [[nodiscard]] virtual Result<void> start(MessageQueue& queue, SourceEvents& events) = 0;

    /// Ends it: after the return nothing is pushed and no event is sent. committed() may still come after it,
    /// so a source that acknowledges keeps its connection until it is destroyed. Thread: the owner's.
    /// Idempotent.
    virtual void stop() = 0;

    /// Everything that was pushed up to and including the `count`-th accepted message (1-based, since
    /// start()) is durably stored: a source that acknowledges does so now. Thread: the store's.
    virtual void committed(std::uint64_t count) { (void)count; }
};

} // namespace weir
