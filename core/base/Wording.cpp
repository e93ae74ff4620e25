// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Wording.h"

#include <array>
#include <cstdio>

namespace weir {

std::string bytesForPeople(std::uint64_t bytes)
{
    constexpr std::array kUnits{"B", "kB", "MB", "GB", "TB"};
    double value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 999.5 && unit + 1 < kUnits.size()) {
        value /= 1000;
        ++unit;
    }
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), unit == 0 || value >= 99.5 ? "%.0f %s" : "%.1f %s", value,
                  kUnits[unit]);
    return text.data();
}

} // namespace weir
