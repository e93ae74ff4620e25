// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/RowCache.h"

#include <algorithm>

namespace weir {
namespace {

constexpr std::uint64_t kPageSeqs = 64;

std::size_t bytesOf(const MessageRow& row)
{
    return sizeof(MessageRow) + (row.trace.size() > 15 ? row.trace.capacity() : 0);
}

auto placeOf(auto& rows, std::uint64_t seq)
{
    return std::lower_bound(rows.begin(), rows.end(), seq,
                            [](const MessageRow& row, std::uint64_t s) { return row.seq < s; });
}

} // namespace

void RowCache::insert(const MessageRow& row)
{
    const std::uint64_t number = row.seq / kPageSeqs;
    auto found = m_index.find(number);
    if (found == m_index.end()) {
        m_pages.push_front({number, {}});
        found = m_index.emplace(number, m_pages.begin()).first;
    }
    auto& rows = found->second->rows;
    const auto place = placeOf(rows, row.seq);
    m_bytes += bytesOf(row);
    if (place != rows.end() && place->seq == row.seq) {
        m_bytes -= bytesOf(*place);
        *place = row;
    } else {
        rows.insert(place, row);
    }
    evict();
}

void RowCache::evict()
{
    while (m_bytes > m_budget && m_pages.size() > 1) {
        for (const MessageRow& row : m_pages.back().rows)
            m_bytes -= bytesOf(row);
        m_index.erase(m_pages.back().number);
        m_pages.pop_back();
    }
}

const MessageRow* RowCache::find(std::uint64_t seq)
{
    const auto found = m_index.find(seq / kPageSeqs);
    if (found == m_index.end())
        return nullptr;
    m_pages.splice(m_pages.begin(), m_pages, found->second);
    const auto& rows = found->second->rows;
    const auto place = placeOf(rows, seq);
    return place != rows.end() && place->seq == seq ? &*place : nullptr;
}

bool RowCache::contains(std::uint64_t seq) const
{
    const auto found = m_index.find(seq / kPageSeqs);
    if (found == m_index.end())
        return false;
    const auto& rows = found->second->rows;
    const auto place = placeOf(rows, seq);
    return place != rows.end() && place->seq == seq;
}

void RowCache::clear()
{
    m_pages.clear();
    m_index.clear();
    m_bytes = 0;
}

} // namespace weir
