// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/MessageRow.h"

#include <cstddef>
#include <cstdint>
#include <list>
#include <unordered_map>
#include <vector>

namespace weir {

/// Rows by seq within a budget of bytes; what was looked at longest ago goes first, 64 neighbours at a time.
/// One thread.
class RowCache
{
public:
    explicit RowCache(std::size_t budget = std::size_t{32} << 20) : m_budget(budget) {}

    void insert(const MessageRow& row);
    /// The row of `seq`, or null; stands until the next insert() or clear().
    [[nodiscard]] const MessageRow* find(std::uint64_t seq);
    /// The same without counting as a look.
    [[nodiscard]] bool contains(std::uint64_t seq) const;
    void clear();
    [[nodiscard]] std::size_t footprint() const { return m_bytes; }

private:
    struct Page
    {
        std::uint64_t number;
        std::vector<MessageRow> rows; ///< sorted by seq, all of seq / 64 == number
    };
    using Pages = std::list<Page>; // most recently looked at first
    void evict();

    std::size_t m_budget;
    std::size_t m_bytes = 0;
    Pages m_pages;
    std::unordered_map<std::uint64_t, Pages::iterator> m_index;
};

} // namespace weir
