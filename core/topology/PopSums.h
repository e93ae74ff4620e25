// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/envelope/Names.h"
#include "core/history/RollupSum.h"
#include "core/latency/LatencyTracker.h"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace weir {

/// The messages of one PoP in a range.
struct PopSum
{
    std::string name;    ///< as LatencyTracker has it: the PoP's code, "no PoP", or "other PoPs"
    bool isCode = false; ///< a PoP's own name
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0; ///< headers and payloads
    std::uint64_t errors = 0;
    std::optional<double> rate;      ///< messages a second
    std::optional<double> bytesRate; ///< bytes a second
    LatencyFigures latency;
    Timestamp firstSeen = kNoTime; ///< to the second, or to the step of what was added
    Timestamp lastSeen = kNoTime;
};

/// Sums by PoP out of a history's sums. One thread.
class PopSums
{
public:
    PopSums() : m_sum(kWhole) {}

    void add(const RollupSlot& slot);
    /// What was added, by name, in code order; afterwards it is empty. `recorded`: how long was recorded in
    /// that range, for the rates.
    [[nodiscard]] std::vector<PopSum> take(const Names& names, Nanoseconds recorded);

private:
    static constexpr std::int64_t kWhole = std::int64_t{1} << 40; ///< seconds: one slot for all of time
    struct Seen
    {
        std::int64_t first = 0; ///< seconds since 1970
        std::int64_t last = 0;  ///< exclusive
        void add(const Seen& more)
        {
            first = std::min(first, more.first);
            last = std::max(last, more.last);
        }
    };

    RollupSum m_sum;
    std::unordered_map<RollupKey, Seen, RollupKeyHash> m_seen; ///< by PoP
};

} // namespace weir
