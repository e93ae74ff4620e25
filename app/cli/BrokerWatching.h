// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/broker/ConnectionProfile.h"
#include "core/topology/LooksOfRange.h"

#include <string>

namespace weir::cli {

/// Looks at a broker, waits for `duration` or until it is told to end, and looks again: what grew between the
/// two has a rate. `duration` as written, for the remark on stderr.
[[nodiscard]] Result<RangeLooks> watchBroker(const ConnectionProfile& profile, const std::string& duration,
                                             Clock& clock);

} // namespace weir::cli
