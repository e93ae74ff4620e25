// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/PopSums.h"

#include "core/latency/Histogram.h"

#include <algorithm>
#include <memory>

namespace weir {
namespace {

/// Of a key, its PoP. Messages without one, and those that were too many to tell apart, are two things.
RollupKey popOf(const RollupKey& key)
{
    constexpr GroupId kAny{1};
    if (!key.pop.isNone())
        return {key.pop, {}, {}, {}};
    return key == RollupKey() ? key : RollupKey{{}, {}, {}, kAny};
}

std::string nameOf(const RollupKey& key, const Names& names)
{
    if (!key.pop.isNone())
        return std::string(names.pops.name(key.pop));
    return key == RollupKey() ? "other PoPs" : "no PoP";
}

void fill(LatencyFigures& figures, const Histogram& histogram)
{
    figures.count = histogram.total();
    figures.min = histogram.percentile(0);
    figures.p50 = histogram.percentile(50);
    figures.p90 = histogram.percentile(90);
    figures.p99 = histogram.percentile(99);
    figures.max = histogram.max();
}

} // namespace

void PopSums::add(const RollupSlot& slot)
{
    if (slot.cells.empty())
        return;
    const Seen seen{slot.start, slot.start + slot.width};
    RollupSlot byPop = slot;
    for (RollupCell& cell : byPop.cells) {
        cell.key = popOf(cell.key);
        m_seen.try_emplace(cell.key, seen).first->second.add(seen);
    }
    // Where there are more PoPs than a sum holds, what came last counts under these.
    m_seen.try_emplace(RollupKey(), seen).first->second.add(seen);
    m_sum.add(byPop);
}

std::vector<PopSum> PopSums::take(const Names& names, Nanoseconds recorded)
{
    const RollupSlot sum = m_sum.take();
    const double seconds = std::chrono::duration<double>(recorded).count();
    const auto histogram = std::make_unique<Histogram>();
    std::vector<PopSum> pops;
    for (const RollupCell& cell : sum.cells) {
        PopSum pop;
        pop.name = nameOf(cell.key, names);
        pop.isCode = !cell.key.pop.isNone();
        const Seen seen = m_seen.at(cell.key);
        pop.firstSeen = Timestamp(std::chrono::seconds(seen.first));
        pop.lastSeen = Timestamp(std::chrono::seconds(seen.last));
        pop.messages = cell.count;
        pop.bytes = cell.bytes;
        pop.errors = cell.errors;
        pop.latency.unknown = cell.unknown;
        pop.latency.skewed = cell.skewed;
        histogram->clear();
        for (std::uint32_t i = cell.begin; i < cell.end; ++i)
            histogram->add(sum.buckets[i].index, sum.buckets[i].count);
        histogram->noteMax(cell.longest);
        fill(pop.latency, *histogram);
        if (seconds > 0) {
            pop.rate = static_cast<double>(pop.messages) / seconds;
            pop.bytesRate = static_cast<double>(pop.bytes) / seconds;
        }
        pops.push_back(std::move(pop));
    }
    m_seen.clear();
    std::sort(pops.begin(), pops.end(), [](const PopSum& a, const PopSum& b) { return a.name < b.name; });
    return pops;
}

} // namespace weir
