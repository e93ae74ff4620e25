// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/HistoryReader.h"

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

namespace weir {

/// How a view's thread opens its history; tests hand in another.
using OpenReader = std::function<Result<std::unique_ptr<HistoryReader>>()>;

/// A thread that owns a HistoryReader and runs jobs on it, one at a time, in the order of posting. A job
/// replaces a waiting job of the same slot, and a running one of that slot is told to stop: the latest
/// request wins, nothing queues up. The reader is opened by the first job; while that fails each job gets the
/// error and the next job tries again. Destruction stops the running job and waits for it. Jobs hand results
/// over by queued calls with a context object. Any thread may post.
class ReaderThread
{
public:
    using Job = std::function<void(Result<HistoryReader*>, std::stop_token)>;

    explicit ReaderThread(OpenReader open);
    ~ReaderThread();
    ReaderThread(const ReaderThread&) = delete;
    ReaderThread& operator=(const ReaderThread&) = delete;

    void post(int slot, Job job);
    /// Drops a waiting job of `slot` and tells a running one to stop.
    void cancel(int slot);
    /// Nothing waits and nothing runs.
    [[nodiscard]] bool isIdle() const;

private:
    struct Waiting
    {
        int slot;
        Job job;
    };
    void run(const std::stop_token& stop);
    Result<HistoryReader*> reader();

    OpenReader m_open;
    std::unique_ptr<HistoryReader> m_reader; // the thread's own
    mutable std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::list<Waiting> m_waiting;  // guarded by m_mutex
    int m_runningSlot = -1;        // guarded by m_mutex
    std::stop_source m_runningJob; // guarded by m_mutex
    std::jthread m_thread;         // last: it starts when the rest is there
};

} // namespace weir
