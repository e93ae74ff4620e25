// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/ManualClock.h"

namespace weir::test {

Timestamp ManualClock::now()
{
    constexpr std::int64_t kStart = 1'767'323'045'000'000'000;
    return fromUnixNanos(kStart + m_elapsed.load());
}

Nanoseconds ManualClock::steady()
{
    return Nanoseconds(m_elapsed.load());
}

void ManualClock::advance(Nanoseconds by)
{
    m_elapsed += by.count();
}

} // namespace weir::test
