// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/filter/FilterTree.h"
#include "core/sql/Pushdown.h"

#include <optional>
#include <string_view>

namespace weir {

// Terms of Weir's own filters that let through whatever a constraint of SQL does, or more.

/// A column that holds names, and the filter's field for it.
struct NamedColumn
{
    MessageColumn column;
    FilterField field;
    bool folds; ///< the filter's comparison does not look at case
};
/// Null: it is none of them.
[[nodiscard]] const NamedColumn* namedColumn(MessageColumn column);

/// `column` is one of `values`; nothing where SQLite might compare them as something else than texts.
[[nodiscard]] std::optional<FilterNode> nameTerm(const NamedColumn& column, const SqlValues& values);
/// The subject matches `pattern` of LIKE or GLOB: it begins as the pattern does up to its first wildcard.
[[nodiscard]] FilterNode subjectTerm(SqlOp op, std::string_view pattern);
[[nodiscard]] FilterNode numberTerm(FilterField field, FilterOp op, std::int64_t number);

} // namespace weir
