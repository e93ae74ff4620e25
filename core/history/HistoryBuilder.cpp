// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/HistoryBuilder.h"

#include "core/history/BlockEncoder.h"
#include "core/history/Schema.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <limits>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace weir {
namespace {

constexpr std::uint64_t kBlocksAtOnce = 256;   ///< in one transaction
constexpr std::uint64_t kSecondsAtOnce = 4096; ///< of sums
constexpr int kRecordingColumns = 17;
constexpr const char* kColumns =
    "started, ended, last_commit, flush_ns, source, subjects, weir, first_seq, received, stored, failed, "
    "dropped_broker, dropped_queue, sampled_out, sampled_estimated, bytes_in, ";

Error somethingIsThere(const std::filesystem::path& path)
{
    return {ErrorCode::Usage, "making history " + path.string(), "something is there already",
            "name a new file"};
}

} // namespace

Result<std::string> HistoryBuilder::recordingColumns(Database& from)
{
    const auto streams = hasColumn(from, "recording", "stream");
    if (!streams)
        return streams.error();
    return kColumns + std::string(*streams ? "stream" : "NULL");
}

HistoryBuilder::HistoryBuilder(const std::filesystem::path& path) : m_path(path), m_unfinished(path)
{
    m_unfinished += ".unfinished";
}

Result<std::unique_ptr<HistoryBuilder>> HistoryBuilder::create(const std::filesystem::path& path,
                                                               Timestamp now)
{
    std::error_code code;
    if (std::filesystem::exists(std::filesystem::symlink_status(path, code)))
        return somethingIsThere(path);
    std::unique_ptr<HistoryBuilder> made(new HistoryBuilder(path));
    auto lock = WriterLock::take(made->m_unfinished, now);
    if (!lock)
        return lock.error();
    made->m_lock = std::move(*lock);
    made->removeUnfinished(); // of one that was killed
    if (auto done = made->open(); !done)
        return done.error();
    return made;
}

Result<void> HistoryBuilder::open()
{
    auto opened = openForWriting(m_unfinished);
    if (!opened)
        return opened.error();
    m_database.emplace(std::move(opened->database));
    m_timeHigh = std::numeric_limits<std::int64_t>::min();
    auto blocks = BlockTable::prepare(*m_database);
    if (!blocks)
        return blocks.error();
    m_blocks.emplace(std::move(*blocks));
    auto rollups = RollupStore::begin(*m_database, m_names);
    if (!rollups)
        return rollups.error();
    m_rollups = std::move(*rollups);
    auto traceGroups = TraceGroupStore::begin(*m_database);
    if (!traceGroups)
        return traceGroups.error();
    m_traceGroups.emplace(std::move(*traceGroups));
    return m_database->run("BEGIN IMMEDIATE");
}

HistoryBuilder::~HistoryBuilder()
{
    close();
    if (m_lock.isTaken())
        removeUnfinished();
}

void HistoryBuilder::close()
{
    m_blocks.reset();
    m_rollups.reset();
    m_traceGroups.reset();
    if (m_database)
        m_database->rollback();
    m_database.reset();
}

void HistoryBuilder::removeUnfinished() const
{
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
        std::error_code code; // what cannot be removed shows when it is opened
        std::filesystem::path file = m_unfinished;
        file += suffix;
        std::filesystem::remove(file, code);
    }
}

Result<void> HistoryBuilder::takeSums(Database& from)
{
    auto insert = m_database->prepare("INSERT INTO rollup(width, start, first_seq, last_seq, codec, "
                                      "raw_bytes, checksum, body) VALUES(?, ?, ?, ?, ?, ?, ?, ?)");
    auto rows = from.prepare("SELECT width, start, first_seq, last_seq, codec, raw_bytes, checksum, body "
                             "FROM rollup ORDER BY id");
    if (!insert || !rows)
        return insert ? rows.error() : insert.error();
    const auto copied = rows->forEachRow([&]() -> Result<void> {
        for (int column = 0; column < rows->columns(); ++column)
            insert->bindFrom(column + 1, *rows, column);
        return insert->run();
    });
    if (!copied)
        return copied;
    const auto first = from.number("SELECT value FROM meta WHERE key = 'rollup_from'");
    auto begin = m_database->prepare("UPDATE meta SET value = ? WHERE key = 'rollup_from'");
    if (!first || !begin)
        return first ? begin.error() : first.error();
    if (auto done = begin->bind(1, *first).run(); !done)
        return done;
    auto rollups = RollupStore::begin(*m_database, m_names);
    if (!rollups)
        return rollups.error();
    m_rollups = std::move(*rollups);
    const auto summed = readSummedSeqs(*m_database, kSecondSlot);
    if (!summed)
        return summed.error();
    m_summed = summed->second;
    return {};
}

Result<void> HistoryBuilder::addExpired(const RollupSlot& second)
{
    m_rollups->add(second);
    if (++m_expiredSeconds % kSecondsAtOnce != 0)
        return {};
    auto done = commit();
    return done ? m_database->run("BEGIN IMMEDIATE") : done;
}

Result<void> HistoryBuilder::endExpired(std::uint64_t lastSeq)
{
    m_rollups->end();
    auto expired = m_database->prepare("INSERT OR REPLACE INTO meta VALUES('expired_seq', ?)");
    return expired ? expired->bind(1, lastSeq).run() : expired.error();
}

Result<void> HistoryBuilder::copyRecording(const Statement& row, std::int64_t id)
{
    auto insert =
        m_database->prepare(std::string("INSERT INTO recording(") + kColumns +
                            "stream, id) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    if (!insert)
        return insert.error();
    for (int column = 0; column < kRecordingColumns; ++column)
        insert->bindFrom(column + 1, row, column);
    return insert->bind(kRecordingColumns + 1, id).run();
}

Result<void> HistoryBuilder::addGap(std::int64_t recording, const Gap& gap)
{
    auto insert = m_database->prepare(
        "INSERT INTO gap(recording, key, from_time, to_time, cause, messages, estimated, detail) "
        "VALUES(?, NULL, ?, ?, ?, ?, ?, ?)");
    if (!insert)
        return insert.error();
    const auto messages =
        gap.messages ? std::optional(static_cast<std::int64_t>(*gap.messages)) : std::nullopt;
    insert->bind(1, recording)
        .bind(2, gap.from)
        .bind(3, gap.to)
        .bind(4, static_cast<std::int64_t>(gap.cause));
    insert->bind(5, messages).bind(6, std::int64_t{gap.estimated});
    return insert->bindText(7, gap.detail).run();
}

Result<void> HistoryBuilder::add(EncodedBlock& block, std::span<const Message* const> messages)
{
    BlockRow& row = block.row;
    if (m_blockCount > 0 && row.timeMin < m_timeHigh)
        m_setback = std::max(m_setback, m_timeHigh - row.timeMin);
    m_timeHigh = std::max(m_timeHigh, row.timeMax);
    row.timeHigh = m_timeHigh;
    if (auto done = m_blocks->insert(block); !done)
        return done;
    const auto unsummed = std::find_if(messages.begin(), messages.end(),
                                       [this](const Message* message) { return message->seq > m_summed; });
    block.seconds = m_rollups->sum({unsummed, messages.end()});
    block.traceHashes = BlockEncoder::traceHashesOf(messages);
    m_rollups->committed({&block, 1}); // or all of this history goes
    m_traceGroups->committed({&block, 1});
    if (++m_blockCount % kBlocksAtOnce != 0)
        return {};
    auto done = commit();
    return done ? m_database->run("BEGIN IMMEDIATE") : done;
}

Result<void> HistoryBuilder::copyLarge(std::uint64_t seq, const Statement& row)
{
    auto insert = m_database->prepare("INSERT INTO large_payload VALUES(?, ?, ?, ?, ?)");
    if (!insert)
        return insert.error();
    insert->bind(1, seq);
    for (int column = 0; column < 4; ++column)
        insert->bindFrom(column + 2, row, column);
    return insert->run();
}

Result<void> HistoryBuilder::commit()
{
    if (auto done = saveNames(*m_database, *m_names, m_mark); !done)
        return done;
    if (auto done = m_rollups->write(); !done)
        return done;
    m_rollups->committed({});
    if (auto done = m_traceGroups->write(); !done)
        return done;
    m_traceGroups->committed({});
    auto setback = m_database->prepare("UPDATE meta SET value = ? WHERE key = 'setback_ns'");
    if (!setback)
        return setback.error();
    if (auto done = setback->bind(1, m_setback).run(); !done)
        return done;
    return m_database->run("COMMIT");
}

Result<void> HistoryBuilder::finish()
{
    m_rollups->end();
    m_traceGroups->end();
    if (auto done = commit(); !done)
        return done;
    if (auto done = m_database->run("PRAGMA wal_checkpoint(TRUNCATE)"); !done)
        return done;
    close();
    return putInPlace();
}

/// The name is given in one step, and never one that somebody else has taken meanwhile.
Result<void> HistoryBuilder::putInPlace()
{
    const std::string what = "making history " + m_path.string();
    std::error_code code;
    std::filesystem::path log = m_unfinished;
    log += "-wal";
    if (std::filesystem::exists(log, code) && std::filesystem::file_size(log, code) > 0)
        return Error{ErrorCode::Io, what, "what was written could not be put into one file", {}};
    // Some file systems do not know the flag.
    int failed = ::renameat2(AT_FDCWD, m_unfinished.c_str(), AT_FDCWD, m_path.c_str(), RENAME_NOREPLACE);
    if (failed != 0 && errno == EINVAL)
        failed = ::link(m_unfinished.c_str(), m_path.c_str());
    if (failed != 0 && errno == EEXIST)
        return somethingIsThere(m_path);
    if (failed != 0)
        return Error{ErrorCode::Io, what, std::strerror(errno), "check who may write there"};
    // The name must outlive a loss of power too; that a folder cannot be synced does no harm now.
    const std::filesystem::path folder = m_path.has_parent_path() ? m_path.parent_path() : ".";
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) {
        (void)::fsync(descriptor);
        ::close(descriptor);
    }
    return {};
}

} // namespace weir
