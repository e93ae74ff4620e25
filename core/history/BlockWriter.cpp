// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/BlockWriter.h"

#include "core/history/Schema.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <utility>

#include <pthread.h>

namespace weir {
namespace {

/// How often a disk that refuses is tried while batches are held back.
constexpr std::chrono::milliseconds kRetry{250};

} // namespace

Result<std::unique_ptr<HistoryWriter>> HistoryWriter::open(const Options& options, Clock& clock,
                                                           CoverageLedger& ledger,
                                                           std::function<void(std::uint64_t)> committed)
{
    if (auto fine = checkPlace(options.path); !fine)
        return fine.error();
    const Timestamp now = clock.now();
    auto lock = WriterLock::take(options.path, now);
    if (!lock)
        return lock.error();
    auto opened = openForWriting(options.path);
    if (!opened)
        return opened.error();
    auto recording = Recording::begin(std::move(opened->database), options, now);
    if (!recording) {
        Error error = recording.error();
        error.what = "opening history " + options.path.string();
        return error;
    }
    return std::unique_ptr<HistoryWriter>(new BlockWriter(
        options, clock, ledger, std::move(committed), std::move(*lock), std::move(*recording), opened->made));
}

BlockWriter::BlockWriter(Options options, Clock& clock, CoverageLedger& ledger,
                         std::function<void(std::uint64_t)> committed, WriterLock lock,
                         std::unique_ptr<Recording> recording, bool made)
    : m_options(std::move(options)),
      m_clock(clock),
      m_lock(std::move(lock)),
      m_made(made),
      m_names(recording->names()),
      m_firstSeq(recording->firstSeq()),
      m_upkeep(std::make_unique<Upkeep>(recording->database(), recording->id(), m_options.keep, m_names)),
      m_pending(std::make_unique<PendingBlocks>(std::move(recording), ledger, m_options.flushEvery,
                                                std::max(m_options.waitingBudget, kBlockBytes),
                                                !m_options.holdWhileFailing, std::move(committed))),
      m_store([this] { run(); })
{
    pthread_setname_np(m_store.native_handle(), "store");
}

BlockWriter::~BlockWriter()
{
    (void)close();
}

void BlockWriter::consume(const std::shared_ptr<const Batch>& batch)
{
    if (batch->messages.empty())
        return;
    const Timestamp now = m_clock.now();
    std::unique_lock lock(m_mutex);
    m_roomCame.wait(lock, [&] {
        return m_ending || m_waitingBytes == 0 ||
               m_waitingBytes + batch->footprint <= m_options.waitingBudget;
    });
    if (m_closing)
        return;
    m_tookMessages = true;
    m_waiting.push_back({batch, now, std::nullopt});
    m_waitingBytes += batch->footprint;
    lock.unlock();
    m_workCame.notify_one();
}

void BlockWriter::tick(Timestamp now)
{
    {
        const std::unique_lock lock(m_mutex);
        if (!m_waiting.empty() && !m_waiting.back().batch)
            m_waiting.back().came = now;
        else
            m_waiting.push_back({nullptr, now, std::nullopt});
    }
    m_workCame.notify_one();
}

void BlockWriter::keepLook(ObservedLook look)
{
    const Timestamp now = m_clock.now();
    {
        const std::unique_lock lock(m_mutex);
        if (m_closing)
            return;
        m_waiting.push_back({nullptr, now, std::move(look)});
    }
    m_workCame.notify_one();
}

std::optional<Error> BlockWriter::failure() const
{
    const std::unique_lock lock(m_mutex);
    return m_failure;
}

void BlockWriter::expectEnd()
{
    {
        const std::unique_lock lock(m_mutex);
        m_ending = true;
    }
    m_workCame.notify_one();
    m_roomCame.notify_all();
}

Result<void> BlockWriter::close()
{
    {
        const std::unique_lock lock(m_mutex);
        m_closing = true;
    }
    expectEnd();
    if (m_store.joinable())
        m_store.join();
    return m_ended;
}

Result<void> BlockWriter::closeInVain()
{
    {
        const std::unique_lock lock(m_mutex);
        m_inVain = true;
    }
    return close();
}

std::optional<BlockWriter::Work> BlockWriter::nextWork()
{
    const bool hold = m_options.holdWhileFailing && m_pending->isFull();
    std::unique_lock lock(m_mutex);
    // Held back, batches wait and only ticks (which retry) go on; the pipeline, which waits to hand over a
    // batch, sends none.
    const auto next = [&] {
        return hold && !m_ending ? std::find_if(m_waiting.begin(), m_waiting.end(),
                                                [](const Work& work) { return !work.batch; })
                                 : m_waiting.begin();
    };
    const auto ready = [&] { return next() != m_waiting.end() || m_closing; };
    if (!hold)
        m_workCame.wait(lock, ready);
    else if (!m_workCame.wait_for(lock, kRetry, ready))
        return Work{nullptr, m_clock.now(), std::nullopt};
    const auto found = next();
    if (found == m_waiting.end())
        return std::nullopt;
    Work work = std::move(*found);
    m_waiting.erase(found);
    if (work.batch)
        m_waitingBytes -= work.batch->footprint;
    lock.unlock();
    m_roomCame.notify_one();
    return work;
}

void BlockWriter::run()
{
    while (auto work = nextWork()) {
        if (work->look)
            m_pending->addLook(*std::move(work->look));
        if (work->batch)
            m_pending->add(work->batch, work->came);
        else
            m_pending->tick(work->came);
        if (!work->batch && !m_pending->failure())
            m_upkeep->tick(work->came, isIdle());
        publishFailure();
    }
    m_upkeep->end();
    m_ended = cameToNothing() ? m_pending->undo() : m_pending->end(m_clock.now());
    publishFailure();
    m_upkeep.reset();
    m_pending.reset(); // closes the file before the lock is given back
    removeMadeInVain();
    m_lock.release();
}

bool BlockWriter::cameToNothing() const
{
    const std::unique_lock lock(m_mutex);
    return m_inVain && !m_tookMessages;
}

void BlockWriter::removeMadeInVain()
{
    if (!m_made || !cameToNothing())
        return;
    for (const char* suffix : {"-wal", "-shm", ""}) {
        std::error_code code; // what cannot be removed stays, an empty history
        std::filesystem::remove(m_options.path.string() + suffix, code);
    }
}

bool BlockWriter::isIdle() const
{
    const std::unique_lock lock(m_mutex);
    return m_waitingBytes == 0;
}

void BlockWriter::publishFailure()
{
    const std::unique_lock lock(m_mutex);
    m_failure = m_pending->failure() ? m_pending->failure() : m_upkeep->failure();
}

} // namespace weir
