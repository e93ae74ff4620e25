// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/BlockFormat.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

// What FORMAT.md fixes of "Trace groups".

inline constexpr std::uint64_t kTraceGroupMessages = 64 * kBlockMessages; ///< a group is full
inline constexpr std::uint64_t kTraceGroupFewest = 8 * kBlockMessages;    ///< fewer are not worth one
inline constexpr std::size_t kTracePartBytes = 4000; ///< two to a page, and none reaches over its end

/// A row of table `trace_group`.
struct TraceGroupRow
{
    std::uint64_t firstSeq = 0;
    std::uint64_t lastSeq = 0;
    std::uint64_t firstPart = 0; ///< rows of table `trace_part`, in a line
    std::uint64_t parts = 0;

    [[nodiscard]] std::uint32_t checksum() const;
    [[nodiscard]] bool covers(std::uint64_t first, std::uint64_t last) const
    {
        return firstSeq <= first && last <= lastSeq;
    }
    /// The part that a trace of this hash would be in; there must be one.
    [[nodiscard]] std::uint64_t partOf(std::uint64_t hash) const;
};

/// The parts of a group, each with the CRC-32C that binds it to its group.
[[nodiscard]] std::vector<std::string> traceParts(const TraceGroupRow& group,
                                                  std::span<const std::uint64_t> hashes);
/// How many of them there are.
[[nodiscard]] std::uint64_t countOfTraceParts(std::size_t hashes);
/// What traceParts() made, without its checksum; false where that differs.
[[nodiscard]] bool isSoundTracePart(const TraceGroupRow& group, std::uint64_t part, std::string_view& bytes);
[[nodiscard]] bool partMayHoldTrace(std::string_view part, std::uint64_t hash);

} // namespace weir
