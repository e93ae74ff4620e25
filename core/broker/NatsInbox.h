// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/ConnectionProfile.h"

#include <string>

namespace weir {

/// A new, unique inbox subject under the profile's prefix; empty when memory is out.
[[nodiscard]] std::string natsInboxFor(const ConnectionProfile& profile);

} // namespace weir
