// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/capture/Batch.h"
#include "core/envelope/EnvelopeReader.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <stop_token>
#include <thread>
#include <vector>

namespace weir {

class Chunk;
class CoverageLedger;
class MessageQueue;

/// Turns what the queue holds into batches and hands each to the sinks, in their order: the one visible
/// fan-out. Runs a thread of its own (`pipeline`) between start() and finish(). start() and finish() belong
/// to the owner.
class CapturePipeline
{
public:
    struct Options
    {
        std::uint64_t firstSeq = 1;
        /// Take this many messages and no more; what comes after is not part of the capture.
        std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();
        /// On the pipeline thread, once, when `limit` messages were taken.
        std::function<void()> limitReached;
    };

    CapturePipeline(MessageQueue& queue, CoverageLedger& ledger, EnvelopeReader envelope,
                    std::shared_ptr<const Names> names, Clock& clock, std::vector<BatchSink*> sinks,
                    Options options);
    ~CapturePipeline();
    CapturePipeline(const CapturePipeline&) = delete;
    CapturePipeline& operator=(const CapturePipeline&) = delete;

    void start();
    /// Closes the queue, delivers everything that was accepted, and ends the thread. Idempotent.
    void finish();

    /// When the first message of this capture was received; kNoTime before it.
    [[nodiscard]] Timestamp firstReceived() const { return fromUnixNanos(m_firstReceived.load()); }

private:
    void run();
    void deliver(const std::shared_ptr<const Chunk>& chunk);

    MessageQueue& m_queue;
    CoverageLedger& m_ledger;
    EnvelopeReader m_envelope;
    std::shared_ptr<const Names> m_names;
    Clock& m_clock;
    std::vector<BatchSink*> m_sinks;
    Options m_options;
    std::uint64_t m_taken = 0; // pipeline thread
    std::atomic<std::int64_t> m_firstReceived{toUnixNanos(kNoTime)};
    std::atomic<bool> m_finishing{false};
    std::thread m_thread;
};

} // namespace weir
