// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/BlockFormat.h"
#include "core/history/Database.h"
#include "core/history/HistoryReader.h"

#include <optional>

namespace weir {

/// A row of table `block` with the checksum that stands beside it.
struct FoundBlock
{
    BlockRow row;
    std::uint32_t checksum = 0;
};

/// Walks over the blocks that a query may match, in its order, without opening one. Each step is a read
/// transaction of its own, so that a long scan holds up no checkpoint; its end is fixed at the beginning.
class BlockScan
{
public:
    /// `database` must outlive it; `query` is only looked at here.
    [[nodiscard]] static Result<BlockScan> begin(Database& database, const HistoryQuery& query);
    /// Nothing: that was the last one.
    [[nodiscard]] Result<std::optional<FoundBlock>> next();

private:
    [[nodiscard]] Result<void> narrow(Database& database, const HistoryQuery& query);

    Statement m_rows;
    std::int64_t m_first = 0; ///< by first seq, inclusive
    std::int64_t m_last = -1;
    std::int64_t m_from = 0;
    std::int64_t m_to = 0;
    std::int64_t m_firstSeq = 0;
    bool m_newestFirst = false;
};

/// `error` of block `found`, named.
[[nodiscard]] Error nameBlock(const FoundBlock& found, const Error& error);

} // namespace weir
