// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/RowMap.h"

#include <algorithm>
#include <utility>

namespace weir {

void RowMap::setDense(std::uint64_t first, std::uint64_t last)
{
    m_filtered = false;
    m_first = first;
    m_last = last;
}

void RowMap::setFiltered()
{
    m_filtered = true;
    m_matches.clear();
}

void RowMap::insertGap(std::size_t at, GapRow gap)
{
    m_gaps.insert(m_gaps.begin() + static_cast<std::ptrdiff_t>(at), std::move(gap));
}

void RowMap::removeGap(std::size_t at)
{
    m_gaps.erase(m_gaps.begin() + static_cast<std::ptrdiff_t>(at));
}

std::size_t RowMap::messages() const
{
    if (m_filtered)
        return m_matches.size();
    return m_last < m_first ? 0 : static_cast<std::size_t>(m_last - m_first + 1);
}

std::size_t RowMap::messagesBefore(std::uint64_t seq) const
{
    if (m_filtered)
        return m_matches.rankOf(seq);
    return seq <= m_first ? 0 : std::min(messages(), static_cast<std::size_t>(seq - m_first));
}

std::size_t RowMap::rowOfGap(std::size_t at) const
{
    return messagesBefore(m_gaps[at].beforeSeq) + at;
}

RowMap::Place RowMap::at(std::size_t row) const
{
    // The number of gaps whose row is at or before `row`: rowOfGap() grows with the gap's number.
    std::size_t low = 0;
    std::size_t high = m_gaps.size();
    while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if (rowOfGap(middle) <= row)
            low = middle + 1;
        else
            high = middle;
    }
    if (low > 0 && rowOfGap(low - 1) == row)
        return {m_gaps[low - 1].beforeSeq, &m_gaps[low - 1]};
    const std::size_t rank = row - low;
    return {m_filtered ? m_matches.at(rank) : m_first + rank, nullptr};
}

std::size_t RowMap::gapsUpTo(std::uint64_t seq) const
{
    const auto after = std::upper_bound(m_gaps.begin(), m_gaps.end(), seq,
                                        [](std::uint64_t s, const GapRow& gap) { return s < gap.beforeSeq; });
    return static_cast<std::size_t>(after - m_gaps.begin());
}

std::size_t RowMap::rowOf(std::uint64_t seq) const
{
    const std::size_t rank = messagesBefore(seq);
    if (rank >= messages())
        return rows();
    return rank + gapsUpTo(m_filtered ? m_matches.at(rank) : m_first + rank);
}

} // namespace weir
