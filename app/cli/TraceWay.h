// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/ConnectionProfile.h"

#include <string>

namespace weir::cli {

enum class Exit : int;

/// Traces one message to `subject`, which is not delivered, and prints its way: lines for people, or one JSON
/// object: `subject time hops coverage`, a hop being `hop server server_id cluster version from at mappings
/// stream egresses`, times in microseconds since the first server had it.
[[nodiscard]] Exit traceWay(const ConnectionProfile& profile, const std::string& subject, bool json);

} // namespace weir::cli
