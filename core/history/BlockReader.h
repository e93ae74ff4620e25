// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/BlockPool.h"
#include "core/history/ColumnCache.h"
#include "core/history/Database.h"
#include "core/history/HistoryReader.h"
#include "core/history/NameViews.h"
#include "core/history/NamesStore.h"

#include <functional>
#include <memory>

namespace weir {

/// HistoryReader over blocks, on a read-only connection of its own. The first blocks of an answer are read by
/// the thread that asks, so that a page comes at once; a long answer is read by all processors.
class BlockReader final : public HistoryReader
{
public:
    /// `cache` may be null.
    BlockReader(Database database, std::filesystem::path path, std::shared_ptr<ColumnCache> cache);
    /// Brings the names up to what is committed.
    [[nodiscard]] Result<void> refreshNames();

    [[nodiscard]] std::shared_ptr<const Names> names() override;
    [[nodiscard]] Result<ScanSummary>
    scan(const HistoryQuery& query, std::stop_token stop,
         const std::function<bool(const std::shared_ptr<const Batch>&)>& visit) override;
    [[nodiscard]] Result<ScanSummary> count(const HistoryQuery& query, std::stop_token stop) override;
    [[nodiscard]] Result<std::pair<std::uint64_t, std::uint64_t>> summedSeqs(std::int64_t width) override;
    [[nodiscard]] Result<void> storedSums(const SumRows& rows,
                                          const std::function<bool(RollupSlot&)>& visit) override;
    [[nodiscard]] Result<std::pair<std::uint64_t, std::uint64_t>> seqRange() override;
    [[nodiscard]] Result<std::uint64_t> seqAt(Timestamp time) override;
    [[nodiscard]] Result<HistoryInfo> info() override;
    [[nodiscard]] Result<std::vector<Gap>> gaps(Timestamp from, Timestamp to) override;
    [[nodiscard]] Result<std::vector<Timestamp>> lookTimes(Timestamp from, Timestamp to) override;
    [[nodiscard]] Result<std::optional<ObservedLook>> look(Timestamp time) override;

private:
    /// What became of a block that may match: false to stop.
    using Take = std::function<bool(BlockJob&)>;
    [[nodiscard]] Result<ScanSummary> walk(const HistoryQuery& query, BlockPool::Want want,
                                           const std::stop_token& stop, const Take& take);
    /// Hands over what came of a block; false: no more is wanted. A block that is gone was merged or removed.
    [[nodiscard]] Result<bool> takeJob(BlockJob& job, const HistoryQuery& query, BlockPool::Want want,
                                       const Take& take, ScanSummary& summary);
    /// The messages of a block that is gone, where they are now.
    [[nodiscard]] Result<bool> readAnew(const FoundBlock& gone, const HistoryQuery& query,
                                        BlockPool::Want want, const Take& take, ScanSummary& summary);
    /// Marks the caches stale when somebody committed since.
    [[nodiscard]] Result<void> lookForCommits();

    Database m_database;
    std::filesystem::path m_path;
    std::shared_ptr<ColumnCache> m_cache;
    std::uint64_t m_file; ///< our number in m_cache
    std::shared_ptr<Names> m_names = std::make_shared<Names>();
    NamesMark m_mark;
    NameViews m_views;
    std::int64_t m_dataVersion = -1; ///< SQLite's, when the caches below were filled
    bool m_namesFresh = false;
    bool m_rangeFresh = false;
    bool m_reading = false; ///< other threads read m_views
    std::pair<std::uint64_t, std::uint64_t> m_seqRange{0, 0};
};

} // namespace weir
