// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/WorldWords.h"

#include "core/topology/WorldMarks.h"
#include "ui/models/Figures.h"
#include "ui/models/Format.h"
#include "ui/models/LatencyTableModel.h"
#include "ui/views/topology/FlowWords.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <cmath>

namespace weir {
namespace {

constexpr std::size_t kNamed = 8; // members of a mark in its tip

QString tr(const char* text)
{
    return QCoreApplication::translate("weir::WorldWords", text);
}

QString rateText(const PopSum& sum)
{
    return sum.rate ? shortRate(*sum.rate) : tr("rate not known");
}

QString latencyText(const LatencyFigures& latency)
{
    if (latency.count == 0)
        return tr("no latency known");
    const QString text = tr("p50 %1, p99 %2").arg(formatLatency(latency.p50), formatLatency(latency.p99));
    return latency.doubtsClock() ? tr("%1, its clock is in doubt").arg(text) : text;
}

QString slowText(const SlowPop& slow)
{
    return tr("slow: %1 %2, %3 × the median of %4 PoPs")
        .arg(percentileName(slow.which), formatLatency(slow.figure))
        .arg(std::llround(slow.times))
        .arg(slow.compared);
}

QString popLine(const WorldGraph& world, std::uint32_t node)
{
    const PopSum& sum = world.sums[node];
    QString text = QStringLiteral("<b>%1</b> %2<br>%3, %4")
                       .arg(shownLabel(world.graph.nodes[node], 60).toHtmlEscaped(),
                            worldPlace(world, node).toHtmlEscaped(), rateText(sum), latencyText(sum.latency));
    if (world.slow[node])
        text += QStringLiteral("<br>⚠ ") + slowText(*world.slow[node]);
    return text;
}

} // namespace

QString worldPlace(const WorldGraph& world, std::uint32_t node)
{
    const GeoPlace* place = world.places[node];
    if (place == nullptr)
        return {};
    const QString city = toText(place->city);
    return place->country.empty() ? city : tr("%1, %2").arg(city, toText(place->country));
}

QString worldTip(const WorldGraph& world, const WorldMark& mark)
{
    if (mark.isRegion) {
        const FlowNode& node = world.graph.nodes[mark.lead];
        QString text = QStringLiteral("<html><b>%1 %2</b>")
                           .arg(flowKindTitle(node.kind), shownLabel(node, 60).toHtmlEscaped());
        for (const auto& [name, value] : node.facts)
            text += QStringLiteral("<br>%1: %2")
                        .arg(shownName(name, 60).toHtmlEscaped(), shownName(value, 200).toHtmlEscaped());
        return text + QStringLiteral("</html>");
    }
    std::vector<std::uint32_t> nodes = mark.members;
    std::stable_sort(nodes.begin(), nodes.end(), [&](std::uint32_t a, std::uint32_t b) {
        return world.sums[a].rate.value_or(0) > world.sums[b].rate.value_or(0);
    });
    QStringList lines;
    for (std::size_t i = 0; i < std::min(nodes.size(), kNamed); ++i)
        lines += popLine(world, nodes[i]);
    if (nodes.size() > kNamed)
        lines += tr("and %1 more PoPs").arg(nodes.size() - kNamed);
    return QStringLiteral("<html>%1</html>").arg(lines.join(QStringLiteral("<br>")));
}

QString worldSentence(const WorldGraph& world, std::uint32_t node, const WorldMark* mark)
{
    const FlowNode& of = world.graph.nodes[node];
    QStringList parts{flowKindTitle(of.kind) + QLatin1Char(' ') + shownLabel(of)};
    if (of.kind == FlowKind::Region) {
        for (const auto& [name, value] : of.facts) {
            if (name == "servers")
                parts += tr("servers %1").arg(shownName(value));
        }
        return parts.join(QStringLiteral(", "));
    }
    parts += worldPlace(world, node);
    parts += rateText(world.sums[node]);
    parts += latencyText(world.sums[node].latency);
    if (world.slow[node])
        parts += slowText(*world.slow[node]);
    if (mark != nullptr && mark->members.size() > 1)
        parts += tr("drawn together with %1 others").arg(mark->members.size() - 1);
    parts.removeAll(QString());
    return parts.join(QStringLiteral(", "));
}

FlowFigures worldFigures(const WorldGraph& world, std::uint32_t node)
{
    FlowFigures figures;
    if (world.graph.nodes[node].kind != FlowKind::Pop)
        return figures;
    const PopSum& sum = world.sums[node];
    const LatencyFigures& latency = sum.latency;
    figures.rows.emplace_back(tr("Rate"), rateText(sum));
    figures.rows.emplace_back(tr("Messages"), fullCount(sum.messages));
    figures.rows.emplace_back(tr("Bytes"), shortBytes(static_cast<double>(sum.bytes)));
    if (sum.errors > 0)
        figures.rows.emplace_back(tr("Errors"), fullCount(sum.errors));
    if (latency.count > 0) {
        figures.rows.emplace_back(tr("Latency p50"), formatLatency(latency.p50));
        figures.rows.emplace_back(tr("Latency p99"), formatLatency(latency.p99));
    }
    if (latency.doubtsClock())
        figures.rows.emplace_back(tr("Doubt"), tr("not one took less than ten minutes: a clock is behind"));
    if (latency.unknown > 0)
        figures.rows.emplace_back(tr("Without latency"), fullCount(latency.unknown));
    if (latency.skewed > 0)
        figures.rows.emplace_back(tr("Clock skew"), fullCount(latency.skewed));
    if (sum.firstSeen != kNoTime) {
        figures.rows.emplace_back(tr("First seen"), formatLocal(sum.firstSeen));
        figures.rows.emplace_back(tr("Last seen"), formatLocal(sum.lastSeen));
    }
    if (sum.isCode)
        figures.latencyOf = toText(sum.name);
    return figures;
}

} // namespace weir
