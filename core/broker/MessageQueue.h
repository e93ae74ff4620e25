// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/RawMessage.h"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

namespace weir {

/// A run of messages whose bytes lie in one allocation; immutable once it left the queue.
class Chunk
{
public:
    explicit Chunk(std::size_t capacity);

    [[nodiscard]] const std::vector<RawMessage>& messages() const { return m_messages; }
    /// Memory that this chunk holds, in bytes.
    [[nodiscard]] std::size_t footprint() const;

private:
    friend class MessageQueue;
    [[nodiscard]] bool append(const RawMessage& message);

    std::vector<RawMessage> m_messages;
    std::unique_ptr<char[]> m_bytes;
    std::size_t m_capacity;
    std::size_t m_used = 0;
};

/// The bounded queue between the broker's threads and the pipeline: a message is copied once, here.
/// Full means full: push() refuses, never waits. Any thread may push; one thread takes.
class MessageQueue
{
public:
    /// `budget` bounds the memory of the chunks that wait, in bytes.
    explicit MessageQueue(std::size_t budget = std::size_t{64} << 20);

    /// Copies `message` in; false when there is no room (the caller counts it as dropped by the queue).
    [[nodiscard]] bool push(const RawMessage& message);

    /// The oldest waiting chunk, or null after `patience` without one (or once closed and empty).
    /// A chunk that is still filling is handed over too: quiet feeds are not held back.
    [[nodiscard]] std::shared_ptr<const Chunk> take(Nanoseconds patience);

    /// No more pushes succeed; take() drains what is left.
    void close();

    [[nodiscard]] std::size_t waitingBytes() const;

private:
    [[nodiscard]] Chunk* chunkWithRoom(std::size_t bytes);

    const std::size_t m_budget;
    mutable std::mutex m_mutex;
    std::condition_variable m_ready;
    std::deque<std::shared_ptr<Chunk>> m_chunks; // guarded by m_mutex; the last one is filling
    std::size_t m_waiting = 0;                   // guarded by m_mutex
    bool m_closed = false;                       // guarded by m_mutex
    bool m_takerWaits = false;                   // guarded by m_mutex
};

} // namespace weir
