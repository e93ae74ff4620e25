// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/filter/FilterFields.h"

#include <string_view>

namespace weir {

/// The part of a NATS header block (`NATS/1.0…\r\nName: value\r\n…`) after its first line.
[[nodiscard]] inline std::string_view headerLines(std::string_view block)
{
    const std::size_t end = block.find("\r\n");
    return end == std::string_view::npos ? std::string_view{} : block.substr(end + 2);
}

/// Case-insensitive (ASCII) comparison; `lower` is in lower case.
[[nodiscard]] inline bool equalsLower(std::string_view text, std::string_view lower)
{
    if (text.size() != lower.size())
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c) != lower[i])
            return false;
    }
    return true;
}

/// Calls `visit(value)` for each header of that name (lower case) until it returns true; says whether it did.
/// Lines without a colon are passed over; spaces around the value do not count.
template<typename Visit>
bool anyHeader(std::string_view block, std::string_view lowerName, Visit&& visit)
{
    std::string_view rest = headerLines(block);
    while (!rest.empty()) {
        const std::size_t end = rest.find("\r\n");
        const std::string_view line = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 2);
        if (line.size() <= lowerName.size() || line[lowerName.size()] != ':' ||
            !equalsLower(line.substr(0, lowerName.size()), lowerName))
            continue;
        std::string_view value = line.substr(lowerName.size() + 1);
        while (!value.empty() && (value.front() == ' ' || value.front() == '\t'))
            value.remove_prefix(1);
        while (!value.empty() && (value.back() == ' ' || value.back() == '\t'))
            value.remove_suffix(1);
        if (visit(value))
            return true;
    }
    return false;
}

} // namespace weir
