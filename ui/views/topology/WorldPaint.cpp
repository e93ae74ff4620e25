// SPDX-License-Identifier: GPL-3.0-or-later
// What stands on the map: PoPs, regions, and the ways between them.
#include "ui/views/topology/WorldPaint.h"

#include "ui/models/Format.h"
#include "ui/views/topology/FlowMarks.h"
#include "ui/views/topology/LegendLine.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <map>

namespace weir {
namespace {

constexpr std::size_t kWideOnes = 60; // ways: all others are drawn thin

QColor shadeColor(const ThemeColors& colors, WorldShade shade)
{
    return mixed(shade == WorldShade::Slow ? colors.warning : colors.accent, colors.base,
                 static_cast<float>(worldStrength(shade)));
}

void paintCount(QPainter& painter, const WorldMark& mark, const ThemeColors& colors, const QFont& font)
{
    QFont small = font;
    small.setBold(true);
    small.setPixelSize(std::max(9, static_cast<int>(QFontInfo(font).pixelSize() * 0.85)));
    painter.setFont(small);
    const QColor fill = shadeColor(colors, mark.shade);
    painter.setPen(contrastRatio(colors.text, fill) > contrastRatio(colors.base, fill) ? colors.text
                                                                                       : colors.base);
    painter.drawText(QRectF(mark.at - QPointF(20, 10), QSizeF(40, 20)), Qt::AlignCenter,
                     mark.members.size() > 99 ? QStringLiteral("99+") : QString::number(mark.members.size()));
}

void paintWarning(QPainter& painter, const QPointF& corner, const ThemeColors& colors)
{
    painter.save();
    painter.translate(corner);
    painter.fillPath(warningMark(), colors.base);
    painter.strokePath(warningMark(), QPen(colors.warning, 1.5));
    painter.restore();
}

void paintStem(QPainter& painter, const WorldMark& mark, const QColor& color)
{
    painter.setPen(QPen(color, 1.5));
    painter.drawLine(mark.at, mark.foot);
    painter.setBrush(color);
    painter.drawEllipse(mark.foot, 2, 2);
}

void paintRegion(QPainter& painter, const WorldMark& mark, const ThemeColors& colors, const QColor& line)
{
    painter.setPen(QPen(line, 1.5));
    painter.setBrush(colors.raised);
    painter.drawRoundedRect(
        QRectF(mark.at - QPointF(mark.radius, mark.radius), QSizeF(2 * mark.radius, 2 * mark.radius)), 3, 3);
    painter.save();
    painter.translate(mark.at - QPointF(kFlowMark, kFlowMark) / 2);
    painter.strokePath(flowMark(FlowKind::Server), QPen(line, 1.2));
    painter.restore();
}

void paintDot(QPainter& painter, const WorldPaint& paint, const WorldMark& mark)
{
    const ThemeColors& colors = paint.colors;
    const bool faint = paint.isFaint(mark);
    painter.setPen(QPen(faint                               ? mixed(colors.border, colors.base, 0.6F)
                        : mark.shade == WorldShade::Unknown ? colors.muted
                                                            : colors.base,
                        mark.shade == WorldShade::Unknown ? 1.6 : 1));
    painter.setBrush(faint ? mixed(shadeColor(colors, mark.shade), colors.base, 0.25F)
                           : shadeColor(colors, mark.shade));
    painter.drawEllipse(mark.at, mark.radius, mark.radius);
    if (paint.isMarked(mark)) {
        painter.setPen(QPen(colors.accent, 2.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(mark.at, mark.radius + 3, mark.radius + 3);
    }
    if (mark.members.size() > 1)
        paintCount(painter, mark, colors, paint.font);
    if (mark.slow > 0 && !faint)
        paintWarning(painter, worldWarning(mark), colors);
}

void paintLabel(QPainter& painter, const WorldPaint& paint, const WorldMark& mark, bool strong)
{
    if (mark.label.isEmpty())
        return;
    QFont font = paint.font;
    font.setBold(mark.isRegion || strong);
    painter.setFont(font);
    QRectF box = mark.labelBox;
    if (strong)
        box.setWidth(std::max(box.width(), QFontMetricsF(font).horizontalAdvance(mark.label) + 4));
    // Over land, sea and lines alike.
    painter.setPen(Qt::NoPen);
    QColor ground = paint.colors.base;
    ground.setAlphaF(strong ? 1.0F : 0.72F);
    painter.setBrush(ground);
    painter.drawRect(box);
    const bool faint = paint.isFaint(mark) && !strong;
    painter.setPen(faint                            ? mixed(paint.colors.muted, paint.colors.base, 0.5F)
                   : mark.shade == WorldShade::Slow ? paint.colors.warning
                                                    : paint.colors.text);
    painter.drawText(box.adjusted(2, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                     mark.label);
}

QString tr(const char* text)
{
    return QCoreApplication::translate("weir::WorldPaint", text);
}

/// `faint`: of what stands back.
QPen penOf(const WorldPaint& paint, const WorldWay& way, double most, bool faint, bool strong)
{
    const ThemeColors& colors = paint.colors;
    const QColor color = strong     ? (way.slow ? colors.warning : colors.accent)
                         : faint    ? mixed(colors.border, colors.base, 0.4F)
                         : way.slow ? colors.warning
                                    : mixed(colors.muted, colors.base,
                                            static_cast<float>(worldWayStrength(paint.marks.all().size())));
    QPen pen(color, worldWayWidth(way.rate, most) + (strong ? 0.8 : 0));
    pen.setCapStyle(Qt::FlatCap);
    if (const QList<qreal> dashes = flowDashes(way.basis, pen.widthF()); !dashes.isEmpty())
        pen.setDashPattern(dashes);
    return pen;
}

struct SeenWay
{
    WorldWay way;
    bool faint = false;
};

} // namespace

bool WorldPaint::isFaint(const WorldMark& mark) const
{
    return std::all_of(mark.members.begin(), mark.members.end(),
                       [this](std::uint32_t node) { return look.isFaint(node); });
}

bool WorldPaint::isMarked(const WorldMark& mark) const
{
    return std::any_of(mark.members.begin(), mark.members.end(),
                       [this](std::uint32_t node) { return look.isMarked(node); });
}

QPainterPath worldWay(const QPointF& from, const QPointF& to)
{
    QPainterPath path(from);
    path.quadTo(worldBow(from, to), to);
    return path;
}

void paintWays(QPainter& painter, const WorldPaint& paint)
{
    const double most = paint.marks.mostRate();
    const QRectF stage = paint.camera.stage();
    std::vector<SeenWay> seen;
    for (const WorldMark& mark : paint.marks.all()) {
        for (const WorldWay& way : paint.marks.ways(paint.world, mark)) {
            const QRectF around = QRectF(way.from, way.to).normalized();
            if (around.adjusted(-kWorldMostBow, -kWorldMostBow, kWorldMostBow, kWorldMostBow)
                    .intersects(stage))
                seen.push_back({way, paint.isFaint(mark)});
        }
    }
    const auto wide = seen.begin() + static_cast<std::ptrdiff_t>(std::min(kWideOnes, seen.size()));
    std::partial_sort(seen.begin(), wide, seen.end(),
                      [](const SeenWay& a, const SeenWay& b) { return a.way.rate > b.way.rate; });
    // Qt draws pens of one pixel, many lines at once, far faster than any other.
    std::map<std::pair<QRgb, FlowBasis>, QPainterPath> thin;
    for (auto each = wide; each != seen.end(); ++each)
        thin[{penOf(paint, each->way, 0, each->faint, false).color().rgb(), each->way.basis}].addPath(
            worldWay(each->way.from, each->way.to));
    painter.setBrush(Qt::NoBrush);
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (const auto& [look, path] : thin) {
        QPen pen(QColor(look.first), 1);
        pen.setCosmetic(true);
        if (const QList<qreal> dashes = flowDashes(look.second, 1); !dashes.isEmpty())
            pen.setDashPattern(dashes);
        painter.strokePath(path, pen);
    }
    painter.setRenderHint(QPainter::Antialiasing);
    for (auto each = seen.begin(); each != wide; ++each)
        painter.strokePath(worldWay(each->way.from, each->way.to),
                           penOf(paint, each->way, most, each->faint, false));
}

void paintMarks(QPainter& painter, const WorldPaint& paint)
{
    painter.setRenderHint(QPainter::Antialiasing);
    const auto& marks = paint.marks.all();
    const QRectF stage = paint.camera.stage().adjusted(-30, -40, 30, 40);
    const auto lineOf = [&](const WorldMark& mark) {
        return paint.isFaint(mark) ? paint.colors.border : paint.colors.text;
    };
    for (const WorldMark& mark : marks) {
        if (mark.isRegion)
            paintStem(painter, mark, lineOf(mark));
    }
    // The greatest first: what is small lies above.
    for (const WorldMark& mark : marks) {
        if (!stage.contains(mark.at))
            continue;
        if (mark.isRegion)
            paintRegion(painter, mark, paint.colors, lineOf(mark));
        else
            paintDot(painter, paint, mark);
    }
    for (const WorldMark& mark : marks) {
        if (stage.contains(mark.at))
            paintLabel(painter, paint, mark, false);
    }
}

void paintChosenMarks(QPainter& painter, const WorldPaint& paint)
{
    painter.setRenderHint(QPainter::Antialiasing);
    const double most = paint.marks.mostRate();
    for (const bool selected : {false, true}) {
        const FlowHit& hit = selected ? paint.look.selected : paint.look.hovered;
        const auto node = hit.node   ? hit.node
                          : hit.edge ? std::optional(paint.world.graph.edges[*hit.edge].from)
                                     : std::nullopt;
        const WorldMark* mark = node ? paint.marks.of(*node) : nullptr;
        if (mark == nullptr)
            continue;
        for (const WorldWay& way : paint.marks.ways(paint.world, *mark))
            painter.strokePath(worldWay(way.from, way.to), penOf(paint, way, most, false, true));
        if (mark->isRegion)
            paintRegion(painter, *mark, paint.colors, paint.colors.text);
        else
            paintDot(painter, paint, *mark);
        painter.setPen(QPen(paint.colors.accent, selected ? 3 : 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(mark->at, mark->radius + 3.5, mark->radius + 3.5);
        paintLabel(painter, paint, *mark, selected);
    }
}

void paintWorldLegend(QPainter& painter, const WorldPaint& paint, const QString& note)
{
    const QSizeF view = paint.camera.view();
    const QRectF stage = paint.camera.stage();
    const ThemeColors& colors = paint.colors;
    painter.setFont(paint.font);
    LegendLine legend(painter, colors, {0, stage.bottom(), view.width(), view.height() - stage.bottom()});
    const auto entry = [&](WorldShade shade, const QString& word) {
        const QColor fill = shadeColor(colors, shade);
        legend.disc(fill, shade == WorldShade::Unknown ? colors.muted : fill, word);
    };
    if (paint.world.median) {
        entry(WorldShade::UpToMedian,
              tr("p99 up to the median, %1").arg(formatLatency(paint.world.median->figure)));
        entry(WorldShade::UpToTwice, tr("up to 2 ×"));
        entry(WorldShade::Above, tr("above"));
        legend.warning(tr("slow: 4 × and more"));
    } else {
        entry(WorldShade::UpToMedian, tr("p99 known, too few PoPs to compare"));
    }
    entry(WorldShade::Unknown, tr("no latency known"));
    legend.widths(tr("larger: higher rate"));
    if (!paint.world.graph.edges.empty() && paint.world.graph.edges.front().basis == FlowBasis::Inferred)
        legend.line(FlowBasis::Inferred, tr("inferred region"));
    if (std::any_of(paint.marks.all().begin(), paint.marks.all().end(),
                    [](const WorldMark& mark) { return mark.members.size() > 1; }))
        legend.number(tr("PoPs too near to part"));
    legend.note(note);
}

} // namespace weir
