// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/DistinctCounter.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <utility>

namespace weir {
namespace {

constexpr std::size_t kFew = 64;
constexpr unsigned kIndexBits = 10;
constexpr std::size_t kRegisters = std::size_t{1} << kIndexBits;

/// splitmix64's last steps: std::hash alone may leave the top bits poor.
std::uint64_t mix(std::uint64_t x)
{
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31U);
}

} // namespace

void DistinctCounter::add(std::string_view text)
{
    addHash(mix(std::hash<std::string_view>()(text)));
}

void DistinctCounter::addHash(std::uint64_t hash)
{
    if (!m_registers.empty())
        return note(hash);
    const auto place = std::lower_bound(m_few.begin(), m_few.end(), hash);
    if (place != m_few.end() && *place == hash)
        return;
    m_few.insert(place, hash);
    if (m_few.size() <= kFew)
        return;
    m_registers.assign(kRegisters, 0);
    for (const std::uint64_t few : std::exchange(m_few, {}))
        note(few);
}

void DistinctCounter::note(std::uint64_t hash)
{
    std::uint8_t& have = m_registers[hash >> (64 - kIndexBits)];
    const auto rank =
        static_cast<std::uint8_t>(std::countl_zero((hash << kIndexBits) | (kRegisters >> 1U)) + 1);
    have = std::max(have, rank);
}

void DistinctCounter::merge(const DistinctCounter& other)
{
    for (const std::uint64_t hash : other.m_few)
        addHash(hash);
    if (other.m_registers.empty())
        return;
    if (m_registers.empty()) {
        m_registers.assign(kRegisters, 0);
        for (const std::uint64_t few : std::exchange(m_few, {}))
            note(few);
    }
    for (std::size_t i = 0; i < kRegisters; ++i)
        m_registers[i] = std::max(m_registers[i], other.m_registers[i]);
}

std::uint64_t DistinctCounter::estimate() const
{
    if (m_registers.empty())
        return m_few.size();
    double sum = 0;
    std::size_t zeros = 0;
    for (const std::uint8_t rank : m_registers) {
        sum += std::ldexp(1.0, -rank);
        zeros += rank == 0 ? 1 : 0;
    }
    constexpr auto kCount = static_cast<double>(kRegisters);
    const double raw = 0.7213 / (1 + 1.079 / kCount) * kCount * kCount / sum;
    if (raw <= 2.5 * kCount && zeros > 0)
        return static_cast<std::uint64_t>(
            std::llround(kCount * std::log(kCount / static_cast<double>(zeros))));
    return static_cast<std::uint64_t>(std::llround(raw));
}

} // namespace weir
