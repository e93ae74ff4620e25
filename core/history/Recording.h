// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/CoverageLedger.h"
#include "core/history/BlockFormat.h"
#include "core/history/BlockTable.h"
#include "core/history/Database.h"
#include "core/history/HistoryWriter.h"
#include "core/history/LookStore.h"
#include "core/history/NamesStore.h"
#include "core/history/RollupStore.h"
#include "core/history/TraceGroupStore.h"

#include <cstdint>
#include <memory>
#include <span>

namespace weir {

/// One recording into a history: its row, and the transactions that extend it. Whatever a transaction holds
/// (blocks, the dictionary rows they need, gaps, counters) is there entirely or not at all. One thread.
class Recording
{
public:
    /// Reads what the history has, ends what an earlier recording left open, says what lies between, and
    /// begins a recording at `now`.
    [[nodiscard]] static Result<std::unique_ptr<Recording>>
    begin(Database database, const HistoryWriter::Options& options, Timestamp now);

    [[nodiscard]] const std::shared_ptr<Names>& names() const { return m_names; }
    [[nodiscard]] std::uint64_t firstSeq() const { return m_firstSeq; }
    [[nodiscard]] std::int64_t id() const { return m_id; }
    /// The connection that writes, for upkeep between the transactions.
    [[nodiscard]] Database& database() { return m_database; }
    [[nodiscard]] RollupStore& rollups() { return *m_rollups; }
    [[nodiscard]] LookStore& looks() { return m_looks; }

    /// One transaction. `ledger`'s stored count is written as it will be after it. `settled`: everything
    /// received before this moment is in this or an earlier transaction, or counted.
    [[nodiscard]] Result<void> commit(std::span<EncodedBlock> blocks, const CoverageLedger& ledger,
                                      Timestamp settled);
    /// The last one: the recording ended cleanly at `now`.
    [[nodiscard]] Result<void> end(const CoverageLedger& ledger, Timestamp now);

    /// It never came to be: the file says what it said before begin().
    [[nodiscard]] Result<void> undo();

    /// Something but blocks waits to be written: gaps, counters, verdicts, looks.
    [[nodiscard]] bool hasNews(const CoverageLedger& ledger) const;

private:
    Recording(Database database, std::shared_ptr<Names> names);

    /// What is committed, so that a transaction that failed leaves no trace.
    struct Marks
    {
        NamesMark names;
        std::uint64_t gaps = 0;
        std::int64_t timeHigh = 0;
        std::int64_t setback = 0;
        Coverage counts;
    };

    [[nodiscard]] Result<void> load();
    [[nodiscard]] Result<void> prepareAll();
    [[nodiscard]] Result<void> insertRow(const HistoryWriter::Options& options, Timestamp now);
    [[nodiscard]] Result<void> write(std::span<EncodedBlock> blocks, const CoverageLedger& ledger,
                                     Timestamp settled, Timestamp ended, Marks& marks);
    [[nodiscard]] Result<void> transact(std::span<EncodedBlock> blocks, const CoverageLedger& ledger,
                                        Timestamp settled, Timestamp ended);
    [[nodiscard]] Result<void> writeBlock(EncodedBlock& block, Marks& marks);
    [[nodiscard]] Result<void> writeGaps(const CoverageLedger& ledger, Marks& marks);
    [[nodiscard]] Result<void> writeRow(const Coverage& counts, Timestamp settled, Timestamp ended);

    Database m_database;
    std::shared_ptr<Names> m_names;
    std::int64_t m_id = 0;
    std::int64_t m_lastGap = 0;    ///< of the rows before begin()
    std::int64_t m_openBefore = 0; ///< the recording that begin() settled as an unclean end; 0: none
    std::uint64_t m_firstSeq = 1;
    Marks m_marks;
    BlockTable m_blocks;
    Statement m_gap;
    Statement m_row;
    Statement m_setback;
    std::unique_ptr<RollupStore> m_rollups;
    TraceGroupStore m_traceGroups;
    LookStore m_looks;
};

} // namespace weir
