// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/base/Time.h"
#include "core/broker/NatsHandles.h"
#include "core/broker/StreamLedger.h"

#include <cstdint>
#include <string>

namespace weir {

/// How the durable consumer of a capture should be.
struct ConsumerWish
{
    std::string api; ///< "$JS.API" or its domain's
    std::string stream;
    std::string consumer;
    std::string filterSubject;
    bool fromNow = false;
    std::uint64_t startAfter = 0; ///< a new consumer begins after this sequence; 0: see fromNow
    std::uint32_t maxAckPending = 0;
    Nanoseconds ackWait{0};
};

/// How the stream itself stands.
struct StreamState
{
    std::string created;     ///< when, in the server's words: another for a stream that was made anew
    std::uint64_t first = 0; ///< first sequence that it still holds
};

/// How the consumer stands at the server.
struct ConsumerState
{
    bool created = false;      ///< by us, just now
    ConsumerPlace delivered;   ///< highest delivered
    ConsumerPlace ackFloor;    ///< everything up to it is acknowledged
    std::uint64_t pending = 0; ///< messages still to be delivered
    std::uint64_t unacknowledged = 0;
    std::uint32_t maxAckPending = 0;
};

/// Finds the stream. Errors say what is in the way: no JetStream, no such stream (with the near names).
[[nodiscard]] Result<StreamState> findStream(natsConnection* connection, const ConsumerWish& wish);

/// Finds the durable pull consumer of a stream that is there, or makes it. Errors say what is in the way: a
/// consumer of that name that pushes or acknowledges otherwise.
[[nodiscard]] Result<ConsumerState> ensureConsumer(natsConnection* connection, const ConsumerWish& wish);

/// The first message above `after` that the stream still holds and the consumer would be given; 0: none.
[[nodiscard]] Result<std::uint64_t> nextInStream(natsConnection* connection, const ConsumerWish& wish,
                                                 std::uint64_t after);

/// How it stands. One round trip.
[[nodiscard]] Result<ConsumerState> consumerState(natsConnection* connection, const ConsumerWish& wish);

} // namespace weir
