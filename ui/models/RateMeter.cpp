// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/RateMeter.h"

namespace weir {

namespace {
constexpr Nanoseconds kWindow = std::chrono::seconds(2);
}

void RateMeter::add(std::uint64_t count, Nanoseconds now)
{
    if (!m_samples.empty() && (count < m_samples.back().second || now < m_samples.back().first))
        m_samples.clear();
    m_samples.emplace_back(now, count);
    // One sample older than the window stays, so that the rate spans all of it.
    while (m_samples.size() > 2 && now - m_samples[1].first >= kWindow)
        m_samples.pop_front();
}

double RateMeter::perSecond() const
{
    if (m_samples.size() < 2)
        return 0;
    const auto& [from, before] = m_samples.front();
    const auto& [to, after] = m_samples.back();
    const double seconds = std::chrono::duration<double>(to - from).count();
    return seconds > 0 ? static_cast<double>(after - before) / seconds : 0;
}

} // namespace weir
