// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/Rollup.h"

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace weir {

/// Seconds since 1970, rounded down.
[[nodiscard]] std::int64_t secondOf(Timestamp time);
/// Where the slot of `width` seconds begins that `time` falls into, and where the one ends that its last
/// moment falls into, `time` being an end. The ends of time stay as they are.
[[nodiscard]] Timestamp slotBegin(Timestamp time, std::int64_t width);
[[nodiscard]] Timestamp slotEnd(Timestamp time, std::int64_t width);

/// Slots added up into one of `width`. One thread.
class RollupSum
{
public:
    explicit RollupSum(std::int64_t width) : m_width(width) {}

    [[nodiscard]] bool isEmpty() const { return m_cells.empty(); }
    [[nodiscard]] std::size_t keys() const { return m_cells.size(); }
    /// Where the slot begins that time `second` falls into.
    [[nodiscard]] std::int64_t startOf(std::int64_t second) const;
    [[nodiscard]] std::int64_t start() const { return m_start; }
    /// `slot` falls into the slot that is added up, or nothing is yet.
    void add(const RollupSlot& slot);
    [[nodiscard]] RollupSlot sum() const;
    /// The sum; afterwards it is empty.
    [[nodiscard]] RollupSlot take();

private:
    struct Cell
    {
        RollupCell sum;
        std::uint16_t first = 0;           ///< bucket that counts[0] is of
        std::vector<std::uint32_t> counts; ///< by bucket
    };
    Cell& cellOf(const RollupKey& key);
    [[nodiscard]] static std::uint32_t& countAt(Cell& cell, std::uint16_t index);

    const std::int64_t m_width;
    std::int64_t m_start = 0;
    std::uint64_t m_firstSeq = 0;
    std::uint64_t m_lastSeq = 0;
    std::unordered_map<RollupKey, Cell, RollupKeyHash> m_cells;
};

} // namespace weir
