// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/ServersWords.h"

#include "ui/models/Figures.h"
#include "ui/models/Format.h"
#include "ui/models/TimeText.h"
#include "ui/views/topology/FlowWords.h"

#include <QCoreApplication>
#include <QStringList>

namespace weir {
namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("weir::ServersWords", text);
}

QString rateText(const std::optional<double>& rate)
{
    return rate ? shortRate(*rate) : tr("not known");
}

QString kindText(LinkKind kind)
{
    switch (kind) {
    case LinkKind::Route:
        return tr("Route");
    case LinkKind::Gateway:
        return tr("Gateway");
    case LinkKind::Leaf:
        return tr("Leaf node's connection");
    }
    return {};
}

QStringList partsOf(const ServerGraph& graph, std::uint32_t node)
{
    const FlowNode& of = graph.graph.nodes[node];
    const ServerState& state = graph.states[node];
    QStringList parts;
    if (of.kind == FlowKind::Cluster)
        parts += state.servers == 1 ? tr("1 server") : tr("%1 servers").arg(state.servers);
    if (!state.version.empty())
        parts += tr("version %1").arg(shownName(state.version, 40));
    if (state.gone != kNoTime)
        parts += goneText(state.gone);
    else if (!state.reached && of.kind != FlowKind::LeafNode)
        parts += of.kind == FlowKind::Cluster ? tr("not all were reached") : tr("not reached");
    if (of.kind == FlowKind::Gateway && state.servers > 0)
        parts +=
            state.servers == 1 ? tr("1 far end is known") : tr("%1 far ends are known").arg(state.servers);
    if (state.in)
        parts += tr("%1 in").arg(shortRate(*state.in));
    if (state.out)
        parts += tr("%1 out").arg(shortRate(*state.out));
    for (const FlowFinding& finding : graph.graph.findings) {
        if (finding.node == of.id)
            parts += shownName(finding.what);
    }
    return parts;
}

QStringList partsOfLink(const ServerGraph& graph, std::uint32_t edge)
{
    const ServerLink& link = graph.links[edge];
    if (link.gone != kNoTime)
        return {goneText(link.gone)};
    QStringList parts;
    if (link.rtt != kNoDuration)
        parts += tr("RTT %1").arg(formatLatency(link.rtt));
    parts += tr("%1 there, %2 back").arg(rateText(link.there), rateText(link.back));
    if (link.connections > 1)
        parts += tr("%1 connections").arg(link.connections);
    if (link.pendingBytes > 0)
        parts += tr("%1 wait").arg(shortBytes(static_cast<double>(link.pendingBytes)));
    if (!link.slow.empty())
        parts += tr("slow: %1").arg(QString::fromStdString(link.slow));
    return parts;
}

QString html(const QString& head, const QStringList& parts)
{
    QString text = QStringLiteral("<html><b>%1</b>").arg(head.toHtmlEscaped());
    for (const QString& part : parts)
        text += QStringLiteral("<br>") + part.toHtmlEscaped();
    return text + QStringLiteral("</html>");
}

QString headOf(const ServerGraph& graph, std::uint32_t node)
{
    const FlowNode& of = graph.graph.nodes[node];
    return flowKindTitle(of.kind) + QLatin1Char(' ') + shownLabel(of, 200);
}

QString headOfLink(const ServerGraph& graph, std::uint32_t edge)
{
    const FlowEdge& of = graph.graph.edges[edge];
    return tr("%1 %2 – %3")
        .arg(kindText(graph.links[edge].kind), shownLabel(graph.graph.nodes[of.from], 200),
             shownLabel(graph.graph.nodes[of.to], 200));
}

} // namespace

QString goneText(Timestamp lastSeen)
{
    return tr("gone, last seen %1").arg(clockText(lastSeen, true));
}

QString serverTip(const ServerGraph& graph, std::uint32_t node)
{
    return html(headOf(graph, node), partsOf(graph, node));
}

QString linkTip(const ServerGraph& graph, std::uint32_t edge)
{
    return html(headOfLink(graph, edge), partsOfLink(graph, edge));
}

QString serverSentence(const ServerGraph& graph, std::uint32_t node)
{
    return (QStringList{headOf(graph, node)} + partsOf(graph, node)).join(QStringLiteral(", "));
}

QString linkSentence(const ServerGraph& graph, std::uint32_t edge)
{
    return (QStringList{headOfLink(graph, edge)} + partsOfLink(graph, edge)).join(QStringLiteral(", "));
}

FlowFigures serverFigures(const ServerGraph& graph, std::uint32_t node)
{
    const ServerState& state = graph.states[node];
    FlowFigures figures;
    for (std::uint32_t edge = 0; edge < graph.graph.edges.size(); ++edge) {
        const FlowEdge& of = graph.graph.edges[edge];
        if (of.from != node && of.to != node)
            continue;
        const ServerLink& link = graph.links[edge];
        const bool away = of.from == node;
        QStringList parts;
        if (link.gone != kNoTime)
            parts += tr("gone");
        if (link.rtt != kNoDuration)
            parts += formatLatency(link.rtt);
        const auto& out = away ? link.there : link.back;
        const auto& in = away ? link.back : link.there;
        if (out && in)
            parts += tr("%1 out, %2 in").arg(shortRate(*out), shortRate(*in));
        if (!link.slow.empty())
            parts += tr("slow");
        figures.connections.push_back({graph.graph.nodes[away ? of.to : of.from].id, kindText(link.kind),
                                       parts.join(QStringLiteral(" · ")), !link.slow.empty()});
    }
    if (state.gone != kNoTime) {
        figures.rows.emplace_back(tr("State"), goneText(state.gone));
        return figures;
    }
    if (graph.graph.nodes[node].kind == FlowKind::LeafNode && !state.reached)
        return figures;
    if (!state.reached && graph.graph.nodes[node].kind == FlowKind::Server) {
        figures.rows.emplace_back(tr("State"), tr("not reached: others are connected to it"));
        return figures;
    }
    if (graph.graph.nodes[node].kind == FlowKind::Gateway) {
        figures.rows.emplace_back(tr("State"), tr("not reached: gateways of others are connected to it"));
        return figures;
    }
    figures.rows.emplace_back(tr("Messages in"), rateText(state.in));
    figures.rows.emplace_back(tr("Messages out"), rateText(state.out));
    if (state.inBytes && state.outBytes) {
        figures.rows.emplace_back(tr("Bytes in"), shortBytes(*state.inBytes) + QStringLiteral("/s"));
        figures.rows.emplace_back(tr("Bytes out"), shortBytes(*state.outBytes) + QStringLiteral("/s"));
    }
    return figures;
}

} // namespace weir
