// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Time.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace weir {

/// The buckets of an HDR histogram with lowest value 1 µs and S = 256 sub-buckets (hdrhistogram.org; the
/// formulas of its index and value ranges): exact up to 255 µs, then 128 buckets an octave, so a bucket is at
/// most 1/128 (0.79 %) of its values wide. Ends at 2^36 µs (19 hours); what is longer falls into the last.
struct HistogramScale
{
    static constexpr unsigned kHalfBits = 7;
    static constexpr std::uint64_t kHalf = std::uint64_t{1} << kHalfBits;
    static constexpr unsigned kValueBits = 36;
    static constexpr std::size_t kBuckets = (kValueBits - kHalfBits + 1) * kHalf;

    [[nodiscard]] static constexpr std::uint16_t indexOf(std::uint64_t micros)
    {
        const std::uint64_t value = micros >> kValueBits != 0 ? (std::uint64_t{1} << kValueBits) - 1 : micros;
        const unsigned shift = static_cast<unsigned>(std::bit_width(value | (2 * kHalf - 1))) - kHalfBits - 1;
        return static_cast<std::uint16_t>((std::uint64_t{shift} << kHalfBits) + (value >> shift));
    }
    /// First and last µs that fall into bucket `index`.
    [[nodiscard]] static constexpr std::uint64_t lowest(std::size_t index)
    {
        return index < 2 * kHalf ? index : (kHalf + index % kHalf) << (index / kHalf - 1);
    }
    [[nodiscard]] static constexpr std::uint64_t highest(std::size_t index) { return lowest(index + 1) - 1; }
};

/// Counts of latencies in the buckets of HistogramScale, all in place (31 KiB): for adding up. Not negative,
/// not unknown. No thread safety.
class Histogram
{
public:
    void record(Nanoseconds latency)
    {
        add(HistogramScale::indexOf(static_cast<std::uint64_t>(latency.count() / 1000)), 1);
        noteMax(latency);
    }
    void add(std::uint16_t index, std::uint64_t count)
    {
        m_counts[index] += count;
        m_total += count;
        m_first = index < m_first ? index : m_first;
        m_last = index > m_last ? index : m_last;
    }
    void noteMax(Nanoseconds latency) { m_max = latency > m_max ? latency : m_max; }
    void clear();

    [[nodiscard]] std::uint64_t total() const { return m_total; }
    /// The longest latency itself, not its bucket; kNoDuration while empty.
    [[nodiscard]] Nanoseconds max() const { return m_max; }
    /// The upper end of the bucket in which the value of rank `percent` (0 to 100) lies, at most max();
    /// kNoDuration while empty.
    [[nodiscard]] Nanoseconds percentile(double percent) const;
    /// Calls `visit(index, count)` for each bucket that holds something, ascending.
    template<typename Visit>
    void forEach(Visit&& visit) const
    {
        for (std::size_t i = m_first; i <= m_last && m_total > 0; ++i) {
            if (m_counts[i] != 0)
                visit(static_cast<std::uint16_t>(i), m_counts[i]);
        }
    }

private:
    std::array<std::uint64_t, HistogramScale::kBuckets> m_counts{};
    std::uint64_t m_total = 0;
    std::uint16_t m_first = HistogramScale::kBuckets - 1;
    std::uint16_t m_last = 0;
    Nanoseconds m_max = kNoDuration;
};

} // namespace weir
