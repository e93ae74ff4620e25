// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sql/ListedRows.h"

#include "core/history/Schema.h"

#include <array>
#include <string>

namespace weir {
namespace {

using Rows = Result<std::vector<SqlValues>>;

SqlValue moment(Timestamp time)
{
    return time == kNoTime ? SqlValue() : SqlValue(formatRfc3339(time));
}

SqlValue number(std::uint64_t value)
{
    return {static_cast<std::int64_t>(value)};
}

SqlValue text(std::string_view value)
{
    return value.empty() ? SqlValue() : SqlValue(std::string(value));
}

Rows gaps(SqlHistory& history)
{
    auto reader = history.takeReader();
    if (!reader)
        return reader.error();
    const auto found = (*reader)->gaps(Timestamp::min(), Timestamp::max());
    history.giveBack(std::move(*reader));
    if (!found)
        return found.error();
    std::vector<SqlValues> rows;
    for (const Gap& gap : *found)
        rows.push_back({moment(gap.from), moment(gap.to), text(gapCauseName(gap.cause)),
                        gap.messages ? number(*gap.messages) : SqlValue(), number(gap.estimated ? 1 : 0),
                        text(gap.detail)});
    return rows;
}

Rows recordings(SqlHistory& history)
{
    Database& database = history.database();
    const auto hasStream = hasColumn(database, "recording", "stream");
    if (!hasStream)
        return hasStream.error();
    auto found = database.prepare(
        std::string(
            "SELECT id, first_seq, received, stored, failed, dropped_broker, dropped_queue, sampled_out, "
            "sampled_estimated, bytes_in, started, ended, last_commit, source, subjects, weir, ") +
        (*hasStream ? "stream" : "NULL") + " FROM recording ORDER BY id");
    if (!found)
        return found.error();
    std::vector<SqlValues> rows;
    const auto read = found->forEachRow([&]() -> Result<void> {
        SqlValues row{found->integer(0),       moment(found->time(10)), moment(found->time(11)),
                      moment(found->time(12)), text(found->bytes(13)),  text(found->bytes(14)),
                      text(found->bytes(16)),  text(found->bytes(15))};
        for (int column = 1; column <= 9; ++column)
            row.emplace_back(found->integer(column));
        rows.push_back(std::move(row));
        return {};
    });
    if (!read)
        return read.error();
    return rows;
}

Rows damage(SqlHistory& history)
{
    std::vector<SqlValues> rows;
    for (const Error& one : history.damage())
        rows.push_back({text(one.what), text(one.why)});
    return rows;
}

constexpr std::array kTables{
    ListedTable{
        "gaps",
        "CREATE TABLE gaps(from_time TEXT COLLATE weir_time, to_time TEXT COLLATE weir_time, cause TEXT, "
        "messages INTEGER, estimated INTEGER, detail TEXT)",
        "where messages are or may be missing; to_time is NULL while it lasts, messages where nobody knows",
        gaps},
    ListedTable{
        "recordings",
        "CREATE TABLE recordings(id INTEGER, started TEXT COLLATE weir_time, ended TEXT COLLATE weir_time, "
        "last_commit TEXT COLLATE weir_time, source TEXT, subjects TEXT, stream TEXT, weir TEXT, "
        "first_seq INTEGER, received INTEGER, stored INTEGER, failed INTEGER, dropped_broker INTEGER, "
        "dropped_queue INTEGER, sampled INTEGER, sampled_estimated INTEGER, bytes_in INTEGER)",
        "who recorded what, and what of it was missed; ended is NULL until it ended", recordings},
    ListedTable{"damage", "CREATE TABLE damage(what TEXT, why TEXT)",
                "blocks that this connection's statements so far had to leave out", damage},
};

} // namespace

std::span<const ListedTable> listedTables()
{
    return kTables;
}

} // namespace weir
