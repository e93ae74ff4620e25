// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/Database.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <sqlite3.h>

namespace weir {
namespace {

constexpr int kPatience =
    5000; ///< ms to wait for another connection (a sqlite3 shell that writes, a checkpoint)

ErrorCode codeOf(int code, int systemCode)
{
    if (systemCode == ENOSPC || systemCode == EDQUOT)
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

std::string uriOf(const std::filesystem::path& path, bool immutable)
{
    std::string uri = "file:";
    for (const char c : std::filesystem::absolute(path).string()) {
        std::array<char, 4> coded{c};
        if (c == '%' || c == '?' || c == '#')
            std::snprintf(coded.data(), coded.size(), "%%%02X",
                          static_cast<unsigned>(static_cast<unsigned char>(c)));
        uri += coded.data();
    }
    return uri + (immutable ? "?immutable=1" : "");
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

Result<Database> Database::open(const std::filesystem::path& path, Mode mode)
{
    Database made;
    made.m_path = path;
    const int access = mode == Mode::Write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
    const std::string name = mode == Mode::Write ? path.string() : uriOf(path, mode == Mode::AtRest);
    sqlite3* handle = nullptr;
    const int code =
        sqlite3_open_v2(name.c_str(), &handle, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    made.m_handle = {handle, sqlite3_close_v2};
    if (code != SQLITE_OK)
        return databaseError(handle, "opening history " + path.string());
    sqlite3_busy_timeout(handle, kPatience);
    return made;
}

Result<void> Database::run(const char* sql)
{
    if (sqlite3_exec(m_handle.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        return failure("using the history");
    return {};
}

Result<Statement> Database::prepare(std::string_view sql)
{
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(m_handle.get(), sql.data(), static_cast<int>(sql.size()), &statement, nullptr) !=
        SQLITE_OK)
        return failure("using the history");
    return Statement(statement);
}

Result<std::int64_t> Database::number(std::string_view sql)
{
    auto statement = prepare(sql);
    if (!statement)
        return statement.error();
    const auto row = statement->step();
    if (!row)
        return row.error();
    return *row ? statement->integer(0) : 0;
}

void Database::rollback()
{
    if (sqlite3_get_autocommit(m_handle.get()) == 0)
        sqlite3_exec(m_handle.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

bool Database::wasMoved()
{
    int moved = 0;
    sqlite3_file_control(m_handle.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    return moved != 0;
}

bool Database::isReadOnly()
{
    return sqlite3_db_readonly(m_handle.get(), "main") == 1;
}

Error Database::failure(const std::string& what)
{
    return databaseError(m_handle.get(), what + " " + m_path.string());
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
    return {kind, what, why, hintOf(kind)};
}

Result<Blob> Blob::open(Database& database, const char* table, const char* column, std::int64_t row)
{
    Blob made;
    made.m_database = database.handle();
    sqlite3_blob* handle = nullptr;
    const int code = sqlite3_blob_open(made.m_database, "main", table, column, row, 0, &handle);
    made.m_handle = {handle, sqlite3_blob_close};
    if (code != SQLITE_OK)
        return databaseError(made.m_database, std::string("reading ") + table);
    return made;
}

std::size_t Blob::size() const
{
    return static_cast<std::size_t>(sqlite3_blob_bytes(m_handle.get()));
}

Result<void> Blob::read(std::size_t offset, std::size_t length, std::string& out) const
{
    if (length == 0)
        return {};
    const std::size_t start = out.size();
    out.resize(start + length);
    const int code = sqlite3_blob_read(m_handle.get(), out.data() + start, static_cast<int>(length),
                                       static_cast<int>(offset));
    if (code != SQLITE_OK)
        return databaseError(m_database, "reading a block");
    return {};
}

} // namespace weir
