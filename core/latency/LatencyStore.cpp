// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/latency/LatencyStore.h"

#include <algorithm>
#include <limits>

namespace weir {
namespace {

constexpr std::size_t kMinutes = 0;
constexpr std::size_t kTens = 1;
constexpr std::size_t kSeconds = 2;
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
    // A late second belongs into the tier that holds its time already.
    std::size_t tier = kSeconds;
    for (std::size_t coarse : {kTens, kMinutes}) {
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

void LatencyStore::trim(std::int64_t newest)
{
    const auto oldest = [this](std::size_t tier) {
        return m_tiers[tier].empty() ? std::numeric_limits<std::int64_t>::max()
                                     : m_tiers[tier].front()->second;
    };
    // Whole groups only: a coarser slot never covers a time of which finer ones remain.
    while (oldest(kSeconds) < alignDown(newest - seconds(m_options.perSecondFor), kWidths[kTens]))
        coarsenOldest(kSeconds);
    while (oldest(kTens) < alignDown(newest - seconds(m_options.perTenSecondsFor), kWidths[kMinutes]))
        coarsenOldest(kTens);
    while (oldest(kMinutes) < newest - seconds(m_options.keepFor))
        letGo(m_tiers[kMinutes]);
    while (m_footprint > m_options.memoryBudget) {
        if (m_tiers[kSeconds].size() > kSpared)
            coarsenOldest(kSeconds);
        else if (m_tiers[kTens].size() > kSpared)
            coarsenOldest(kTens);
        else if (m_tiers[kMinutes].size() > 1)
            letGo(m_tiers[kMinutes]);
        else if (!m_tiers[kTens].empty())
            letGo(m_tiers[kTens]);
        else if (m_tiers[kSeconds].size() > 1)
            letGo(m_tiers[kSeconds]);
        else
            break;
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
