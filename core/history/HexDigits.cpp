// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/HexDigits.h"

#include <cstdint>
#include <cstring>

namespace weir {
namespace {

constexpr std::uint64_t kEach = 0x0101010101010101U;

/// '0'-'9' and 'a'-'f' differ in bit 6, and a letter's low half is its value less 9.
unsigned valueOf(char digit)
{
    const auto byte = static_cast<unsigned char>(digit);
    return (byte & 0x0FU) + 9U * (byte >> 6U);
}

char digitOf(unsigned value)
{
    return static_cast<char>(value < 10 ? '0' + value : 'a' + value - 10);
}

} // namespace

char* packHex(const char* digits, std::size_t count, char* to)
{
    for (; count >= 8; count -= 8, digits += 8, to += 4) { // eight at once in one word
        std::uint64_t word = 0;
        std::memcpy(&word, digits, sizeof word);
        word = (word & (kEach * 0x0FU)) + ((word >> 6U) & kEach) * 9U;
        word = ((word << 4U) | (word >> 8U)) & 0x00FF00FF00FF00FFU;
        word = (word | (word >> 8U)) & 0x0000FFFF0000FFFFU;
        const auto packed = static_cast<std::uint32_t>(word | (word >> 16U));
        std::memcpy(to, &packed, sizeof packed);
    }
    for (; count >= 2; count -= 2, digits += 2)
        *to++ = static_cast<char>((valueOf(digits[0]) << 4U) | valueOf(digits[1]));
    if (count == 1)
        *to++ = static_cast<char>(valueOf(*digits) << 4U);
    return to;
}

char* unpackHex(const char* packed, std::size_t count, char* to)
{
    for (; count >= 8; count -= 8, packed += 4, to += 8) {
        std::uint32_t bytes = 0;
        std::memcpy(&bytes, packed, sizeof bytes);
        std::uint64_t word = bytes;
        word = (word | (word << 16U)) & 0x0000FFFF0000FFFFU;
        word = (word | (word << 8U)) & 0x00FF00FF00FF00FFU;
        word = ((word >> 4U) | (word << 8U)) & (kEach * 0x0FU);
        const std::uint64_t letters = ((word + kEach * 6U) >> 4U) & kEach; // 1 where the value is 10 or more
        word += kEach * 0x30U + letters * 0x27U;
        std::memcpy(to, &word, sizeof word);
    }
    for (std::size_t i = 0; i < count; ++i) {
        const auto byte = static_cast<unsigned char>(packed[i / 2]);
        *to++ = digitOf(i % 2 == 0 ? byte >> 4U : byte & 0x0FU);
    }
    return to;
}

} // namespace weir
