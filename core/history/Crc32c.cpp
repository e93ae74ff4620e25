// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/Crc32c.h"

#include "core/history/Bytes.h"

#include <array>
#include <cstddef>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace weir {
namespace {

constexpr std::array<std::uint32_t, 256> makeTable()
{
    constexpr std::uint32_t kPolynomial = 0x82F63B78U; // reflected
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t crc = i;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? kPolynomial : 0U);
        table[i] = crc;
    }
    return table;
}

std::uint32_t byTable(std::string_view bytes, std::uint32_t crc)
{
    static constexpr auto kTable = makeTable();
    for (const char c : bytes)
        crc = (crc >> 8U) ^ kTable[(crc ^ static_cast<unsigned char>(c)) & 0xFFU];
    return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t byInstruction(std::string_view bytes, std::uint32_t crc)
{
    const char* at = bytes.data();
    std::size_t left = bytes.size();
    std::uint64_t wide = crc;
    for (; left >= 8; left -= 8, at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, sizeof word);
        wide = _mm_crc32_u64(wide, word);
    }
    crc = static_cast<std::uint32_t>(wide);
    for (; left > 0; --left, ++at)
        crc = _mm_crc32_u8(crc, static_cast<unsigned char>(*at));
    return crc;
}
#endif

} // namespace

std::uint32_t crc32c(std::string_view bytes, std::uint32_t seed)
{
#if defined(__x86_64__)
    static const bool kHasInstruction = __builtin_cpu_supports("sse4.2") != 0;
    if (kHasInstruction)
        return ~byInstruction(bytes, ~seed);
#endif
    return ~byTable(bytes, ~seed);
}

void appendCrc32c(std::string& bytes)
{
    appendFixed(bytes, crc32c(bytes));
}

std::optional<std::string_view> withoutCrc32c(std::string_view bytes)
{
    constexpr std::size_t kSize = sizeof(std::uint32_t);
    if (bytes.size() < kSize)
        return std::nullopt;
    const std::string_view kept = bytes.substr(0, bytes.size() - kSize);
    if (ByteReader(bytes.substr(kept.size())).fixed<std::uint32_t>() != crc32c(kept))
        return std::nullopt;
    return kept;
}

} // namespace weir
