// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/TopologyOptions.h"

namespace weir::cli {

enum class Exit : int;

/// Prints a picture of a recorded range.
[[nodiscard]] Exit runPastTopology(const TopologyOptions& options);
/// Observes the broker for a while and prints a picture of that.
[[nodiscard]] Exit runLiveTopology(const TopologyOptions& options);

} // namespace weir::cli
