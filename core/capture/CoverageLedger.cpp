// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/CoverageLedger.h"

namespace weir {

void CoverageLedger::received(std::uint64_t messages, std::uint64_t bytes)
{
    const std::unique_lock lock(m_mutex);
    m_counts.received += messages;
    m_counts.bytesIn += bytes;
}

void CoverageLedger::stored(std::uint64_t messages)
{
    const std::unique_lock lock(m_mutex);
    m_counts.stored += messages;
}

void CoverageLedger::failed(std::uint64_t messages)
{
    const std::unique_lock lock(m_mutex);
    m_counts.failed += messages;
}

void CoverageLedger::droppedByBroker(std::uint64_t messages)
{
    const std::unique_lock lock(m_mutex);
    m_counts.droppedBroker += messages;
}

void CoverageLedger::droppedByQueue(std::uint64_t messages)
{
    const std::unique_lock lock(m_mutex);
    m_counts.droppedQueue += messages;
}

void CoverageLedger::sampledOut(std::uint64_t messages, bool estimated)
{
    const std::unique_lock lock(m_mutex);
    m_counts.sampledOut += messages;
    m_counts.sampledEstimated = m_counts.sampledEstimated || estimated;
}

std::uint64_t CoverageLedger::beginGap(Gap gap)
{
    const std::unique_lock lock(m_mutex);
    const std::uint64_t key = ++m_counts.gaps;
    m_gaps.emplace(key, Entry{std::move(gap), ++m_revision});
    return key;
}

void CoverageLedger::addToGap(std::uint64_t key, std::uint64_t messages, bool estimated)
{
    const std::unique_lock lock(m_mutex);
    const auto found = m_gaps.find(key);
    if (found == m_gaps.end())
        return;
    Gap& gap = found->second.gap;
    gap.messages = gap.messages.value_or(0) + messages;
    gap.estimated = gap.estimated || estimated;
    found->second.revision = ++m_revision;
}

void CoverageLedger::endGap(std::uint64_t key, Timestamp to)
{
    const std::unique_lock lock(m_mutex);
    const auto found = m_gaps.find(key);
    if (found == m_gaps.end())
        return;
    found->second.gap.to = to;
    found->second.revision = ++m_revision;
}

Coverage CoverageLedger::snapshot() const
{
    const std::unique_lock lock(m_mutex);
    return m_counts;
}

std::map<std::uint64_t, Gap> CoverageLedger::gapsChangedSince(std::uint64_t& since) const
{
    const std::unique_lock lock(m_mutex);
    std::map<std::uint64_t, Gap> changed;
    if (since == m_revision)
        return changed;
    for (const auto& [key, entry] : m_gaps) {
        if (entry.revision > since)
            changed.emplace(key, entry.gap);
    }
    since = m_revision;
    return changed;
}

} // namespace weir
