// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace weir {

/// About how many different texts were added: exact up to 64, from then on a HyperLogLog of 1024 registers
/// (1 KiB; standard error 3.3 %; Flajolet et al. 2007, with its linear counting for small numbers).
/// No thread safety.
class DistinctCounter
{
public:
    void add(std::string_view text);
    void merge(const DistinctCounter& other);
    [[nodiscard]] std::uint64_t estimate() const;
    [[nodiscard]] std::size_t footprint() const { return m_few.capacity() * 8 + m_registers.capacity(); }

private:
    void addHash(std::uint64_t hash);
    void note(std::uint64_t hash);
    std::vector<std::uint64_t> m_few;      ///< sorted hashes, while they are few
    std::vector<std::uint8_t> m_registers; ///< from then on
};

} // namespace weir
