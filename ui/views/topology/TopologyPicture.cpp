// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/TopologyPicture.h"

#include "ui/models/Figures.h"

namespace weir {

FlowFigures TopologyPicture::figures(std::uint32_t /*node*/) const
{
    return {};
}

void tellRange(FlowGraph& graph, const FlowAsked& asked)
{
    graph.from = asked.from;
    graph.to = asked.to;
    graph.filter = asked.filter.text();
    for (std::string& line : missingIn(asked.gaps, asked.from, asked.to, !asked.filter.isEmpty()))
        graph.coverage.push_back(std::move(line));
    if (!asked.broker.problem.empty())
        graph.coverage.push_back(asked.broker.problem);
}

QString countsOf(const FlowGraph& graph)
{
    const auto counted = [](std::size_t count, const QString& one, const QString& many) {
        return count == 1 ? one : many.arg(fullCount(count));
    };
    QString text; // what asks for a look first: in a small window the rest is cut off
    if (!graph.findings.empty())
        text = counted(graph.findings.size(), TopologyPicture::tr("1 finding"),
                       TopologyPicture::tr("%1 findings")) +
               QStringLiteral(" · ");
    text += counted(graph.nodes.size(), TopologyPicture::tr("1 node"), TopologyPicture::tr("%1 nodes")) +
            QStringLiteral(", ") +
            counted(graph.edges.size(), TopologyPicture::tr("1 line"), TopologyPicture::tr("%1 lines"));
    return text;
}

} // namespace weir
