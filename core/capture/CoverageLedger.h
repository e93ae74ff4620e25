// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Gap.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

namespace weir {

/// Where every message that was meant for us ended. `inFlight` is what was received and is not settled yet;
/// at the end of a capture it is 0.
struct Coverage
{
    std::uint64_t received = 0; ///< accepted into our queue
    std::uint64_t stored = 0;   ///< committed to the history
    std::uint64_t failed = 0;   ///< accepted, and could not be stored
    std::uint64_t droppedBroker = 0;
    std::uint64_t droppedQueue = 0;
    std::uint64_t sampledOut = 0;
    bool sampledEstimated = false;
    std::uint64_t bytesIn = 0; ///< subject, reply, headers and payload of `received`
    std::uint64_t gaps = 0;    ///< gaps begun so far

    [[nodiscard]] std::uint64_t inFlight() const { return received - stored - failed; }
    /// Everything that the subscription was meant to see; the sum of all its parts by construction.
    [[nodiscard]] std::uint64_t offered() const
    {
        return received + droppedBroker + droppedQueue + sampledOut;
    }
    [[nodiscard]] bool complete() const
    {
        return failed == 0 && droppedBroker == 0 && droppedQueue == 0 && sampledOut == 0 && gaps == 0;
    }
};

/// Counts every message into exactly one place and keeps every gap: promise 1. Any thread.
class CoverageLedger
{
public:
    void received(std::uint64_t messages, std::uint64_t bytes);
    void stored(std::uint64_t messages);
    void failed(std::uint64_t messages);
    void droppedByBroker(std::uint64_t messages);
    void droppedByQueue(std::uint64_t messages);
    void sampledOut(std::uint64_t messages, bool estimated);

    /// Opens a gap; the key closes it, or adds what was counted as missing.
    std::uint64_t beginGap(Gap gap);
    void addToGap(std::uint64_t key, std::uint64_t messages, bool estimated);
    void endGap(std::uint64_t key, Timestamp to);

    [[nodiscard]] Coverage snapshot() const;
    /// Gaps changed after revision `since` (new, grown or closed), by key; `since` becomes the present one.
    [[nodiscard]] std::map<std::uint64_t, Gap> gapsChangedSince(std::uint64_t& since) const;

private:
    struct Entry
    {
        Gap gap;
        std::uint64_t revision;
    };
    mutable std::mutex m_mutex;
    Coverage m_counts;                     // guarded by m_mutex
    std::map<std::uint64_t, Entry> m_gaps; // guarded by m_mutex
    std::uint64_t m_revision = 0;          // guarded by m_mutex
};

} // namespace weir
