// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/BlockLoader.h"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace weir {

/// A block that was asked for, and what came of it.
struct BlockJob
{
    FoundBlock found;
    std::optional<Result<LoadedBlock>> loaded; ///< of a count: without messages
    std::uint64_t matched = 0;
};

/// Loads or counts blocks on threads of its own, each with a connection of its own, and gives them back in
/// the order in which they were asked for. Used by one thread.
class BlockPool
{
public:
    enum class Want { Messages, Count };

    /// All outlive it, and nobody changes `views` meanwhile.
    BlockPool(std::filesystem::path path, const HistoryQuery& query, Want want, const Names& names,
              const NameViews& views);
    /// What was asked for and not taken is left undone.
    ~BlockPool();
    BlockPool(const BlockPool&) = delete;
    BlockPool& operator=(const BlockPool&) = delete;

    void ask(const FoundBlock& found);
    /// How many were asked for and not taken yet, and how many should be to keep all threads at work.
    [[nodiscard]] std::size_t open() const { return m_open; }
    [[nodiscard]] std::size_t wanted() const { return 3 * m_threads.size(); }
    /// The oldest that was asked for; there must be one.
    [[nodiscard]] BlockJob take();

private:
    void run(const std::stop_token& stop);

    const std::filesystem::path m_path;
    const HistoryQuery& m_query;
    const Want m_want;
    const Names& m_names;
    const NameViews& m_views;
    std::size_t m_open = 0;
    std::mutex m_mutex;
    std::condition_variable_any m_asked;
    std::condition_variable m_done;
    std::deque<BlockJob> m_jobs; // guarded by m_mutex; a thread fills one that it began without it
    std::size_t m_begun = 0;     // guarded by m_mutex: so many from the front were begun
    std::vector<std::jthread> m_threads;
};

/// What a job asks, done on `loader`.
void doJob(BlockJob& job, BlockPool::Want want, BlockLoader& loader);

} // namespace weir
