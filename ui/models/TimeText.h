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

/// Round moments inside [from, to] for an axis, at most `most` of them.
[[nodiscard]] std::vector<Timestamp> axisTimes(Timestamp from, Timestamp to, int most);

} // namespace weir
