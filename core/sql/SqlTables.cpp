// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sql/SqlTables.h"

#include "core/sql/Moment.h"
#include "core/sql/TableModules.h"

#include <new>

namespace weir {
namespace {

int collate(void*, int leftSize, const void* left, int rightSize, const void* right)
{
    return compareMoments({static_cast<const char*>(left), static_cast<std::size_t>(leftSize)},
                          {static_cast<const char*>(right), static_cast<std::size_t>(rightSize)});
}

void forget(void* source)
{
    delete static_cast<TableSource*>(source);
}

} // namespace

int addSqlTables(sqlite3* database, const std::shared_ptr<SqlHistory>& history)
{
    int code =
        sqlite3_create_collation_v2(database, kMomentCollation, SQLITE_UTF8, nullptr, collate, nullptr);
    if (code == SQLITE_OK)
        code = sqlite3_create_module_v2(database, "messages", &messagesModule(),
                                        new (std::nothrow) TableSource{history, nullptr}, forget);
    if (code == SQLITE_OK)
        code = sqlite3_create_module_v2(database, "rollups", &rollupsModule(),
                                        new (std::nothrow) TableSource{history, nullptr}, forget);
    for (const ListedTable& table : listedTables()) {
        if (code == SQLITE_OK)
            code = sqlite3_create_module_v2(database, table.name, &listedModule(),
                                            new (std::nothrow) TableSource{history, &table}, forget);
    }
    return code;
}

} // namespace weir
