// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/filter/FilterTree.h"

#include <cstdint>
#include <vector>

namespace weir {

struct Batch;

/// Column by column: keeps of `rows` (ascending) those that match, a whole term at a time, so that what
/// depends on a dictionary id alone is decided once an id.
void selectRows(const FilterNode& node, const Batch& batch, std::vector<std::uint32_t>& rows);

} // namespace weir
