// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sql/SqlHistory.h"
#include "core/sql/SqlValue.h"

#include <span>
#include <string_view>
#include <vector>

namespace weir {

/// A table that is small enough to be read whole.
struct ListedTable
{
    const char* name;
    const char* declaration; ///< for sqlite3_declare_vtab
    std::string_view meaning;
    Result<std::vector<SqlValues>> (*rows)(SqlHistory& history);
};

/// `gaps`, `recordings` and `damage`.
[[nodiscard]] std::span<const ListedTable> listedTables();

} // namespace weir
