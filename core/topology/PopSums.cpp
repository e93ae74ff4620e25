// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/PopSums.h"

#include "core/latency/Histogram.h"

#include <algorithm>
#include <memory>

namespace weir {
namespace {

/// Messages without a PoP, and those that were too many to tell apart, are two things.
std::string nameOf(const RollupKey& key, const Names& names)
{
    if (!key.pop.isNone())
        return std::string(names.pops.name(key.pop));
    return key == RollupKey() ? "other PoPs" : "no PoP";
}

bool isSamePop(const RollupKey& a, const RollupKey& b)
{
    return a.pop == b.pop && (a == RollupKey()) == (b == RollupKey());
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
    m_sum.add(slot);
    const std::int64_t end = slot.start + slot.width;
    for (const RollupCell& cell : slot.cells) {
        const auto [place, fresh] = m_seen.try_emplace(cell.key.pop.value, Seen{slot.start, end});
        if (fresh)
            continue;
        place->second.first = std::min(place->second.first, slot.start);
        place->second.last = std::max(place->second.last, end);
    }
}

std::vector<PopSum> PopSums::take(const Names& names, Nanoseconds recorded)
{
    const RollupSlot sum = m_sum.take();
    const double seconds = std::chrono::duration<double>(recorded).count();
    const auto histogram = std::make_unique<Histogram>();
    std::vector<PopSum> pops;
    // Cells ascend by PoP first.
    for (auto cell = sum.cells.begin(); cell != sum.cells.end();) {
        const RollupKey& key = cell->key;
        PopSum pop;
        pop.name = nameOf(key, names);
        pop.isCode = !key.pop.isNone();
        const Seen seen = m_seen.at(key.pop.value);
        pop.firstSeen = Timestamp(std::chrono::seconds(seen.first));
        pop.lastSeen = Timestamp(std::chrono::seconds(seen.last));
        histogram->clear();
        for (; cell != sum.cells.end() && isSamePop(cell->key, key); ++cell) {
            pop.messages += cell->count;
            pop.bytes += cell->bytes;
            pop.errors += cell->errors;
            pop.latency.unknown += cell->unknown;
            pop.latency.skewed += cell->skewed;
            for (std::uint32_t i = cell->begin; i < cell->end; ++i)
                histogram->add(sum.buckets[i].index, sum.buckets[i].count);
            histogram->noteMax(cell->longest);
        }
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
