// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace weir {

/// "1 route", "3 routes".
[[nodiscard]] inline std::string counted(std::uint64_t count, const std::string& one)
{
    return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

/// "a, b, c and 4 more": at most `most` of the names.
template<typename Names>
[[nodiscard]] std::string listed(const Names& names, std::size_t most = 5)
{
    std::string text;
    std::size_t shown = 0;
    for (const std::string& name : names) {
        if (shown == most)
            return text + " and " + std::to_string(names.size() - shown) + " more";
        text += (shown++ == 0 ? "" : ", ") + name;
    }
    return text;
}

/// `842 B`, `4.2 MB`: powers of 1000.
[[nodiscard]] std::string bytesForPeople(std::uint64_t bytes);

} // namespace weir
