// SPDX-License-Identifier: GPL-3.0-or-later
// Clusters' frames and servers' boxes.
#include "ui/views/topology/ServersPaint.h"

#include "ui/models/Figures.h"
#include "ui/views/topology/FlowMarks.h"
#include "ui/views/topology/FlowWords.h"
#include "ui/views/topology/LegendLine.h"
#include "ui/views/topology/ServersWords.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <map>

namespace weir {
namespace {

constexpr double kRound = 5;     // px
constexpr double kNameFrom = 11; // px of height from which a box has room for its name
constexpr double kBothFrom = 30; // and for what is known of it, too

constexpr double kFactsFrom = 0.45; // px a unit, from which titles tell more than names

QColor frameFill(const ThemeColors& colors)
{
    return mixed(colors.muted, colors.base, 0.05F);
}

QString tr(const char* text)
{
    return QCoreApplication::translate("weir::ServersPaint", text);
}

void paintMark(QPainter& painter, const QPainterPath& mark, const QPointF& corner, double size,
               const QPen& pen)
{
    painter.save();
    painter.translate(corner);
    painter.scale(size / kFlowMark, size / kFlowMark);
    painter.strokePath(mark, pen);
    painter.restore();
}

QString elided(const QFontMetricsF& metrics, const QString& text, double room)
{
    return metrics.elidedText(text, Qt::ElideMiddle, std::max(0.0, room));
}

/// What a server does, in a few words.
QString factsOf(const ServersPaint& paint, std::uint32_t node)
{
    const ServerState& state = paint.graph().states[node];
    if (state.gone != kNoTime)
        return goneText(state.gone);
    if (paint.scene.graph().nodes[node].kind == FlowKind::Gateway && state.servers > 0)
        return state.servers == 1 ? tr("not reached · 1 far end")
                                  : tr("not reached · %1 far ends").arg(state.servers);
    if (!state.reached)
        return tr("not reached");
    QStringList parts{QString::fromStdString(state.version)};
    parts += state.clients == 1 ? tr("1 client")
                                : tr("%1 clients").arg(shortCount(static_cast<double>(state.clients)));
    if (state.in)
        parts += tr("%1 in").arg(shortRate(*state.in));
    parts.removeAll(QString());
    return parts.join(QStringLiteral(" · "));
}

struct BoxStyle
{
    QColor fill;
    QColor line;
    QColor text;
    QColor facts;
    double width = 1;
    bool dashed = false;
};

BoxStyle styleOf(const ServersPaint& paint, std::uint32_t node)
{
    const ThemeColors& colors = paint.colors;
    if (paint.look.isFaint(node))
        return {colors.base, mixed(colors.border, colors.base, 0.5F), mixed(colors.muted, colors.base, 0.45F),
                mixed(colors.muted, colors.base, 0.45F)};
    BoxStyle style{colors.raised, colors.border, colors.text, colors.muted};
    const bool isLeaf = paint.scene.graph().nodes[node].kind == FlowKind::LeafNode;
    if (!paint.graph().states[node].reached && !isLeaf) {
        style = {colors.base, colors.muted, colors.muted, colors.warning};
        style.dashed = true;
    }
    if (paint.graph().states[node].isOdd)
        style.facts = colors.warning;
    if (paint.scene.hasFinding(node)) {
        style.line = colors.warning;
        style.width = 1.5;
    }
    if (paint.look.isMarked(node)) {
        style.line = colors.accent;
        style.width = 2.5;
    }
    return style;
}

void paintServer(QPainter& painter, const ServersPaint& paint, std::uint32_t node, const BoxStyle& style)
{
    const QRectF box = paint.box(node);
    const FlowNode& of = paint.scene.graph().nodes[node];
    QPen pen(style.line, style.width);
    if (style.dashed)
        pen.setDashPattern({4, 3});
    painter.setPen(pen);
    painter.setBrush(style.fill);
    painter.drawRoundedRect(box, kRound, kRound);
    const double pad = std::clamp(box.height() / 6, 2.0, 9.0);
    QRectF room = box.adjusted(pad, 0, -pad, 0);
    const bool both = box.height() >= kBothFrom && of.kind != FlowKind::LeafNode;
    const double mark = std::clamp(box.height() * 0.42, 6.0, 14.0);
    const double line = both ? box.top() + box.height() * 0.32 : box.center().y();
    paintMark(painter, flowMark(of.kind), {room.left(), line - mark / 2}, mark,
              QPen(style.dashed ? style.line : style.text, 1.2));
    room.setLeft(room.left() + mark + pad);
    if (paint.scene.hasFinding(node)) {
        paintMark(painter, warningMark(), {room.right() - mark, line - mark / 2}, mark,
                  QPen(paint.colors.warning, 1.4));
        room.setRight(room.right() - mark - pad);
    }
    const bool isLeaf = of.kind == FlowKind::LeafNode;
    painter.setFont(paint.scaled(isLeaf ? 12 : 13, !isLeaf));
    painter.setPen(style.text);
    const double high = both ? box.height() * 0.64 : box.height();
    painter.drawText(QRectF(room.left(), box.top(), room.width(), high),
                     Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                     elided(QFontMetricsF(painter.font()), shownLabel(of), room.width()));
    if (!both)
        return;
    painter.setFont(paint.scaled(11));
    painter.setPen(style.facts);
    painter.drawText(box.adjusted(pad, box.height() * 0.5, -pad, -1),
                     Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                     elided(QFontMetricsF(painter.font()), factsOf(paint, node), box.width() - 2 * pad));
}

/// Far out: bars, many of one colour at once.
void paintBars(QPainter& painter, const ServersPaint& paint, const std::vector<std::uint32_t>& nodes)
{
    std::map<QRgb, QList<QRectF>> bars;
    for (const std::uint32_t node : nodes) {
        const QRectF box = paint.box(node);
        const ThemeColors& colors = paint.colors;
        const QColor color = paint.look.isMarked(node)            ? colors.accent
                             : paint.look.isFaint(node)           ? mixed(colors.border, colors.base, 0.5F)
                             : paint.scene.hasFinding(node)       ? colors.warning
                             : paint.graph().states[node].reached ? mixed(colors.muted, colors.base, 0.6F)
                                                                  : mixed(colors.muted, colors.base, 0.35F);
        bars[color.rgb()] << box.adjusted(0, 0, 0, std::max(0.0, 1.5 - box.height()));
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(Qt::NoPen);
    for (const auto& [color, boxes] : bars) {
        painter.setBrush(QColor(color));
        painter.drawRects(boxes);
    }
    painter.setRenderHint(QPainter::Antialiasing);
}

QString titleOf(const ServersPaint& paint, const PlanFrame& frame)
{
    if (frame.gateways > 0 && paint.camera.scale() < kFactsFrom)
        return tr("Behind gateways");
    if (frame.gateways > 0)
        return tr("Behind gateways · %1").arg(frame.gateways);
    if (frame.cluster < 0)
        return tr("No cluster");
    const auto node = static_cast<std::size_t>(frame.cluster);
    const ServerState& state = paint.graph().states[node];
    QStringList parts{shownLabel(paint.scene.graph().nodes[node], 60)};
    if (paint.camera.scale() < kFactsFrom)
        return parts.first();
    if (state.gone != kNoTime)
        return tr("%1 · gone").arg(parts.first());
    if (state.servers == 0)
        return tr("%1 · known by name alone").arg(parts.first());
    parts += state.servers == 1 ? tr("1 server") : tr("%1 servers").arg(state.servers);
    if (!state.version.empty())
        parts += QString::fromStdString(state.version);
    if (state.in)
        parts += tr("%1 in").arg(shortRate(*state.in));
    return parts.join(QStringLiteral(" · "));
}

void paintTitle(QPainter& painter, const ServersPaint& paint, const PlanFrame& frame, const QRectF& rect)
{
    const bool isCluster = frame.cluster >= 0;
    const bool warns = isCluster && paint.scene.hasFinding(static_cast<std::uint32_t>(frame.cluster));
    QFont font = paint.font;
    font.setBold(true);
    font.setPixelSize(static_cast<int>(std::lround(std::clamp(15 * paint.camera.scale(), 10.0, 18.0))));
    painter.setFont(font);
    const QFontMetricsF metrics(font);
    const double pad = paint.camera.scale() < kFactsFrom ? 3 : 9;
    const double strip = std::max(frame.title * paint.camera.scale(), metrics.height() + 1);
    QRectF room(rect.left() + pad, rect.top() + 1, rect.width() - 2 * pad, strip);
    const double mark = warns ? metrics.height() + 2 : 0;
    const QString text =
        metrics.elidedText(titleOf(paint, frame), Qt::ElideMiddle, std::max(0.0, room.width() - mark));
    // Far out servers stand where it is written.
    painter.fillRect(
        QRectF(room.topLeft() - QPointF(1, 0), QSizeF(metrics.horizontalAdvance(text) + mark + 3, strip)),
        frameFill(paint.colors));
    if (warns)
        paintMark(painter, warningMark(), {room.left(), room.center().y() - metrics.height() / 2},
                  metrics.height() - 1, QPen(paint.colors.warning, 1.4));
    painter.setPen(isCluster ? paint.colors.text : paint.colors.muted);
    painter.drawText(room.adjusted(mark, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                     text);
}

void paintLeafTitle(QPainter& painter, const ServersPaint& paint, const PlanFrame& frame, const QRectF& rect)
{
    painter.setFont(paint.scaled(11));
    const QString text = tr("Leaf nodes · %1").arg(frame.leafCount);
    const double y = paint.camera.toView({0, frame.leafs}).y();
    const QFontMetricsF metrics(painter.font());
    const QRectF room(rect.left() + 24 * paint.camera.scale(), y + 2, metrics.horizontalAdvance(text) + 4,
                      metrics.height() + 2);
    painter.fillRect(room, frameFill(paint.colors));
    painter.setPen(paint.colors.muted);
    painter.drawText(room, Qt::AlignCenter, text);
}

} // namespace

QFont ServersPaint::scaled(double natural, bool bold) const
{
    QFont of = font;
    of.setBold(bold);
    of.setPixelSize(
        std::max(7, static_cast<int>(std::lround(natural * std::clamp(camera.scale(), 0.45, 2.0)))));
    return of;
}

void paintFrames(QPainter& painter, const ServersPaint& paint)
{
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF stage = paint.camera.stage();
    const ThemeColors& colors = paint.colors;
    for (const PlanFrame& frame : paint.plan.frames) {
        const QRectF rect = paint.rect(frame.box);
        if (!rect.intersects(stage))
            continue;
        const bool warns =
            frame.cluster >= 0 && paint.scene.hasFinding(static_cast<std::uint32_t>(frame.cluster));
        QPen pen(warns ? colors.warning : colors.border, warns ? 1.6 : 1);
        if (frame.cluster < 0)
            pen.setDashPattern({3, 3});
        painter.setPen(pen);
        painter.setBrush(frameFill(colors));
        const double round = std::clamp(9 * paint.camera.scale(), 3.0, 9.0);
        painter.drawRoundedRect(rect, round, round);
        if (frame.leafs <= 0)
            continue;
        const double y = paint.camera.toView({0, frame.leafs}).y();
        painter.setPen(QPen(colors.border, 1));
        painter.drawLine(QPointF(rect.left() + 4, y), QPointF(rect.right() - 4, y));
    }
}

void paintTitles(QPainter& painter, const ServersPaint& paint)
{
    painter.setRenderHint(QPainter::Antialiasing);
    for (const PlanFrame& frame : paint.plan.frames) {
        const QRectF rect = paint.rect(frame.box);
        if (!rect.intersects(paint.camera.stage()))
            continue;
        if (frame.leafs > 0 && paint.camera.scale() >= kFactsFrom)
            paintLeafTitle(painter, paint, frame, rect);
        paintTitle(painter, paint, frame, rect);
    }
}

void paintServers(QPainter& painter, const ServersPaint& paint)
{
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF stage = paint.camera.stage();
    std::vector<std::uint32_t> bars;
    for (std::uint32_t node = 0; node < paint.plan.boxes.size(); ++node) {
        if (paint.scene.graph().nodes[node].kind == FlowKind::Cluster)
            continue;
        const QRectF box = paint.box(node);
        if (!box.intersects(stage))
            continue;
        if (box.height() >= kNameFrom)
            paintServer(painter, paint, node, styleOf(paint, node));
        else
            bars.push_back(node);
    }
    paintBars(painter, paint, bars);
}

void paintChosenServers(QPainter& painter, const ServersPaint& paint)
{
    painter.setRenderHint(QPainter::Antialiasing);
    const FlowGraph& graph = paint.scene.graph();
    for (const bool selected : {false, true}) {
        const FlowHit& hit = selected ? paint.look.selected : paint.look.hovered;
        std::vector<std::uint32_t> edges;
        std::vector<std::uint32_t> nodes;
        if (hit.edge) {
            edges = {*hit.edge};
            nodes = {graph.edges[*hit.edge].from, graph.edges[*hit.edge].to};
        }
        if (hit.node) {
            for (const auto list : {paint.scene.into(*hit.node), paint.scene.outOf(*hit.node)})
                edges.insert(edges.end(), list.begin(), list.end());
            nodes = {*hit.node};
        }
        for (const std::uint32_t edge : edges) {
            const bool slow = !paint.graph().links[edge].slow.empty();
            painter.setPen(QPen(slow ? paint.colors.warning : paint.colors.accent, selected ? 2.6 : 1.8));
            painter.drawLine(paint.line(graph.edges[edge]));
        }
        for (const std::uint32_t node : nodes) {
            const QRectF box = paint.box(node);
            if (graph.nodes[node].kind != FlowKind::Cluster && box.height() >= kNameFrom) {
                BoxStyle style = styleOf(paint, node);
                if (selected)
                    style.fill = paint.colors.selection;
                if (selected)
                    style.text = style.facts = paint.colors.selectionText;
                paintServer(painter, paint, node, style);
            }
            painter.setPen(QPen(paint.colors.accent, selected ? 2.5 : 1.8));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), kRound, kRound);
        }
    }
}

void paintServersLegend(QPainter& painter, const ServersPaint& paint, const QString& note)
{
    const QSizeF view = paint.camera.view();
    const QRectF stage = paint.camera.stage();
    painter.setFont(paint.font);
    LegendLine legend(painter, paint.colors,
                      {0, stage.bottom(), view.width(), view.height() - stage.bottom()});
    legend.line(FlowBasis::Observed, tr("route"));
    legend.line(FlowBasis::Declared, tr("gateway"));
    legend.line(FlowBasis::Inferred, tr("leaf node"));
    const auto& frames = paint.plan.frames;
    if (std::any_of(frames.begin(), frames.end(), [](const PlanFrame& each) { return each.gateways > 0; }))
        legend.kind(FlowKind::Gateway, paint.colors.text, tr("cluster behind gateways"));
    legend.widths(tr("wider: higher rate"));
    legend.warning(tr("slow, or a finding"));
    legend.note(note);
}

} // namespace weir
