// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

/// Why messages are missing. The numbers are stored in histories: append only, never renumber.
enum class GapCause : std::uint8_t {
    Disconnected = 1, ///< no connection to the broker
    SlowConsumer = 2, ///< the broker or its client library dropped: we took too slowly
    QueueFull = 3,    ///< our own bounded queue was full
    Sampled = 4,      ///< the observation budget: only a declared part was taken
    UncleanEnd =
        5, ///< the recorder ended without closing (kill, power): the last flush interval may be missing
    StoreFailed = 6,     ///< the disk refused (full, failing)
    NotRecording = 7,    ///< between two recordings into one history
    Permission = 8,      ///< the broker refused a subscription
    Expired = 9,         ///< removed on purpose, by age or size
    Damaged = 10,        ///< was recorded, and could not be read any more
    TakenElsewhere = 11, ///< the broker gave them to another recorder with the same durable consumer
    Imported = 12,       ///< came from a file that does not say what it lacks
};

[[nodiscard]] std::string_view gapCauseName(GapCause cause);

/// A stretch of time in which messages may be or are missing.
struct Gap
{
    Timestamp from = kNoTime;
    Timestamp to = kNoTime; ///< kNoTime while it lasts
    GapCause cause = GapCause::Disconnected;
    std::optional<std::uint64_t> messages; ///< how many are missing; absent where nobody can know
    bool estimated = false;                ///< `messages` is an estimate
    std::string detail;                    ///< in words, for people; no secret
};

} // namespace weir
