// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/latency/LatencyJudgement.h"

#include <algorithm>
#include <array>
#include <optional>

namespace weir {
namespace {

constexpr double kSlowTimes = 4;
constexpr std::size_t kFewestPops = 4;
constexpr std::array<std::uint64_t, 3> kEnough{10, 50, 500}; // messages, by Percentile

std::optional<OwnPast> pastOf(const std::string& pop, Percentile which, Nanoseconds figure,
                              const EarlierFigures& earlier)
{
    const auto found = earlier.pops.find(pop);
    if (found == earlier.pops.end() || standsOnFew(found->second, which) || found->second.doubtsClock())
        return std::nullopt;
    const Nanoseconds then = figureOf(found->second, which);
    if (then <= Nanoseconds(0))
        return std::nullopt;
    return OwnPast{earlier.before, then,
                   static_cast<double>(figure.count()) / static_cast<double>(then.count())};
}

} // namespace

Nanoseconds figureOf(const LatencyFigures& figures, Percentile which)
{
    return which == Percentile::P50 ? figures.p50 : which == Percentile::P90 ? figures.p90 : figures.p99;
}

bool standsOnFew(const LatencyFigures& figures, Percentile which)
{
    return figures.count < kEnough[static_cast<std::size_t>(which)];
}

/// Also where a figure stands on few messages: those with many are the near ones, and among them alone every
/// far PoP would look slow.
std::optional<MedianLatency> medianLatency(const std::vector<PopLatency>& pops, Percentile which)
{
    std::vector<Nanoseconds> figures;
    for (const PopLatency& pop : pops) {
        if (!standsOnFew(pop.summary, Percentile::P50) && !pop.summary.doubtsClock())
            figures.push_back(figureOf(pop.summary, which));
    }
    if (figures.size() < kFewestPops)
        return std::nullopt;
    // The lower one of two: a slow PoP must not move what it is measured by.
    const auto middle = figures.begin() + static_cast<std::ptrdiff_t>((figures.size() - 1) / 2);
    std::nth_element(figures.begin(), middle, figures.end());
    return *middle > Nanoseconds(0) ? std::optional(MedianLatency{*middle, figures.size()}) : std::nullopt;
}

std::vector<SlowPop> slowPops(const std::vector<PopLatency>& pops, Percentile wanted,
                              const EarlierFigures& earlier)
{
    std::array<std::optional<MedianLatency>, 3> medians;
    for (std::size_t i = 0; i < medians.size(); ++i)
        medians[i] = medianLatency(pops, static_cast<Percentile>(i));
    std::vector<SlowPop> slow;
    for (const PopLatency& pop : pops) {
        if (pop.summary.doubtsClock())
            continue;
        int judged = static_cast<int>(wanted);
        while (judged >= 0 && (standsOnFew(pop.summary, static_cast<Percentile>(judged)) ||
                               !medians[static_cast<std::size_t>(judged)]))
            --judged;
        if (judged < 0)
            continue;
        const auto which = static_cast<Percentile>(judged);
        const Nanoseconds figure = figureOf(pop.summary, which);
        const MedianLatency& median = *medians[static_cast<std::size_t>(judged)];
        const double times = static_cast<double>(figure.count()) / static_cast<double>(median.figure.count());
        if (times >= kSlowTimes)
            slow.push_back({pop.name, which, figure, times, median.figure, median.pops,
                            pastOf(pop.name, which, figure, earlier)});
    }
    std::sort(slow.begin(), slow.end(), [](const SlowPop& a, const SlowPop& b) { return a.times > b.times; });
    return slow;
}

} // namespace weir
