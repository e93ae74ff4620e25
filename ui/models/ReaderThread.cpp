// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/ReaderThread.h"

#include <utility>

namespace weir {

ReaderThread::ReaderThread(OpenReader open)
    : m_open(std::move(open)), m_thread([this](const std::stop_token& stop) { run(stop); })
{
}

ReaderThread::~ReaderThread()
{
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.clear();
        m_runningJob.request_stop();
    }
    m_thread.request_stop();
}

void ReaderThread::post(int slot, Job job)
{
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.remove_if([slot](const Waiting& waiting) { return waiting.slot == slot; });
        m_waiting.push_back({slot, std::move(job)});
        if (m_runningSlot == slot)
            m_runningJob.request_stop();
    }
    m_wake.notify_one();
}

void ReaderThread::cancel(int slot)
{
    const std::lock_guard lock(m_mutex);
    m_waiting.remove_if([slot](const Waiting& waiting) { return waiting.slot == slot; });
    if (m_runningSlot == slot)
        m_runningJob.request_stop();
}

bool ReaderThread::isIdle() const
{
    const std::lock_guard lock(m_mutex);
    return m_waiting.empty() && m_runningSlot == -1;
}

Result<HistoryReader*> ReaderThread::reader()
{
    if (!m_reader) {
        auto opened = m_open();
        if (!opened)
            return opened.error();
        m_reader = std::move(opened).value();
    }
    return m_reader.get();
}

void ReaderThread::run(const std::stop_token& stop)
{
    std::unique_lock lock(m_mutex);
    while (m_wake.wait(lock, stop, [this] { return !m_waiting.empty(); })) {
        if (stop.stop_requested())
            return;
        Waiting next = std::move(m_waiting.front());
        m_waiting.pop_front();
        m_runningSlot = next.slot;
        m_runningJob = std::stop_source();
        const std::stop_token token = m_runningJob.get_token();
        lock.unlock();
        next.job(reader(), token);
        next.job = nullptr; // what it holds is let go outside the lock
        lock.lock();
        m_runningSlot = -1;
    }
}

} // namespace weir
