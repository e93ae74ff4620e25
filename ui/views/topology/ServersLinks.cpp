// SPDX-License-Identifier: GPL-3.0-or-later
// Routes, gateways and leaf nodes' ways.
#include "ui/models/Figures.h"
#include "ui/models/Format.h"
#include "ui/views/topology/FlowMarks.h"
#include "ui/views/topology/ServersPaint.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace weir {
namespace {

constexpr std::size_t kSpacious = 250; // lines in view: of more only the slow ones are drawn with care
constexpr std::size_t kLabelled = 60;
constexpr double kLabelFrom = 0.7; // px a unit

/// Solid, dashed and dotted, as the legend says.
FlowBasis dashesOf(LinkKind kind)
{
    return kind == LinkKind::Route     ? FlowBasis::Observed
           : kind == LinkKind::Gateway ? FlowBasis::Declared
                                       : FlowBasis::Inferred;
}

QColor colorOf(const ServersPaint& paint, std::uint32_t edge, bool crowd)
{
    const ThemeColors& colors = paint.colors;
    if (paint.look.isFaint(paint.scene.graph().edges[edge]))
        return mixed(colors.border, colors.base, 0.4F);
    if (!paint.graph().links[edge].slow.empty())
        return colors.warning;
    return mixed(colors.muted, colors.base, crowd ? 0.3F : 0.75F);
}

QPen penOf(const ServersPaint& paint, std::uint32_t edge)
{
    const double zoom = std::clamp(paint.camera.scale(), 0.5, 1.4);
    QPen pen(colorOf(paint, edge, false), std::max(1.2, paint.scene.width(edge) * 0.6 * zoom));
    pen.setCapStyle(Qt::FlatCap);
    const QList<qreal> dashes = flowDashes(dashesOf(paint.graph().links[edge].kind), pen.widthF());
    if (!dashes.isEmpty())
        pen.setDashPattern(dashes);
    return pen;
}

QString labelOf(const ServersPaint& paint, std::uint32_t edge)
{
    const ServerLink& link = paint.graph().links[edge];
    QStringList parts;
    if (link.rtt != kNoDuration)
        parts += formatLatency(link.rtt);
    if (const auto& rate = paint.scene.graph().edges[edge].rate)
        parts += shortRate(*rate);
    return parts.join(QStringLiteral(" · "));
}

/// Labels on the middle of lines, none on another or on a box; of slow lines always.
class Labels
{
public:
    Labels(QPainter& painter, const ServersPaint& paint) : m_painter(painter), m_paint(paint)
    {
        const QRectF stage = paint.camera.stage();
        for (std::uint32_t node = 0; node < paint.plan.boxes.size(); ++node) {
            if (const QRectF box = paint.box(node); box.intersects(stage))
                m_taken.push_back(box);
        }
    }
    void add(std::uint32_t edge)
    {
        const bool slow = !m_paint.graph().links[edge].slow.empty();
        const QString text = labelOf(m_paint, edge);
        const QFontMetricsF metrics(m_painter.font());
        const double mark = slow ? kFlowMark + 4 : 0;
        const QSizeF size(metrics.horizontalAdvance(text) + mark + 8, metrics.height() + 2);
        const QLineF line = m_paint.line(m_paint.scene.graph().edges[edge]);
        const auto boxAt = [&](double part) {
            return QRectF(line.pointAt(part) - QPointF(size.width(), size.height()) / 2, size);
        };
        constexpr std::array<double, 5> kParts{0.5, 0.4, 0.6, 0.3, 0.7};
        const auto free = std::find_if(kParts.begin(), kParts.end(), [&](double part) {
            return std::none_of(m_taken.begin(), m_taken.end(),
                                [&](const QRectF& other) { return other.intersects(boxAt(part)); });
        });
        if (free == kParts.end() && !slow)
            return;
        m_taken.push_back(boxAt(free == kParts.end() ? kParts[0] : *free));
        draw(m_taken.back(), text, mark, slow);
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
    std::vector<QRectF> m_taken;
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

bool isFar(const ServersPaint& paint, std::uint32_t edge)
{
    return paint.graph().links[edge].kind == LinkKind::Gateway && paint.graph().links[edge].slow.empty();
}

/// Qt draws pens of one pixel, many lines at once, far faster than any other.
void paintThin(QPainter& painter, const ServersPaint& paint, const std::vector<std::uint32_t>& edges)
{
    std::map<std::pair<QRgb, FlowBasis>, QList<QLineF>> lines;
    for (const std::uint32_t edge : edges)
        lines[{colorOf(paint, edge, true).rgb(), dashesOf(paint.graph().links[edge].kind)}]
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

QLineF serverLine(const QRectF& from, const QRectF& to)
{
    const auto border = [](const QRectF& box, const QPointF& towards) {
        const QPointF away = towards - box.center();
        const double across = std::abs(away.x()) > 0 ? box.width() / 2 / std::abs(away.x()) : 1e9;
        const double along = std::abs(away.y()) > 0 ? box.height() / 2 / std::abs(away.y()) : 1e9;
        return box.center() + away * std::min({across, along, 1.0});
    };
    return {border(from, to.center()), border(to, from.center())};
}

QLineF ServersPaint::line(const FlowEdge& edge) const
{
    return serverLine(box(edge.from), box(edge.to));
}

void paintFarLinks(QPainter& painter, const ServersPaint& paint)
{
    std::vector<std::uint32_t> seen = seenLinks(paint);
    if (seen.size() <= kSpacious)
        return;
    std::erase_if(seen, [&](std::uint32_t edge) { return !isFar(paint, edge); });
    paintThin(painter, paint, seen);
}

void paintLinks(QPainter& painter, const ServersPaint& paint)
{
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    std::vector<std::uint32_t> seen = seenLinks(paint);
    const bool crowd = seen.size() > kSpacious;
    if (crowd)
        std::erase_if(seen, [&](std::uint32_t edge) { return isFar(paint, edge); });
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
    // The slow ones first, then those that carry most.
    std::stable_partition(named.begin(), named.end(),
                          [&](std::uint32_t edge) { return paint.graph().links[edge].slow.empty(); });
    std::reverse(named.begin(), named.end());
    const bool all = named.size() <= kLabelled && paint.camera.scale() >= kLabelFrom;
    for (std::size_t i = 0; i < std::min(named.size(), kLabelled); ++i) {
        const bool slow = !paint.graph().links[named[i]].slow.empty();
        if ((all || slow) && !labelOf(paint, named[i]).isEmpty() &&
            !paint.look.isFaint(paint.scene.graph().edges[named[i]]))
            labels.add(named[i]);
    }
}

} // namespace weir
