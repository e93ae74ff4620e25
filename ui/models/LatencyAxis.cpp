// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/LatencyAxis.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>

namespace weir {
namespace {

constexpr double kLeast = 0.01; // ms: the lowest that a logarithmic axis goes
constexpr double kSlack = 1e-9; // what a power of ten may be off

/// 1, 2, 5 times a power of ten: the largest that is not above `value`.
double roundBelow(double value)
{
    const double decade = std::pow(10.0, std::floor(std::log10(value) + kSlack));
    const double times = value / decade * (1 + kSlack);
    return times >= 5 ? 5 * decade : times >= 2 ? 2 * decade : decade;
}

double roundAbove(double value)
{
    const double below = roundBelow(value);
    if (below >= value * (1 - kSlack))
        return below;
    const double decade = std::pow(10.0, std::floor(std::log10(below) + kSlack));
    const double times = below / decade;
    return times < 1.5 ? 2 * decade : times < 3 ? 5 * decade : 10 * decade;
}

std::vector<double> ticksOf(double low, double high, std::initializer_list<double> steps, int everyDecade)
{
    std::vector<double> ticks;
    const int first = static_cast<int>(std::floor(std::log10(low) + kSlack));
    const int last = static_cast<int>(std::ceil(std::log10(high) - kSlack));
    for (int decade = first; decade <= last; ++decade) {
        if (decade % everyDecade != 0)
            continue;
        for (const double step : steps) {
            const double tick = step * std::pow(10.0, decade);
            if (tick >= low * (1 - kSlack) && tick <= high * (1 + kSlack))
                ticks.push_back(tick);
        }
    }
    return ticks;
}

} // namespace

LatencyAxis LatencyAxis::logarithmic(double least, double most, int ticks)
{
    LatencyAxis axis;
    axis.low = roundBelow(std::max(least, kLeast));
    axis.high = std::max(roundAbove(std::max(most, kLeast)), axis.low * 10);
    const auto room = static_cast<std::size_t>(std::max(ticks, 3));
    axis.ticks = ticksOf(axis.low, axis.high, {1, 2, 5}, 1);
    if (axis.ticks.size() > room)
        axis.ticks = ticksOf(axis.low, axis.high, {1, 3}, 1);
    for (int every = 1; axis.ticks.size() > room && every < 8; ++every)
        axis.ticks = ticksOf(axis.low, axis.high, {1}, every);
    return axis;
}

LatencyAxis LatencyAxis::linear(double most, int ticks)
{
    LatencyAxis axis;
    const int steps = std::max(ticks, 3) - 1;
    const double step = roundAbove(std::max(most, kLeast) * 1.02 / steps);
    axis.low = 0;
    axis.high = step * std::ceil(most * 1.02 / step - kSlack);
    for (int i = 0; i * step <= axis.high * (1 + kSlack); ++i)
        axis.ticks.push_back(i * step);
    return axis;
}

double LatencyAxis::place(double value, bool isLogarithmic) const
{
    return isLogarithmic ? std::log(std::max(value, low) / low) / std::log(high / low)
                         : (value - low) / (high - low);
}

QString axisText(double millis)
{
    if (millis == 0)
        return QStringLiteral("0");
    struct Unit
    {
        double millis;
        const char16_t* name;
    };
    constexpr std::array<Unit, 3> kUnits{{{1000, u"%1 s"}, {1, u"%1 ms"}, {0.001, u"%1 µs"}}};
    const auto unit = std::find_if(kUnits.begin(), kUnits.end() - 1,
                                   [&](const Unit& u) { return millis >= u.millis * (1 - kSlack); });
    return QString::fromUtf16(unit->name).arg(millis / unit->millis, 0, 'g', 4);
}

} // namespace weir
