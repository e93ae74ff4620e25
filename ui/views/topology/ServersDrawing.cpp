// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/ServersDrawing.h"

#include "ui/models/Figures.h"
#include "ui/models/TimeText.h"
#include "ui/views/EmptyState.h"
#include "ui/views/topology/ServersView.h"
#include "ui/views/topology/ServersWords.h"

#include <algorithm>

namespace weir {

ServersDrawing::ServersDrawing(HistoryFollower::Opener open, QWidget* parent)
    : TopologyPicture(parent),
      m_open(std::move(open)),
      m_looks(std::make_shared<LooksDraft>(m_open)),
      m_view(new ServersView(parent))
{
}

QWidget* ServersDrawing::widget()
{
    return m_view;
}

GraphView& ServersDrawing::view()
{
    return *m_view;
}

QString ServersDrawing::searchHint() const
{
    return tr("Find a server: nats-1, eu");
}

TopologyPicture::Draw ServersDrawing::draw()
{
    return [this, looks = m_looks](const FlowAsked& asked, const std::stop_token& stop) -> Show {
        const DraftHistory::Known known = looks->of(asked, stop);
        if (stop.stop_requested())
            return {};
        std::shared_ptr<const ServerPlan> plan;
        if (known.looks.now) {
            auto servers =
                std::make_shared<ServerGraph>(serverGraph(*known.looks.now, known.looks.before.get()));
            if (!asked.broker.problem.empty())
                servers->graph.coverage.push_back(asked.broker.problem);
            plan = planServers(std::move(servers));
        }
        return [this, plan, trouble = known.problem] {
            if (!trouble.isEmpty())
                emit problem(trouble);
            take(plan);
        };
    };
}

void ServersDrawing::take(std::shared_ptr<const ServerPlan> plan)
{
    m_plan = std::move(plan);
    m_view->setPlan(hasContent() ? m_plan : nullptr);
    emit changed();
}

void ServersDrawing::startOver()
{
    m_looks = std::make_shared<LooksDraft>(m_open);
    m_plan = nullptr;
    m_view->setPlan(nullptr);
}

bool ServersDrawing::hasContent() const
{
    return m_plan && !m_plan->graph->graph.nodes.empty();
}

QString ServersDrawing::remark(bool live) const
{
    if (!hasContent())
        return {};
    const ServerGraph& servers = *m_plan->graph;
    std::uint64_t all = 0;
    std::uint64_t reached = 0;
    std::size_t beyond = 0;
    std::uint64_t gone = 0;
    for (std::size_t node = 0; node < servers.states.size(); ++node) {
        beyond += servers.graph.nodes[node].kind == FlowKind::Gateway ? 1 : 0;
        if (servers.graph.nodes[node].kind != FlowKind::Server)
            continue;
        if (servers.states[node].gone != kNoTime) {
            ++gone;
            continue;
        }
        ++all;
        reached += servers.states[node].reached ? 1 : 0;
    }
    QString text = reached == all ? (all == 1 ? tr("1 server") : tr("%1 servers").arg(fullCount(all)))
                                  : tr("%1 of %2 servers reached").arg(fullCount(reached), fullCount(all));
    if (gone > 0)
        text += tr(", %1 gone").arg(fullCount(gone));
    if (beyond > 0)
        text += beyond == 1 ? tr(", 1 cluster not reached") : tr(", %1 clusters not reached").arg(beyond);
    if (const std::size_t count = servers.graph.findings.size(); count > 0)
        text += count == 1 ? tr(", 1 finding") : tr(", %1 findings").arg(count);
    return live ? text : tr("%1 · as of %2").arg(text, clockText(servers.graph.to, true));
}

bool ServersDrawing::explain(EmptyState& empty, const TopologyWatch& watch) const
{
    if (watch.live && !watch.problem.empty())
        empty.showError(tr("The servers cannot be looked at"), QString::fromStdString(watch.problem));
    else if (watch.live && watch.watches)
        empty.showLoading(tr("Asking the servers' monitoring ports"));
    else if (watch.live)
        empty.showEmpty(
            tr("No server is looked at"),
            tr("Only their monitoring ports tell of servers (http_port of nats-server): name one in the "
               "connection, or in its context."));
    else
        empty.showEmpty(tr("No server was looked at in this range"),
                        tr("What servers say of themselves is kept while the console observes a broker whose "
                           "monitoring port it knows."));
    return true;
}

std::shared_ptr<const FlowGraph> ServersDrawing::graph() const
{
    return m_plan ? std::shared_ptr<const FlowGraph>(m_plan->graph, &m_plan->graph->graph)
                  : std::make_shared<const FlowGraph>();
}

FlowFigures ServersDrawing::figures(std::uint32_t node) const
{
    return m_plan && node < m_plan->graph->states.size() ? serverFigures(*m_plan->graph, node)
                                                         : FlowFigures();
}

} // namespace weir
