// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/HistoryReader.h"

#include <charconv>
#include <cstdint>
#include <filesystem>
#include <string_view>

namespace weir::test {

/// The number that weir-blast gave a message: its payload is {"seq":"<16 hex digits>",….
[[nodiscard]] inline std::uint64_t publisherSequence(std::string_view payload)
{
    constexpr std::string_view kHead = "{\"seq\":\"";
    std::uint64_t sequence = 0;
    if (payload.starts_with(kHead))
        std::from_chars(payload.data() + kHead.size(), payload.data() + kHead.size() + 16, sequence, 16);
    return sequence;
}

/// The last committed seq, as a reader beside the recorder sees it.
[[nodiscard]] inline std::uint64_t lastSeq(const std::filesystem::path& history)
{
    auto reader = HistoryReader::open(history);
    if (!reader)
        return 0;
    const auto range = (*reader)->seqRange();
    return range ? range->second : 0;
}

} // namespace weir::test
