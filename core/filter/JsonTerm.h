// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/filter/FilterTree.h"

#include <string_view>

namespace weir {

/// Whether the JSON value that `term` points at in `payload` satisfies it. Never true for a payload that is
/// not JSON up to that value or has nothing there (NotEquals excepted, which then is). Objects and arrays
/// equal nothing. A number equals a value by its number, true, false and null by their names.
[[nodiscard]] bool jsonTermMatches(const FilterNode& term, std::string_view payload);

} // namespace weir
