// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Time.h"

#include <cstdint>
#include <string>
#include <vector>

namespace weir {

/// How long messages stay whose subject matches a pattern of NATS. 0: for ever.
struct KeepRule
{
    std::string subject;
    Nanoseconds age{0};
};

/// How much of a history stays; what is beyond expires from the oldest on. 0: no limit.
struct KeepLimits
{
    Nanoseconds age{0};
    std::uint64_t bytes = 0;
    /// The first whose pattern matches decides instead of `age`.
    std::vector<KeepRule> subjects{};

    [[nodiscard]] bool any() const { return age.count() > 0 || bytes > 0 || !subjects.empty(); }
};

} // namespace weir
