// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/filter/Filter.h"
#include "core/filter/FilterTree.h"

#include <cstdint>
#include <span>
#include <vector>

namespace weir {

/// What rows are selected from.
struct Selectable
{
    std::span<const Message> messages;
    const Names& names;
    const Filter::Need& need;
};

/// Column by column: keeps of `rows` (ascending) those that match, a whole term at a time, so that what
/// depends on a dictionary id alone is decided once an id. Fails as `need` does.
[[nodiscard]] Result<void> selectRows(const FilterNode& node, const Selectable& from,
                                      std::vector<std::uint32_t>& rows);

} // namespace weir
