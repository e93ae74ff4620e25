// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/SubjectActivity.h"

#include <algorithm>

namespace weir {
namespace {

/// Moves a ring that holds the seconds up to `last` on to `now`.
template<typename Ring>
void advance(Ring& ring, std::uint32_t last, std::uint32_t now)
{
    const auto size = static_cast<std::uint32_t>(ring.size());
    if (now - last >= size) {
        ring.fill(0);
        return;
    }
    for (std::uint32_t second = last + 1; second <= now; ++second)
        ring[second % size] = 0;
}

/// What a ring that holds the seconds up to `last` says of `second`.
template<typename Ring>
std::uint32_t valueAt(const Ring& ring, std::uint32_t last, std::uint32_t second)
{
    const auto size = static_cast<std::uint32_t>(ring.size());
    return second <= last && last - second < size ? ring[second % size] : 0;
}

template<typename Ring>
void mergeRing(const Ring& from, std::uint32_t fromLast, Ring& into, std::uint32_t intoLast)
{
    const auto size = static_cast<std::uint32_t>(into.size());
    for (std::uint32_t age = 0; age < size && age <= intoLast; ++age)
        into[(intoLast - age) % size] += valueAt(from, fromLast, intoLast - age);
}

} // namespace

std::uint32_t SubjectSparklines::take(std::uint32_t node, bool inner)
{
    if (m_used >= (inner ? m_limit : m_limit - m_limit / 8))
        return 0;
    ++m_used;
    if (!m_free.empty()) {
        const std::uint32_t ring = m_free.back();
        m_free.pop_back();
        m_rings[ring - 1].fill(0);
        m_owners[ring - 1] = node;
        return ring;
    }
    m_rings.emplace_back();
    m_owners.push_back(node);
    return static_cast<std::uint32_t>(m_rings.size());
}

void SubjectSparklines::giveBack(std::uint32_t ring)
{
    m_owners[ring - 1] = 0;
    m_free.push_back(ring);
    --m_used;
}

void noteActivity(SubjectCounts& counts, SubjectSparklines& sparklines, std::uint32_t second,
                  std::uint32_t messages)
{
    if (second > counts.second) {
        advance(counts.recent, counts.second, second);
        if (counts.sparkline != 0)
            advance(sparklines.at(counts.sparkline), counts.second, second);
        counts.second = second;
    }
    const std::uint32_t age = counts.second - second;
    if (age < counts.recent.size())
        counts.recent[second % SubjectCounts::kRecent] += messages;
    if (counts.sparkline != 0 && age <= SubjectSparklines::kSeconds)
        sparklines.at(counts.sparkline)[second % (SubjectSparklines::kSeconds + 1)] += messages;
}

void mergeActivity(const SubjectCounts& from, SubjectCounts& into, SubjectSparklines& sparklines)
{
    into.count += from.count;
    into.bytes += from.bytes;
    into.lastSeen = std::max(into.lastSeen, from.lastSeen);
    noteActivity(into, sparklines, std::max(into.second, from.second), 0);
    mergeRing(from.recent, from.second, into.recent, into.second);
    if (from.sparkline != 0 && into.sparkline != 0)
        mergeRing(sparklines.at(from.sparkline), from.second, sparklines.at(into.sparkline), into.second);
}

double recentRate(const SubjectCounts& counts, std::uint32_t now)
{
    constexpr std::uint32_t kWindow = SubjectCounts::kRecent - 1;
    std::uint64_t messages = 0;
    for (std::uint32_t age = 1; age <= kWindow && age <= now; ++age)
        messages += valueAt(counts.recent, counts.second, now - age);
    return static_cast<double>(messages) / kWindow;
}

std::vector<std::uint32_t> sparklineOf(const SubjectCounts& counts, const SubjectSparklines& sparklines,
                                       std::uint32_t now)
{
    constexpr std::uint32_t kSeconds = SubjectSparklines::kSeconds;
    if (counts.sparkline == 0 || now < kSeconds || (now > counts.second && now - counts.second > kSeconds))
        return {};
    std::vector<std::uint32_t> values(kSeconds);
    for (std::uint32_t age = 1; age <= kSeconds; ++age)
        values[kSeconds - age] = valueAt(sparklines.at(counts.sparkline), counts.second, now - age);
    return values;
}

} // namespace weir
