// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sql/SqlSession.h"

#include "core/sql/SqlTables.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <sqlite3.h>

namespace weir {
namespace {

using Prepared = std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)>;

/// All that statements may name. A table like these is made when it is first named, which the authorizer
/// would take for a CREATE TABLE.
constexpr const char* kTables =
    "SELECT 1 FROM messages, rollups, gaps, recordings, damage, json_each('[]'), json_tree('[]'), "
    "pragma_table_info(''), pragma_table_xinfo('') LIMIT 0";
constexpr std::string_view kSpaces = " \t\r\n\f;";

bool isOneOf(const char* name, std::initializer_list<const char*> names)
{
    return name != nullptr && std::any_of(names.begin(), names.end(),
                                          [name](const char* one) { return std::strcmp(name, one) == 0; });
}

/// Reading only (sqlite.org/c3ref/set_authorizer.html). `denied` is a bool.
int authorize(void* denied, int action, const char* first, const char* second, const char*, const char*)
{
    bool allowed = false;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
        allowed = true;
        break;
    case SQLITE_FUNCTION:
        allowed = !isOneOf(second, {"load_extension", "fts3_tokenizer"});
        break;
    case SQLITE_PRAGMA:
        allowed = isOneOf(first, {"table_info", "table_xinfo"});
        break;
    default:
        break;
    }
    if (!allowed)
        *static_cast<bool*>(denied) = true;
    return allowed ? SQLITE_OK : SQLITE_DENY;
}

Error deniedError()
{
    return {ErrorCode::Usage, "reading the SQL", "only reading is allowed",
            "SELECT from messages, rollups, gaps, recordings and damage"};
}

SqlCell cellOf(sqlite3_stmt* statement, int column)
{
    constexpr std::array kKinds{SqlCell::Kind::Integer, SqlCell::Kind::Real, SqlCell::Kind::Text,
                                SqlCell::Kind::Blob, SqlCell::Kind::Null}; // SQLITE_INTEGER is 1, and so on
    SqlCell cell;
    cell.kind = kKinds[static_cast<std::size_t>(sqlite3_column_type(statement, column) - 1)];
    const void* const bytes = cell.kind == SqlCell::Kind::Blob ? sqlite3_column_blob(statement, column)
                                                               : sqlite3_column_text(statement, column);
    if (bytes != nullptr)
        cell.bytes = {static_cast<const char*>(bytes),
                      static_cast<std::size_t>(sqlite3_column_bytes(statement, column))};
    return cell;
}

/// Hands over a statement's rows; SQLite's code of the last step.
int stepThrough(sqlite3_stmt* statement, SqlSink& sink, bool& wanted)
{
    std::vector<std::string> names;
    for (int column = 0; column < sqlite3_column_count(statement); ++column)
        names.emplace_back(sqlite3_column_name(statement, column));
    std::vector<SqlCell> cells(names.size());
    int code = sqlite3_step(statement); // what fails at once prints nothing
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return code;
    wanted = sink.begin(names);
    for (; wanted && code == SQLITE_ROW; code = wanted ? sqlite3_step(statement) : SQLITE_DONE) {
        for (std::size_t column = 0; column < cells.size(); ++column)
            cells[column] = cellOf(statement, static_cast<int>(column));
        wanted = sink.row(cells);
    }
    wanted = sink.end() && wanted;
    return code;
}

} // namespace

SqlSession::SqlSession(std::shared_ptr<SqlHistory> history) : m_history(std::move(history)) {}

SqlSession::~SqlSession() = default;

Result<std::unique_ptr<SqlSession>> SqlSession::open(const std::filesystem::path& path)
{
    auto history = std::make_shared<SqlHistory>(path);
    if (auto opened = history->open(); !opened)
        return opened.error();
    std::unique_ptr<SqlSession> session(new SqlSession(std::move(history)));
    if (auto done = session->prepare(); !done)
        return done.error();
    return session;
}

Result<void> SqlSession::prepare()
{
    sqlite3* handle = nullptr;
    int code = sqlite3_open_v2(":memory:", &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    m_database = {handle, sqlite3_close};
    if (code == SQLITE_OK)
        code = addSqlTables(handle, m_history);
    if (code == SQLITE_OK)
        code = sqlite3_exec(handle, kTables, nullptr, nullptr, nullptr);
    if (code == SQLITE_OK)
        code = sqlite3_set_authorizer(handle, authorize, &m_denied);
    if (code != SQLITE_OK)
        return failure();
    return {};
}

Result<void> SqlSession::run(std::string_view sql, SqlSink& sink)
{
    bool wanted = true;
    std::size_t at = 0;
    for (;;) {
        at = std::min(sql.find_first_not_of(kSpaces, at), sql.size());
        if (at == sql.size() || !wanted)
            return {};
        sqlite3_stmt* made = nullptr;
        const char* rest = nullptr;
        m_denied = false;
        const int code = sqlite3_prepare_v2(m_database.get(), sql.data() + at,
                                            static_cast<int>(sql.size() - at), &made, &rest);
        const Prepared statement(made, sqlite3_finalize);
        if (code != SQLITE_OK)
            return wrong(sql, at);
        at = static_cast<std::size_t>(rest - sql.data());
        if (made == nullptr) // a comment
            continue;
        const int ended = stepThrough(made, sink, wanted);
        if (ended != SQLITE_DONE)
            return failure();
    }
}

void SqlSession::interrupt()
{
    sqlite3_interrupt(m_database.get());
}

Error SqlSession::wrong(std::string_view sql, std::size_t statement)
{
    if (const auto& known = m_history->failure(); known && known->line() == sqlite3_errmsg(m_database.get()))
        return *known;
    if (m_denied)
        return deniedError();
    std::string where;
    if (const int offset = sqlite3_error_offset(m_database.get()); offset >= 0) {
        const std::string_view before = sql.substr(0, statement + static_cast<std::size_t>(offset));
        const auto line = std::count(before.begin(), before.end(), '\n');
        const std::string_view front = before.substr(before.rfind('\n') + 1);
        const auto column = std::count_if(front.begin(), front.end(), [](char c) {
            return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; // characters, not bytes
        });
        where = (line > 0 ? "line " + std::to_string(line + 1) + ", " : "") + "column " +
                std::to_string(column + 1) + ": ";
    }
    return {ErrorCode::Usage, "reading the SQL", where + sqlite3_errmsg(m_database.get()),
            "weir sql --help names tables and columns"};
}

Error SqlSession::failure()
{
    const int code = sqlite3_errcode(m_database.get());
    const std::string why = sqlite3_errmsg(m_database.get());
    if (const auto& known = m_history->failure(); known && known->line() == why)
        return *known;
    if (m_denied)
        return deniedError();
    if (code == SQLITE_INTERRUPT)
        return {ErrorCode::Cancelled, "running the SQL", "it was interrupted", {}};
    return {ErrorCode::Internal, "running the SQL", why, {}};
}

} // namespace weir
