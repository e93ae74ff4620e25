// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/BlockPool.h"

#include "core/history/Schema.h"

#include <algorithm>
#include <utility>

#include <pthread.h>

namespace weir {

void doJob(BlockJob& job, BlockPool::Want want, BlockLoader& loader)
{
    if (want == BlockPool::Want::Count) {
        const auto matched = loader.count(job.found);
        job.matched = matched ? *matched : 0;
        job.loaded = matched ? Result<LoadedBlock>(LoadedBlock()) : matched.error();
        return;
    }
    job.loaded = loader.load(job.found);
    job.matched = *job.loaded ? (*job.loaded)->messages.size() : 0;
}

BlockPool::BlockPool(std::filesystem::path path, const HistoryQuery& query, Want want, const Names& names,
                     const NameViews& views)
    : m_path(std::move(path)), m_query(query), m_want(want), m_names(names), m_views(views)
{
    const unsigned threads = std::clamp(std::thread::hardware_concurrency(), 1U, 8U);
    for (unsigned i = 0; i < threads; ++i) {
        m_threads.emplace_back([this](const std::stop_token& stop) { run(stop); });
        pthread_setname_np(m_threads.back().native_handle(), "blocks");
    }
}

BlockPool::~BlockPool()
{
    for (std::jthread& thread : m_threads)
        thread.request_stop();
    m_threads.clear(); // joins, while what they use still stands
}

void BlockPool::ask(const FoundBlock& found)
{
    {
        const std::unique_lock lock(m_mutex);
        m_jobs.push_back({found, std::nullopt, 0});
    }
    ++m_open;
    m_asked.notify_one();
}

BlockJob BlockPool::take()
{
    std::unique_lock lock(m_mutex);
    m_done.wait(lock, [this] { return m_jobs.front().loaded.has_value(); });
    BlockJob job = std::move(m_jobs.front());
    m_jobs.pop_front();
    --m_begun;
    --m_open;
    return job;
}

void BlockPool::run(const std::stop_token& stop)
{
    auto database = openForReading(m_path);
    std::optional<BlockLoader> loader;
    if (database)
        loader.emplace(*database, m_query, m_names, m_views);
    std::unique_lock lock(m_mutex);
    while (m_asked.wait(lock, stop, [this] { return m_begun < m_jobs.size(); })) {
        BlockJob& job = m_jobs[m_begun++]; // keeps its place while others come and go at the ends
        lock.unlock();
        BlockJob done{job.found, std::nullopt, 0};
        if (loader)
            doJob(done, m_want, *loader);
        else
            done.loaded = database.error();
        lock.lock();
        job = std::move(done);
        m_done.notify_one();
    }
}

} // namespace weir
