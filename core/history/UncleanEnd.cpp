// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/UncleanEnd.h"

#include <algorithm>
#include <optional>

namespace weir {
namespace {

struct LastRecording
{
    std::int64_t id = 0;
    Timestamp ended = kNoTime;
    Timestamp lastCommit = kNoTime;
    Nanoseconds flushEvery{};
    RecordedFrom from;
};

Result<std::optional<LastRecording>> lastRecording(Database& database)
{
    auto row = database.prepare(
        "SELECT id, ended, last_commit, flush_ns, source, stream FROM recording ORDER BY id DESC LIMIT 1");
    if (!row)
        return row.error();
    const auto found = row->step();
    if (!found)
        return found.error();
    if (!*found)
        return std::optional<LastRecording>();
    return std::optional(LastRecording{row->integer(0),
                                       row->time(1),
                                       row->time(2),
                                       Nanoseconds(row->integer(3)),
                                       {std::string(row->bytes(4)), std::string(row->bytes(5))}});
}

Result<void> addGap(Database& database, std::int64_t recording, const Gap& gap)
{
    auto insert = database.prepare(
        "INSERT INTO gap(recording, key, from_time, to_time, cause, messages, estimated, detail) "
        "VALUES(?, NULL, ?, ?, ?, NULL, 0, ?)");
    if (!insert)
        return insert.error();
    insert->bind(1, recording)
        .bind(2, gap.from)
        .bind(3, gap.to)
        .bind(4, static_cast<std::int64_t>(gap.cause));
    return insert->bindText(5, gap.detail).run();
}

Gap gapOf(const Statement& row)
{
    Gap gap;
    gap.from = row.time(0);
    gap.to = row.time(1);
    gap.cause = static_cast<GapCause>(row.integer(2));
    if (const auto messages = row.optionalInteger(3))
        gap.messages = static_cast<std::uint64_t>(*messages);
    gap.estimated = row.integer(4) != 0;
    gap.detail = row.bytes(5);
    return gap;
}

bool overlaps(const Gap& gap, Timestamp from, Timestamp to)
{
    return gap.from < to && (gap.to == kNoTime || gap.to > from);
}

} // namespace

Gap uncleanEnd(Timestamp lastCommit, Nanoseconds flushEvery)
{
    Gap gap;
    gap.from = lastCommit + Nanoseconds(1); // what was committed then is there
    gap.to = lastCommit + std::max(flushEvery, Nanoseconds(1));
    gap.cause = GapCause::UncleanEnd;
    gap.detail = "the recorder ended without closing: what it had received and not yet committed is missing";
    return gap;
}

Result<void> endOpenGaps(Database& database, std::int64_t recording, Timestamp at)
{
    auto update = database.prepare(
        "UPDATE gap SET to_time = max(?2, from_time) WHERE recording = ?1 AND to_time IS NULL");
    if (!update)
        return update.error();
    return update->bind(1, recording).bind(2, at).run();
}

Result<void> settleEarlierRecordings(Database& database, const RecordedFrom& next, Timestamp now)
{
    const auto last = lastRecording(database);
    if (!last)
        return last.error();
    if (!*last)
        return {};
    const LastRecording& before = **last;
    const bool goesOn =
        !next.stream.empty() && next.stream == before.from.stream && next.source == before.from.source;
    Gap between;
    between.from = before.ended;
    if (before.ended == kNoTime) {
        if (auto done = endOpenGaps(database, before.id, before.lastCommit); !done)
            return done;
        Gap unclean = uncleanEnd(before.lastCommit, before.flushEvery);
        unclean.to = std::max(unclean.from, std::min(unclean.to, now));
        if (auto done = goesOn ? Result<void>() : addGap(database, before.id, unclean); !done)
            return done;
        auto ended = database.prepare("UPDATE recording SET ended = ?2 WHERE id = ?1");
        if (!ended)
            return ended.error();
        if (auto done = ended->bind(1, before.id).bind(2, unclean.to).run(); !done)
            return done;
        between.from = unclean.to;
    }
    if (goesOn || between.from >= now)
        return {};
    between.to = now;
    between.cause = GapCause::NotRecording;
    between.detail = "nothing was recorded between two recordings";
    return addGap(database, before.id, between);
}

Result<std::vector<Gap>> readGaps(Database& database, Timestamp from, Timestamp to, bool held)
{
    const auto last = lastRecording(database);
    if (!last)
        return last.error();
    const bool unclean = *last && (*last)->ended == kNoTime && !held;
    auto rows =
        database.prepare("SELECT from_time, to_time, cause, messages, estimated, detail FROM gap ORDER BY "
                         "from_time, id");
    if (!rows)
        return rows.error();
    std::vector<Gap> gaps;
    const auto read = rows->forEachRow([&]() -> Result<void> {
        Gap gap = gapOf(*rows);
        if (gap.to == kNoTime && unclean)
            gap.to = std::max(gap.from, (*last)->lastCommit);
        if (overlaps(gap, from, to))
            gaps.push_back(std::move(gap));
        return {};
    });
    if (!read)
        return read.error();
    if (unclean) {
        Gap gap = uncleanEnd((*last)->lastCommit, (*last)->flushEvery);
        if (overlaps(gap, from, to))
            gaps.push_back(std::move(gap));
    }
    return gaps;
}

} // namespace weir
