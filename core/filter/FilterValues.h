// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Time.h"
#include "core/filter/FilterFields.h"
#include "core/filter/FilterTree.h"

#include <string>
#include <vector>

namespace weir {

/// Why a value is not one for its field, in words for a person.
struct FilterValueFault
{
    std::string why;
    std::vector<std::string> expected;
};

/// Reads `value.text` for the field and operator and fills the rest of `value`. Null when it is right.
[[nodiscard]] std::unique_ptr<FilterValueFault> readFilterValue(const FilterFieldInfo& info, FilterOp op,
                                                                Timestamp now, FilterValue& value);

} // namespace weir
