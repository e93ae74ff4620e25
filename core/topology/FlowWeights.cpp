// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowWeights.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace weir {
namespace {

constexpr double kThinnest = 1; // px
constexpr double kThickest = 10;
constexpr double kFarAbove = 3;              // times the median
constexpr std::size_t kForAMedian = 4;       // edges: with fewer there is no usual
constexpr Nanoseconds kLeastMedian(100'000); // below it nothing is slow, and skewed clocks give less than 0

} // namespace

std::vector<double> flowWidths(const FlowGraph& graph)
{
    double most = 0;
    for (const FlowEdge& edge : graph.edges)
        most = std::max(most, edge.rate.value_or(0));
    std::vector<double> widths;
    widths.reserve(graph.edges.size());
    for (const FlowEdge& edge : graph.edges) {
        const double share = most > 0 ? std::sqrt(std::max(0.0, edge.rate.value_or(0)) / most) : 0;
        widths.push_back(kThinnest + (kThickest - kThinnest) * share);
    }
    return widths;
}

std::vector<char> flowWarnings(const FlowGraph& graph)
{
    std::array<std::vector<Nanoseconds>, static_cast<std::size_t>(kLastFlowKind) + 1> byKind;
    const auto peers = [&](const FlowEdge& edge) -> std::vector<Nanoseconds>& {
        return byKind[static_cast<std::size_t>(graph.nodes[edge.from].kind)];
    };
    for (const FlowEdge& edge : graph.edges) {
        if (edge.p99 != kNoDuration)
            peers(edge).push_back(edge.p99);
    }
    for (std::vector<Nanoseconds>& latencies : byKind)
        std::sort(latencies.begin(), latencies.end());
    const auto isSlow = [&](const FlowEdge& edge) {
        const std::vector<Nanoseconds>& all = peers(edge);
        if (edge.p99 == kNoDuration || all.size() < kForAMedian)
            return false;
        const Nanoseconds median = std::max(all[all.size() / 2], kLeastMedian);
        return static_cast<double>(edge.p99.count()) > kFarAbove * static_cast<double>(median.count());
    };
    std::vector<char> warnings;
    warnings.reserve(graph.edges.size());
    for (const FlowEdge& edge : graph.edges)
        warnings.push_back(edge.errors > 0 || isSlow(edge) ? 1 : 0);
    return warnings;
}

std::vector<char> flowMarks(const FlowGraph& graph)
{
    std::vector<char> marks(graph.nodes.size(), 0);
    for (const FlowFinding& finding : graph.findings) {
        if (const auto node = graph.find(finding.node))
            marks[*node] = 1;
    }
    return marks;
}

} // namespace weir
