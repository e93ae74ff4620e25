// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/filter/FilterFields.h"

#include <cstddef>
#include <string_view>

namespace weir {

/// What a place in an unfinished filter is for.
struct FilterCursor
{
    enum class Place {
        Term,     ///< a field, a keyword or a text may begin
        Name,     ///< after "header." or "json."
        Operator, ///< after a field
        Value,    ///< after an operator or a comma
        Nothing,  ///< within quoted text, or behind something that is wrong
    };
    Place place = Place::Term;
    const FilterFieldInfo* field = nullptr; ///< of Name, Operator and Value
    std::size_t begin = 0; ///< bytes [begin, end) are what stands there, end beyond the cursor
    std::size_t end = 0;
    std::string_view typed; ///< from begin to the cursor, without an opening quote
    bool afterTerm = false; ///< of Term: AND and OR may stand there

    /// Reads `text` up to byte `cursor`.
    [[nodiscard]] static FilterCursor at(std::string_view text, std::size_t cursor);
};

} // namespace weir
