// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/BlockPruner.h"
#include "core/history/BlockScan.h"
#include "core/history/Database.h"
#include "core/history/HistoryReader.h"

#include <cstddef>
#include <optional>
#include <stop_token>
#include <vector>

namespace weir {

/// The blocks of a scan that may match, one after the other; the others are counted as scanned. Rows and
/// sets are read many at once, in one short transaction: to begin and end one costs as much as to leave out
/// a block. One thread, one connection that is in no transaction.
class Candidates
{
public:
    /// `database` and `stop` outlive it.
    Candidates(Database& database, BlockScan rows, BlockPruner pruner, const std::stop_token& stop)
        : m_database(database), m_rows(std::move(rows)), m_pruner(std::move(pruner)), m_stop(stop)
    {
    }
    /// Nothing: that was the last one, or the stop was requested.
    [[nodiscard]] Result<std::optional<FoundBlock>> next(ScanSummary& summary);

private:
    struct Candidate
    {
        FoundBlock found;
        bool mayMatch = true;
    };
    [[nodiscard]] Result<void> readMore();
    [[nodiscard]] Result<void> readRows();

    Database& m_database;
    BlockScan m_rows;
    BlockPruner m_pruner;
    const std::stop_token& m_stop;
    std::vector<Candidate> m_read;
    std::size_t m_next = 0; ///< of m_read
    std::size_t m_most = 4; ///< rows to read at once: few for a page, more and more for a long answer
};

/// Counts the block as damaged and says why.
void noteDamage(ScanSummary& summary, const FoundBlock& found, const Error& error);

} // namespace weir
