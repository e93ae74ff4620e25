// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/latency/Histogram.h"

#include <algorithm>
#include <cmath>

namespace weir {

void Histogram::clear()
{
    if (m_total > 0)
        std::fill(m_counts.begin() + m_first, m_counts.begin() + m_last + 1, 0);
    m_total = 0;
    m_first = HistogramScale::kBuckets - 1;
    m_last = 0;
    m_max = kNoDuration;
}

Nanoseconds Histogram::percentile(double percent) const
{
    if (m_total == 0)
        return kNoDuration;
    const double rank = std::floor(percent / 100.0 * static_cast<double>(m_total) + 0.5);
    const auto target = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(rank));
    std::uint64_t seen = 0;
    for (std::size_t i = m_first; i <= m_last; ++i) {
        seen += m_counts[i];
        // The last bucket has no upper end but the longest value itself.
        if (seen >= target && i + 1 < HistogramScale::kBuckets)
            return std::min<Nanoseconds>(std::chrono::microseconds(HistogramScale::highest(i)), m_max);
    }
    return m_max;
}

} // namespace weir
