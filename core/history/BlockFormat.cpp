// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/BlockFormat.h"

#include "core/history/Bytes.h"
#include "core/history/Crc32c.h"

namespace weir {

std::uint32_t BlockRow::checksum() const
{
    constexpr std::int64_t kAbsent = std::numeric_limits<std::int64_t>::min();
    std::string bytes;
    for (const std::uint64_t number : {firstSeq, lastSeq})
        appendFixed(bytes, number);
    appendFixed(bytes, recording);
    appendFixed(bytes, count);
    for (const std::int64_t number : {timeMin, timeMax, timeHigh})
        appendFixed(bytes, number);
    for (const std::uint64_t number : {rawBytes, wireBytes})
        appendFixed(bytes, number);
    appendFixed(bytes, latencyMin.value_or(kAbsent));
    appendFixed(bytes, latencyMax.value_or(kAbsent));
    for (const std::uint64_t number : {sizeMin, sizeMax, flags})
        appendFixed(bytes, number);
    return crc32c(bytes);
}

std::size_t EncodedBlock::footprint() const
{
    std::size_t bytes = body.size() + traceHashes.size() * sizeof(std::uint64_t);
    for (const std::string* set : {&subjects, &pops, &workers, &identities, &traces})
        bytes += set->size();
    for (const LargePayload& payload : large)
        bytes += payload.packed.size();
    return bytes;
}

} // namespace weir
