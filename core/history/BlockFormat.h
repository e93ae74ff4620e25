// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Time.h"
#include "core/history/Rollup.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

// What FORMAT.md fixes. Numbers are stored: append only, never renumber.

inline constexpr std::uint32_t kBlockMagic = 0x31424557; ///< "WEB1"
inline constexpr std::size_t kBlockMessages = 4096;      ///< a block seals at so many messages
inline constexpr std::size_t kBlockBytes = 1U << 20U;    ///< or at so many bytes in it
inline constexpr std::size_t kLargePayload = 64U << 10U; ///< longer payloads lie on rows of their own
inline constexpr std::size_t kMaxRows = 1U << 16U;       ///< no reader need take more in one block
inline constexpr std::size_t kMaxColumn = 1U << 30U;     ///< nor a longer column

enum class ColumnId : std::uint8_t {
    Seq = 1, ///< only where the messages of a block are not numbered without gaps
    Time = 2,
    Sent = 3,
    Stored = 4,
    StreamSeq = 5,
    Subject = 6,
    Pop = 7,
    Worker = 8,
    Identity = 9,
    Evidence = 10,
    Trace = 11,
    HeaderSize = 12,
    PayloadSize = 13,
    Reply = 14,
    Headers = 15,
    Payload = 16,
};

/// One row of table `block`: what can be known of a block without its body.
struct BlockRow
{
    std::uint64_t firstSeq = 0;
    std::uint64_t lastSeq = 0;
    std::int64_t recording = 0;
    std::uint64_t count = 0;
    std::int64_t timeMin = 0;
    std::int64_t timeMax = 0;
    std::int64_t timeHigh = 0;   ///< largest timeMax of this and every earlier block
    std::uint64_t rawBytes = 0;  ///< of the columns, unpacked
    std::uint64_t wireBytes = 0; ///< subjects, replies, headers and payloads as received
    std::optional<std::int64_t> latencyMin;
    std::optional<std::int64_t> latencyMax;
    std::uint64_t sizeMin = 0;
    std::uint64_t sizeMax = 0;
    std::uint64_t flags = 0;

    /// CRC-32C over the fields above in their order, each as 8 bytes.
    [[nodiscard]] std::uint32_t checksum() const;
};

/// A payload too long to lie in its block.
struct LargePayload
{
    std::uint64_t seq = 0;
    std::uint64_t size = 0;
    std::uint8_t codec = 0;
    std::uint32_t checksum = 0; ///< CRC-32C of `packed`
    std::string packed;
};

/// A sealed block, ready for the file.
struct EncodedBlock
{
    BlockRow row;
    std::string body;
    std::string subjects; ///< id set, as all up to identities
    std::string pops;
    std::string workers;
    std::string identities;
    std::string traces;                     ///< filter
    std::vector<std::uint64_t> traceHashes; ///< what is in it; the same one may come twice
    std::vector<LargePayload> large;
    std::vector<RollupSlot> seconds; ///< what its messages sum up to; see RollupBuilder

    [[nodiscard]] std::size_t footprint() const;
};

} // namespace weir
