// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Time.h"

#include <cstdint>
#include <deque>
#include <utility>

namespace weir {

/// A growing count's rate over the last two seconds. One thread.
class RateMeter
{
public:
    /// `now` is steady time. A count that fell (a new session) begins anew.
    void add(std::uint64_t count, Nanoseconds now);
    [[nodiscard]] double perSecond() const;

private:
    std::deque<std::pair<Nanoseconds, std::uint64_t>> m_samples;
};

} // namespace weir
