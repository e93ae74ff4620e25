// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/history/Statement.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_blob;

namespace weir {

/// One SQLite connection. Not shared between threads. Every failure of SQLite's becomes an Error here.
class Database
{
public:
    /// AtRest: a file that nobody changes, in a folder where SQLite may not put its shared memory.
    enum class Mode { ReadOnly, AtRest, Write };
    [[nodiscard]] static Result<Database> open(const std::filesystem::path& path, Mode mode);

    [[nodiscard]] Result<void> run(const char* sql);
    [[nodiscard]] Result<Statement> prepare(std::string_view sql);
    /// The first value of the first row of `sql`; 0 without one.
    [[nodiscard]] Result<std::int64_t> number(std::string_view sql);
    /// Ends a transaction that a failure left open.
    void rollback();
    /// Another file lies under our path now, or none.
    [[nodiscard]] bool wasMoved();
    [[nodiscard]] bool isReadOnly();
    /// The file's first bytes; empty where it cannot be read. By SQLite's own descriptor: closing another one
    /// would drop the locks of this process (sqlite.org/howtocorrupt.html, 2.2).
    [[nodiscard]] std::string beginning(std::size_t bytes);
    [[nodiscard]] sqlite3* handle() { return m_handle.get(); }
    [[nodiscard]] Error failure(const std::string& what);

private:
    std::unique_ptr<sqlite3, int (*)(sqlite3*)> m_handle{nullptr, nullptr};
    std::filesystem::path m_path;
};

/// One BLOB, read slice by slice. While it is open its transaction is: keep it short.
class Blob
{
public:
    [[nodiscard]] static Result<Blob> open(Database& database, const char* table, const char* column,
                                           std::int64_t row);
    [[nodiscard]] std::size_t size() const;
    /// Appends `length` bytes from `offset` to `out`.
    [[nodiscard]] Result<void> read(std::size_t offset, std::size_t length, std::string& out) const;

private:
    sqlite3* m_database = nullptr;
    std::unique_ptr<sqlite3_blob, int (*)(sqlite3_blob*)> m_handle{nullptr, nullptr};
};

} // namespace weir
