// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <string_view>

namespace weir {

/// A fast hash of strings that strangers choose (subjects, tokens, header values): multiply and fold, 16
/// bytes a step, seeded for each object so that nobody outside can make names collide. Not cryptographic:
/// equal hashes never mean equal strings. Copies share the seed.
class StringHash
{
public:
    StringHash() : m_seed((std::uint64_t{std::random_device()()} << 32) | std::random_device()()) {}

    [[nodiscard]] std::size_t operator()(std::string_view text) const noexcept
    {
        std::uint64_t hash = m_seed ^ text.size();
        const char* at = text.data();
        std::size_t left = text.size();
        for (; left > 16; at += 16, left -= 16)
            hash = fold(load(at) ^ kMix1 ^ m_seed, load(at + 8) ^ hash);
        std::uint64_t head = 0;
        std::uint64_t tail = 0;
        if (left >= 8) {
            head = load(at);
            tail = load(at + left - 8);
        } else if (left > 0) {
            std::memcpy(&head, at, left);
        }
        return fold(fold(head ^ kMix2 ^ m_seed, tail ^ hash) ^ kMix1, kMix2 ^ m_seed);
    }

private:
    static constexpr std::uint64_t kMix1 = 0xa0761d6478bd642full;
    static constexpr std::uint64_t kMix2 = 0xe7037ed1a0b428dbull;

    static std::uint64_t load(const char* from)
    {
        std::uint64_t word = 0;
        std::memcpy(&word, from, sizeof word);
        return word;
    }
    static std::uint64_t fold(std::uint64_t a, std::uint64_t b)
    {
        __extension__ using Wide = unsigned __int128;
        const Wide product = Wide{a} * b;
        return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    }

    std::uint64_t m_seed;
};

} // namespace weir
