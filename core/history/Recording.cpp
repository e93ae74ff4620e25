// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/Recording.h"

#include "core/history/UncleanEnd.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace weir {
namespace {

bool same(const Coverage& a, const Coverage& b)
{
    const auto all = [](const Coverage& c) {
        return std::tuple(c.received, c.failed, c.droppedBroker, c.droppedQueue, c.sampledOut,
                          c.sampledEstimated);
    };
    return all(a) == all(b);
}

} // namespace

Recording::Recording(Database database, std::shared_ptr<Names> names)
    : m_database(std::move(database)), m_names(std::move(names))
{
}

Result<std::unique_ptr<Recording>> Recording::begin(Database database, const HistoryWriter::Options& options,
                                                    Timestamp now)
{
    std::unique_ptr<Recording> made(new Recording(std::move(database), std::make_shared<Names>()));
    if (auto done = made->load(); !done)
        return done.error();
    if (auto done = made->m_database.run("BEGIN IMMEDIATE"); !done)
        return done.error();
    auto done = settleEarlierRecordings(made->m_database, {options.source, options.stream}, now);
    if (done)
        done =
            made->m_database.run("INSERT OR IGNORE INTO meta VALUES('id', abs(random() % 281474976710656))");
    if (done)
        done = made->insertRow(options, now);
    if (done)
        done = made->m_database.run("COMMIT");
    if (!done) {
        made->m_database.rollback();
        return done.error();
    }
    if (auto prepared = made->prepareAll(); !prepared)
        return prepared.error();
    auto rollups = RollupStore::begin(made->m_database, made->m_names);
    if (!rollups)
        return rollups.error();
    made->m_rollups = std::move(*rollups);
    auto traceGroups = TraceGroupStore::begin(made->m_database);
    if (!traceGroups)
        return traceGroups.error();
    made->m_traceGroups = std::move(*traceGroups);
    auto looks = LookStore::begin(made->m_database, made->m_id);
    if (!looks)
        return looks.error();
    made->m_looks = std::move(*looks);
    return made;
}

Result<void> Recording::load()
{
    if (auto done = loadNames(m_database, *m_names, m_marks.names); !done)
        return done;
    // From here on the mark means the table's own revision: all that it has is in the file.
    m_marks.names.identities = 0;
    (void)m_names->identities.changedSince(m_marks.names.identities);
    const auto last = m_database.number(
        "SELECT max(coalesce((SELECT max(last_seq) FROM block), 0), "
        "coalesce((SELECT value FROM meta WHERE key = 'expired_seq'), 0))"); // seqs never come twice
    const auto high = m_database.number("SELECT coalesce(max(time_high), -9223372036854775807) FROM block");
    const auto setback = m_database.number("SELECT value FROM meta WHERE key = 'setback_ns'");
    const auto id = m_database.number("SELECT max(id) FROM recording");
    const auto gap = m_database.number("SELECT coalesce(max(id), 0) FROM gap");
    const auto open =
        m_database.number("SELECT id FROM recording WHERE ended IS NULL ORDER BY id DESC LIMIT 1");
    for (const auto* number : {&last, &high, &setback, &id, &gap, &open}) {
        if (!*number)
            return number->error();
    }
    m_firstSeq = static_cast<std::uint64_t>(*last) + 1;
    m_marks.timeHigh = *high;
    m_marks.setback = *setback;
    m_id = *id + 1;
    m_lastGap = *gap;
    m_openBefore = *open == *id ? *open : 0;
    return {};
}

Result<void> Recording::insertRow(const HistoryWriter::Options& options, Timestamp now)
{
    auto insert = m_database.prepare(
        "INSERT INTO recording(id, started, last_commit, flush_ns, source, subjects, weir, "
        "first_seq, stream) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)");
    if (!insert)
        return insert.error();
    insert->bind(1, m_id).bind(2, now).bind(3, now).bind(4, std::int64_t{options.flushEvery.count()});
    insert->bindText(5, options.source)
        .bindText(6, options.subjects)
        .bindText(7, WEIR_VERSION)
        .bind(8, m_firstSeq)
        .bindText(9, options.stream);
    return insert->run();
}

Result<void> Recording::prepareAll()
{
    auto blocks = BlockTable::prepare(m_database);
    if (!blocks)
        return blocks.error();
    m_blocks = std::move(*blocks);
    const std::array<std::pair<Statement*, const char*>, 3> all{{
        {&m_gap, "INSERT INTO gap(recording, key, from_time, to_time, cause, messages, estimated, detail) "
                 "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT(recording, key) DO UPDATE SET "
                 "to_time = ?4, messages = ?6, estimated = ?7, detail = ?8"},
        {&m_row,
         "UPDATE recording SET last_commit = ?2, ended = ?3, received = ?4, stored = ?5, failed = ?6, "
         "dropped_broker = ?7, dropped_queue = ?8, sampled_out = ?9, sampled_estimated = ?10, bytes_in = ?11 "
         "WHERE id = ?1"},
        {&m_setback, "UPDATE meta SET value = ? WHERE key = 'setback_ns'"},
    }};
    for (const auto& [statement, sql] : all) {
        auto prepared = m_database.prepare(sql);
        if (!prepared)
            return prepared.error();
        *statement = std::move(*prepared);
    }
    return {};
}

Result<void> Recording::commit(std::span<EncodedBlock> blocks, const CoverageLedger& ledger,
                               Timestamp settled)
{
    auto done = transact(blocks, ledger, settled, kNoTime);
    if (done)
        m_rollups->settle(settled);
    return done;
}

Result<void> Recording::end(const CoverageLedger& ledger, Timestamp now)
{
    m_rollups->end();
    m_traceGroups.end();
    m_looks.end();
    if (auto done = transact({}, ledger, now, now); !done)
        return done;
    // A clean end leaves one file: nothing is lost when a reader keeps the log from being emptied.
    (void)m_database.run("PRAGMA wal_checkpoint(TRUNCATE)");
    return {};
}

Result<void> Recording::undo()
{
    if (auto begun = m_database.run("BEGIN IMMEDIATE"); !begun)
        return begun;
    const std::string expired = std::to_string(static_cast<int>(GapCause::Expired));
    const std::array all{"DELETE FROM gap WHERE id > " + std::to_string(m_lastGap) + " AND cause <> " +
                             expired,
                         "DELETE FROM recording WHERE id = " + std::to_string(m_id),
                         "DELETE FROM broker_look WHERE recording = " + std::to_string(m_id),
                         "UPDATE recording SET ended = NULL WHERE id = " + std::to_string(m_openBefore),
                         std::string("COMMIT")};
    for (const std::string& sql : all) {
        if (auto done = m_database.run(sql.c_str()); !done) {
            m_database.rollback();
            return done;
        }
    }
    (void)m_database.run("PRAGMA wal_checkpoint(TRUNCATE)"); // as after a clean end
    return {};
}

bool Recording::hasNews(const CoverageLedger& ledger) const
{
    std::uint64_t gaps = m_marks.gaps;
    std::uint64_t verdicts = m_marks.names.identities;
    return !ledger.gapsChangedSince(gaps).empty() || !m_names->identities.changedSince(verdicts).empty() ||
           !same(ledger.snapshot(), m_marks.counts) || m_looks.hasNews();
}

Result<void> Recording::transact(std::span<EncodedBlock> blocks, const CoverageLedger& ledger,
                                 Timestamp settled, Timestamp ended)
{
    if (m_database.wasMoved())
        return Error{ErrorCode::Io, "writing the history",
                     "its file was removed or replaced while it was written",
                     "stop, and record into a new file"};
    if (auto begun = m_database.run("BEGIN IMMEDIATE"); !begun)
        return begun;
    Marks marks = m_marks;
    auto done = write(blocks, ledger, settled, ended, marks);
    if (done)
        done = m_database.run("COMMIT");
    if (!done) {
        m_database.rollback();
        return done;
    }
    m_marks = marks;
    m_rollups->committed(blocks);
    m_traceGroups.committed(blocks);
    m_looks.committed();
    return {};
}

Result<void> Recording::write(std::span<EncodedBlock> blocks, const CoverageLedger& ledger, Timestamp settled,
                              Timestamp ended, Marks& marks)
{
    std::uint64_t messages = 0;
    for (EncodedBlock& block : blocks) {
        if (auto done = writeBlock(block, marks); !done)
            return done;
        messages += block.row.count;
    }
    if (auto done = saveNames(m_database, *m_names, marks.names); !done)
        return done;
    if (auto done = m_rollups->write(); !done)
        return done;
    if (auto done = m_traceGroups.write(); !done)
        return done;
    if (auto done = m_looks.write(); !done)
        return done;
    marks.counts = ledger.snapshot();
    marks.counts.stored += messages;
    if (auto done = writeGaps(ledger, marks); !done)
        return done;
    if (marks.setback != m_marks.setback) {
        if (auto done = m_setback.bind(1, marks.setback).run(); !done)
            return done;
    }
    if (auto done = writeRow(marks.counts, settled, ended); !done || ended == kNoTime)
        return done;
    return endOpenGaps(m_database, m_id, ended);
}

Result<void> Recording::writeBlock(EncodedBlock& block, Marks& marks)
{
    BlockRow& row = block.row;
    row.recording = m_id;
    if (row.timeMin < marks.timeHigh)
        marks.setback = std::max(marks.setback, marks.timeHigh - row.timeMin);
    marks.timeHigh = std::max(marks.timeHigh, row.timeMax);
    row.timeHigh = marks.timeHigh;
    return m_blocks.insert(block);
}

Result<void> Recording::writeGaps(const CoverageLedger& ledger, Marks& marks)
{
    for (const auto& [key, gap] : ledger.gapsChangedSince(marks.gaps)) {
        const auto messages =
            gap.messages ? std::optional(static_cast<std::int64_t>(*gap.messages)) : std::nullopt;
        m_gap.bind(1, m_id)
            .bind(2, key)
            .bind(3, gap.from)
            .bind(4, gap.to)
            .bind(5, static_cast<std::int64_t>(gap.cause));
        m_gap.bind(6, messages).bind(7, std::int64_t{gap.estimated}).bindText(8, gap.detail);
        if (auto done = m_gap.run(); !done)
            return done;
    }
    return {};
}

Result<void> Recording::writeRow(const Coverage& counts, Timestamp settled, Timestamp ended)
{
    m_row.bind(1, m_id).bind(2, settled).bind(3, ended).bind(4, counts.received).bind(5, counts.stored);
    m_row.bind(6, counts.failed).bind(7, counts.droppedBroker).bind(8, counts.droppedQueue);
    m_row.bind(9, counts.sampledOut).bind(10, std::int64_t{counts.sampledEstimated}).bind(11, counts.bytesIn);
    return m_row.run();
}

} // namespace weir
