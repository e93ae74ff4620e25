// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

struct Names;

/// One thing that may stand at the cursor.
struct FilterSuggestion
{
    enum class Kind { Field, Operator, Value, Keyword };
    Kind kind = Kind::Field;
    std::string text;   ///< what to put there, quoted where it must be
    std::string detail; ///< in words: what it means
};

/// What may stand at a place of a filter, and which characters it would replace.
struct FilterSuggestions
{
    std::size_t column = 0;              ///< first character to replace, from 0
    std::size_t length = 0;              ///< characters to replace
    std::vector<FilterSuggestion> items; ///< those that fit what stands there; best first

    /// Looks at `text` up to character `cursor`: fields and keywords where a term may begin, operators after
    /// a field, known values (subjects, PoPs, Workers, identities out of `names`, which may be null) after an
    /// operator. At most `limit` items. Any thread.
    [[nodiscard]] static FilterSuggestions at(std::string_view text, std::size_t cursor, const Names* names,
                                              std::size_t limit = 50);
};

} // namespace weir
