// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Id.h"
#include "core/base/Time.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace weir {

/// What messages are summed up by. All ids 0: the rest of a slot with too many to tell apart.
struct RollupKey
{
    PopId pop;
    WorkerId worker;
    IdentityId identity;
    GroupId group; ///< of subjects; see subjectGroup()
    auto operator<=>(const RollupKey&) const = default;
};

struct RollupKeyHash
{
    [[nodiscard]] std::size_t operator()(const RollupKey& key) const noexcept
    {
        std::uint64_t hash = (std::uint64_t{key.group.value} << 32U) | key.identity.value;
        hash = (hash ^ (hash >> 29U)) * 0x9FB21C651E98DF25U;
        hash ^= (std::uint64_t{key.pop.value} << 32U) | key.worker.value;
        hash = (hash ^ (hash >> 32U)) * 0x9E3779B97F4A7C15U;
        return hash ^ (hash >> 28U);
    }
};

/// How often a latency fell into bucket `index` of HistogramScale.
struct RollupBucket
{
    std::uint16_t index = 0;
    std::uint32_t count = 0;
    auto operator<=>(const RollupBucket&) const = default;
};

/// The messages of one key in one slot.
struct RollupCell
{
    RollupKey key;
    std::uint64_t count = 0;
    std::uint64_t bytes = 0;   ///< headers and payloads
    std::uint64_t errors = 0;  ///< see saysError()
    std::uint64_t unknown = 0; ///< without a latency
    std::uint64_t skewed = 0;  ///< with a negative one
    Nanoseconds longest = kNoDuration;
    std::uint32_t begin = 0; ///< its buckets are [begin, end) of the slot's
    std::uint32_t end = 0;
    auto operator<=>(const RollupCell&) const = default;
};

/// Messages [firstSeq, lastSeq], received in [start, start + width), summed up. The messages of one second
/// may lie in several slots that follow each other. Out of a RollupSum, cells ascend by key and their buckets
/// by index, each once; out of a RollupBuilder they lie as they came.
struct RollupSlot
{
    std::int64_t start = 0; ///< seconds since 1970
    std::int64_t width = 1; ///< seconds: kSecond or kMinute
    std::uint64_t firstSeq = 0;
    std::uint64_t lastSeq = 0;
    std::vector<RollupCell> cells;
    std::vector<RollupBucket> buckets;
};

inline constexpr std::int64_t kSecondSlot = 1;
inline constexpr std::int64_t kMinuteSlot = 60;
inline constexpr std::size_t kMaxRollupCells = 4096; ///< a slot; further keys go to the rest

} // namespace weir
