// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/TraceFilter.h"

#include <algorithm>
#include <cstring>

namespace weir {
namespace {

constexpr std::size_t kBitsATrace = 16;

/// Calls `probe` with each of the `count` bits of `hash` in `bits` until it returns false.
template<typename Probe>
bool eachBit(std::uint64_t hash, std::uint64_t bits, unsigned count, Probe&& probe)
{
    const auto step = static_cast<std::uint32_t>(hash >> 32U) | 1U;
    auto at = static_cast<std::uint32_t>(hash);
    for (unsigned i = 0; i < count; ++i, at += step) {
        if (!probe(at * bits >> 32U))
            return false;
    }
    return true;
}

/// Eight bytes with ASCII capitals made small, all at once.
std::uint64_t folded(std::uint64_t eight)
{
    constexpr std::uint64_t kOnes = 0x0101010101010101U;
    const std::uint64_t low = eight & (0x7FU * kOnes);
    const std::uint64_t fromA = low + (0x80U - 'A') * kOnes;
    const std::uint64_t beyondZ = low + (0x80U - 'Z' - 1) * kOnes;
    const std::uint64_t capitals = fromA & ~beyondZ & ~eight & (0x80U * kOnes);
    return eight | (capitals >> 2U);
}

} // namespace

std::uint64_t traceHash(std::string_view trace)
{
    std::uint64_t hash = 0x9E3779B97F4A7C15U ^ trace.size();
    for (std::size_t at = 0; at < trace.size(); at += 8) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, trace.data() + at, std::min<std::size_t>(8, trace.size() - at));
        hash = (hash ^ folded(eight)) * 0x9FB21C651E98DF25U;
        hash ^= hash >> 32U;
    }
    return hash;
}

std::string traceFilterOf(std::span<const std::uint64_t> hashes)
{
    std::string filter(hashes.size() * kBitsATrace / 8, '\0');
    for (const std::uint64_t hash : hashes)
        addTrace(filter, hash, kTraceProbes);
    return filter;
}

bool mayHoldTrace(std::string_view filter, std::uint64_t hash)
{
    return mayHoldTrace(filter, hash, kTraceProbes);
}

void addTrace(std::string& filter, std::uint64_t hash, unsigned probes)
{
    (void)eachBit(hash, filter.size() * 8, probes, [&filter](std::uint64_t bit) {
        filter[bit / 8] = static_cast<char>(static_cast<unsigned char>(filter[bit / 8]) | (1U << (bit % 8)));
        return true;
    });
}

bool mayHoldTrace(std::string_view filter, std::uint64_t hash, unsigned probes)
{
    return !filter.empty() && eachBit(hash, filter.size() * 8, probes, [filter](std::uint64_t bit) {
        return (static_cast<unsigned char>(filter[bit / 8]) >> (bit % 8) & 1U) != 0;
    });
}

} // namespace weir
