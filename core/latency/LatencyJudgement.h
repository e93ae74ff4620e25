// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/latency/LatencyTracker.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace weir {

enum class Percentile { P50, P90, P99 };

[[nodiscard]] Nanoseconds figureOf(const LatencyFigures& figures, Percentile which);
/// All messages, also those without a latency.
[[nodiscard]] inline std::uint64_t messagesOf(const LatencyFigures& figures)
{
    return figures.count + figures.unknown + figures.skewed;
}
/// Too few messages for this percentile to mean much: a p99 stands on the slowest hundredth of them.
[[nodiscard]] bool standsOnFew(const LatencyFigures& figures, Percentile which);

/// What PoPs took in a stretch as long as the present one, so much before it.
struct EarlierFigures
{
    Nanoseconds before{0};
    std::map<std::string, LatencyFigures> pops; ///< by name
};

/// How a PoP's figure compares with its own of before.
struct OwnPast
{
    Nanoseconds before{0}; ///< so long ago
    Nanoseconds figure{0};
    double times = 0; ///< it goes into the present one so often
};

/// The figure of the PoP in the middle.
struct MedianLatency
{
    Nanoseconds figure{0};
    std::size_t pops = 0; ///< that it is of
};
/// What PoPs are compared with: over all PoPs but those with next to nothing or a clock in doubt. Nothing
/// with fewer than four of them.
[[nodiscard]] std::optional<MedianLatency> medianLatency(const std::vector<PopLatency>& pops,
                                                         Percentile which);

/// A PoP that is far slower than the others.
struct SlowPop
{
    std::string name;
    Percentile which = Percentile::P99; ///< what it was judged by
    Nanoseconds figure{0};
    double times = 0;            ///< the median PoP's figure goes into its own so often
    Nanoseconds median{0};       ///< that figure
    std::size_t compared = 0;    ///< PoPs that the median is of
    std::optional<OwnPast> past; ///< nothing where too little is known of it
};

/// PoPs with at least four times the latency of the median PoP, the worst first. Each is judged by `wanted`,
/// or by a lower percentile where it has too few messages. Distance alone makes a PoP two or three times as
/// slow as the median, and a clock that is doubted makes nobody slow; with fewer than four PoPs there is
/// nothing to compare with.
[[nodiscard]] std::vector<SlowPop> slowPops(const std::vector<PopLatency>& pops, Percentile wanted,
                                            const EarlierFigures& earlier = {});

} // namespace weir
