// SPDX-License-Identifier: GPL-3.0-or-later
// The nodes of a flow, and what is chosen of it.
#include "ui/views/topology/FlowMarks.h"
#include "ui/views/topology/FlowPaint.h"
#include "ui/views/topology/FlowWords.h"

#include <QPainter>

#include <algorithm>

namespace weir {
namespace {

constexpr double kRound = 4;              // px
constexpr double kLeastForMark = 44;      // px of width: below, the name alone
constexpr double kPad = 5;                // px beside a name
constexpr double kWidestNamed = 320;      // px
constexpr double kMarkedBar = 4;          // px that a searched node's bar is high at least
constexpr std::size_t kChosenLines = 300; // more of one node tell nothing

struct BoxStyle
{
    QColor fill;
    QColor line;
    QColor text;
    double width = 1; ///< of the line
};

void paintMark(QPainter& painter, const QPainterPath& mark, const QPointF& corner, double size,
               const QPen& pen)
{
    painter.save();
    painter.translate(corner);
    painter.scale(size / kFlowMark, size / kFlowMark);
    painter.strokePath(mark, pen);
    painter.restore();
}

void paintBox(QPainter& painter, const FlowPaint& paint, std::uint32_t node, const QRectF& box,
              const BoxStyle& style)
{
    const FlowNode& of = paint.scene.graph().nodes[node];
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(style.line, style.width));
    painter.setBrush(style.fill);
    painter.drawRoundedRect(box, kRound, kRound);
    QRectF room = box.adjusted(kPad, 0, -kPad, 0);
    const double mark = std::min(kFlowMark, box.height() * 0.6);
    if (box.width() >= kLeastForMark) {
        const QColor color = paint.look.isFaint(node)
                                 ? style.text
                                 : paint.colors.seriesAt(static_cast<std::size_t>(of.kind)).color;
        paintMark(painter, flowMark(of.kind), {room.left(), box.center().y() - mark / 2}, mark,
                  QPen(color, 1.2));
        room.setLeft(room.left() + mark + kPad);
    }
    if (paint.look.isPinned(node)) {
        paintMark(painter, pinMark(), {room.right() - mark, box.center().y() - mark / 2}, mark,
                  QPen(paint.colors.accent, 1.3));
        room.setRight(room.right() - mark - 3);
    }
    if (paint.scene.hasFinding(node)) {
        paintMark(painter, warningMark(), {room.right() - mark, box.center().y() - mark / 2}, mark,
                  QPen(paint.colors.warning, 1.3));
        room.setRight(room.right() - mark - 3);
    }
    painter.setPen(style.text);
    const QFontMetricsF metrics(painter.font());
    painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                     metrics.elidedText(shownLabel(of), Qt::ElideMiddle, room.width()));
}

BoxStyle styleOf(const FlowPaint& paint, std::uint32_t node)
{
    const ThemeColors& colors = paint.colors;
    if (paint.look.isFaint(node))
        return {colors.base, mixed(colors.border, colors.base, 0.5F),
                mixed(colors.muted, colors.base, 0.45F)};
    if (paint.look.isMarked(node))
        return {colors.raised, colors.accent, colors.text, 2.5};
    if (const auto changed = changeColor(paint, paint.scene.graph().nodes[node].change))
        return {colors.raised, *changed, colors.text, 2};
    if (paint.scene.hasFinding(node))
        return {colors.raised, colors.warning, colors.text, 1.5};
    return {colors.raised, colors.border, colors.text};
}

/// Bars of one colour at once, filled as far as their share of the column's rate reaches.
struct Bars
{
    QList<QRectF> pale;
    QList<QRectF> filled;
    QList<QRectF> faint;
    QList<QRectF> warning;
    QList<QRectF> marked;

    void add(const FlowPaint& paint, std::uint32_t node)
    {
        const QRectF box = paint.camera.box(paint.scene.place(node));
        if (paint.look.isMarked(node)) {
            const double more = std::max(0.0, kMarkedBar - box.height()) / 2;
            marked << box.adjusted(-2, -more, 2, more);
        } else if (paint.look.isFaint(node)) {
            faint << box;
        } else if (paint.scene.hasFinding(node)) {
            const double more = std::max(0.0, kMarkedBar - box.height()) / 2;
            warning << box.adjusted(0, -more, 0, more);
        } else {
            pale << box;
            filled << QRectF(box.topLeft(), QSizeF(box.width() * paint.scene.share(node), box.height()));
        }
    }
    void draw(QPainter& painter, const ThemeColors& colors) const
    {
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.setPen(Qt::NoPen);
        const auto drawAll = [&](const QList<QRectF>& bars, const QColor& color) {
            painter.setBrush(color);
            painter.drawRects(bars);
        };
        drawAll(faint, mixed(colors.border, colors.base, 0.5F));
        drawAll(pale, mixed(colors.muted, colors.base, 0.25F));
        drawAll(filled, mixed(colors.muted, colors.base, 0.85F));
        drawAll(warning, colors.warning);
        drawAll(marked, colors.accent);
    }
};

template<typename Visit>
void eachSeen(const FlowPaint& paint, Visit&& visit)
{
    const QRectF stage = paint.camera.stage();
    for (const FlowColumn& column : paint.scene.columns()) {
        const QRectF anyBox = paint.camera.box({column.x, 0});
        if (anyBox.right() < stage.left() || anyBox.left() > stage.right())
            continue;
        for (const std::uint32_t node : paint.scene.seen(column, paint.camera, stage.top(), stage.bottom()))
            visit(node);
    }
}

} // namespace

QFont FlowPaint::boxFont() const
{
    QFont scaled = font;
    const int natural = QFontInfo(font).pixelSize();
    // Where columns stand close, boxes are narrow.
    const double zoom = std::min(camera.zoom(), 1.35 * camera.columnZoom());
    scaled.setPixelSize(std::max(9, static_cast<int>(natural * std::clamp(zoom, 0.7, 2.2))));
    return scaled;
}

QColor mixed(const QColor& over, const QColor& under, float share)
{
    const auto mix = [share](float a, float b) { return a * share + b * (1 - share); };
    return QColor::fromRgbF(mix(over.redF(), under.redF()), mix(over.greenF(), under.greenF()),
                            mix(over.blueF(), under.blueF()));
}

void paintBoxes(QPainter& painter, const FlowPaint& paint)
{
    if (!paint.hasDetail()) {
        Bars bars;
        eachSeen(paint, [&](std::uint32_t node) { bars.add(paint, node); });
        bars.draw(painter, paint.colors);
        return;
    }
    painter.setFont(paint.boxFont());
    eachSeen(paint, [&](std::uint32_t node) {
        paintBox(painter, paint, node, paint.camera.box(paint.scene.place(node)), styleOf(paint, node));
    });
}

void paintChosenBox(QPainter& painter, const FlowPaint& paint, std::uint32_t node, bool selected, bool named)
{
    const ThemeColors& colors = paint.colors;
    QRectF box = paint.camera.box(paint.scene.place(node));
    if (!paint.hasDetail() && !named) {
        painter.fillRect(box.adjusted(0, -0.5, 0, 0.5), colors.accent);
        return;
    }
    painter.setFont(paint.hasDetail() ? paint.boxFont() : paint.font);
    if (named) { // wholly, if it can be
        const QFontMetricsF metrics(painter.font());
        const double more = std::max(0.0, metrics.height() + 4 - box.height()) / 2;
        box.adjust(0, -more, 0, more);
        const double wide = metrics.horizontalAdvance(shownLabel(paint.scene.graph().nodes[node])) + 50;
        box.setWidth(std::max(box.width(), std::min(wide, kWidestNamed)));
    }
    BoxStyle style{colors.raised, colors.accent, colors.text, named ? 2.0 : 1.5};
    if (selected && named)
        style = {colors.selection, colors.accent, colors.selectionText, 2.5};
    paintBox(painter, paint, node, box, style);
}

void paintChosen(QPainter& painter, const FlowPaint& paint)
{
    const FlowScene& scene = paint.scene;
    for (const bool selected : {false, true}) {
        const FlowHit& hit = selected ? paint.look.selected : paint.look.hovered;
        std::vector<std::uint32_t> edges;
        std::vector<std::uint32_t> named;
        if (hit.edge) {
            edges.push_back(*hit.edge);
            named = {scene.graph().edges[*hit.edge].from, scene.graph().edges[*hit.edge].to};
        }
        if (hit.node) {
            for (const auto list : {scene.into(*hit.node), scene.outOf(*hit.node)})
                edges.insert(edges.end(), list.begin(), list.end());
            named = {*hit.node};
        }
        painter.setRenderHint(QPainter::Antialiasing);
        std::partial_sort(
            edges.begin(), edges.begin() + static_cast<std::ptrdiff_t>(std::min(kChosenLines, edges.size())),
            edges.end(), [&](std::uint32_t a, std::uint32_t b) { return scene.width(a) > scene.width(b); });
        edges.resize(std::min(kChosenLines, edges.size()));
        for (const std::uint32_t edge : edges)
            paintChosenLine(painter, paint, edge, selected);
        for (const std::uint32_t edge : edges) {
            for (const std::uint32_t node : {scene.graph().edges[edge].from, scene.graph().edges[edge].to})
                paintChosenBox(painter, paint, node, selected, false);
        }
        for (const std::uint32_t node : named)
            paintChosenBox(painter, paint, node, selected, true);
    }
}

} // namespace weir
