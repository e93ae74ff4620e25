// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/filter/Filter.h"
#include "core/filter/FilterTree.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// What the grammar knows of a field.
struct FilterFieldInfo
{
    FilterField field;
    std::string_view name; ///< as written; "header." and "json." take a name after them
    bool ordered;          ///< < <= > >= may be used
    bool regex;            ///< ~ may be used
    ColumnSet columns;     ///< what evaluation needs
    int cost;              ///< of one evaluation and of reading its columns, for ordering
    std::string_view detail;
    std::string_view example; ///< a value
};

/// In the order in which they are offered; Text is not among them.
[[nodiscard]] std::span<const FilterFieldInfo> filterFields();
[[nodiscard]] const FilterFieldInfo& filterFieldInfo(FilterField field);
/// Null where there is no such field; case does not count. "header" and "json" without their dot are found.
[[nodiscard]] const FilterFieldInfo* findFilterField(std::string_view name);
/// The field that `name` was probably meant to be; null if none is near.
[[nodiscard]] const FilterFieldInfo* nearestFilterField(std::string_view name);
/// Operators that may follow the field, as written.
[[nodiscard]] std::vector<std::string> filterOperators(const FilterFieldInfo& info);

[[nodiscard]] std::string asciiLower(std::string_view text);

} // namespace weir
