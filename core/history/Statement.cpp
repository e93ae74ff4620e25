// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/Statement.h"

#include <cerrno>
#include <cstring>

#include <sqlite3.h>

namespace weir {
namespace {

ErrorCode codeOf(int code, int systemCode)
{
    if (systemCode == ENOSPC || systemCode == EDQUOT || systemCode == EFBIG)
        return ErrorCode::DiskFull;
    switch (code & 0xFF) {
    case SQLITE_FULL:
        return ErrorCode::DiskFull;
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
        return ErrorCode::Permission;
    case SQLITE_CANTOPEN:
        return systemCode == ENOENT ? ErrorCode::NotFound : ErrorCode::Permission;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
    case SQLITE_SCHEMA:
        return ErrorCode::Format;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ErrorCode::Busy;
    case SQLITE_IOERR:
        return ErrorCode::Io;
    default:
        return ErrorCode::Internal;
    }
}

std::string hintOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::DiskFull:
        return "make room on the disk";
    case ErrorCode::Permission:
        return "check who may read and write there";
    case ErrorCode::Io:
        return "check the disk; what was committed before is kept";
    default:
        return {};
    }
}

} // namespace

Statement::Statement(sqlite3_stmt* statement) : m_statement(statement, sqlite3_finalize) {}

Statement& Statement::bind(int place, std::int64_t value)
{
    sqlite3_bind_int64(m_statement.get(), place, value);
    return *this;
}

Statement& Statement::bind(int place, std::optional<std::int64_t> value)
{
    if (value)
        sqlite3_bind_int64(m_statement.get(), place, *value);
    else
        sqlite3_bind_null(m_statement.get(), place);
    return *this;
}

Statement& Statement::bind(int place, Timestamp time)
{
    return bind(place, time == kNoTime ? std::nullopt : std::optional(toUnixNanos(time)));
}

Statement& Statement::bindText(int place, std::string_view text)
{
    const char* data = text.empty() ? "" : text.data();
    sqlite3_bind_text64(m_statement.get(), place, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    return *this;
}

Statement& Statement::bindBlob(int place, std::string_view bytes)
{
    const char* data = bytes.empty() ? "" : bytes.data();
    sqlite3_bind_blob64(m_statement.get(), place, data, bytes.size(), SQLITE_STATIC);
    return *this;
}

Statement& Statement::bindFrom(int place, const Statement& row, int column)
{
    sqlite3_bind_value(m_statement.get(), place, sqlite3_column_value(row.m_statement.get(), column));
    return *this;
}

Result<bool> Statement::step()
{
    const int code = sqlite3_step(m_statement.get());
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    return databaseError(sqlite3_db_handle(m_statement.get()), "using the history");
}

Result<void> Statement::run()
{
    const auto stepped = step();
    reset();
    if (!stepped)
        return stepped.error();
    return {};
}

void Statement::reset()
{
    sqlite3_reset(m_statement.get());
    sqlite3_clear_bindings(m_statement.get());
}

int Statement::columns() const
{
    return sqlite3_column_count(m_statement.get());
}

bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_statement.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(m_statement.get(), column);
}

std::optional<std::int64_t> Statement::optionalInteger(int column) const
{
    if (sqlite3_column_type(m_statement.get(), column) == SQLITE_NULL)
        return std::nullopt;
    return integer(column);
}

Timestamp Statement::time(int column) const
{
    const auto value = optionalInteger(column);
    return value ? fromUnixNanos(*value) : kNoTime;
}

std::string_view Statement::bytes(int column) const
{
    const void* data = sqlite3_column_blob(m_statement.get(), column);
    const int size = sqlite3_column_bytes(m_statement.get(), column);
    return data == nullptr ? std::string_view()
                           : std::string_view(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

Error databaseError(sqlite3* handle, const std::string& what)
{
    if (handle == nullptr)
        return {ErrorCode::Internal, what, "out of memory", {}};
    const int code = sqlite3_extended_errcode(handle);
    const int systemCode =
        (code & 0xFF) == SQLITE_IOERR || (code & 0xFF) == SQLITE_CANTOPEN || (code & 0xFF) == SQLITE_FULL
            ? sqlite3_system_errno(handle)
            : 0;
    const ErrorCode kind = codeOf(code, systemCode);
    std::string why = sqlite3_errmsg(handle);
    if (systemCode != 0)
        why += std::string(": ") + std::strerror(systemCode);
    return {kind, what, why,
            systemCode == EFBIG ? "raise the limit of a file's size (ulimit -f)" : hintOf(kind)};
}

} // namespace weir
