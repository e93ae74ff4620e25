// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace weir {

/// Who would be given messages: each counted once, however many subscriptions it has.
struct AudienceCount
{
    std::uint32_t clients = 0; ///< that subscribe by themselves
    std::uint32_t queueGroups = 0;
    std::uint32_t streams = 0;
    bool whole = true; ///< all connections were looked at, all imports followed: there are no others

    [[nodiscard]] std::uint32_t total() const { return clients + queueGroups + streams; }
    bool operator==(const AudienceCount&) const = default;
};

} // namespace weir
