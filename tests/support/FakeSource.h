// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/MessageQueue.h"
#include "core/broker/MessageSource.h"

#include <atomic>
#include <optional>

namespace weir::test {

/// A source that a test pushes through by hand; counts as a real one does.
class FakeSource final : public MessageSource
{
public:
    std::optional<Error> refuse; ///< what start() answers

    [[nodiscard]] Result<void> start(MessageQueue& queue, SourceEvents& events) override
    {
        if (refuse)
            return *refuse;
        m_queue = &queue;
        m_events = &events;
        return {};
    }
    void stop() override { m_queue = nullptr; }
    void committed(std::uint64_t count) override { m_committed = count; }

    /// False when the capture does not listen or its queue is full (then told as dropped).
    bool push(const RawMessage& message)
    {
        if (m_queue == nullptr)
            return false;
        if (m_queue->push(message))
            return true;
        m_events->droppedByQueue(1);
        return false;
    }
    [[nodiscard]] SourceEvents& events() { return *m_events; }
    [[nodiscard]] std::uint64_t committedCount() const { return m_committed; }

private:
    MessageQueue* m_queue = nullptr;
    SourceEvents* m_events = nullptr;
    std::atomic<std::uint64_t> m_committed{0};
};

} // namespace weir::test
