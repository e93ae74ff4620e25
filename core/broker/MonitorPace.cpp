// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/MonitorPace.h"

#include <algorithm>

namespace weir {

void MonitorPace::spent(Nanoseconds now, Nanoseconds took)
{
    m_restedAt = std::max(m_restedAt, now) + took * m_rest;
}

} // namespace weir
