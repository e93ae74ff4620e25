// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Time.h"

#include <cstdint>

namespace weir {

/// How much of a history stays; what is beyond expires from the oldest on. 0: no limit.
struct KeepLimits
{
    Nanoseconds age{0};
    std::uint64_t bytes = 0;

    [[nodiscard]] bool any() const { return age.count() > 0 || bytes > 0; }
};

} // namespace weir
