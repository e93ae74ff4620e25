// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/EventLog.h"

namespace weir::test {

void EventLog::statusChanged(const ConnectionStatus& status)
{
    const std::unique_lock lock(m_mutex);
    m_statuses.push_back(status);
}

void EventLog::droppedByBroker(std::uint64_t count)
{
    const std::unique_lock lock(m_mutex);
    m_brokerDrops += count;
}

void EventLog::droppedByQueue(std::uint64_t count)
{
    const std::unique_lock lock(m_mutex);
    m_queueDrops += count;
}

void EventLog::sampledOut(std::uint64_t count, bool /*estimated*/)
{
    const std::unique_lock lock(m_mutex);
    m_sampled += count;
}

std::uint64_t EventLog::gapBegan(GapCause cause, Timestamp from, const std::string& detail)
{
    const std::unique_lock lock(m_mutex);
    Gap& gap = m_gaps.emplace_back();
    gap.cause = cause;
    gap.from = from;
    gap.detail = detail;
    return m_gaps.size();
}

void EventLog::gapGrew(std::uint64_t key, std::uint64_t messages, bool estimated)
{
    const std::unique_lock lock(m_mutex);
    Gap& gap = m_gaps.at(key - 1);
    gap.messages = gap.messages.value_or(0) + messages;
    gap.estimated = gap.estimated || estimated;
}

void EventLog::gapEnded(std::uint64_t key, Timestamp to)
{
    const std::unique_lock lock(m_mutex);
    m_gaps.at(key - 1).to = to;
}

std::vector<ConnectionStatus> EventLog::statuses() const
{
    const std::unique_lock lock(m_mutex);
    return m_statuses;
}

ConnectionStatus EventLog::lastStatus() const
{
    const std::unique_lock lock(m_mutex);
    return m_statuses.empty() ? ConnectionStatus() : m_statuses.back();
}

std::uint64_t EventLog::brokerDrops() const
{
    const std::unique_lock lock(m_mutex);
    return m_brokerDrops;
}

std::uint64_t EventLog::queueDrops() const
{
    const std::unique_lock lock(m_mutex);
    return m_queueDrops;
}

std::uint64_t EventLog::sampled() const
{
    const std::unique_lock lock(m_mutex);
    return m_sampled;
}

std::vector<Gap> EventLog::gaps() const
{
    const std::unique_lock lock(m_mutex);
    return m_gaps;
}

std::vector<Gap> EventLog::gaps(GapCause cause) const
{
    std::vector<Gap> some = gaps();
    std::erase_if(some, [cause](const Gap& gap) { return gap.cause != cause; });
    return some;
}

std::vector<TakenMessage> takeMessages(MessageQueue& queue, std::size_t count, Nanoseconds patience)
{
    std::vector<TakenMessage> taken;
    while (taken.size() < count) {
        const std::shared_ptr<const Chunk> chunk = queue.take(patience);
        if (!chunk)
            break;
        for (const RawMessage& m : chunk->messages())
            taken.push_back({std::string(m.subject), std::string(m.reply), std::string(m.headers),
                             std::string(m.payload), m.streamSeq, m.stored});
    }
    return taken;
}

} // namespace weir::test
