// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

using Nanoseconds = std::chrono::nanoseconds;

/// A moment in UTC, in nanoseconds since 1970 (int64: years 1678 to 2262).
using Timestamp = std::chrono::time_point<std::chrono::system_clock, Nanoseconds>;

/// "Not known": no source said when. Never a real time.
inline constexpr Timestamp kNoTime = Timestamp::min();
/// "Not known" for durations, a latency above all.
inline constexpr Nanoseconds kNoDuration = Nanoseconds::min();

[[nodiscard]] constexpr Timestamp fromUnixNanos(std::int64_t nanos)
{
    return Timestamp(Nanoseconds(nanos));
}
[[nodiscard]] constexpr std::int64_t toUnixNanos(Timestamp time)
{
    return time.time_since_epoch().count();
}

/// `2026-11-20T23:45:08.123456789Z`: always UTC, always nine digits, so that text sorts as time does.
[[nodiscard]] std::string formatRfc3339(Timestamp time);

/// The same to the second: `2026-11-20T23:45:08Z`.
[[nodiscard]] std::string formatSecond(Timestamp time);

/// Reads RFC 3339 (`Z` or an offset, up to nine fractional digits; a date alone is its midnight, UTC).
[[nodiscard]] Result<Timestamp> parseRfc3339(std::string_view text);

/// Reads a user's moment: RFC 3339, `now`, or an age such as `-15m`, `-2h`, `-1d` before `now`.
[[nodiscard]] Result<Timestamp> parseMoment(std::string_view text, Timestamp now);

/// Reads a user's duration: `250ms`, `10s`, `5m`, `2h`, `1d`, also `us` and `ns`, fractions allowed.
[[nodiscard]] Result<Nanoseconds> parseDuration(std::string_view text);

/// A duration with a fitting unit and three significant digits: `4.21 ms`, `1.2 s`, `850 µs`; `–` for
/// kNoDuration.
[[nodiscard]] std::string formatDuration(Nanoseconds duration);

} // namespace weir
