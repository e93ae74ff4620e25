// SPDX-License-Identifier: GPL-3.0-or-later
// SQLite's side of table messages.
#include "core/sql/InterruptProbe.h"
#include "core/sql/MessageRows.h"
#include "core/sql/MessageValues.h"
#include "core/sql/TableModules.h"

namespace weir {
namespace {

struct Cursor : sqlite3_vtab_cursor
{
    explicit Cursor(const SqlTable& table) : history(table.history), rows(*history), probe(table.database) {}

    std::shared_ptr<SqlHistory> history;
    MessageRows rows;
    MessageValues values;
    InterruptProbe probe;
    std::vector<SqlValues> arguments; ///< of the filter that runs
    [[nodiscard]] MessageRows::Interrupted interrupted()
    {
        return [this] { return probe(); };
    }
};

Cursor& of(sqlite3_vtab_cursor* cursor)
{
    return *static_cast<Cursor*>(cursor);
}

int connect(sqlite3* database, void* source, int, const char* const*, sqlite3_vtab** table, char** message)
{
    return connectTable(database, source, messagesDeclaration().c_str(), table, message);
}

int open(sqlite3_vtab* table, sqlite3_vtab_cursor** cursor)
{
    return guarded(table, [&]() -> Result<void> {
        const auto& from = *static_cast<SqlTable*>(table);
        auto made = std::make_unique<Cursor>(from);
        if (auto done = from.history->enter(); !done)
            return done;
        *cursor = made.release();
        return {};
    });
}

int close(sqlite3_vtab_cursor* cursor)
{
    const auto history = of(cursor).history;
    delete &of(cursor);
    history->leave();
    return SQLITE_OK;
}

SqlValue valueOf(sqlite3_value* value)
{
    switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
        return {static_cast<std::int64_t>(sqlite3_value_int64(value))};
    case SQLITE_FLOAT:
        return {sqlite3_value_double(value)};
    case SQLITE_TEXT: {
        const auto* const text = reinterpret_cast<const char*>(sqlite3_value_text(value));
        return {std::string(text, static_cast<std::size_t>(sqlite3_value_bytes(value)))};
    }
    case SQLITE_BLOB: {
        SqlValue blob;
        blob.kind = SqlValue::Kind::Blob;
        return blob;
    }
    default:
        return {};
    }
}

SqlValues valuesOf(const SqlPlan::Term& term, sqlite3_value* argument)
{
    if (term.op != SqlOp::AnyOf)
        return {valueOf(argument)};
    SqlValues values;
    sqlite3_value* value = nullptr;
    for (int code = sqlite3_vtab_in_first(argument, &value); code == SQLITE_OK && value != nullptr;
         code = sqlite3_vtab_in_next(argument, &value))
        values.push_back(valueOf(value));
    return values;
}

int filter(sqlite3_vtab_cursor* cursor, int used, const char* words, int count, sqlite3_value** arguments)
{
    bool outdated = false;
    const int code = guarded(cursor->pVtab, [&]() -> Result<void> {
        Cursor& at = of(cursor);
        const SqlPlan plan = SqlPlan::parse(static_cast<std::uint32_t>(used), words);
        at.arguments.clear();
        for (int i = 0; i < count; ++i)
            at.arguments.push_back(valuesOf(plan.terms[static_cast<std::size_t>(i)], arguments[i]));
        auto query = pushDown(plan, at.arguments);
        if (!query)
            return query.error();
        if (plan.byTime) {
            const auto rise = at.history->timesRise();
            if (!rise)
                return rise.error();
            outdated = !*rise;
        }
        return outdated ? Result<void>() : at.rows.begin(std::move(*query), at.interrupted());
    });
    return outdated ? SQLITE_SCHEMA : code; // the clock was set back since: the statement is planned anew
}

int next(sqlite3_vtab_cursor* cursor)
{
    return guarded(cursor->pVtab, [&] { return of(cursor).rows.advance(of(cursor).interrupted()); });
}

int atEnd(sqlite3_vtab_cursor* cursor)
{
    return of(cursor).rows.atEnd() ? 1 : 0;
}

int column(sqlite3_vtab_cursor* cursor, sqlite3_context* context, int number)
{
    return guarded(cursor->pVtab, [&]() -> Result<void> {
        Cursor& at = of(cursor);
        const auto asked = static_cast<MessageColumn>(number);
        if (asked == MessageColumn::Filter) {
            const auto& text = at.rows.filter();
            if (!text)
                return Error{ErrorCode::Usage, "reading column filter", "no filter was asked for",
                             "it can only be used as filter = '…', for all rows of a table"};
            sqlite3_result_text64(context, text->data(), text->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
            return {};
        }
        if (auto done = at.rows.needMessage(at.interrupted()); !done)
            return done;
        if (const Message* const message = at.rows.message(); message != nullptr)
            at.values.give(context, asked, *message, at.rows.names());
        return {};
    });
}

int rowId(sqlite3_vtab_cursor* cursor, sqlite3_int64* id)
{
    return guarded(cursor->pVtab, [&]() -> Result<void> {
        Cursor& at = of(cursor);
        if (auto done = at.rows.needMessage(at.interrupted()); !done)
            return done;
        const Message* const message = at.rows.message();
        *id = message != nullptr ? static_cast<sqlite3_int64>(message->seq) : 0;
        return {};
    });
}

sqlite3_module makeModule()
{
    sqlite3_module module{};
    module.xConnect = connect;
    module.xBestIndex = planMessages;
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

const sqlite3_module& messagesModule()
{
    static const sqlite3_module module = makeModule();
    return module;
}

} // namespace weir
