// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>

namespace weir {

/// Numbers for people, three significant digits where a unit prefix is used, always the same width class:
/// `842`, `12.4 k`, `3.08 M`.
[[nodiscard]] QString shortCount(double count);
/// `12.4 k/s`; under ten with one decimal: `0.4/s`.
[[nodiscard]] QString shortRate(double perSecond);
/// `842 B`, `12.4 kB`, `3.08 GB` (powers of 1000).
[[nodiscard]] QString shortBytes(double bytes);
/// Every digit, in groups of three: `1,234,567`.
[[nodiscard]] QString fullCount(std::uint64_t count);

} // namespace weir
