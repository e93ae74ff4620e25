// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/history/HistoryFollower.h"

#include <QSemaphore>
#include <QThread>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>

namespace weir::test {

/// Never ends before `stop` is asked.
inline void waitForStop(const std::stop_token& stop)
{
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait(lock, stop, [] { return false; });
}

/// What readers of one test tell of themselves. Any thread.
struct Held
{
    QSemaphore looksAsked; ///< once a question about looks
    QSemaphore begun;      ///< once a scan that is held
    QSemaphore ended;
    std::atomic<QThread*> drawer{nullptr}; ///< who asked last about looks
    std::atomic<bool> holds{true};
};

/// A history whose picture is never done reading: a reader that was asked about the broker's looks, as only
/// pictures do, is held in each scan from then on until it is asked to stop.
class HeldReader final : public HistoryReader
{
public:
    HeldReader(std::unique_ptr<HistoryReader> inner, Held& held) : m_inner(std::move(inner)), m_held(held) {}

    /// Of readers that `open` opens; `held` outlives them.
    [[nodiscard]] static HistoryFollower::Opener opener(HistoryFollower::Opener open, Held& held)
    {
        return [open = std::move(open),
                &held](const std::filesystem::path& path) -> Result<std::unique_ptr<HistoryReader>> {
            auto inner = open(path);
            if (!inner)
                return inner.error();
            return std::unique_ptr<HistoryReader>(std::make_unique<HeldReader>(std::move(*inner), held));
        };
    }

    std::shared_ptr<const Names> names() override { return m_inner->names(); }
    Result<ScanSummary> scan(const HistoryQuery& query, std::stop_token stop,
                             const std::function<bool(const std::shared_ptr<const Batch>&)>& visit) override
    {
        if (!m_draws || !m_held.holds)
            return m_inner->scan(query, std::move(stop), visit);
        m_held.begun.release();
        waitForStop(stop);
        m_held.ended.release();
        ScanSummary summary;
        summary.stoppedEarly = true;
        return summary;
    }
    Result<std::pair<std::uint64_t, std::uint64_t>> seqRange() override { return m_inner->seqRange(); }
    Result<std::uint64_t> seqAt(Timestamp time) override { return m_inner->seqAt(time); }
    /// Of a recording that began long before.
    Result<HistoryInfo> info() override
    {
        auto info = m_inner->info();
        const auto seqs = m_inner->seqRange();
        if (info && seqs) {
            info->recordedFrom = SystemClock().now() - std::chrono::hours(2);
            info->lastSeq = seqs->second;
        }
        return info;
    }
    Result<std::vector<Gap>> gaps(Timestamp from, Timestamp to) override { return m_inner->gaps(from, to); }
    Result<std::vector<Timestamp>> lookTimes(Timestamp from, Timestamp to) override
    {
        m_draws = true;
        m_held.drawer = QThread::currentThread();
        m_held.looksAsked.release();
        return m_inner->lookTimes(from, to);
    }
    Result<std::optional<ObservedLook>> look(Timestamp time) override { return m_inner->look(time); }

private:
    std::unique_ptr<HistoryReader> m_inner;
    Held& m_held;
    bool m_draws = false;
};

} // namespace weir::test
