// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/BlockFormat.h"
#include "core/history/Database.h"
#include "core/history/HistoryReader.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace weir {

/// A row of table `block` with the checksum that stands beside it, and which of its messages are meant:
/// blocks may be merged while they are walked over, and then hold what was seen before or comes later.
struct FoundBlock
{
    BlockRow row;
    std::uint32_t checksum = 0;
    std::uint64_t from = 0; ///< seqs, inclusive
    std::uint64_t to = std::numeric_limits<std::uint64_t>::max();

    [[nodiscard]] bool isSound() const { return row.checksum() == checksum && row.lastSeq >= row.firstSeq; }
    [[nodiscard]] bool isWhole() const { return from <= row.firstSeq && row.lastSeq <= to; }
    /// How many messages are meant, at the most.
    [[nodiscard]] std::uint64_t wanted() const;
};

/// Walks over the blocks that a query may match, in its order, without opening one. Each step is a read
/// transaction of its own (or part of the caller's), so that a long scan holds up no checkpoint; its end is
/// fixed at the beginning. It goes by seq: each message's block is found once, also when blocks are merged or
/// removed between two steps.
class BlockScan
{
public:
    /// `database` must outlive it; `query` is only looked at here.
    [[nodiscard]] static Result<BlockScan> begin(Database& database, const HistoryQuery& query);
    /// Nothing: that was the last one.
    [[nodiscard]] Result<std::optional<FoundBlock>> next();
    /// The next ones, at most `most`, in one step; none: there are no more.
    [[nodiscard]] Result<std::vector<FoundBlock>> next(std::size_t most);

private:
    [[nodiscard]] Result<void> narrow(Database& database, const HistoryQuery& query);
    void take(FoundBlock block, std::vector<FoundBlock>& into);

    Statement m_rows;
    std::int64_t m_first = 0; ///< seqs that are left, inclusive
    std::int64_t m_last = -1;
    std::int64_t m_after = -1; ///< by first seq
    std::int64_t m_from = 0;
    std::int64_t m_to = 0;
    bool m_newestFirst = false;
};

/// The block of a row of `SELECT * FROM block`.
[[nodiscard]] FoundBlock blockOf(const Statement& found);

/// Whether the row still stands in the file as it was found; if not, the block was merged or removed.
[[nodiscard]] Result<bool> isAsFound(Database& database, const FoundBlock& found);

/// `error` of block `found`, named.
[[nodiscard]] Error nameBlock(const FoundBlock& found, const Error& error);

} // namespace weir
