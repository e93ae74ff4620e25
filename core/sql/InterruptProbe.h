// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sql/SqlApi.h"

namespace weir {

/// Tells whether sqlite3_interrupt() was called for the statement that runs: then no other runs, either.
/// (sqlite3_is_interrupted came with SQLite 3.41.)
class InterruptProbe
{
public:
    explicit InterruptProbe(sqlite3* database) : m_database(database) {}
    ~InterruptProbe() { sqlite3_finalize(m_statement); }
    InterruptProbe(const InterruptProbe&) = delete;
    InterruptProbe& operator=(const InterruptProbe&) = delete;

    [[nodiscard]] bool operator()()
    {
        if (m_statement == nullptr &&
            sqlite3_prepare_v2(m_database, "SELECT 1", -1, &m_statement, nullptr) != SQLITE_OK)
            return sqlite3_errcode(m_database) == SQLITE_INTERRUPT;
        const int code = sqlite3_step(m_statement);
        sqlite3_reset(m_statement);
        return code == SQLITE_INTERRUPT;
    }

private:
    sqlite3* m_database;
    sqlite3_stmt* m_statement = nullptr;
};

} // namespace weir
