// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/latency/Histogram.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace weir {

/// What one PoP counted in one slot. Buckets [begin, end) of the slot's arrays are its histogram.
struct LatencyCell
{
    std::uint32_t pop = 0; ///< LatencyTracker's own number
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint64_t count = 0;
    std::uint64_t unknown = 0;
    std::uint64_t skewed = 0;
    Nanoseconds max = kNoDuration;
};

/// The sealed figures of [second, second + width), sparse: 6 bytes a bucket that holds something, 56 a PoP.
/// Immutable once shared.
struct LatencySlot
{
    std::int64_t second = 0; ///< since 1970
    std::int64_t width = 1;  ///< seconds
    std::vector<LatencyCell> cells;
    std::vector<std::uint16_t> buckets;
    std::vector<std::uint32_t> counts;

    [[nodiscard]] std::int64_t end() const { return second + width; }
    [[nodiscard]] std::size_t footprint() const
    {
        return sizeof(LatencySlot) + cells.capacity() * sizeof(LatencyCell) + buckets.capacity() * 2 +
               counts.capacity() * 4;
    }
};
using LatencySlotPtr = std::shared_ptr<const LatencySlot>;

/// One PoP's figures while they are added up.
struct LatencySum
{
    Histogram histogram;
    std::uint64_t unknown = 0;
    std::uint64_t skewed = 0;

    [[nodiscard]] bool isEmpty() const { return histogram.total() + unknown + skewed == 0; }
    void add(const LatencySlot& slot, const LatencyCell& cell);
    void clear();
};

/// Appends `sum` to `slot` as the cell of `pop`.
void appendCell(LatencySlot& slot, std::uint32_t pop, const LatencySum& sum);

/// One slot of [second, second + width) out of several within it: counts are added.
[[nodiscard]] LatencySlotPtr mergeSlots(std::span<const LatencySlotPtr> slots, std::int64_t second,
                                        std::int64_t width);

} // namespace weir
