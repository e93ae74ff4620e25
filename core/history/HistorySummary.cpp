// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/HistorySummary.h"

#include "core/history/UncleanEnd.h"
#include "core/history/WriterLock.h"

#include <system_error>

namespace weir {
namespace {

Result<void> readBlocks(Database& database, HistoryInfo& info)
{
    auto row = database.prepare(
        "SELECT coalesce(sum(count), 0), count(*), coalesce(sum(wire_bytes), 0), min(time_min), "
        "max(time_max), coalesce(min(first_seq), 0), coalesce(max(last_seq), 0) FROM block");
    if (!row)
        return row.error();
    const auto found = row->step();
    if (!found)
        return found.error();
    info.messages = row->count(0);
    info.blocks = row->count(1);
    info.bytesIn = row->count(2);
    info.firstTime = row->time(3);
    info.lastTime = row->time(4);
    info.firstSeq = row->count(5);
    info.lastSeq = row->count(6);
    return {};
}

Result<void> readCounters(Database& database, HistoryInfo& info)
{
    auto row = database.prepare("SELECT coalesce(sum(dropped_broker), 0), coalesce(sum(dropped_queue), 0), "
                                "coalesce(sum(sampled_out), 0), coalesce(sum(failed), 0), min(started), "
                                "max(coalesce(ended, last_commit)), coalesce(max(sampled_estimated), 0) "
                                "FROM recording");
    if (!row)
        return row.error();
    const auto found = row->step();
    if (!found)
        return found.error();
    info.droppedBroker = row->count(0);
    info.droppedQueue = row->count(1);
    info.sampledOut = row->count(2);
    info.failed = row->count(3);
    info.recordedFrom = row->time(4);
    info.recordedTo = row->time(5);
    info.sampledEstimated = row->count(6) != 0;
    return {};
}

} // namespace

std::uint64_t bytesOf(const std::filesystem::path& path)
{
    std::uint64_t bytes = 0;
    for (const char* suffix : {"", "-wal", "-shm"}) {
        std::filesystem::path file = path;
        file += suffix;
        std::error_code code;
        const auto size = std::filesystem::file_size(file, code);
        bytes += code ? 0 : size;
    }
    return bytes;
}

Result<HistoryInfo> readInfo(Database& database, const std::filesystem::path& path)
{
    HistoryInfo info;
    info.beingWritten = WriterLock::isHeld(path);
    if (auto done = readBlocks(database, info); !done)
        return done.error();
    if (auto done = readCounters(database, info); !done)
        return done.error();
    const auto schema = database.number("PRAGMA user_version");
    if (!schema)
        return schema.error();
    const auto id = database.number("SELECT value FROM meta WHERE key = 'id'");
    if (!id)
        return id.error();
    info.id = static_cast<std::uint64_t>(*id);
    info.schema = static_cast<int>(*schema);
    auto gaps = readGaps(database, Timestamp::min(), Timestamp::max(), info.beingWritten);
    if (!gaps)
        return gaps.error();
    info.gaps = std::move(*gaps);
    info.bytesOnDisk = bytesOf(path);
    return info;
}

} // namespace weir
