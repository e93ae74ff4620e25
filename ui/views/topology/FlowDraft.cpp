// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/FlowDraft.h"

#include "core/topology/FlowDiff.h"
#include "core/topology/FlowOfHistory.h"
#include "ui/views/topology/TopologyPicture.h"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

/// A live range moves on; the range that it is compared with follows in steps of this part of it.
constexpr std::int64_t kPastSteps = 60;
constexpr std::int64_t kSeasonSteps = 10; ///< likewise of its season
constexpr std::chrono::seconds kSeasonSoonest{10};

Error stopped()
{
    return {ErrorCode::Cancelled, "drawing the flow", "it was stopped", {}};
}

/// What is pinned stays in the picture.
FlowGraph withPinned(FlowGraph graph, const std::vector<FlowNode>& pinned)
{
    const auto lacks = [&graph](const FlowNode& node) { return !graph.find(node.id); };
    if (std::none_of(pinned.begin(), pinned.end(), lacks))
        return graph;
    FlowAssembly assembly;
    for (const FlowNode& node : graph.nodes)
        assembly.node(node);
    for (const FlowEdge& edge : graph.edges)
        assembly.edge(graph.nodes[edge.from].id, graph.nodes[edge.to].id, edge);
    for (FlowNode node : pinned) {
        node.facts = {{"pinned", "nothing passed it in this range"}};
        if (lacks(node))
            assembly.node(std::move(node));
    }
    FlowGraph all = assembly.take();
    graph.nodes = std::move(all.nodes);
    graph.edges = std::move(all.edges);
    return graph;
}

} // namespace

FlowDrawn FlowDraft::draw(const FlowAsked& asked, const std::stop_token& stop)
{
    const std::lock_guard lock(m_mutex);
    FlowDrawn drawn;
    auto graph =
        asked.earlier > Nanoseconds{0} ? compared(asked, drawn, stop) : present(asked, {}, drawn, stop);
    if (!graph) {
        drawn.problem = QString::fromStdString(graph.error().line());
        return drawn;
    }
    if (asked.traced && asked.earlier > Nanoseconds{0}) // no part of what is compared
        graph = withWay(std::move(*graph), *asked.traced, asked.broker.now.get());
    auto picture = m_layout.place(std::make_shared<const FlowGraph>(std::move(*graph)), stop);
    if (!picture) {
        drawn.problem = QString::fromStdString(picture.error().line());
        return drawn;
    }
    drawn.picture = *picture;
    m_drawn = true;
    return drawn;
}

Result<FlowGraph> FlowDraft::present(const FlowAsked& asked, const std::vector<std::string>& alike,
                                     FlowDrawn& drawn, const std::stop_token& stop)
{
    const auto reader = m_history.reader(asked.history);
    if (!reader)
        return reader.error();
    const DraftHistory::Known known = m_history.of(asked, stop);
    if (stop.stop_requested())
        return stopped();
    FlowGraph graph = asked.tracker->graph(asked.from, asked.to, asked.gaps, alike, known.recordedFrom);
    tellRange(graph, asked);
    drawn.problem = known.problem;
    drawn.brokerKnown = known.looks.now != nullptr;
    if (asked.live && !drawn.brokerKnown)
        graph.coverage.emplace_back("who consumes is not known: no monitoring port");
    else if (drawn.brokerKnown || known.problem.isEmpty())
        graph = joinLooks(std::move(graph), known.looks);
    else
        graph.coverage.push_back("who consumed is not known: " + known.problem.toStdString());
    drawn.isFirst = !m_drawn;
    // Of subjects by themselves: what is drawn together has no season.
    if (auto done = drawn.isFirst ? Result<void>() : addStorms(**reader, asked, graph, stop); !done)
        drawn.problem = QString::fromStdString(done.error().line());
    if (asked.traced && asked.earlier <= Nanoseconds{0})
        graph = withWay(std::move(graph), *asked.traced, asked.broker.now.get());
    return withPinned(groupedFlow(graph, asked.grouping), asked.pinned);
}

Result<void> FlowDraft::addStorms(HistoryReader& reader, const FlowAsked& asked, FlowGraph& graph,
                                  const std::stop_token& stop)
{
    const Nanoseconds step = std::max<Nanoseconds>((asked.to - asked.from) / kSeasonSteps, kSeasonSoonest);
    if (!m_season || asked.from - m_season->from >= step || asked.from < m_season->from ||
        m_season->filter != asked.filter.text()) {
        auto season = readSeason(reader, asked.from, asked.to, asked.filter, asked.tracker->groups(), stop);
        if (!season)
            return season.error();
        m_season = Season{asked.from, asked.filter.text(), std::move(*season)};
    }
    for (FlowFinding& storm : findStorms(graph, m_season->season))
        graph.findings.push_back(std::move(storm));
    return {};
}

Result<FlowGraph> FlowDraft::compared(const FlowAsked& asked, FlowDrawn& drawn, const std::stop_token& stop)
{
    const auto reader = m_history.reader(asked.history);
    if (!reader)
        return reader.error();
    const std::vector<std::string> groups = asked.tracker->groups();
    const Timestamp from = asked.from - asked.earlier;
    const Nanoseconds step =
        std::max<Nanoseconds>((asked.to - asked.from) / kPastSteps, std::chrono::seconds(1));
    const bool known = m_past && from - m_past->from < step && from >= m_past->from &&
                       m_past->alike == groups && m_past->grouping == asked.grouping;
    if (!known) {
        const Timestamp to = asked.to - asked.earlier;
        const auto flow = FlowOfHistory::read(**reader, from, to, asked.filter, stop);
        if (!flow)
            return flow.error();
        const auto looks = LooksOfRange().of(**reader, from, to, std::nullopt, stop);
        if (!looks)
            return looks.error();
        Past past{from, groups, asked.grouping, flow->groups(),
                  groupedFlow(joinLooks(flow->graph(groups), *looks), asked.grouping)};
        past.graph.from = from;
        past.graph.to = to;
        m_past = std::move(past);
    }
    const auto now = present(asked, m_past->groups, drawn, stop);
    if (!now)
        return now;
    return compareFlows(m_past->graph, *now, asked.factor);
}

std::chrono::milliseconds drawnAgainAfter(Nanoseconds took)
{
    constexpr std::chrono::milliseconds kSoonest{1000};
    constexpr std::chrono::milliseconds kLatest{3000};
    constexpr int kPart = 20;
    return std::clamp(std::chrono::duration_cast<std::chrono::milliseconds>(kPart * took), kSoonest, kLatest);
}

} // namespace weir
