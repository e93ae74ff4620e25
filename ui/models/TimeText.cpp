// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/TimeText.h"

#include "ui/models/ViewState.h"

#include <QDateTime>
#include <QLocale>
#include <QStringList>

#include <algorithm>
#include <array>

namespace weir {

namespace {

using namespace std::chrono_literals;

QDateTime utc(Timestamp time)
{
    return QDateTime::fromMSecsSinceEpoch(toUnixNanos(time) / 1'000'000, Qt::UTC);
}

} // namespace

QString clockText(Timestamp time, bool withDate, bool withMillis)
{
    QString format = withMillis ? QStringLiteral("HH:mm:ss.zzz") : QStringLiteral("HH:mm:ss");
    if (withDate)
        format.prepend(QStringLiteral("d MMM "));
    return QLocale(QLocale::English).toString(utc(time), format);
}

QString spanText(Nanoseconds span)
{
    struct Unit
    {
        Nanoseconds length;
        const char* name;
    };
    static constexpr std::array<Unit, 5> kUnits{
        {{24h, "d"}, {1h, "h"}, {1min, "min"}, {1s, "s"}, {1ms, "ms"}}};
    if (span == Nanoseconds(24h))
        return QStringLiteral("24 h");
    QStringList parts;
    for (const Unit& unit : kUnits) {
        const auto whole = span / unit.length;
        if (whole > 0 && parts.size() < 2)
            parts += QStringLiteral("%1 %2").arg(whole).arg(QLatin1String(unit.name));
        span -= whole * unit.length;
    }
    return parts.isEmpty() ? QStringLiteral("0 s") : parts.join(QLatin1Char(' '));
}

QString rangeText(const TimeRange& range)
{
    if (range.live)
        return QStringLiteral("Live · last %1").arg(spanText(range.span));
    const bool sameDay = utc(range.from).date() == utc(range.to).date();
    return QStringLiteral("%1 – %2 UTC").arg(clockText(range.from, true), clockText(range.to, !sameDay));
}

std::vector<AxisTime> axisTimes(Timestamp from, Timestamp to, int most)
{
    static constexpr std::array<Nanoseconds, 28> kSteps{
        1ms, 2ms,  5ms,  10ms, 20ms,  50ms,  100ms, 200ms, 500ms, 1s, 2s, 5s,  10s, 15s,
        30s, 1min, 2min, 5min, 10min, 15min, 30min, 1h,    2h,    3h, 6h, 12h, 24h, 168h};
    std::vector<AxisTime> times;
    if (to <= from || most < 1)
        return times;
    const auto fits = [&](Nanoseconds step) { return (to - from) / step <= most; };
    const auto found = std::find_if(kSteps.begin(), kSteps.end(), fits);
    const auto step = (found == kSteps.end() ? Nanoseconds((to - from) / most) : *found).count();
    const bool millis = step < Nanoseconds(1s).count();
    const auto start = toUnixNanos(from);
    for (auto at = start + (step - start % step) % step; at <= toUnixNanos(to); at += step)
        times.push_back({fromUnixNanos(at), clockText(fromUnixNanos(at), false, millis)});
    return times;
}

} // namespace weir
