// SPDX-License-Identifier: GPL-3.0-or-later
// Routes, gateways and leaf nodes' ways.
#include "ui/models/Figures.h"
#include "ui/models/Format.h"
#include "ui/views/topology/FlowMarks.h"
#include "ui/views/topology/ServersPaint.h"

#include <QPainter>
#include <QPainterPath>

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <map>

namespace weir {
namespace {

constexpr std::size_t kLabelled = 60;
constexpr double kLabelFrom = 0.7; // px a unit

QColor colorOf(const ServersPaint& paint, std::uint32_t edge, bool crowd)
{
    const ThemeColors& colors = paint.colors;
    if (paint.look.isFaint(paint.scene.graph().edges[edge]) || paint.graph().links[edge].gone != kNoTime)
        return mixed(colors.border, colors.base, 0.4F);
    if (!paint.graph().links[edge].slow.empty())
        return colors.warning;
    return mixed(colors.muted, colors.base, static_cast<float>(linkStrength(crowd)));
}

QPen penOf(const ServersPaint& paint, std::uint32_t edge)
{
    const double zoom = std::clamp(paint.camera.scale(), 0.5, 1.4);
    QPen pen(colorOf(paint, edge, false), std::max(kLeastLink, linkWidth(paint.scene.width(edge)) * zoom));
    pen.setCapStyle(Qt::FlatCap);
    const QList<qreal> dashes = flowDashes(linkBasis(paint.graph().links[edge].kind), pen.widthF());
    if (!dashes.isEmpty())
        pen.setDashPattern(dashes);
    return pen;
}

QString labelOf(const ServersPaint& paint, std::uint32_t edge)
{
    const ServerLink& link = paint.graph().links[edge];
    if (link.gone != kNoTime)
        return QCoreApplication::translate("weir::ServersLinks", "gone");
    QStringList parts;
    if (link.rtt != kNoDuration)
        parts += formatLatency(link.rtt);
    if (const auto& rate = paint.scene.graph().edges[edge].rate)
        parts += shortRate(*rate);
    return parts.join(QStringLiteral(" · "));
}

std::vector<QRectF> boxesInView(const ServersPaint& paint)
{
    std::vector<QRectF> boxes;
    const QRectF stage = paint.camera.stage();
    for (std::uint32_t node = 0; node < paint.plan.boxes.size(); ++node) {
        if (const QRectF box = paint.box(node); box.intersects(stage))
            boxes.push_back(box);
    }
    return boxes;
}

/// Labels on the middle of lines, none on another or on a box; of slow lines always.
class Labels
{
public:
    Labels(QPainter& painter, const ServersPaint& paint)
        : m_painter(painter), m_paint(paint), m_places(boxesInView(paint))
    {
    }
    void add(std::uint32_t edge)
    {
        const bool slow = !m_paint.graph().links[edge].slow.empty();
        const QString text = labelOf(m_paint, edge);
        const QFontMetricsF metrics(m_painter.font());
        const double mark = slow ? kFlowMark + 4 : 0;
        const QSizeF size(metrics.horizontalAdvance(text) + mark + 8, metrics.height() + 2);
        const QLineF line = m_paint.line(m_paint.scene.graph().edges[edge]);
        if (const auto box = m_places.place(line, size, slow))
            draw(*box, text, mark, slow);
    }

private:
    void draw(const QRectF& box, const QString& text, double mark, bool slow)
    {
        m_painter.setPen(slow ? QPen(m_paint.colors.warning, 1) : QPen(Qt::NoPen));
        m_painter.setBrush(m_paint.colors.base);
        m_painter.drawRoundedRect(box, 3, 3);
        if (slow) {
            m_painter.save();
            m_painter.translate(box.left() + 4, box.center().y() - kFlowMark / 2);
            m_painter.strokePath(warningMark(), QPen(m_paint.colors.warning, 1.3));
            m_painter.restore();
        }
        m_painter.setPen(slow ? m_paint.colors.warning : m_paint.colors.muted);
        m_painter.drawText(box.adjusted(mark + 2, 0, 0, 0), Qt::AlignCenter, text);
    }

    QPainter& m_painter;
    const ServersPaint& m_paint;
    LinkLabels m_places;
};

/// In view, the widest last.
std::vector<std::uint32_t> seenLinks(const ServersPaint& paint)
{
    const QRectF stage = paint.camera.stage().adjusted(-2, -2, 2, 2);
    std::vector<std::uint32_t> seen;
    for (const std::uint32_t edge : paint.scene.edgesByWidth()) {
        const QLineF line = paint.line(paint.scene.graph().edges[edge]);
        if (QRectF(line.p1(), line.p2()).normalized().adjusted(-1, -1, 1, 1).intersects(stage))
            seen.push_back(edge);
    }
    return seen;
}

/// Qt draws pens of one pixel, many lines at once, far faster than any other.
void paintThin(QPainter& painter, const ServersPaint& paint, const std::vector<std::uint32_t>& edges)
{
    std::map<std::pair<QRgb, FlowBasis>, QList<QLineF>> lines;
    for (const std::uint32_t edge : edges)
        lines[{colorOf(paint, edge, true).rgb(), linkBasis(paint.graph().links[edge].kind)}]
            << paint.line(paint.scene.graph().edges[edge]);
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (const auto& [look, all] : lines) {
        QPen pen(QColor(look.first), 1);
        pen.setCosmetic(true);
        if (const QList<qreal> dashes = flowDashes(look.second, 1); !dashes.isEmpty())
            pen.setDashPattern(dashes);
        painter.setPen(pen);
        painter.drawLines(all);
    }
    painter.setRenderHint(QPainter::Antialiasing);
}

} // namespace

QLineF ServersPaint::line(const FlowEdge& edge) const
{
    return serverLine(box(edge.from), box(edge.to));
}

void paintFarLinks(QPainter& painter, const ServersPaint& paint)
{
    std::vector<std::uint32_t> seen = seenLinks(paint);
    if (seen.size() <= kSpaciousLinks)
        return;
    std::erase_if(seen, [&](std::uint32_t edge) { return !isFarLink(paint.graph().links[edge]); });
    paintThin(painter, paint, seen);
}

void paintLinks(QPainter& painter, const ServersPaint& paint)
{
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    std::vector<std::uint32_t> seen = seenLinks(paint);
    const bool crowd = seen.size() > kSpaciousLinks;
    if (crowd)
        std::erase_if(seen, [&](std::uint32_t edge) { return isFarLink(paint.graph().links[edge]); });
    const auto isThin = [&](std::uint32_t edge) {
        const ServerLink& link = paint.graph().links[edge];
        return link.slow.empty() &&
               (crowd || link.kind == LinkKind::Leaf || paint.look.isFaint(paint.scene.graph().edges[edge]));
    };
    const auto wide = std::stable_partition(seen.begin(), seen.end(), isThin);
    paintThin(painter, paint, {seen.begin(), wide});
    for (auto edge = wide; edge != seen.end(); ++edge) {
        painter.setPen(penOf(paint, *edge));
        painter.drawLine(paint.line(paint.scene.graph().edges[*edge]));
    }
    painter.setFont(paint.scaled(11));
    Labels labels(painter, paint);
    std::vector<std::uint32_t> named(wide, seen.end());
    orderLinkLabels(paint.graph(), named);
    const bool all = named.size() <= kLabelled && paint.camera.scale() >= kLabelFrom;
    for (std::size_t i = 0; i < std::min(named.size(), kLabelled); ++i) {
        const bool slow = !paint.graph().links[named[i]].slow.empty();
        if ((all || slow) && !labelOf(paint, named[i]).isEmpty() &&
            !paint.look.isFaint(paint.scene.graph().edges[named[i]]))
            labels.add(named[i]);
    }
}

} // namespace weir
