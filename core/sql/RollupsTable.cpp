// SPDX-License-Identifier: GPL-3.0-or-later
// SQLite's side of table rollups.
#include "core/sql/InterruptProbe.h"
#include "core/sql/Moment.h"
#include "core/sql/RollupRows.h"
#include "core/sql/TableModules.h"

#include <algorithm>
#include <array>

namespace weir {
namespace {

struct Cursor : sqlite3_vtab_cursor
{
    explicit Cursor(const SqlTable& table) : history(table.history), rows(*history), probe(table.database) {}

    std::shared_ptr<SqlHistory> history;
    RollupRows rows;
    InterruptProbe probe;
    sqlite3_int64 row = 0;
};

Cursor& of(sqlite3_vtab_cursor* cursor)
{
    return *static_cast<Cursor*>(cursor);
}

/// What narrows: a column, an operator, and how a plan names it.
struct Narrowing
{
    RollupColumn column;
    unsigned char op;
    char name;
};
constexpr std::array kNarrowing{
    Narrowing{RollupColumn::FromTime, SQLITE_INDEX_CONSTRAINT_GT, 'f'},
    Narrowing{RollupColumn::FromTime, SQLITE_INDEX_CONSTRAINT_GE, 'f'},
    Narrowing{RollupColumn::FromTime, SQLITE_INDEX_CONSTRAINT_LT, 't'},
    Narrowing{RollupColumn::FromTime, SQLITE_INDEX_CONSTRAINT_LE, 't'},
    Narrowing{RollupColumn::FromTime, SQLITE_INDEX_CONSTRAINT_EQ, 'a'},
    Narrowing{RollupColumn::ToTime, SQLITE_INDEX_CONSTRAINT_GT, 'F'},
    Narrowing{RollupColumn::ToTime, SQLITE_INDEX_CONSTRAINT_GE, 'F'},
    Narrowing{RollupColumn::ToTime, SQLITE_INDEX_CONSTRAINT_LT, 't'},
    Narrowing{RollupColumn::ToTime, SQLITE_INDEX_CONSTRAINT_LE, 't'},
    Narrowing{RollupColumn::Resolution, SQLITE_INDEX_CONSTRAINT_EQ, 'r'},
    Narrowing{RollupColumn::Pop, SQLITE_INDEX_CONSTRAINT_EQ, 'p'},
    Narrowing{RollupColumn::Identity, SQLITE_INDEX_CONSTRAINT_EQ, 'i'},
};

bool isTime(RollupColumn column)
{
    return column == RollupColumn::FromTime || column == RollupColumn::ToTime;
}

int connect(sqlite3* database, void* source, int, const char* const*, sqlite3_vtab** table, char** message)
{
    return connectTable(database, source, kRollupsDeclaration, table, message);
}

int bestIndex(sqlite3_vtab* /*table*/, sqlite3_index_info* info)
{
    std::string plan;
    for (int i = 0; i < info->nConstraint; ++i) {
        const auto& constraint = info->aConstraint[i];
        const auto found = std::find_if(kNarrowing.begin(), kNarrowing.end(), [&](const Narrowing& one) {
            return static_cast<int>(one.column) == constraint.iColumn && one.op == constraint.op;
        });
        if (found == kNarrowing.end())
            continue;
        if (constraint.usable == 0) {
            if (found->column == RollupColumn::Resolution)
                return SQLITE_CONSTRAINT; // what rows there are depends on it
            continue;
        }
        if (sqlite3_stricmp(sqlite3_vtab_collation(info, i),
                            isTime(found->column) ? kMomentCollation : "BINARY") != 0)
            continue;
        plan += found->name;
        info->aConstraintUsage[i].argvIndex = static_cast<int>(plan.size());
    }
    info->estimatedCost = 1e6 / static_cast<double>(1 + plan.size());
    info->estimatedRows = 1 + static_cast<sqlite3_int64>(info->estimatedCost / 10);
    info->idxStr = sqlite3_mprintf("%s", plan.c_str());
    info->needToFreeIdxStr = 1;
    return info->idxStr == nullptr ? SQLITE_NOMEM : SQLITE_OK;
}

int open(sqlite3_vtab* table, sqlite3_vtab_cursor** cursor)
{
    return guarded(table, [&]() -> Result<void> {
        *cursor = std::make_unique<Cursor>(*static_cast<SqlTable*>(table)).release();
        return {};
    });
}

int close(sqlite3_vtab_cursor* cursor)
{
    delete &of(cursor);
    return SQLITE_OK;
}

/// Takes rows that are wanted; SQLite looks at them again.
void narrow(RollupQuery& query, char name, const std::string& value)
{
    constexpr std::chrono::minutes kWidest{1};
    const std::optional<Timestamp> time = momentOf(value);
    const bool bounded = time && *time > Timestamp::min() + kWidest && *time < Timestamp::max() - kWidest;
    if (name == 'r')
        query.width = value == "second" ? kSecondSlot : value == "minute" ? query.width : 0;
    else if (name == 'p')
        query.pop = value;
    else if (name == 'i')
        query.identity = value;
    else if (bounded && (name == 'f' || name == 'a'))
        query.from = std::max(query.from, *time);
    else if (bounded && name == 'F')
        query.from = std::max(query.from, *time - kWidest);
    if (bounded && (name == 't' || name == 'a'))
        query.to = std::min(query.to, *time + Nanoseconds(1));
}

Result<void> advance(Cursor& at)
{
    ++at.row;
    for (;;) {
        const auto there = at.rows.next();
        if (!there)
            return there.error();
        if (*there)
            return {};
        if (at.probe())
            return Error{ErrorCode::Cancelled, "reading the sums", "it was interrupted", {}};
    }
}

int filter(sqlite3_vtab_cursor* cursor, int, const char* plan, int count, sqlite3_value** arguments)
{
    return guarded(cursor->pVtab, [&]() -> Result<void> {
        RollupQuery query;
        for (int i = 0; i < count; ++i) {
            if (sqlite3_value_type(arguments[i]) == SQLITE_TEXT)
                narrow(query, plan[i], reinterpret_cast<const char*>(sqlite3_value_text(arguments[i])));
            else if (plan[i] == 'r')
                query.width = 0;
        }
        of(cursor).row = 0;
        if (auto done = of(cursor).rows.begin(query); !done)
            return done;
        return advance(of(cursor));
    });
}

int next(sqlite3_vtab_cursor* cursor)
{
    return guarded(cursor->pVtab, [&] { return advance(of(cursor)); });
}

int atEnd(sqlite3_vtab_cursor* cursor)
{
    return of(cursor).rows.atEnd() ? 1 : 0;
}

int column(sqlite3_vtab_cursor* cursor, sqlite3_context* context, int number)
{
    giveValue(context, of(cursor).rows.value(static_cast<RollupColumn>(number)));
    return SQLITE_OK;
}

int rowId(sqlite3_vtab_cursor* cursor, sqlite3_int64* id)
{
    *id = of(cursor).row;
    return SQLITE_OK;
}

sqlite3_module makeModule()
{
    sqlite3_module module{};
    module.xConnect = connect;
    module.xBestIndex = bestIndex;
    module.xDisconnect = disconnectTable;
    module.xOpen = open;
    module.xClose = close;
    module.xFilter = filter;
    module.xNext = next;
    module.xEof = atEnd;
    module.xColumn = column;
    module.xRowid = rowId;
    return module;
}

} // namespace

const sqlite3_module& rollupsModule()
{
    static const sqlite3_module module = makeModule();
    return module;
}

} // namespace weir
