// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Id.h"
#include "core/base/Time.h"
#include "core/identity/Evidence.h"

#include <cstdint>
#include <string_view>

namespace weir {

/// sent → arrived at the broker: when its stream stored it, for messages out of one, which may be read days
/// later; else when they came here. kNoDuration where nobody says when it was sent. Negative where clocks
/// disagree: such values are shown as "clock skew", counted, and kept out of percentiles.
[[nodiscard]] inline Nanoseconds latencyOf(Timestamp sent, Timestamp stored, Timestamp received)
{
    const Timestamp arrived = stored == kNoTime ? received : stored;
    std::int64_t between = 0; // a sender may claim any moment
    if (sent == kNoTime || __builtin_sub_overflow(toUnixNanos(arrived), toUnixNanos(sent), &between))
        return kNoDuration;
    return Nanoseconds(between);
}

/// One captured message with what its envelope said. Views are owned by the Batch that it lies in.
struct Message
{
    std::uint64_t seq = 0;      ///< Weir's own number, from 1 without gaps within a history
    Timestamp time = kNoTime;   ///< when Weir received it
    Timestamp sent = kNoTime;   ///< when its sender says it sent it
    Timestamp stored = kNoTime; ///< when the broker's stream stored it
    std::uint64_t streamSeq = 0;
    SubjectId subject;
    PopId pop;
    WorkerId worker;
    IdentityId identity;
    StreamId stream; ///< that it was recorded from; only a history's reader knows
    Evidence evidence = Evidence::Unknown;
    std::string_view subjectName;
    std::string_view popName;
    std::string_view workerName;
    std::string_view reply;
    std::string_view trace;   ///< trace id as it stands in the message (32 hex digits for traceparent)
    std::string_view headers; ///< raw header block, tokens redacted; see RawMessage::headers
    std::string_view payload;
    std::uint32_t headerSize = 0;  ///< bytes on the wire, before redaction
    std::uint32_t payloadSize = 0; ///< bytes; stands also where the payload column was not read

    [[nodiscard]] Nanoseconds latency() const { return latencyOf(sent, stored, time); }
    [[nodiscard]] std::uint64_t size() const { return std::uint64_t{headerSize} + payloadSize; }
};

} // namespace weir
