// SPDX-License-Identifier: GPL-3.0-or-later
// The nodes of a flow, and what is chosen of it.
#include "ui/views/topology/FlowLabel.h"
#include "ui/views/topology/FlowMarks.h"
#include "ui/views/topology/FlowPaint.h"
#include "ui/views/topology/FlowWords.h"

#include <QPainter>

#include <algorithm>

namespace weir {
namespace {

constexpr double kRound = 4;              // px
constexpr double kLeastForMark = 62;      // px of width: below, the name alone
constexpr double kLeastHighForMark = 14;  // px
constexpr double kLeastFramed = 11;       // px of height
constexpr double kLine = 0.92;            // of a font's height, from line to line of a name
constexpr double kPad = 5;                // px beside a name
constexpr double kLeastPad = 3;           // where a box is narrow
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

QStringList linesOf(const QString& name, const QFontMetricsF& metrics, const QRectF& room)
{
    return flowLabel(name, metrics, room.width(), room.height() >= 2 * metrics.height() * kLine ? 2 : 1);
}

/// What stands in a box: the mark of its kind, the name, marks of the node's own.
struct BoxContent
{
    QRectF name;
    double mark = 0; ///< px of a mark's side
    bool ofKind = false;
    bool pin = false;
    bool warning = false;
    [[nodiscard]] double markStep() const { return mark + 3; }
};

BoxContent contentOf(const FlowPaint& paint, std::uint32_t node, const QRectF& box, const QString& name,
                     const QFontMetricsF& metrics)
{
    BoxContent content;
    const bool isRoomy = box.width() >= kLeastForMark;
    const double pad = isRoomy ? kPad : kLeastPad;
    content.name = box.adjusted(pad, 0, -pad, 0);
    content.mark = std::min(kFlowMark, box.height() * 0.6);
    content.pin = paint.look.isPinned(node);
    content.warning = isRoomy && paint.scene.hasFinding(node); // else its border says so
    content.name.setRight(content.name.right() - content.markStep() * (content.pin + content.warning));
    const double left = content.name.width() - metrics.horizontalAdvance(name);
    const bool twoLines = hasParts(name) && content.name.height() >= 2 * metrics.height() * kLine;
    const bool isTight =
        left >= 0 && left < content.mark + kPad && !twoLines; // the name comes before the mark
    content.ofKind = isRoomy && box.height() >= kLeastHighForMark && !isTight;
    if (content.ofKind)
        content.name.setLeft(content.name.left() + content.mark + kPad);
    return content;
}

void paintName(QPainter& painter, const QString& name, const QRectF& room)
{
    const QFontMetricsF metrics(painter.font());
    const double line = metrics.height() * kLine;
    const QStringList lines = linesOf(name, metrics, room);
    QRectF at(room.left(), room.center().y() - line * static_cast<double>(lines.size()) / 2, room.width(),
              line);
    for (const QString& each : lines) {
        painter.drawText(at, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine | Qt::TextDontClip, each);
        at.translate(0, line);
    }
}

void paintBox(QPainter& painter, const FlowPaint& paint, std::uint32_t node, const QRectF& box,
              const BoxStyle& style)
{
    const FlowNode& of = paint.scene.graph().nodes[node];
    painter.setRenderHint(QPainter::Antialiasing);
    const bool isFramed = box.height() >= kLeastFramed || style.width > 1; // else its line lies on letters
    painter.setPen(isFramed ? QPen(style.line, style.width) : QPen(Qt::NoPen));
    painter.setBrush(style.fill);
    const double round = std::min(kRound, box.height() / 5);
    painter.drawRoundedRect(box, round, round);
    const QString name = shownLabel(of);
    const BoxContent content = contentOf(paint, node, box, name, QFontMetricsF(painter.font()));
    QPointF corner(content.name.left() - kPad - content.mark, box.center().y() - content.mark / 2);
    if (content.ofKind) {
        const QColor color = paint.look.isFaint(node)
                                 ? style.text
                                 : paint.colors.seriesAt(static_cast<std::size_t>(of.kind)).color;
        paintMark(painter, flowMark(of.kind), corner, content.mark, QPen(color, 1.2));
    }
    corner.setX(content.name.right() + 3);
    if (content.warning) {
        paintMark(painter, warningMark(), corner, content.mark, QPen(paint.colors.warning, 1.3));
        corner.rx() += content.markStep();
    }
    if (content.pin)
        paintMark(painter, pinMark(), corner, content.mark, QPen(paint.colors.accent, 1.3));
    painter.setPen(style.text);
    paintName(painter, name, content.name);
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
        const QRectF box = paint.scene.box(node, paint.camera);
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
    const QRectF stage = paint.camera.stage();
    Bars bars;
    painter.setFont(paint.boxFont());
    for (const FlowColumn& column : paint.scene.columns()) {
        const QRectF span = FlowScene::span(column, paint.camera);
        if (span.right() < stage.left() || span.left() > stage.right())
            continue;
        const bool named = span.height() >= FlowPaint::kNamed;
        for (const std::uint32_t node : paint.scene.seen(column, paint.camera, stage.top(), stage.bottom())) {
            if (named)
                paintBox(painter, paint, node, paint.scene.box(node, paint.camera), styleOf(paint, node));
            else
                bars.add(paint, node);
        }
    }
    bars.draw(painter, paint.colors);
}

void paintChosenBox(QPainter& painter, const FlowPaint& paint, std::uint32_t node, bool selected, bool named)
{
    const ThemeColors& colors = paint.colors;
    QRectF box = paint.scene.box(node, paint.camera);
    const bool hasName = box.height() >= FlowPaint::kNamed;
    if (!hasName && !named) {
        painter.fillRect(box.adjusted(0, -0.5, 0, 0.5), colors.accent);
        return;
    }
    painter.setFont(hasName ? paint.boxFont() : paint.font);
    if (named) { // wholly, if it can be
        const QFontMetricsF metrics(painter.font());
        const double more = std::max(0.0, metrics.height() + 4 - box.height()) / 2;
        box.adjust(0, -more, 0, more);
        const QString name = shownLabel(paint.scene.graph().nodes[node]);
        const double wide = metrics.horizontalAdvance(name);
        const QRectF room = contentOf(paint, node, box, name, metrics).name;
        if (linesOf(name, metrics, room).join(QString()) != name)
            box.setWidth(std::max(box.width(), std::min(wide + 50, kWidestNamed)));
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
        std::reverse(edges.begin(), edges.end());
        paintRates(painter, paint, edges); // which these lines lie on
        for (const std::uint32_t edge : edges) {
            for (const std::uint32_t node : {scene.graph().edges[edge].from, scene.graph().edges[edge].to})
                paintChosenBox(painter, paint, node, selected, false);
        }
        for (const std::uint32_t node : named)
            paintChosenBox(painter, paint, node, selected, true);
    }
}

} // namespace weir
