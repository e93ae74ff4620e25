// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Gap.h"
#include "core/capture/Message.h"

#include <cstdint>
#include <string>
#include <tuple>

namespace weir {

/// What the table shows of one message: about 130 bytes, no views into a batch. Names stay ids until they are
/// painted.
struct MessageRow
{
    std::uint64_t seq = 0;
    Timestamp time = kNoTime;
    Timestamp sent = kNoTime;
    Timestamp stored = kNoTime;
    SubjectId subject;
    PopId pop;
    WorkerId worker;
    IdentityId identity;
    Evidence evidence = Evidence::Unknown;
    std::uint64_t size = 0;
    std::string trace;
    bool unreadable = false; ///< the history has this seq and cannot give it: its block is damaged

    [[nodiscard]] Nanoseconds latency() const { return latencyOf(sent, stored, time); }
};

[[nodiscard]] inline MessageRow toRow(const Message& message)
{
    return {message.seq,
            message.time,
            message.sent,
            message.stored,
            message.subject,
            message.pop,
            message.worker,
            message.identity,
            message.evidence,
            message.size(),
            std::string(message.trace),
            false};
}

/// A gap as a row of the table: stands before the message `beforeSeq`.
struct GapRow
{
    std::uint64_t beforeSeq = 0;
    Gap gap;
    std::size_t merged = 1; ///< how many neighbouring gaps of one cause this row stands for
};

/// Gaps of a table are sorted by this, and the same gap is known again by it.
[[nodiscard]] inline auto orderOf(const GapRow& row)
{
    return std::make_tuple(row.beforeSeq, row.gap.from, row.gap.cause);
}

} // namespace weir
