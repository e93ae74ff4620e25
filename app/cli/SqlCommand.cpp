// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Commands.h"
#include "app/cli/Completeness.h"
#include "app/cli/Options.h"
#include "app/cli/Output.h"
#include "app/cli/SqlPrinter.h"
#include "core/sql/ListedRows.h"
#include "core/sql/MessageColumns.h"
#include "core/sql/RollupRows.h"
#include "core/sql/SqlSession.h"

#include <CLI/CLI.hpp>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <memory>

#include <unistd.h>

namespace weir::cli {
namespace {

struct SqlOptions
{
    std::string history;
    std::string sql;
    Format format = Format::Text;
};

std::atomic<SqlSession*> interruptible = nullptr; // a signal's handler has no other way to it

/// Ctrl+C ends the statement, and what was printed so far stays; a second one ends the process.
class InterruptOnSignal
{
public:
    explicit InterruptOnSignal(SqlSession& session)
    {
        interruptible = &session;
        for (const int signal : {SIGINT, SIGTERM}) {
            struct sigaction action = {};
            action.sa_handler = [](int) {
                if (SqlSession* const running = interruptible)
                    running->interrupt();
            };
            action.sa_flags = static_cast<int>(SA_RESETHAND);
            sigaction(signal, &action, nullptr);
        }
    }
    ~InterruptOnSignal() { interruptible = nullptr; }
    InterruptOnSignal(const InterruptOnSignal&) = delete;
    InterruptOnSignal& operator=(const InterruptOnSignal&) = delete;
};

Result<std::string> readStdin()
{
    if (::isatty(STDIN_FILENO) == 1)
        return Error{ErrorCode::Usage, "reading the command line", "nothing says what to ask",
                     "give the SQL in quotes, or pipe it in"};
    std::string text;
    std::array<char, 4096> chunk{};
    for (;;) {
        const std::size_t got = std::fread(chunk.data(), 1, chunk.size(), stdin);
        text.append(chunk.data(), got);
        if (got < chunk.size())
            break;
    }
    if (std::ferror(stdin) != 0)
        return Error{ErrorCode::Io, "reading stdin", std::strerror(errno), {}};
    return text;
}

/// Whether what was read lacks anything; if so, says it.
bool tellIncomplete(const SqlSession& session, const std::string& path)
{
    const SqlHistory& history = session.history();
    for (const Error& damage : history.damage())
        (void)complain(damage);
    bool missing = !history.damage().empty();
    if (const auto range = history.read()) {
        auto reader = HistoryReader::open(path);
        missing = (reader ? tellMissing(**reader, range->first, range->second)
                          : complain(reader.error()) != Exit::Done) ||
                  missing;
    }
    return missing;
}

Exit runSql(const SqlOptions& options)
{
    std::string sql = options.sql;
    if (sql.empty()) {
        auto given = readStdin();
        if (!given)
            return complain(given.error());
        sql = std::move(*given);
    }
    auto session = SqlSession::open(options.history);
    if (!session)
        return complain(session.error());
    const InterruptOnSignal interrupts(**session);
    SqlPrinter printer(options.format);
    const auto done = (*session)->run(sql, printer);
    const bool incomplete = tellIncomplete(**session, options.history);
    if (!done)
        return finishOutput(complain(done.error()), printer.problem());
    return finishOutput(incomplete ? Exit::Incomplete : Exit::Done, printer.problem());
}

std::string padded(std::string_view text, std::size_t width)
{
    return std::string(text) + std::string(width - std::min(width, text.size()), ' ');
}

/// A table's columns, out of its declaration, and what it is.
std::string tableText(std::string_view name, std::string_view declared, std::string_view meaning)
{
    std::string columns;
    std::string_view list = declared.substr(declared.find('(') + 1);
    while (!list.empty()) {
        columns += (columns.empty() ? "" : " ") + std::string(list.substr(0, list.find(' ')));
        list.remove_prefix(std::min(list.size() - 1, list.find(", ")) + 1);
        list = list.size() > 1 ? list.substr(1) : std::string_view();
    }
    return "Table " + std::string(name) + ": " + columns + "\n  " + std::string(meaning) + "\n";
}

std::string helpText()
{
    constexpr std::size_t kNames = 14;
    std::string text = "Table messages; what is not known is NULL:\n";
    for (const MessageColumnInfo& info : messageColumns()) {
        if (info.column == MessageColumn::Filter)
            text += "and, where they are named (SELECT * leaves them out):\n";
        text += "  " + padded(info.name, kNames) + std::string(info.meaning) + "\n";
    }
    text += tableText("rollups", kRollupsDeclaration, kRollupsMeaning);
    for (const ListedTable& table : listedTables())
        text += tableText(table.name, table.declaration, table.meaning);
    return text +
           "Times are text (RFC 3339) and compared as moments, in whatever form and zone they are written; "
           "what has\n"
           "no zone is UTC.\n"
           "Examples:\n"
           "  weir sql --history h.db \"SELECT pop, count(*), max(latency_us) FROM messages GROUP BY pop\"\n"
           "  weir sql --history h.db \"SELECT time, subject, payload ->> '$.id' FROM messages\n"
           "    WHERE time > datetime('now', '-1 hour') AND subject GLOB 'orders.*' ORDER BY seq DESC LIMIT "
           "20\"\n"
           "  weir sql --history h.db \"SELECT count(*) FROM messages WHERE filter = 'pop:FRA "
           "latency>100ms'\"\n"
           "  weir sql --history h.db \"SELECT from_time, pop, sum(messages), max(p99_us) FROM rollups\n"
           "    WHERE from_time >= datetime('now', '-1 day') GROUP BY 1, 2\"\n"
           "  weir sql --history h.db \"SELECT * FROM gaps\" --format json\n"
           "The same tables in Debian's sqlite3: sqlite3 h.db, then .load PATH/weir (weir.so lies beside "
           "weir).\n"
           "Values that are no text: \\xNN as text, NAME_base64 in JSON, x'…' in CSV. As text, long values "
           "are cut.\n"
           "Exit 1: failed or interrupted; 2: the SQL is wrong, or would do more than read; 3: done, but a "
           "block was\n"
           "damaged or a gap lies in the time that was read (all of it, unless WHERE narrows time or LIMIT "
           "ends it).";
}

} // namespace

void addSqlCommand(CLI::App& app, std::function<Exit()>& chosen)
{
    auto options = std::make_shared<SqlOptions>();
    CLI::App* command = app.add_subcommand("sql", "Ask a history in SQL, for reading only");
    command->add_option("SQL", options->sql, "Statements, ended by ';'; without: read from stdin");
    command->add_option("--history", options->history, "The history file")->type_name("FILE")->required();
    addFormatOption(*command, options->format, {Format::Text, Format::Json, Format::Ndjson, Format::Csv});
    command->footer(helpText());
    command->callback([options, &chosen] { chosen = [options] { return runSql(*options); }; });
}

} // namespace weir::cli
