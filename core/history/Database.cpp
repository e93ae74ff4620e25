// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/Database.h"

#include <array>
#include <cstdio>

#include <sqlite3.h>

namespace weir {
namespace {

constexpr int kPatience =
    5000; ///< ms to wait for another connection (a sqlite3 shell that writes, a checkpoint)

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

std::string Database::beginning(std::size_t bytes)
{
    sqlite3_file* file = nullptr;
    sqlite3_file_control(m_handle.get(), "main", SQLITE_FCNTL_FILE_POINTER, &file);
    std::string read(bytes, '\0');
    if (file == nullptr || file->pMethods == nullptr ||
        file->pMethods->xRead(file, read.data(), static_cast<int>(bytes), 0) != SQLITE_OK)
        return {};
    return read;
}

Error Database::failure(const std::string& what)
{
    return databaseError(m_handle.get(), what + " " + m_path.string());
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
