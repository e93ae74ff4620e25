// SPDX-License-Identifier: GPL-3.0-or-later
// What `.load weir` loads.
#include "core/sql/SqlTables.h"

#include <cstdio>
#include <new>

#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT1

// The library's own, not the table's: to see whether they are the same.
#undef sqlite3_sourceid
extern "C" const char* sqlite3_sourceid(void);

namespace {

constexpr int kOldest = 3038000; ///< sqlite3_vtab_in

void tell(const weir::Error& damage)
{
    std::fprintf(stderr, "weir: %s\n", damage.line().c_str());
}

int add(sqlite3* database)
{
    const char* const path = sqlite3_db_filename(database, "main");
    return weir::addSqlTables(database,
                              std::make_shared<weir::SqlHistory>(path == nullptr ? "" : path, tell));
}

} // namespace

extern "C" __attribute__((visibility("default"))) int sqlite3_weir_init(sqlite3* database, char** message,
                                                                        const sqlite3_api_routines* api)
{
    SQLITE_EXTENSION_INIT2(api);
    if (sqlite3_libversion_number() < kOldest) {
        *message = sqlite3_mprintf("this SQLite is older than 3.38: use weir sql");
        return SQLITE_ERROR;
    }
    // Two copies of SQLite in one process drop each other's locks (sqlite.org/howtocorrupt.html, 2.2.1).
    if (api->sourceid() != ::sqlite3_sourceid()) {
        *message = sqlite3_mprintf("this program has an SQLite of its own beside the system's: use weir sql");
        return SQLITE_ERROR;
    }
    try {
        const int code = add(database);
        return code == SQLITE_OK ? SQLITE_OK_LOAD_PERMANENTLY : code;
    } catch (const std::exception& thrown) {
        *message = sqlite3_mprintf("%s", thrown.what());
        return SQLITE_ERROR;
    }
}
