// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/RollupSum.h"

#include <algorithm>

namespace weir {
namespace {

void addCounts(RollupCell& to, const RollupCell& from)
{
    to.count += from.count;
    to.bytes += from.bytes;
    to.errors += from.errors;
    to.unknown += from.unknown;
    to.skewed += from.skewed;
    to.longest = std::max(to.longest, from.longest);
}

bool isEndless(Timestamp time)
{
    return time == Timestamp::min() || time == Timestamp::max() || time == kNoTime;
}

} // namespace

std::int64_t secondOf(Timestamp time)
{
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

Timestamp slotBegin(Timestamp time, std::int64_t width)
{
    return isEndless(time) ? time : Timestamp(std::chrono::seconds(RollupSum(width).startOf(secondOf(time))));
}

Timestamp slotEnd(Timestamp time, std::int64_t width)
{
    const Timestamp begin = slotBegin(time, width);
    return begin == time ? time : begin + std::chrono::seconds(width);
}

std::int64_t RollupSum::startOf(std::int64_t second) const
{
    const std::int64_t into = second % m_width;
    return second - (into < 0 ? into + m_width : into);
}

RollupSum::Cell& RollupSum::cellOf(const RollupKey& key)
{
    const auto found = m_cells.find(key);
    if (found != m_cells.end())
        return found->second;
    const RollupKey rest;
    const RollupKey& own = m_cells.size() + 1 < kMaxRollupCells ? key : rest;
    Cell& cell = m_cells[own];
    cell.sum.key = own;
    return cell;
}

void RollupSum::add(const RollupSlot& slot)
{
    if (slot.cells.empty())
        return;
    if (isEmpty()) {
        m_start = startOf(slot.start);
        m_firstSeq = slot.firstSeq;
    }
    m_lastSeq = slot.lastSeq;
    for (const RollupCell& from : slot.cells) {
        Cell& cell = cellOf(from.key);
        addCounts(cell.sum, from);
        for (std::uint32_t i = from.begin; i < from.end; ++i)
            countAt(cell, slot.buckets[i].index) += slot.buckets[i].count;
    }
}

std::uint32_t& RollupSum::countAt(Cell& cell, std::uint16_t index)
{
    if (cell.counts.empty())
        cell.first = index;
    if (index < cell.first) {
        cell.counts.insert(cell.counts.begin(), cell.first - index, 0);
        cell.first = index;
    }
    const auto place = static_cast<std::size_t>(index - cell.first);
    if (place >= cell.counts.size())
        cell.counts.resize(place + 1);
    return cell.counts[place];
}

RollupSlot RollupSum::sum() const
{
    RollupSlot slot{m_start, m_width, m_firstSeq, m_lastSeq, {}, {}};
    std::vector<const Cell*> cells;
    for (const auto& [key, cell] : m_cells)
        cells.push_back(&cell);
    std::sort(cells.begin(), cells.end(),
              [](const Cell* a, const Cell* b) { return a->sum.key < b->sum.key; });
    for (const Cell* cell : cells) {
        RollupCell& sum = slot.cells.emplace_back(cell->sum);
        sum.begin = static_cast<std::uint32_t>(slot.buckets.size());
        for (std::size_t i = 0; i < cell->counts.size(); ++i) {
            if (cell->counts[i] != 0)
                slot.buckets.push_back({static_cast<std::uint16_t>(cell->first + i), cell->counts[i]});
        }
        sum.end = static_cast<std::uint32_t>(slot.buckets.size());
    }
    return slot;
}

RollupSlot RollupSum::take()
{
    RollupSlot slot = sum();
    m_cells.clear();
    return slot;
}

} // namespace weir
