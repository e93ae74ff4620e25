// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowStorm.h"

#include "core/topology/FlowOfHistory.h"
#include "core/topology/FlowText.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace weir {
namespace {

constexpr int kRanges = 7;
constexpr int kFewest = 3;
constexpr double kFactor = 3;
constexpr double kFewMessages = 100; ///< fewer are no storm, however quiet it was
constexpr std::chrono::hours kDay{24};

/// Rates by node, of what comes into it, and by edge.
struct Rates
{
    std::map<std::string, double> nodes;
    std::map<std::pair<std::string, std::string>, double> edges;
};

Rates ratesOf(const FlowGraph& graph)
{
    Rates rates;
    for (const FlowEdge& edge : graph.edges) {
        const std::string& from = graph.nodes[edge.from].id;
        const std::string& to = graph.nodes[edge.to].id;
        if (graph.nodes[edge.to].kind == FlowKind::SubjectGroup)
            rates.nodes[to] += edge.rate.value_or(0);
        rates.edges[{from, to}] += edge.rate.value_or(0);
    }
    return rates;
}

/// The greatest that the season knows of `key`.
template<typename Key>
double greatest(const std::vector<Rates>& season, const std::map<Key, double> Rates::*kind, const Key& key)
{
    double most = 0;
    for (const Rates& rates : season) {
        const auto found = (rates.*kind).find(key);
        most = std::max(most, found == (rates.*kind).end() ? 0 : found->second);
    }
    return most;
}

/// Whence most of the excess over the season comes to `node`, step by step back to where it enters.
std::string sourcesOf(const FlowGraph& graph, const Rates& now, const std::vector<Rates>& season,
                      std::string node)
{
    std::string text;
    for (std::size_t step = 0; step < graph.nodes.size(); ++step) {
        double most = 0;
        double all = 0;
        std::string source;
        for (const auto& [ends, rate] : now.edges) {
            if (ends.second != node)
                continue;
            const double excess = std::max(0.0, rate - greatest(season, &Rates::edges, ends));
            all += excess;
            if (excess > most) {
                most = excess;
                source = ends.first;
            }
        }
        if (source.empty())
            break;
        const FlowNode& from = graph.nodes[*graph.find(source)];
        text += (text.empty() ? "" : ", there ") + std::to_string(std::lround(100 * most / all)) +
                " % from " + std::string(flowKindName(from.kind)) + " " + flowNodeLabel(from);
        node = source;
    }
    return text;
}

bool isRecorded(const std::vector<Gap>& gaps, Timestamp from, Timestamp to)
{
    return recordedWithin(gaps, from, to) == to - from;
}

} // namespace

Result<FlowSeason> readSeason(HistoryReader& reader, Timestamp from, Timestamp to, const Filter& filter,
                              const std::vector<std::string>& alike, const std::stop_token& stop)
{
    const auto info = reader.info();
    if (!info)
        return info.error();
    FlowSeason season;
    const bool bounded = from != Timestamp::min() && to != Timestamp::max() && from < to;
    if (!bounded || info->recordedFrom == kNoTime)
        return season;
    const Nanoseconds length = to - from;
    for (const bool byDay : {true, false}) {
        if (byDay && length > kDay)
            continue;
        season.ranges.clear();
        const Nanoseconds step = byDay ? Nanoseconds(kDay) : length;
        for (int i = 1; i <= kRanges && from - i * step >= info->recordedFrom; ++i) {
            const Timestamp begin = from - i * step;
            const auto gaps = reader.gaps(begin, begin + length);
            if (!gaps)
                return gaps.error();
            if (!isRecorded(*gaps, begin, begin + length))
                continue;
            const auto flow = FlowOfHistory::read(reader, begin, begin + length, filter, stop);
            if (!flow)
                return flow.error();
            season.ranges.push_back(flow->graph(alike));
        }
        const auto count = std::to_string(season.ranges.size());
        season.inWords =
            byDay ? "the same time of " + count + " days before" : count + " such ranges before it";
        if (season.ranges.size() >= kFewest)
            return season;
    }
    return FlowSeason();
}

std::vector<FlowFinding> findStorms(const FlowGraph& now, const FlowSeason& season)
{
    std::vector<FlowFinding> findings;
    if (season.ranges.size() < kFewest)
        return findings;
    const Rates present = ratesOf(now);
    std::vector<Rates> past;
    for (const FlowGraph& graph : season.ranges)
        past.push_back(ratesOf(graph));
    const double seconds = std::chrono::duration<double>(now.to - now.from).count();
    for (const auto& [id, rate] : present.nodes) {
        const double usual = greatest(past, &Rates::nodes, id);
        // What is new is no storm by itself: it has no season.
        if (usual == 0 || rate <= kFactor * usual || rate * seconds < kFewMessages)
            continue;
        findings.push_back(
            {"storm", id,
             flowNodeLabel(now.nodes[*now.find(id)]) + " gets " + flowRateText(rate) + ", at the most " +
                 flowRateText(usual) + " before",
             "compared with " + season.inWords + "; the excess: " + sourcesOf(now, present, past, id),
             "look at its messages: a retry loop, a replay, or a bot?"});
    }
    return findings;
}

} // namespace weir
