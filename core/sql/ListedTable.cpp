// SPDX-License-Identifier: GPL-3.0-or-later
// SQLite's side of the tables that are read whole.
#include "core/sql/TableModules.h"

namespace weir {
namespace {

struct Cursor : sqlite3_vtab_cursor
{
    std::vector<SqlValues> rows;
    std::size_t row = 0;
};

Cursor& of(sqlite3_vtab_cursor* cursor)
{
    return *static_cast<Cursor*>(cursor);
}

int connect(sqlite3* database, void* source, int, const char* const*, sqlite3_vtab** table, char** message)
{
    return connectTable(database, source, static_cast<const TableSource*>(source)->listed->declaration, table,
                        message);
}

int bestIndex(sqlite3_vtab*, sqlite3_index_info* info)
{
    info->estimatedCost = 100;
    info->estimatedRows = 100;
    return SQLITE_OK;
}

int open(sqlite3_vtab* table, sqlite3_vtab_cursor** cursor)
{
    return guarded(table, [&]() -> Result<void> {
        *cursor = std::make_unique<Cursor>().release();
        return {};
    });
}

int close(sqlite3_vtab_cursor* cursor)
{
    delete &of(cursor);
    return SQLITE_OK;
}

int filter(sqlite3_vtab_cursor* cursor, int, const char*, int, sqlite3_value**)
{
    return guarded(cursor->pVtab, [&]() -> Result<void> {
        const auto& table = *static_cast<SqlTable*>(cursor->pVtab);
        auto rows = table.listed->rows(*table.history);
        if (!rows)
            return rows.error();
        of(cursor).rows = std::move(*rows);
        of(cursor).row = 0;
        return {};
    });
}

int next(sqlite3_vtab_cursor* cursor)
{
    ++of(cursor).row;
    return SQLITE_OK;
}

int atEnd(sqlite3_vtab_cursor* cursor)
{
    return of(cursor).row >= of(cursor).rows.size() ? 1 : 0;
}

int column(sqlite3_vtab_cursor* cursor, sqlite3_context* context, int number)
{
    giveValue(context, of(cursor).rows[of(cursor).row][static_cast<std::size_t>(number)]);
    return SQLITE_OK;
}

int rowId(sqlite3_vtab_cursor* cursor, sqlite3_int64* id)
{
    *id = static_cast<sqlite3_int64>(of(cursor).row) + 1;
    return SQLITE_OK;
}

sqlite3_module makeModule()
{
    sqlite3_module module{};
    module.xConnect = connect;
    module.xBestIndex = bestIndex;
    module.xDisconnect = disconnectTable;
    module.xOpen = open;
    module.xClose = close;
    module.xFilter = filter;
    module.xNext = next;
    module.xEof = atEnd;
    module.xColumn = column;
    module.xRowid = rowId;
    return module;
}

} // namespace

const sqlite3_module& listedModule()
{
    static const sqlite3_module module = makeModule();
    return module;
}

} // namespace weir
