// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/latency/LatencyStore.h"

#include <algorithm>
#include <limits>

namespace weir {
namespace {

constexpr std::size_t kMinutes = 2;
constexpr std::size_t kSeconds = 4;
/// Newest slots of a tier that the budget does not coarsen: a live chart keeps its last minute.
constexpr std::size_t kSpared = 60;

std::int64_t alignDown(std::int64_t second, std::int64_t width)
{
    return second - ((second % width) + width) % width;
}

std::int64_t seconds(Nanoseconds duration)
{
    return std::chrono::duration_cast<std::chrono::seconds>(duration).count();
}

} // namespace

void LatencyStore::add(LatencySlotPtr slot)
{
    std::size_t tier = slot->width == kWidths[kMinutes] ? kMinutes : kSeconds;
    for (std::size_t finer = kSeconds; finer > tier; --finer) {
        while (!m_tiers[finer].empty() && m_tiers[finer].front()->second < slot->end())
            coarsenOldest(finer);
    }
    // What is late belongs into the tier that holds its time already.
    for (std::size_t coarse = tier; coarse-- > 0;) {
        if (!m_tiers[coarse].empty() && slot->second < m_tiers[coarse].back()->end())
            tier = coarse;
    }
    insert(tier, slot);
}

void LatencyStore::insert(std::size_t tier, const LatencySlotPtr& slot)
{
    Tier& slots = m_tiers[tier];
    const std::int64_t start = alignDown(slot->second, kWidths[tier]);
    const auto place = std::lower_bound(
        slots.begin(), slots.end(), start,
        [](const LatencySlotPtr& have, std::int64_t second) { return have->second < second; });
    if (place != slots.end() && (*place)->second == start) {
        m_footprint -= (*place)->footprint();
        const std::array both{*place, slot};
        *place = mergeSlots(both, start, kWidths[tier]);
        m_footprint += (*place)->footprint();
        return;
    }
    const LatencySlotPtr kept =
        slot->width == kWidths[tier] ? slot : mergeSlots({&slot, 1}, start, kWidths[tier]);
    m_footprint += kept->footprint();
    slots.insert(place, kept);
}

void LatencyStore::drop(Tier& tier)
{
    m_footprint -= tier.front()->footprint();
    tier.pop_front();
}

void LatencyStore::coarsenOldest(std::size_t tier)
{
    Tier& slots = m_tiers[tier];
    const std::int64_t width = kWidths[tier - 1];
    const std::int64_t start = alignDown(slots.front()->second, width);
    std::vector<LatencySlotPtr> group;
    while (!slots.empty() && slots.front()->second < start + width) {
        group.push_back(slots.front());
        drop(slots);
    }
    insert(tier - 1, mergeSlots(group, start, width));
}

void LatencyStore::letGo(Tier& tier)
{
    m_keptFrom = std::max(m_keptFrom, tier.front()->end());
    drop(tier);
}

void LatencyStore::letGoOlderThan(std::int64_t second)
{
    for (std::size_t tier = 0; tier <= kMinutes; ++tier) {
        while (!m_tiers[tier].empty() && m_tiers[tier].front()->second < second)
            letGo(m_tiers[tier]);
    }
}

void LatencyStore::trim(std::int64_t newest)
{
    // Whole groups only: a coarser slot never covers a time of which finer ones remain.
    const std::array ages{m_options.perHourFor, m_options.perMinuteFor, m_options.perTenSecondsFor,
                          m_options.perSecondFor};
    for (std::size_t tier = kSeconds; tier > 0; --tier) {
        if (tier == kMinutes)
            letGoOlderThan(newest - seconds(m_options.keepFor));
        const std::int64_t until = alignDown(newest - seconds(ages[tier - 1]), kWidths[tier - 1]);
        while (!m_tiers[tier].empty() && m_tiers[tier].front()->second < until)
            coarsenOldest(tier);
    }
    keepBudget();
}

bool LatencyStore::coarsenForBudget()
{
    for (std::size_t tier = kSeconds; tier > 0; --tier) {
        if (m_tiers[tier].size() > kSpared) {
            coarsenOldest(tier);
            return true;
        }
    }
    return false;
}

void LatencyStore::keepBudget()
{
    while (m_footprint > m_options.memoryBudget) {
        if (coarsenForBudget())
            continue;
        const auto oldest =
            std::find_if(m_tiers.begin(), m_tiers.end(), [](const Tier& tier) { return !tier.empty(); });
        const bool last = oldest == m_tiers.end() - 1 && oldest->size() == 1;
        if (oldest == m_tiers.end() || last)
            return;
        letGo(*oldest);
    }
}

std::vector<LatencySlotPtr> LatencyStore::range(std::int64_t from, std::int64_t to) const
{
    std::vector<LatencySlotPtr> found;
    for (const Tier& tier : m_tiers) {
        for (const LatencySlotPtr& slot : tier) {
            if (slot->end() > from && slot->second < to)
                found.push_back(slot);
        }
    }
    return found;
}

std::int64_t LatencyStore::oldest() const
{
    for (const Tier& tier : m_tiers) {
        if (!tier.empty())
            return tier.front()->second;
    }
    return std::numeric_limits<std::int64_t>::max();
}

} // namespace weir
