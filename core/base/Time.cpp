// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Time.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace weir {
namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

Error badTime(std::string_view text)
{
    return {ErrorCode::Usage, "reading time '" + std::string(text) + "'", "it is not a time",
            "write 2026-11-20T23:45:08Z, 'now', or an age such as -15m"};
}

/// Takes `digits` decimal digits off the front of `rest`.
bool takeNumber(std::string_view& rest, std::size_t digits, int& value)
{
    if (rest.size() < digits)
        return false;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + digits, value);
    if (error != std::errc() || end != rest.data() + digits || value < 0)
        return false;
    rest.remove_prefix(digits);
    return true;
}

bool takeChar(std::string_view& rest, std::string_view anyOf)
{
    if (rest.empty() || anyOf.find(rest.front()) == std::string_view::npos)
        return false;
    rest.remove_prefix(1);
    return true;
}

/// Reads `.123` into nanoseconds; digits past the ninth are dropped.
bool takeFraction(std::string_view& rest, std::int64_t& nanos)
{
    nanos = 0;
    if (!takeChar(rest, "."))
        return true;
    std::int64_t unit = kNanosPerSecond / 10;
    std::size_t digits = 0;
    while (!rest.empty() && rest.front() >= '0' && rest.front() <= '9') {
        nanos += unit * (rest.front() - '0');
        unit /= 10;
        rest.remove_prefix(1);
        ++digits;
    }
    return digits > 0;
}

/// Reads `Z` or `+01:30` into minutes east of UTC.
bool takeZone(std::string_view& rest, int& minutes)
{
    minutes = 0;
    if (takeChar(rest, "Zz"))
        return true;
    if (rest.empty() || (rest.front() != '+' && rest.front() != '-'))
        return false;
    const int sign = rest.front() == '-' ? -1 : 1;
    rest.remove_prefix(1);
    int hours = 0;
    int rem = 0;
    if (!takeNumber(rest, 2, hours) || !takeChar(rest, ":") || !takeNumber(rest, 2, rem))
        return false;
    minutes = sign * (hours * 60 + rem);
    return hours < 24 && rem < 60;
}

struct Unit
{
    std::string_view name;
    double nanos;
};
constexpr std::array kUnits{Unit{"ns", 1},     Unit{"us", 1e3},   Unit{"µs", 1e3},
                            Unit{"ms", 1e6},   Unit{"s", 1e9},    Unit{"m", 60e9},
                            Unit{"min", 60e9}, Unit{"h", 3600e9}, Unit{"d", 86400e9}};

} // namespace

std::string formatRfc3339(Timestamp time)
{
    using namespace std::chrono;
    // By hand, as floor<days> overflows at the ends of the range.
    std::int64_t second = toUnixNanos(time) / kNanosPerSecond;
    std::int64_t nanos = toUnixNanos(time) % kNanosPerSecond;
    if (nanos < 0) {
        nanos += kNanosPerSecond;
        --second;
    }
    const sys_seconds whole{seconds(second)};
    const auto day = floor<days>(whole);
    const year_month_day date(day);
    const hh_mm_ss clock(whole - day);
    std::array<char, 48> text{};
    const int length = std::snprintf(
        text.data(), text.size(), "%04d-%02u-%02uT%02ld:%02ld:%02ld.%09ldZ", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<long>(clock.hours().count()), static_cast<long>(clock.minutes().count()),
        static_cast<long>(clock.seconds().count()), static_cast<long>(nanos));
    return {text.data(), static_cast<std::size_t>(length)};
}

std::string formatSecond(Timestamp time)
{
    const std::string text = formatRfc3339(time);
    return text.substr(0, text.find('.')) + "Z";
}

Result<Timestamp> parseRfc3339(std::string_view text)
{
    using namespace std::chrono;
    std::string_view rest = text;
    int y = 0;
    int mo = 0;
    int d = 0;
    if (!takeNumber(rest, 4, y) || !takeChar(rest, "-") || !takeNumber(rest, 2, mo) || !takeChar(rest, "-") ||
        !takeNumber(rest, 2, d))
        return badTime(text);
    const year_month_day date(year(y), month(static_cast<unsigned>(mo)), day(static_cast<unsigned>(d)));
    if (!date.ok() || y < 1678 || y > 2261)
        return badTime(text);
    const auto midnight = time_point_cast<Nanoseconds>(sys_days(date));
    if (rest.empty())
        return midnight;
    int h = 0;
    int mi = 0;
    int s = 0;
    std::int64_t nanos = 0;
    int zone = 0;
    if (!takeChar(rest, "Tt ") || !takeNumber(rest, 2, h) || !takeChar(rest, ":") ||
        !takeNumber(rest, 2, mi) || !takeChar(rest, ":") || !takeNumber(rest, 2, s) ||
        !takeFraction(rest, nanos) || !takeZone(rest, zone) || !rest.empty() || h > 23 || mi > 59 || s > 60)
        return badTime(text);
    return midnight + hours(h) + minutes(mi - zone) + seconds(s) + Nanoseconds(nanos);
}

Result<Timestamp> parseMoment(std::string_view text, Timestamp now)
{
    if (text == "now")
        return now;
    if (text.starts_with('-')) {
        const auto age = parseDuration(text.substr(1));
        if (!age)
            return badTime(text);
        return now - *age;
    }
    return parseRfc3339(text);
}

Result<Nanoseconds> parseDuration(std::string_view text)
{
    const Error bad{ErrorCode::Usage, "reading duration '" + std::string(text) + "'", "it is not a duration",
                    "write a number and a unit: 250ms, 10s, 5m, 2h, 1d"};
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || !std::isfinite(number) || number < 0)
        return bad;
    const std::string_view suffix = text.substr(static_cast<std::size_t>(end - text.data()));
    for (const Unit& unit : kUnits) {
        if (suffix == unit.name && number * unit.nanos < 9e18)
            return Nanoseconds(std::llround(number * unit.nanos));
    }
    return bad;
}

std::string formatDuration(Nanoseconds duration)
{
    if (duration == kNoDuration)
        return "–";
    const double nanos = static_cast<double>(duration.count());
    const double size = std::abs(nanos);
    const auto print = [](double value, const char* unit) {
        std::array<char, 48> text{};
        const int digits = std::abs(value) >= 99.95 ? 0 : std::abs(value) >= 9.995 ? 1 : 2;
        const int length = std::snprintf(text.data(), text.size(), "%.*f %s", digits, value, unit);
        return std::string(text.data(), static_cast<std::size_t>(length));
    };
    if (size < 999.5)
        return std::to_string(duration.count()) + " ns";
    if (size < 999.5e3)
        return print(nanos / 1e3, "µs");
    if (size < 999.5e6)
        return print(nanos / 1e6, "ms");
    if (size < 120e9)
        return print(nanos / 1e9, "s");
    if (size < 7200e9)
        return print(nanos / 60e9, "min");
    return print(nanos / 3600e9, "h");
}

} // namespace weir
