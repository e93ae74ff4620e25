// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Time.h"

#include <QString>

#include <vector>

namespace weir {

struct TimeRange;

/// `03:12:08`, or with the date where `withDate`; always UTC.
[[nodiscard]] QString clockText(Timestamp time, bool withDate = false, bool withMillis = false);
/// `5 min`, `6 h`, `1 min 30 s`: whole units, for spans that people chose.
[[nodiscard]] QString spanText(Nanoseconds span);
/// `Live · last 5 min`, or `20 Nov 03:07:00 – 03:12:00 UTC`.
[[nodiscard]] QString rangeText(const TimeRange& range);

/// A moment on an axis and what stands below it.
struct AxisTime
{
    Timestamp time = kNoTime;
    QString text; ///< `03:12:08`, or `03:12:08.200` where they are less than a second apart
};

/// Round moments inside [from, to] for an axis, at most about `most` of them, no two with the same text.
[[nodiscard]] std::vector<AxisTime> axisTimes(Timestamp from, Timestamp to, int most);

} // namespace weir
