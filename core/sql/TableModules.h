// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sql/ListedRows.h"
#include "core/sql/SqlApi.h"
#include "core/sql/SqlHistory.h"
#include "core/sql/SqlValue.h"

#include <exception>
#include <memory>

namespace weir {

/// What a module is made for.
struct TableSource
{
    std::shared_ptr<SqlHistory> history;
    const ListedTable* listed; ///< null: messages, or rollups
};

/// A table as one connection has it.
struct SqlTable : sqlite3_vtab
{
    std::shared_ptr<SqlHistory> history;
    const ListedTable* listed = nullptr;
    sqlite3* database = nullptr;
};

[[nodiscard]] const sqlite3_module& messagesModule();
[[nodiscard]] const sqlite3_module& rollupsModule();
[[nodiscard]] const sqlite3_module& listedModule();

/// sqlite3_module::xBestIndex of messages.
[[nodiscard]] int planMessages(sqlite3_vtab* table, sqlite3_index_info* info);

/// Makes `declaration` the table of a module whose pAux is a TableSource. As sqlite3_module::xConnect.
[[nodiscard]] int connectTable(sqlite3* database, void* source, const char* declaration, sqlite3_vtab** table,
                               char** message);
/// As sqlite3_module::xDisconnect.
int disconnectTable(sqlite3_vtab* table);
/// Leaves `error` where SQLite finds it, and returns its code.
[[nodiscard]] int failTable(sqlite3_vtab* table, const Error& error);

/// Makes `value` the answer of sqlite3_module::xColumn.
void giveValue(sqlite3_context* context, const SqlValue& value);

/// Gives the codes of `work`, which returns a Result<void>. No exception gets into SQLite.
template<typename Work>
[[nodiscard]] int guarded(sqlite3_vtab* table, Work&& work)
{
    try {
        const Result<void> done = work();
        return done ? SQLITE_OK : failTable(table, done.error());
    } catch (const std::exception& thrown) {
        return failTable(table, {ErrorCode::Internal, "reading the history", thrown.what(), {}});
    }
}

} // namespace weir
