// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

namespace weir::bench {

using SteadyClock = std::chrono::steady_clock;
inline constexpr std::chrono::milliseconds kBeat(5);

/// Lateness of a beat that should come every 5 ms, in ms.
class Beats
{
public:
    void beat()
    {
        const auto now = SteadyClock::now();
        if (m_last != SteadyClock::time_point())
            m_late.push_back(
                std::max(0.0, std::chrono::duration<double, std::milli>(now - m_last - kBeat).count()));
        m_last = now;
    }
    [[nodiscard]] double worst() const
    {
        return m_late.empty() ? 0 : *std::max_element(m_late.begin(), m_late.end());
    }
    void print(const char* who)
    {
        if (m_late.empty())
            return;
        std::sort(m_late.begin(), m_late.end());
        const auto over = m_late.end() - std::upper_bound(m_late.begin(), m_late.end(), 50.0);
        std::printf("  %-12s beats %6zu  late p50 %5.1f ms  p99 %5.1f ms  worst %5.1f ms  over 50 ms: %td\n",
                    who, m_late.size(), m_late[m_late.size() / 2], m_late[m_late.size() * 99 / 100],
                    m_late.back(), over);
        m_late.clear();
        m_last = {};
    }

private:
    SteadyClock::time_point m_last;
    std::vector<double> m_late;
};

} // namespace weir::bench
