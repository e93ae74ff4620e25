// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/BlockReader.h"

#include "core/history/BatchOf.h"
#include "core/history/Candidates.h"
#include "core/history/HistorySummary.h"
#include "core/history/LookStore.h"
#include "core/history/RollupStore.h"
#include "core/history/Schema.h"
#include "core/history/UncleanEnd.h"
#include "core/history/WriterLock.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace weir {
namespace {

constexpr std::uint64_t kReadAlone = 4; ///< blocks that a scan reads before it starts threads

/// Candidates with what is in them: read here, or ahead by a pool.
class ReadAhead
{
public:
    using MakePool = std::function<std::unique_ptr<BlockPool>()>;
    using Next = Result<std::optional<BlockJob>>;

    ReadAhead(Candidates& candidates, BlockLoader& loader, MakePool makePool)
        : m_candidates(candidates), m_loader(loader), m_makePool(std::move(makePool))
    {
    }
    [[nodiscard]] Next readOne(BlockPool::Want want, ScanSummary& summary)
    {
        const auto found = m_candidates.next(summary);
        if (!found)
            return found.error();
        if (!*found)
            return std::optional<BlockJob>();
        BlockJob job{**found, std::nullopt, 0};
        doJob(job, want, m_loader);
        return std::optional(std::move(job));
    }
    [[nodiscard]] Next take(ScanSummary& summary)
    {
        while (!m_atEnd && (!m_pool || m_pool->open() < m_pool->wanted())) {
            const auto found = m_candidates.next(summary);
            if (!found)
                return found.error();
            m_atEnd = !*found;
            if (m_atEnd)
                break;
            if (!m_pool)
                m_pool = m_makePool();
            m_pool->ask(**found);
        }
        if (!m_pool || m_pool->open() == 0)
            return std::optional<BlockJob>();
        return std::optional(m_pool->take());
    }

private:
    Candidates& m_candidates;
    BlockLoader& m_loader;
    MakePool m_makePool;
    std::unique_ptr<BlockPool> m_pool;
    bool m_atEnd = false;
};

/// Says that other threads may read what the names' views hold.
class Reading
{
public:
    explicit Reading(bool& flag) : m_flag(flag) { m_flag = true; }
    ~Reading() { m_flag = false; }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

private:
    bool& m_flag;
};

} // namespace

Result<std::unique_ptr<HistoryReader>> HistoryReader::open(const std::filesystem::path& path)
{
    return openCached(path, nullptr);
}

Result<std::unique_ptr<HistoryReader>> HistoryReader::openCached(const std::filesystem::path& path,
                                                                 std::shared_ptr<ColumnCache> cache)
{
    auto database = openForReading(path);
    if (!database)
        return database.error();
    auto made = std::make_unique<BlockReader>(std::move(*database), path, std::move(cache));
    if (auto done = made->refreshNames(); !done)
        return done.error();
    return std::unique_ptr<HistoryReader>(std::move(made));
}

BlockReader::BlockReader(Database database, std::filesystem::path path, std::shared_ptr<ColumnCache> cache)
    : m_database(std::move(database)),
      m_path(std::move(path)),
      m_cache(std::move(cache)),
      m_file(std::filesystem::hash_value(std::filesystem::absolute(m_path)))
{
}

std::shared_ptr<const Names> BlockReader::names()
{
    if (!m_reading)
        (void)refreshNames();
    return m_names;
}

Result<void> BlockReader::lookForCommits()
{
    const auto version = m_database.number("PRAGMA data_version");
    if (!version)
        return version.error();
    if (*version != m_dataVersion)
        m_namesFresh = m_rangeFresh = false;
    m_dataVersion = *version;
    return {};
}

Result<void> BlockReader::refreshNames()
{
    if (auto done = lookForCommits(); !done || m_namesFresh)
        return done;
    if (auto done = loadNames(m_database, *m_names, m_mark); !done)
        return done;
    if (auto done = m_views.follow(*m_names, m_database); !done)
        return done;
    m_namesFresh = true;
    return {};
}

Result<std::pair<std::uint64_t, std::uint64_t>> BlockReader::seqRange()
{
    if (auto done = lookForCommits(); !done)
        return done.error();
    if (m_rangeFresh)
        return m_seqRange;
    const auto first = m_database.number("SELECT first_seq FROM block ORDER BY first_seq LIMIT 1");
    const auto last = m_database.number("SELECT last_seq FROM block ORDER BY first_seq DESC LIMIT 1");
    const auto expired = m_database.number("SELECT value FROM meta WHERE key = 'expired_seq'");
    for (const auto* number : {&first, &last, &expired}) {
        if (!*number)
            return number->error();
    }
    // What has expired may have been the newest, or all.
    const std::int64_t begin = *last == 0 && *expired > 0 ? *expired + 1 : *first;
    m_seqRange = {static_cast<std::uint64_t>(begin), static_cast<std::uint64_t>(std::max(*last, *expired))};
    m_rangeFresh = true;
    return m_seqRange;
}

Result<std::uint64_t> BlockReader::seqAt(Timestamp time)
{
    HistoryQuery query;
    query.from = time;
    query.limit = 1;
    query.columns = 0;
    std::uint64_t seq = 0;
    const auto done = scan(query, {}, [&](const std::shared_ptr<const Batch>& batch) {
        seq = batch->messages.front().seq;
        return false;
    });
    if (!done)
        return done.error();
    if (seq != 0)
        return seq;
    return seqRange().transform([](auto range) { return range.second + 1; });
}

Result<HistoryInfo> BlockReader::info()
{
    return readInfo(m_database, m_path);
}

Result<std::vector<Gap>> BlockReader::gaps(Timestamp from, Timestamp to)
{
    return readGaps(m_database, from, to, WriterLock::isHeld(m_path));
}

Result<ScanSummary> BlockReader::scan(const HistoryQuery& query, std::stop_token stop,
                                      const std::function<bool(const std::shared_ptr<const Batch>&)>& visit)
{
    std::uint64_t left = query.limit;
    return walk(query, BlockPool::Want::Messages, stop, [&](BlockJob& job) {
        LoadedBlock& loaded = **job.loaded;
        if (loaded.messages.empty())
            return true;
        if (query.order == Order::NewestFirst)
            std::reverse(loaded.messages.begin(), loaded.messages.end());
        loaded.messages.resize(std::min<std::uint64_t>(loaded.messages.size(), left));
        left -= loaded.messages.size();
        job.matched = loaded.messages.size();
        return visit(batchOf(std::move(loaded.messages), m_names, std::move(loaded.storage))) && left > 0;
    });
}

Result<ScanSummary> BlockReader::count(const HistoryQuery& query, std::stop_token stop)
{
    std::uint64_t left = query.limit;
    return walk(query, BlockPool::Want::Count, stop, [&](BlockJob& job) {
        job.matched = std::min(job.matched, left);
        left -= job.matched;
        return left > 0;
    });
}

Result<std::pair<std::uint64_t, std::uint64_t>> BlockReader::summedSeqs(std::int64_t width)
{
    const auto there = hasTable(m_database, "rollup");
    if (!there || !*there)
        return there ? HistoryReader::summedSeqs(width) : there.error();
    return readSummedSeqs(m_database, width);
}

Result<void> BlockReader::storedSums(const SumRows& rows, const std::function<bool(RollupSlot&)>& visit)
{
    const auto there = hasTable(m_database, "rollup");
    if (!there || !*there)
        return there ? Result<void>() : there.error();
    return readRollups(m_database, rows, visit);
}

Result<std::vector<Timestamp>> BlockReader::lookTimes(Timestamp from, Timestamp to)
{
    return readLookTimes(m_database, from, to);
}

Result<std::optional<ObservedLook>> BlockReader::look(Timestamp time)
{
    return readLook(m_database, time);
}

Result<ScanSummary> BlockReader::walk(const HistoryQuery& query, BlockPool::Want want,
                                      const std::stop_token& stop, const Take& take)
{
    // The end is fixed before the names are read: whatever lies before it has its names.
    auto rows = BlockScan::begin(m_database, query);
    if (!rows)
        return rows.error();
    if (auto done = refreshNames(); !done)
        return done.error();
    auto pruner = BlockPruner::make(query.filter, *m_names, m_database);
    if (!pruner)
        return pruner.error();
    Candidates candidates(m_database, std::move(*rows), std::move(*pruner), stop);
    const Reading reading(m_reading);
    BlockLoader loader(m_database, query, *m_names, m_views);
    loader.useCache(m_cache.get(), m_file);
    ReadAhead ahead(candidates, loader,
                    [&] { return std::make_unique<BlockPool>(m_path, query, want, *m_names, m_views); });
    ScanSummary summary;
    while (query.limit > 0 && !stop.stop_requested()) {
        const bool alone = summary.openedBlocks < kReadAlone;
        auto job = alone ? ahead.readOne(want, summary) : ahead.take(summary);
        if (!job)
            return job.error();
        if (!*job) {
            summary.stoppedEarly = stop.stop_requested();
            return summary;
        }
        const auto wantsMore = takeJob(**job, query, want, take, summary);
        if (!wantsMore)
            return wantsMore.error();
        if (!*wantsMore)
            break;
    }
    summary.stoppedEarly = true;
    return summary;
}

Result<bool> BlockReader::takeJob(BlockJob& job, const HistoryQuery& query, BlockPool::Want want,
                                  const Take& take, ScanSummary& summary)
{
    ++summary.openedBlocks;
    if (*job.loaded) {
        summary.scanned += job.found.wanted();
        const bool wantsMore = take(job);
        summary.matched += job.matched;
        return wantsMore;
    }
    const auto there = isAsFound(m_database, job.found);
    if (there && !*there)
        return readAnew(job.found, query, want, take, summary);
    noteDamage(summary, job.found, job.loaded->error());
    return true;
}

Result<bool> BlockReader::readAnew(const FoundBlock& gone, const HistoryQuery& query, BlockPool::Want want,
                                   const Take& take, ScanSummary& summary)
{
    HistoryQuery part = query;
    part.firstSeq = std::max({query.firstSeq, gone.from, gone.row.firstSeq});
    part.lastSeq = std::min({query.lastSeq, gone.to, gone.row.lastSeq});
    auto rows = BlockScan::begin(m_database, part);
    if (!rows)
        return rows.error();
    BlockLoader loader(m_database, part, *m_names, m_views);
    for (;;) {
        const auto found = rows->next();
        if (!found)
            return found.error();
        if (!*found)
            return true;
        BlockJob job{**found, std::nullopt, 0};
        doJob(job, want, loader);
        const auto wantsMore = takeJob(job, query, want, take, summary);
        if (!wantsMore || !*wantsMore)
            return wantsMore;
    }
}

} // namespace weir
