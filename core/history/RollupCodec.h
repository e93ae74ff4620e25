// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/history/Rollup.h"
#include "core/history/Zstd.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

/// A row of table `rollup` (FORMAT.md, "Sums").
struct RollupRow
{
    std::int64_t width = 0;
    std::int64_t start = 0;
    std::uint64_t firstSeq = 0;
    std::uint64_t lastSeq = 0;
    Codec codec = Codec::Stored;
    std::uint64_t rawBytes = 0;
    std::string body;

    /// CRC-32C over the fields above, the numbers as 8 bytes each, and the body.
    [[nodiscard]] std::uint32_t checksum() const;
};

[[nodiscard]] RollupRow encodeRollup(const RollupSlot& slot, Compressor& compressor);
/// An Error of kind Format, whatever the bytes are, where they are not what encodeRollup() makes.
[[nodiscard]] Result<RollupSlot> decodeRollup(const RollupRow& row, Decompressor& decompressor);

} // namespace weir
