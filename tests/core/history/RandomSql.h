// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <random>
#include <string>
#include <vector>

namespace weir::test {

[[nodiscard]] std::string oneOf(std::mt19937& random, const std::vector<std::string>& choices);
/// A condition on messages as FilterSample makes them, of terms that are nested at most `depth` deep.
[[nodiscard]] std::string randomWhere(std::mt19937& random, int depth);
/// ORDER BY so that the answer is one, and LIMIT or not.
[[nodiscard]] std::string randomTail(std::mt19937& random);

} // namespace weir::test
