// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sql/TableModules.h"

#include <new>

namespace weir {
namespace {

int codeOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Cancelled:
        return SQLITE_INTERRUPT;
    case ErrorCode::Busy:
        return SQLITE_BUSY;
    default:
        return SQLITE_ERROR;
    }
}

} // namespace

int connectTable(sqlite3* database, void* source, const char* declaration, sqlite3_vtab** table,
                 char** message)
{
    const auto& from = *static_cast<const TableSource*>(source);
    try {
        if (const auto opened = from.history->open(); !opened) {
            from.history->noteFailure(opened.error());
            *message = sqlite3_mprintf("%s", opened.error().line().c_str());
            return SQLITE_ERROR;
        }
        const int code = sqlite3_declare_vtab(database, declaration);
        if (code != SQLITE_OK)
            return code;
        auto made = std::make_unique<SqlTable>();
        made->history = from.history;
        made->listed = from.listed;
        made->database = database;
        *table = made.release();
        return SQLITE_OK;
    } catch (const std::exception& thrown) {
        *message = sqlite3_mprintf("%s", thrown.what());
        return SQLITE_ERROR;
    }
}

int disconnectTable(sqlite3_vtab* table)
{
    delete static_cast<SqlTable*>(table);
    return SQLITE_OK;
}

int failTable(sqlite3_vtab* table, const Error& error)
{
    static_cast<SqlTable*>(table)->history->noteFailure(error);
    sqlite3_free(table->zErrMsg);
    table->zErrMsg = sqlite3_mprintf("%s", error.line().c_str());
    return codeOf(error.code);
}

void giveValue(sqlite3_context* context, const SqlValue& value)
{
    if (value.kind == SqlValue::Kind::Integer)
        sqlite3_result_int64(context, value.integer);
    else if (value.kind == SqlValue::Kind::Text)
        sqlite3_result_text64(context, value.bytes.data(), value.bytes.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

} // namespace weir
