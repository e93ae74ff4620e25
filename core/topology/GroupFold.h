// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace weir {

/// Where groups of subjects go on from one front with more than `most` different tokens, they are drawn
/// together, with `*` in that place: `telemetry.fra.log`, `telemetry.lhr.log`, … → `telemetry.*.log`. Returns
/// for each that changes what it becomes.
[[nodiscard]] std::map<std::string, std::string> foldGroups(const std::vector<std::string>& groups,
                                                            std::size_t most);

} // namespace weir
