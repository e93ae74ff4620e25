// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/TopologyFacts.h"

namespace weir::cli {
namespace {

void addTo(std::vector<std::string>& coverage, const std::vector<std::string>& remarks)
{
    coverage.insert(coverage.end(), remarks.begin(), remarks.end());
}

} // namespace

Result<RangeFacts> RangeFacts::read(HistoryReader& reader, Timestamp from, Timestamp to, const Filter& filter)
{
    auto messages = FlowOfHistory::read(reader, from, to, filter, {});
    if (!messages)
        return messages.error();
    auto looks = LooksOfRange().of(reader, messages->from(), messages->to());
    if (!looks)
        return looks.error();
    return RangeFacts(std::move(*messages), std::move(*looks));
}

FlowGraph RangeFacts::flow(const std::vector<std::string>& alike) const
{
    return joinLooks(m_messages.graph(alike), m_looks);
}

WorldGraph RangeFacts::world() const
{
    WorldGraph world = worldGraph(m_messages.pops(), m_looks.now.get());
    m_messages.tell(world.graph);
    addTo(world.graph.coverage, m_looks.remarks);
    return world;
}

ServerGraph serversOf(const RangeLooks& looks)
{
    ServerGraph servers = serverGraph(*looks.now, looks.before.get());
    addTo(servers.graph.coverage, looks.remarks);
    return servers;
}

} // namespace weir::cli
