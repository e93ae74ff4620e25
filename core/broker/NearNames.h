// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace weir {

/// `names` with those nearest to `wanted` first (fewest edits, letters' case ignored), at most `limit`, as
/// text for a hint: "prod, prod-eu, lab".
[[nodiscard]] std::string nearestNames(const std::string& wanted, std::vector<std::string> names,
                                       std::size_t limit = 5);

/// The one of `names` that `wanted` was probably meant to be; empty: none is near enough.
[[nodiscard]] std::string nearName(const std::string& wanted, const std::vector<std::string>& names);

} // namespace weir
