// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowOfHistory.h"

#include "core/history/SumFeed.h"

#include <algorithm>

namespace weir {
namespace {

/// Each message of the query to `tracker`, in a sum where there is one.
Result<SumFeed::Done> feed(HistoryReader& reader, HistoryQuery query, FlowTracker& tracker,
                           const std::stop_token& stop)
{
    const auto names = reader.names();
    const auto take = [&tracker](const std::shared_ptr<const Batch>& batch) { tracker.consume(batch); };
    SumFeed sums(
        reader, {query.from, query.to, tracker.sumWidth(false), query.filter},
        [&](const RollupSlot& slot) { tracker.consumeSums(slot, names); }, take);
    auto done = sums.run(stop);
    if (!done)
        return done;
    query.firstSeq = done->lastSeq + 1;
    query.columns = kEnvelopeOnly | bit(Column::Headers);
    const auto rest = reader.scan(query, stop, [&](const std::shared_ptr<const Batch>& batch) {
        take(batch);
        return true;
    });
    if (!rest)
        return rest.error();
    done->damagedBlocks += rest->damagedBlocks;
    return done;
}

/// Of ranges without a beginning or an end as long as can be.
Nanoseconds lengthOf(Timestamp from, Timestamp to)
{
    const bool bounded = from != Timestamp::min() && to != Timestamp::max();
    return bounded ? to - from : Nanoseconds::max() / 2;
}

} // namespace

Result<FlowOfHistory> FlowOfHistory::read(HistoryReader& reader, Timestamp from, Timestamp to,
                                          const Filter& filter, const std::stop_token& stop)
{
    const auto info = reader.info();
    if (!info)
        return info.error();
    FlowOfHistory flow;
    flow.m_filter = filter.text();
    flow.m_from = std::max(from, info->recordedFrom);
    flow.m_to = info->recordedTo == kNoTime ? to : std::min(to, info->recordedTo + Nanoseconds(1));
    flow.m_recordedFrom = info->recordedFrom;
    const bool nothing = info->lastSeq == 0 || flow.m_from >= flow.m_to;
    flow.m_tracker =
        std::make_shared<FlowTracker>(nothing ? Nanoseconds{0} : lengthOf(flow.m_from, flow.m_to), false);
    if (nothing) {
        flow.m_from = flow.m_to;
        flow.m_lacks.emplace_back("nothing was recorded in this range");
        return flow;
    }
    HistoryQuery query;
    query.from = flow.m_from;
    query.to = flow.m_to;
    query.filter = filter;
    const auto done = feed(reader, std::move(query), *flow.m_tracker, stop);
    if (!done)
        return done.error();
    if (stop.stop_requested())
        return Error{ErrorCode::Cancelled, "reading the flow of a range", "it was stopped", {}};
    auto gaps = reader.gaps(flow.m_from, flow.m_to);
    if (!gaps)
        return gaps.error();
    flow.m_gaps = std::move(*gaps);
    if (done->unknownTo != kNoTime)
        flow.m_lacks.push_back("which messages before " + formatRfc3339(done->unknownTo) +
                               " the filter matches is not known: they have expired");
    if (done->damagedBlocks > 0)
        flow.m_lacks.push_back(std::to_string(done->damagedBlocks) + " damaged blocks were left out");
    // Of what has expired the sums tell; where the filter asks for more, that was just said.
    for (std::string& line : missingIn(flow.m_gaps, flow.m_from, flow.m_to, false))
        flow.m_lacks.push_back(std::move(line));
    return flow;
}

FlowGraph FlowOfHistory::graph(const std::vector<std::string>& alike) const
{
    FlowGraph graph = m_tracker->graph(m_from, m_to, m_gaps, alike, m_recordedFrom);
    tell(graph);
    return graph;
}

std::vector<PopSum> FlowOfHistory::pops() const
{
    return m_tracker->pops(m_from, m_to, m_gaps, m_recordedFrom);
}

void FlowOfHistory::tell(FlowGraph& graph) const
{
    graph.from = m_from;
    graph.to = m_to;
    graph.filter = m_filter;
    graph.coverage.insert(graph.coverage.end(), m_lacks.begin(), m_lacks.end());
}

} // namespace weir
