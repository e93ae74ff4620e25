// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/FlowWords.h"

#include "core/topology/FlowNames.h"
#include "core/topology/FlowText.h"
#include "ui/models/Figures.h"
#include "ui/models/Format.h"
#include "ui/views/topology/FlowScene.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

namespace weir {
namespace {

constexpr std::size_t kTipName = 300; // bytes

QString tr(const char* text)
{
    return QCoreApplication::translate("weir::FlowWords", text);
}

/// Kept apart from the text around it: its direction turns nothing else.
QString isolated(const QString& name)
{
    return QChar(0x2068) + name.toHtmlEscaped() + QChar(0x2069);
}

QString row(const QString& what, const QString& value)
{
    return value.isEmpty() ? QString()
                           : QStringLiteral("<br>%1: %2").arg(what.toHtmlEscaped(), value.toHtmlEscaped());
}

QString tipOf(const QString& head, const QString& rest)
{
    return QStringLiteral("<html><b>%1</b>%2</html>").arg(head, rest);
}

/// Together; nothing where nobody counted.
std::optional<double> rateOf(const FlowGraph& graph, std::span<const std::uint32_t> edges)
{
    std::optional<double> sum;
    for (const std::uint32_t edge : edges) {
        if (const auto& rate = graph.edges[edge].rate)
            sum = sum.value_or(0) + *rate;
    }
    return sum;
}

Nanoseconds slowest(const FlowGraph& graph, std::span<const std::uint32_t> edges, Nanoseconds FlowEdge::*part)
{
    Nanoseconds most = kNoDuration;
    for (const std::uint32_t edge : edges) {
        const Nanoseconds each = graph.edges[edge].*part;
        if (each != kNoDuration && (most == kNoDuration || each > most))
            most = each;
    }
    return most;
}

QString waysText(const FlowGraph& graph, std::span<const std::uint32_t> edges, const QString& pattern)
{
    if (edges.empty())
        return {};
    const QString rate = QString::fromStdString(flowRateText(rateOf(graph, edges)));
    return pattern.arg(rate.isEmpty() ? tr("not counted") : rate,
                       edges.size() == 1 ? tr("1 line") : tr("%1 lines").arg(edges.size()));
}

QString latencies(Nanoseconds p50, Nanoseconds p99)
{
    return p99 == kNoDuration ? QString() : tr("p50 %1, p99 %2").arg(formatLatency(p50), formatLatency(p99));
}

QString basisText(FlowBasis basis)
{
    switch (basis) {
    case FlowBasis::Observed:
        return tr("observed");
    case FlowBasis::Declared:
        return tr("declared");
    case FlowBasis::Inferred:
        return tr("inferred");
    case FlowBasis::Traced:
        return tr("traced");
    }
    return {};
}

} // namespace

QString flowKindTitle(FlowKind kind)
{
    return QString::fromLatin1(flowKindWord(kind));
}

QString shownLabel(const FlowNode& node, std::size_t limit)
{
    return shownName(flowNodeText(node), limit);
}

QString nodeTip(const FlowScene& scene, std::uint32_t node)
{
    const FlowGraph& graph = scene.graph();
    const FlowNode& of = graph.nodes[node];
    const auto into = scene.into(node);
    const auto out = scene.outOf(node);
    const auto& timed = into.empty() ? out : into;
    QString rest = row(tr("In"), waysText(graph, into, tr("%1 over %2"))) +
                   row(tr("Out"), waysText(graph, out, tr("%1 over %2"))) +
                   row(tr("Latency, slowest line"), latencies(slowest(graph, timed, &FlowEdge::p50),
                                                              slowest(graph, timed, &FlowEdge::p99)));
    for (const auto& [name, value] : of.facts)
        rest += row(shownName(name, kTipName), shownName(value, kTipName));
    for (const FlowFinding& finding : graph.findings) {
        if (finding.node == of.id)
            rest += QStringLiteral("<br>⚠ ") + shownName(finding.what, kTipName).toHtmlEscaped();
    }
    return tipOf(flowKindTitle(of.kind) + QLatin1Char(' ') + isolated(shownLabel(of, kTipName)), rest);
}

QString edgeTip(const FlowScene& scene, std::uint32_t edge)
{
    const FlowGraph& graph = scene.graph();
    const FlowEdge& of = graph.edges[edge];
    const QString rate = QString::fromStdString(flowRateText(of.rate));
    QString known = basisText(of.basis);
    if (!of.because.empty())
        known += QStringLiteral(", ") + shownName(of.because, kTipName);
    return tipOf(
        isolated(shownLabel(graph.nodes[of.from], kTipName)) + QStringLiteral(" → ") +
            isolated(shownLabel(graph.nodes[of.to], kTipName)),
        row(tr("Rate"), rate.isEmpty() ? tr("not counted") : rate) +
            row(tr("Bytes"), of.bytesRate ? shortBytes(*of.bytesRate) + QStringLiteral("/s") : QString()) +
            row(tr("Latency"), latencies(of.p50, of.p99)) +
            row(tr("Errors"), of.errors > 0 ? QString::number(of.errors) : QString()) +
            row(tr("Known by"), known));
}

QString nodeSentence(const FlowScene& scene, std::uint32_t node)
{
    const FlowGraph& graph = scene.graph();
    QStringList parts{flowKindTitle(graph.nodes[node].kind) + QLatin1Char(' ') +
                      shownLabel(graph.nodes[node])};
    parts += waysText(graph, scene.into(node), tr("%1 in over %2"));
    parts += waysText(graph, scene.outOf(node), tr("%1 out over %2"));
    for (const FlowFinding& finding : graph.findings) {
        if (finding.node == graph.nodes[node].id)
            parts += shownName(finding.what);
    }
    parts.removeAll(QString());
    return parts.join(QStringLiteral(", "));
}

QString edgeSentence(const FlowScene& scene, std::uint32_t edge)
{
    const FlowGraph& graph = scene.graph();
    const FlowEdge& of = graph.edges[edge];
    const QString rate = QString::fromStdString(flowRateText(of.rate));
    return tr("%1 to %2, %3, %4")
        .arg(shownLabel(graph.nodes[of.from]), shownLabel(graph.nodes[of.to]),
             rate.isEmpty() ? tr("not counted") : rate, basisText(of.basis));
}

} // namespace weir
