// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/filter/Filter.h"
#include "core/history/BlockFormat.h"
#include "core/history/Database.h"
#include "core/history/TraceGroups.h"

#include <memory>

namespace weir {

/// The sets of table `block_index`, by the places of its columns.
enum class IndexSet : std::uint8_t { Subjects = 1, Pops, Workers, Identities, Traces };

/// Tells which blocks hold no message that a filter matches, from a block's row and sets, without its body.
/// Never wrong about a block that holds one: what it cannot know, or reads damaged, counts as a block that
/// may. One scan, one thread.
class BlockPruner
{
public:
    /// Both outlive it, and so does what `names` holds by the time of mayMatch().
    [[nodiscard]] static Result<BlockPruner> make(const Filter& filter, const Names& names,
                                                  Database& database);
    ~BlockPruner();
    BlockPruner(BlockPruner&&) noexcept;
    BlockPruner& operator=(BlockPruner&&) noexcept;

    [[nodiscard]] bool mayMatch(const BlockRow& row);

private:
    struct Node;
    struct Possible;
    class Sets;
    BlockPruner(std::unique_ptr<Node> root, Statement index, TraceGroups groups);

    std::unique_ptr<Node> m_root; ///< null: everything may match
    Statement m_index;
    TraceGroups m_groups;
};

} // namespace weir
