// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Time.h"

#include <cstdint>

namespace weir {

/// How long to wait before connection attempt n: doubling from `first` to `cap`, each time a random share of
/// `jitter` less, so that a thousand consoles do not return in one instant. Never gives up.
class ReconnectPolicy
{
public:
    struct Options
    {
        Nanoseconds first = std::chrono::milliseconds(100);
        Nanoseconds cap = std::chrono::seconds(15);
        double jitter = 0.5;    ///< 0…1
        std::uint64_t seed = 0; ///< 0: from the system's entropy
    };

    ReconnectPolicy();
    explicit ReconnectPolicy(Options options);

    /// The wait before the next attempt; every call counts as one failed attempt.
    [[nodiscard]] Nanoseconds next();
    /// After success: the next failure begins from `first` again.
    void reset() { m_failures = 0; }
    [[nodiscard]] std::uint32_t failures() const { return m_failures; }

private:
    Options m_options;
    std::uint64_t m_state;
    std::uint32_t m_failures = 0;
};

} // namespace weir
