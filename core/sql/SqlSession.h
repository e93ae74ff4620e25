// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sql/SqlHistory.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;

namespace weir {

/// A value of a result; valid while its row is handed over.
struct SqlCell
{
    enum class Kind : std::uint8_t { Null, Integer, Real, Text, Blob };
    Kind kind = Kind::Null;
    std::string_view bytes; ///< as SQLite writes it; of Null: empty
};

/// Who takes results, a statement after the other. False: no more is wanted.
class SqlSink
{
public:
    virtual ~SqlSink() = default;
    [[nodiscard]] virtual bool begin(const std::vector<std::string>& columns) = 0;
    [[nodiscard]] virtual bool row(const std::vector<SqlCell>& cells) = 0;
    [[nodiscard]] virtual bool end() = 0;
};

/// SQL over one history, for reading only. The statements see the tables of addSqlTables() and nothing else:
/// neither the file's own tables nor other files. One thread, but for interrupt().
class SqlSession
{
public:
    [[nodiscard]] static Result<std::unique_ptr<SqlSession>> open(const std::filesystem::path& path);
    ~SqlSession();
    SqlSession(const SqlSession&) = delete;
    SqlSession& operator=(const SqlSession&) = delete;

    /// Runs all statements of `sql`. Errors of kind Usage say where the text is wrong.
    [[nodiscard]] Result<void> run(std::string_view sql, SqlSink& sink);
    /// Ends the statement that runs. Also from another thread or a signal's handler.
    void interrupt();
    [[nodiscard]] const SqlHistory& history() const { return *m_history; }

private:
    explicit SqlSession(std::shared_ptr<SqlHistory> history);
    [[nodiscard]] Result<void> prepare();
    [[nodiscard]] Error wrong(std::string_view sql, std::size_t statement);
    [[nodiscard]] Error failure();

    std::shared_ptr<SqlHistory> m_history;
    std::unique_ptr<sqlite3, int (*)(sqlite3*)> m_database{nullptr, nullptr};
    bool m_denied = false;
};

} // namespace weir
