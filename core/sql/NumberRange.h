// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sql/Pushdown.h"
#include "core/sql/SqlValue.h"

#include <cstdint>
#include <limits>

namespace weir {

/// Whole numbers from `low` to `high`, both inclusive; none where low > high.
struct NumberRange
{
    std::int64_t low = std::numeric_limits<std::int64_t>::min();
    std::int64_t high = std::numeric_limits<std::int64_t>::max();

    /// With one more at either end.
    [[nodiscard]] NumberRange widened() const;
    [[nodiscard]] NumberRange times(std::int64_t factor) const;
};

/// The numbers that `op` lets through with any of `values`, or more: all where a value is no number, as
/// SQLite would first make it one.
[[nodiscard]] NumberRange hullOf(SqlOp op, const SqlValues& values);

} // namespace weir
