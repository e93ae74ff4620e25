// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/HistoryCursor.h"

#include <utility>

#include <pthread.h>

namespace weir {
namespace {

constexpr std::size_t kAhead = 4; ///< batches

} // namespace

HistoryCursor::HistoryCursor(HistoryReader& reader, HistoryQuery query, Want want)
    : m_reader(reader),
      m_query(std::move(query)),
      m_want(want),
      m_thread([this](const std::stop_token& stop) { run(stop); })
{
    pthread_setname_np(m_thread.native_handle(), "scan");
}

bool HistoryCursor::wait(std::chrono::milliseconds patience)
{
    std::unique_lock lock(m_mutex);
    return m_news.wait_for(lock, patience, [this] { return m_done || !m_ready.empty(); });
}

std::shared_ptr<const Batch> HistoryCursor::next()
{
    std::unique_lock lock(m_mutex);
    m_news.wait(lock, [this] { return m_done || !m_ready.empty(); });
    if (m_ready.empty())
        return nullptr;
    auto batch = std::move(m_ready.front());
    m_ready.pop_front();
    m_taken.notify_one();
    return batch;
}

Result<ScanSummary> HistoryCursor::finish()
{
    m_thread.request_stop();
    m_thread.join();
    return std::move(*m_done);
}

void HistoryCursor::run(const std::stop_token& stop)
{
    auto done = m_want == Want::Count
                    ? m_reader.count(m_query, stop)
                    : m_reader.scan(m_query, stop, [&](const auto& batch) { return put(batch, stop); });
    const std::unique_lock lock(m_mutex);
    m_done = std::move(done);
    m_news.notify_one();
}

bool HistoryCursor::put(const std::shared_ptr<const Batch>& batch, const std::stop_token& stop)
{
    std::unique_lock lock(m_mutex);
    if (!m_taken.wait(lock, stop, [this] { return m_ready.size() < kAhead; }))
        return false;
    m_ready.push_back(batch);
    m_news.notify_one();
    return true;
}

} // namespace weir
