// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/ColumnCache.h"

#include <utility>

namespace weir {
namespace {

constexpr std::size_t kOverhead = 256; ///< of a column's entries in list and map, about

} // namespace

std::size_t ColumnCache::costOf(const std::string& bytes)
{
    return bytes.capacity() + kOverhead;
}

std::shared_ptr<const std::string> ColumnCache::find(const Key& key)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_index.find(key);
    if (found == m_index.end()) {
        ++m_counts.misses;
        return nullptr;
    }
    ++m_counts.hits;
    m_held.splice(m_held.begin(), m_held, found->second);
    return found->second->bytes;
}

void ColumnCache::keep(const Key& key, std::string bytes)
{
    const std::size_t cost = costOf(bytes);
    if (cost > m_budget / 4)
        return;
    auto shared = std::make_shared<const std::string>(std::move(bytes));
    const std::lock_guard lock(m_mutex);
    if (m_index.contains(key)) // another reader was as quick
        return;
    while (m_counts.bytes + cost > m_budget) {
        m_counts.bytes -= costOf(*m_held.back().bytes);
        m_index.erase(m_held.back().key);
        m_held.pop_back();
    }
    m_held.push_front({key, std::move(shared)});
    m_index.emplace(key, m_held.begin());
    m_counts.bytes += cost;
    m_counts.columns = m_held.size();
}

ColumnCache::Counts ColumnCache::counts() const
{
    const std::lock_guard lock(m_mutex);
    return m_counts;
}

} // namespace weir
