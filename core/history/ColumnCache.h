// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/BlockFormat.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace weir {

/// Columns of blocks as they were before they were packed, within a budget of bytes; what was asked for
/// longest ago goes first. For readers that come back to the same block, as a table does that is scrolled to
/// and fro. Any thread.
class ColumnCache
{
public:
    /// Which column. Blocks may be merged under the key of one of them: the checksum tells them apart.
    struct Key
    {
        std::uint64_t file = 0; ///< the reader's own number for it
        std::uint64_t block = 0;
        ColumnId column{};
        std::uint32_t checksum = 0; ///< of the column, packed
        std::size_t rawLength = 0;

        auto operator<=>(const Key&) const = default;
    };
    struct Counts
    {
        std::uint64_t hits = 0;
        std::uint64_t misses = 0;
        std::size_t bytes = 0; ///< held now, never more than the budget
        std::size_t columns = 0;
    };

    explicit ColumnCache(std::size_t budget = std::size_t{64} << 20U) : m_budget(budget) {}

    /// Null: it is not held.
    [[nodiscard]] std::shared_ptr<const std::string> find(const Key& key);
    /// Not held if it alone takes a quarter of the budget.
    void keep(const Key& key, std::string bytes);
    [[nodiscard]] Counts counts() const;

private:
    struct Held
    {
        Key key;
        std::shared_ptr<const std::string> bytes;
    };
    using Order = std::list<Held>; // most recently asked for first
    [[nodiscard]] static std::size_t costOf(const std::string& bytes);

    const std::size_t m_budget;
    mutable std::mutex m_mutex;
    Order m_held; // guarded by m_mutex, as all below
    std::map<Key, Order::iterator> m_index;
    Counts m_counts;
};

} // namespace weir
