// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace weir {

/// `names` with those nearest to `wanted` first (fewest edits, letters' case ignored), at most `limit`, as
/// text for a hint: "prod, prod-eu, lab".
[[nodiscard]] std::string nearestNames(const std::string& wanted, std::vector<std::string> names,
                                       std::size_t limit = 5);

} // namespace weir
