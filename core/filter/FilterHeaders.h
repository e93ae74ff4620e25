// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/envelope/HeaderBlock.h"

#include <string_view>

namespace weir {

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
template<typename Visit>
bool anyHeader(std::string_view block, std::string_view lowerName, Visit&& visit)
{
    HeaderBlock lines(block);
    HeaderBlock::Line line;
    while (lines.next(line)) {
        if (equalsLower(line.name, lowerName) && visit(line.value))
            return true;
    }
    return false;
}

} // namespace weir
