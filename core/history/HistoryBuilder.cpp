// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/HistoryBuilder.h"

#include "core/history/Schema.h"

#include <algorithm>
#include <limits>
#include <system_error>
#include <utility>

namespace weir {
namespace {

constexpr std::uint64_t kBlocksAtOnce = 256; ///< in one transaction
constexpr int kRecordingColumns = 17;
constexpr const char* kColumns =
    "started, ended, last_commit, flush_ns, source, subjects, weir, first_seq, received, stored, failed, "
    "dropped_broker, dropped_queue, sampled_out, sampled_estimated, bytes_in, ";

} // namespace

Result<std::string> HistoryBuilder::recordingColumns(Database& from)
{
    const auto streams = hasColumn(from, "recording", "stream");
    if (!streams)
        return streams.error();
    return kColumns + std::string(*streams ? "stream" : "NULL");
}

Result<std::unique_ptr<HistoryBuilder>> HistoryBuilder::create(const std::filesystem::path& path,
                                                               Timestamp now)
{
    std::error_code code;
    if (std::filesystem::exists(std::filesystem::symlink_status(path, code)))
        return Error{ErrorCode::Usage, "making history " + path.string(), "something is there already",
                     "name a new file"};
    auto lock = WriterLock::take(path, now);
    if (!lock)
        return lock.error();
    auto opened = openForWriting(path);
    if (!opened)
        return opened.error();
    std::unique_ptr<HistoryBuilder> made(new HistoryBuilder);
    made->m_path = path;
    made->m_lock = std::move(*lock);
    made->m_database.emplace(std::move(opened->database));
    made->m_timeHigh = std::numeric_limits<std::int64_t>::min();
    auto blocks = BlockTable::prepare(*made->m_database);
    if (!blocks)
        return blocks.error();
    made->m_blocks.emplace(std::move(*blocks));
    auto rollups = RollupStore::begin(*made->m_database, made->m_names);
    if (!rollups)
        return rollups.error();
    made->m_rollups = std::move(*rollups);
    if (auto begun = made->m_database->run("BEGIN IMMEDIATE"); !begun)
        return begun.error();
    return made;
}

HistoryBuilder::~HistoryBuilder()
{
    m_blocks.reset();
    m_rollups.reset();
    if (m_database && !m_finished)
        m_database->rollback();
    const bool remove = m_database && !m_finished;
    m_database.reset();
    for (const char* suffix : {"", "-wal", "-shm"}) {
        std::error_code code;
        std::filesystem::path file = m_path;
        file += suffix;
        if (remove)
            std::filesystem::remove(file, code);
    }
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
    block.seconds = m_rollups->sum(messages);
    m_rollups->committed({&block, 1}); // or all of this history goes
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
    if (auto done = commit(); !done)
        return done;
    m_finished = true;
    return m_database->run("PRAGMA wal_checkpoint(TRUNCATE)");
}

} // namespace weir
