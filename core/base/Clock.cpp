// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Clock.h"

namespace weir {

Timestamp SystemClock::now()
{
    const auto wall = std::chrono::time_point_cast<Nanoseconds>(std::chrono::system_clock::now());
    const std::int64_t nanos = toUnixNanos(wall);
    std::int64_t last = m_last.load(std::memory_order_relaxed);
    while (nanos > last) {
        if (m_last.compare_exchange_weak(last, nanos, std::memory_order_relaxed))
            return wall;
    }
    return fromUnixNanos(last);
}

Nanoseconds SystemClock::steady()
{
    return std::chrono::duration_cast<Nanoseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

} // namespace weir
