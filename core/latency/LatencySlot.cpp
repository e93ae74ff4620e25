// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/latency/LatencySlot.h"

#include <algorithm>
#include <map>

namespace weir {

void LatencySum::add(const LatencySlot& slot, const LatencyCell& cell)
{
    for (std::uint32_t i = cell.begin; i < cell.end; ++i)
        histogram.add(slot.buckets[i], slot.counts[i]);
    histogram.noteMax(cell.max);
    unknown += cell.unknown;
    skewed += cell.skewed;
}

void LatencySum::clear()
{
    histogram.clear();
    unknown = 0;
    skewed = 0;
}

void appendCell(LatencySlot& slot, std::uint32_t pop, const LatencySum& sum)
{
    LatencyCell cell;
    cell.pop = pop;
    cell.begin = static_cast<std::uint32_t>(slot.buckets.size());
    sum.histogram.forEach([&slot](std::uint16_t index, std::uint64_t count) {
        slot.buckets.push_back(index);
        slot.counts.push_back(static_cast<std::uint32_t>(std::min<std::uint64_t>(count, UINT32_MAX)));
    });
    cell.end = static_cast<std::uint32_t>(slot.buckets.size());
    cell.count = sum.histogram.total();
    cell.unknown = sum.unknown;
    cell.skewed = sum.skewed;
    cell.max = sum.histogram.max();
    slot.cells.push_back(cell);
}

LatencySlotPtr mergeSlots(std::span<const LatencySlotPtr> slots, std::int64_t second, std::int64_t width)
{
    std::map<std::uint32_t, std::vector<std::pair<const LatencySlot*, const LatencyCell*>>> byPop;
    for (const LatencySlotPtr& slot : slots) {
        for (const LatencyCell& cell : slot->cells)
            byPop[cell.pop].emplace_back(slot.get(), &cell);
    }
    auto merged = std::make_shared<LatencySlot>();
    merged->second = second;
    merged->width = width;
    const auto sum = std::make_unique<LatencySum>();
    for (const auto& [pop, cells] : byPop) {
        sum->clear();
        for (const auto& [slot, cell] : cells)
            sum->add(*slot, *cell);
        appendCell(*merged, pop, *sum);
    }
    merged->cells.shrink_to_fit();
    merged->buckets.shrink_to_fit();
    merged->counts.shrink_to_fit();
    return merged;
}

} // namespace weir
