// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/HistoryWriter.h"
#include "core/history/PendingBlocks.h"
#include "core/history/Recording.h"
#include "core/history/Upkeep.h"
#include "core/history/WriterLock.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace weir {

/// HistoryWriter over blocks: a queue of batches, and the thread that encodes and commits them.
class BlockWriter final : public HistoryWriter
{
public:
    BlockWriter(Options options, Clock& clock, CoverageLedger& ledger,
                std::function<void(std::uint64_t)> committed, WriterLock lock,
                std::unique_ptr<Recording> recording, bool made);
    ~BlockWriter() override;

    void consume(const std::shared_ptr<const Batch>& batch) override;
    void tick(Timestamp now) override;
    [[nodiscard]] std::shared_ptr<Names> names() override { return m_names; }
    [[nodiscard]] std::uint64_t firstSeq() const override { return m_firstSeq; }
    void keepLook(ObservedLook look) override;
    [[nodiscard]] std::optional<Error> failure() const override;
    void expectEnd() override;
    [[nodiscard]] Result<void> close() override;
    [[nodiscard]] Result<void> closeInVain() override;

private:
    /// A batch, or (without one) a tick, and when it came; a tick may bring a look.
    struct Work
    {
        std::shared_ptr<const Batch> batch;
        Timestamp came = kNoTime;
        std::optional<ObservedLook> look;
    };

    void run();
    [[nodiscard]] std::optional<Work> nextWork();
    [[nodiscard]] bool isIdle() const;
    void publishFailure();
    [[nodiscard]] bool cameToNothing() const;
    void removeMadeInVain();

    const Options m_options;
    Clock& m_clock;
    WriterLock m_lock;
    const bool m_made; ///< the file, by us
    const std::shared_ptr<Names> m_names;
    const std::uint64_t m_firstSeq;
    std::unique_ptr<Upkeep> m_upkeep;         ///< the store thread's, as the next
    std::unique_ptr<PendingBlocks> m_pending; ///< owns the connection that m_upkeep uses

    mutable std::mutex m_mutex;
    std::condition_variable m_workCame;
    std::condition_variable m_roomCame;
    std::deque<Work> m_waiting;     // guarded by m_mutex
    std::size_t m_waitingBytes = 0; // guarded by m_mutex
    bool m_ending = false;          // guarded by m_mutex: nothing is held back any more
    bool m_closing = false;         // guarded by m_mutex
    bool m_inVain = false;          // guarded by m_mutex
    bool m_tookMessages = false;    // guarded by m_mutex
    std::optional<Error> m_failure; // guarded by m_mutex
    Result<void> m_ended;           // written by the store thread before it ends
    std::thread m_store;
};

} // namespace weir
