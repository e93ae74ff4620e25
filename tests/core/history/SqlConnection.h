// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sql/SqlTables.h"

#include <QtGlobal>

#include <filesystem>
#include <memory>
#include <string>

#include <sqlite3.h>

namespace weir::test {

/// A connection with the tables of a history, and results as text.
class SqlConnection
{
public:
    explicit SqlConnection(const std::filesystem::path& path) : m_history(std::make_shared<SqlHistory>(path))
    {
        sqlite3_open(":memory:", &m_handle);
        if (addSqlTables(m_handle, m_history) != SQLITE_OK)
            qWarning("%s", sqlite3_errmsg(m_handle));
    }
    ~SqlConnection() { sqlite3_close(m_handle); }
    SqlConnection(const SqlConnection&) = delete;
    SqlConnection& operator=(const SqlConnection&) = delete;

    /// Rows in lines, values between bars, each with its type's first letter.
    std::string ask(const std::string& sql)
    {
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v2(m_handle, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
            return std::string("wrong: ") + sqlite3_errmsg(m_handle);
        std::string all;
        int code = sqlite3_step(statement);
        for (; code == SQLITE_ROW; code = sqlite3_step(statement)) {
            for (int column = 0; column < sqlite3_column_count(statement); ++column) {
                const int type = sqlite3_column_type(statement, column);
                const auto* text = static_cast<const char*>(sqlite3_column_blob(statement, column));
                const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
                all += column == 0 ? "" : "|";
                all += "?ifsbn"[type];
                all += text == nullptr ? std::string() : std::string(text, size);
            }
            all += '\n';
        }
        if (code != SQLITE_DONE)
            all += std::string("failed: ") + sqlite3_errmsg(m_handle);
        sqlite3_finalize(statement);
        return all;
    }
    [[nodiscard]] sqlite3* handle() { return m_handle; }
    [[nodiscard]] const SqlHistory& history() const { return *m_history; }

private:
    std::shared_ptr<SqlHistory> m_history;
    sqlite3* m_handle = nullptr;
};

} // namespace weir::test
