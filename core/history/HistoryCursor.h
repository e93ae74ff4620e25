// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/HistoryReader.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace weir {

/// A scan from which is taken, instead of one that hands over: it runs on a thread of its own, a few batches
/// ahead of who takes. Used by one thread.
class HistoryCursor
{
public:
    enum class Want { Messages, Count };

    /// Begins at once. `reader` outlives it, and nobody else uses it meanwhile.
    HistoryCursor(HistoryReader& reader, HistoryQuery query, Want want);
    /// Gives up what was not taken.
    ~HistoryCursor() = default;
    HistoryCursor(const HistoryCursor&) = delete;
    HistoryCursor& operator=(const HistoryCursor&) = delete;

    /// Waits up to `patience` for a batch or the end; true when next() will not wait.
    [[nodiscard]] bool wait(std::chrono::milliseconds patience);
    /// The next batch; null at the end, and always where only the count is wanted.
    [[nodiscard]] std::shared_ptr<const Batch> next();
    /// Stops the scan where it has not ended, and tells what it did. Once.
    [[nodiscard]] Result<ScanSummary> finish();

private:
    void run(const std::stop_token& stop);
    [[nodiscard]] bool put(const std::shared_ptr<const Batch>& batch, const std::stop_token& stop);

    HistoryReader& m_reader;
    const HistoryQuery m_query;
    const Want m_want;
    std::mutex m_mutex;
    std::condition_variable_any m_taken;
    std::condition_variable m_news;
    std::deque<std::shared_ptr<const Batch>> m_ready; // guarded by m_mutex
    std::optional<Result<ScanSummary>> m_done;        // guarded by m_mutex
    std::jthread m_thread;                            ///< last: it ends before what it uses
};

} // namespace weir
