// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/MatchIndex.h"

#include <algorithm>
#include <bit>
#include <cassert>

namespace weir {
namespace {

constexpr std::uint64_t kSegmentSize = 65536;
constexpr std::size_t kWords = kSegmentSize / 64;
constexpr std::size_t kListLimit = kWords * 4; // 8 KiB of 16-bit numbers: where the bitmap becomes smaller

} // namespace

void MatchIndex::Segment::toBitmap()
{
    bitmap.assign(kWords, 0);
    for (const std::uint16_t low : list)
        bitmap[low / 64U] |= std::uint64_t{1} << (low % 64U);
    std::vector<std::uint16_t>().swap(list); // `= {}` would keep the memory
}

bool MatchIndex::Segment::add(std::uint16_t low)
{
    if (bitmap.empty() && count >= kListLimit)
        toBitmap();
    if (!bitmap.empty()) {
        std::uint64_t& word = bitmap[low / 64U];
        const std::uint64_t bit = std::uint64_t{1} << (low % 64U);
        if ((word & bit) != 0)
            return false;
        word |= bit;
    } else {
        const auto place = std::lower_bound(list.begin(), list.end(), low);
        if (place != list.end() && *place == low)
            return false;
        list.insert(place, low);
    }
    ++count;
    return true;
}

std::uint16_t MatchIndex::Segment::at(std::size_t rank) const
{
    if (bitmap.empty())
        return list[rank];
    for (std::size_t word = 0; word < kWords; ++word) {
        const auto here = static_cast<std::size_t>(std::popcount(bitmap[word]));
        if (rank >= here) {
            rank -= here;
            continue;
        }
        std::uint64_t bits = bitmap[word];
        while (rank-- > 0)
            bits &= bits - 1;
        return static_cast<std::uint16_t>(word * 64 + static_cast<std::size_t>(std::countr_zero(bits)));
    }
    assert(false);
    return 0;
}

std::size_t MatchIndex::Segment::rankOf(std::uint32_t low) const
{
    if (bitmap.empty())
        return static_cast<std::size_t>(std::lower_bound(list.begin(), list.end(), low) - list.begin());
    std::size_t rank = 0;
    for (std::size_t word = 0; word < low / 64U; ++word)
        rank += static_cast<std::size_t>(std::popcount(bitmap[word]));
    if (low % 64U != 0)
        rank += static_cast<std::size_t>(
            std::popcount(bitmap[low / 64U] & ((std::uint64_t{1} << (low % 64U)) - 1)));
    return rank;
}

MatchIndex::Segment& MatchIndex::segmentFor(std::uint64_t number)
{
    if (m_segments.empty() || m_segments.back().number < number) {
        m_segments.emplace_back().number = number;
        return m_segments.back();
    }
    if (m_segments.front().number > number) {
        m_segments.emplace_front().number = number;
        return m_segments.front();
    }
    auto place = std::lower_bound(m_segments.begin(), m_segments.end(), number,
                                  [](const Segment& s, std::uint64_t n) { return s.number < n; });
    if (place->number != number) {
        place = m_segments.emplace(place);
        place->number = number;
    }
    return *place;
}

bool MatchIndex::add(std::uint64_t seq)
{
    if (!segmentFor(seq / kSegmentSize).add(static_cast<std::uint16_t>(seq % kSegmentSize)))
        return false;
    ++m_size;
    m_stale = true;
    return true;
}

void MatchIndex::clear()
{
    m_segments.clear();
    m_size = 0;
    m_stale = true;
}

std::size_t MatchIndex::removeBelow(std::uint64_t seq)
{
    std::size_t removed = 0;
    while (!m_segments.empty() && m_segments.front().number < seq / kSegmentSize) {
        removed += m_segments.front().count;
        m_segments.pop_front();
    }
    if (!m_segments.empty() && m_segments.front().number == seq / kSegmentSize) {
        Segment kept;
        kept.number = m_segments.front().number;
        const std::size_t from = m_segments.front().rankOf(static_cast<std::uint32_t>(seq % kSegmentSize));
        for (std::size_t rank = from; rank < m_segments.front().count; ++rank)
            kept.add(m_segments.front().at(rank));
        removed += from;
        m_segments.pop_front();
        if (kept.count > 0)
            m_segments.push_front(std::move(kept));
    }
    m_size -= removed;
    m_stale = true;
    return removed;
}

const std::vector<std::size_t>& MatchIndex::starts() const
{
    if (m_stale) {
        m_starts.clear();
        std::size_t rank = 0;
        for (const Segment& segment : m_segments) {
            m_starts.push_back(rank);
            rank += segment.count;
        }
        m_stale = false;
    }
    return m_starts;
}

std::uint64_t MatchIndex::at(std::size_t rank) const
{
    assert(rank < m_size);
    const auto& begins = starts();
    const auto after = std::upper_bound(begins.begin(), begins.end(), rank);
    const auto which = static_cast<std::size_t>(after - begins.begin()) - 1;
    const Segment& segment = m_segments[which];
    return segment.number * kSegmentSize + segment.at(rank - begins[which]);
}

std::size_t MatchIndex::rankOf(std::uint64_t seq) const
{
    const auto place = std::lower_bound(m_segments.begin(), m_segments.end(), seq / kSegmentSize,
                                        [](const Segment& s, std::uint64_t n) { return s.number < n; });
    if (place == m_segments.end())
        return m_size;
    const std::size_t before = starts()[static_cast<std::size_t>(place - m_segments.begin())];
    if (place->number != seq / kSegmentSize)
        return before;
    return before + place->rankOf(static_cast<std::uint32_t>(seq % kSegmentSize));
}

std::size_t MatchIndex::footprint() const
{
    std::size_t bytes = 0;
    for (const Segment& segment : m_segments)
        bytes += sizeof(Segment) + segment.list.capacity() * 2 + segment.bitmap.capacity() * 8;
    return bytes;
}

} // namespace weir
