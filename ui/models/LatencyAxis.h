// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Time.h"

#include <QString>

#include <utility>
#include <vector>

namespace weir {

/// An upright axis of latencies: its ends, and the figures that are written beside it. All in milliseconds.
struct LatencyAxis
{
    double low = 1;
    double high = 10;
    std::vector<double> ticks; ///< in [low, high], rising; 1, 2 and 5 of each power of ten where they fit

    /// For figures in [least, most], with at most `ticks` written ones (at least three of them).
    [[nodiscard]] static LatencyAxis logarithmic(double least, double most, int ticks);
    /// From 0 on, in equal steps of 1, 2 or 5 times a power of ten.
    [[nodiscard]] static LatencyAxis linear(double most, int ticks);
    /// Where a figure lies: 0 at `low`, 1 at `high`.
    [[nodiscard]] double place(double value, bool isLogarithmic) const;
};

/// `20 µs`, `500 ms`, `2 s`: as short as a round figure can be written.
[[nodiscard]] QString axisText(double millis);

} // namespace weir
