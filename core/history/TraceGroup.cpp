// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/TraceGroup.h"

#include "core/history/Bytes.h"
#include "core/history/Crc32c.h"
#include "core/history/TraceFilter.h"

#include <algorithm>

namespace weir {
namespace {

constexpr std::size_t kBitsATrace = 10;
constexpr unsigned kProbes = 7; ///< the best for 10 bits: 10 ln 2

std::uint32_t checksumOf(const TraceGroupRow& group, std::uint64_t part, std::string_view bytes)
{
    std::string whose;
    appendFixed(whose, group.firstSeq);
    appendFixed(whose, part);
    return crc32c(bytes, crc32c(whose));
}

} // namespace

std::uint32_t TraceGroupRow::checksum() const
{
    std::string bytes;
    for (const std::uint64_t number : {firstSeq, lastSeq, firstPart, parts})
        appendFixed(bytes, number);
    return crc32c(bytes);
}

std::uint64_t TraceGroupRow::partOf(std::uint64_t hash) const
{
    // Other bits than those that choose within the part.
    return ((hash * 0x9E3779B97F4A7C15U) >> 32U) * parts >> 32U;
}

std::uint64_t countOfTraceParts(std::size_t hashes)
{
    const std::size_t bytes = (hashes * kBitsATrace + 7) / 8;
    return (bytes + kTracePartBytes - 1) / kTracePartBytes;
}

std::vector<std::string> traceParts(const TraceGroupRow& group, std::span<const std::uint64_t> hashes)
{
    const std::size_t bytes = (hashes.size() * kBitsATrace + 7) / 8;
    std::vector<std::string> parts(group.parts, std::string(std::min(bytes, kTracePartBytes), '\0'));
    for (const std::uint64_t hash : hashes)
        addTrace(parts[group.partOf(hash)], hash, kProbes);
    for (std::size_t part = 0; part < parts.size(); ++part)
        appendFixed(parts[part], checksumOf(group, part, parts[part]));
    return parts;
}

bool isSoundTracePart(const TraceGroupRow& group, std::uint64_t part, std::string_view& bytes)
{
    constexpr std::size_t kSize = sizeof(std::uint32_t);
    if (bytes.size() < kSize)
        return false;
    const std::string_view checksum = bytes.substr(bytes.size() - kSize);
    bytes.remove_suffix(kSize);
    return ByteReader(checksum).fixed<std::uint32_t>() == checksumOf(group, part, bytes);
}

bool partMayHoldTrace(std::string_view part, std::uint64_t hash)
{
    return mayHoldTrace(part, hash, kProbes);
}

} // namespace weir
