// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Time.h"

namespace weir {

/// How much of a server's time its monitoring may take. A server works on an answer at most as long as the
/// answer takes to come, so that rest in proportion to it bounds the server's work, however slow it is: a
/// slower server is asked less often. One thread.
class MonitorPace
{
public:
    /// Rest is `rest` times what was spent; up to `ahead` of it may be owed while asking goes on.
    explicit MonitorPace(int rest, Nanoseconds ahead = Nanoseconds(0)) : m_rest(rest), m_ahead(ahead) {}

    /// An answer took so long, ending `now` (steady).
    void spent(Nanoseconds now, Nanoseconds took);
    [[nodiscard]] bool mayAsk(Nanoseconds now) const { return now >= nextAt(); }
    /// When asking may go on.
    [[nodiscard]] Nanoseconds nextAt() const { return m_restedAt - m_ahead; }

private:
    const int m_rest;
    const Nanoseconds m_ahead;
    Nanoseconds m_restedAt{0};
};

} // namespace weir
