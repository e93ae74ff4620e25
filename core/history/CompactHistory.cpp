// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/Compaction.h"
#include "core/history/HistorySummary.h"
#include "core/history/Retention.h"
#include "core/history/Schema.h"
#include "core/history/WriterLock.h"

namespace weir {
namespace {

constexpr std::int64_t kPagesAtOnce = 1024;

/// Gives all free pages back, and puts everything into the one file.
Result<void> shrink(Database& database)
{
    for (;;) {
        const auto free = database.number("PRAGMA freelist_count");
        if (!free)
            return free.error();
        if (*free == 0)
            return database.run("PRAGMA wal_checkpoint(TRUNCATE)");
        if (auto done = vacuum(database, kPagesAtOnce); !done)
            return done;
    }
}

} // namespace

Result<CompactedHistory> compactHistory(const std::filesystem::path& path, Timestamp now,
                                        const std::function<void(std::uint64_t, std::uint64_t)>& progress)
{
    if (const auto there = openForReading(path); !there)
        return there.error();
    const auto lock = WriterLock::take(path, now);
    if (!lock)
        return lock.error();
    auto opened = openForWriting(path);
    if (!opened)
        return opened.error();
    Database& database = opened->database;
    CompactedHistory compacted;
    compacted.bytesBefore = bytesOf(path);
    const auto last = database.number("SELECT max(last_seq) FROM block");
    if (!last)
        return last.error();
    Compaction compaction(database, Compaction::Pace::Alone);
    for (;;) {
        const auto more = compaction.step(Timestamp::max());
        if (!more)
            return more.error();
        if (!*more)
            break;
        progress(compaction.reached(), static_cast<std::uint64_t>(*last));
    }
    if (auto done = shrink(database); !done)
        return done.error();
    compacted.blocks = compaction.done();
    compacted.bytesAfter = bytesOf(path);
    return compacted;
}

} // namespace weir
