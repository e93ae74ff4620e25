// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sql/SqlHistory.h"

#include <memory>

struct sqlite3;

namespace weir {

/// Gives connection `database` the tables messages, rollups, gaps, recordings and damage of `history`, and
/// the collation of their times. They are there without being created, and cannot be written. Returns
/// SQLite's code.
[[nodiscard]] int addSqlTables(sqlite3* database, const std::shared_ptr<SqlHistory>& history);

} // namespace weir
