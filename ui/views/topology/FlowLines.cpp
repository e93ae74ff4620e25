// SPDX-License-Identifier: GPL-3.0-or-later
// The edges of a flow.
#include "ui/views/topology/FlowPaint.h"

#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>

namespace weir {
namespace {

constexpr std::size_t kSpacious = 500; // lines: with more in view they are drawn thin
constexpr double kCrowdedWidth = 3;    // of lines whose dashes are as short as a crowd's
constexpr double kAllLines = 120'000;  // px: neither may they be longer together
constexpr double kNarrow = 4;          // px: wider lines are drawn wide always: there are few
constexpr std::size_t kWideOnes = 32;
constexpr double kLongest = 3; // views: of longer lines little is seen, and outlining them takes long
constexpr std::size_t kShades = 3;

/// How a thin line is drawn: faint, vanished, one without a rate, three shades by rate, appeared, warning;
/// the last is drawn last.
enum class Shade : std::uint8_t { Faint, Gone, Uncounted, Weak, Middle, Strong, New, Warning };
constexpr std::size_t kBases = 4;

Shade shadeOf(const FlowPaint& paint, std::uint32_t edge)
{
    if (paint.look.isFaint(paint.scene.graph().edges[edge]))
        return Shade::Faint;
    if (paint.scene.graph().against) {
        switch (paint.scene.graph().edges[edge].change) {
        case FlowChange::Same:
            return Shade::Faint;
        case FlowChange::Appeared:
            return Shade::New;
        case FlowChange::Vanished:
            return Shade::Gone;
        case FlowChange::Changed:
            return Shade::Warning;
        }
    }
    if (paint.scene.warns(edge))
        return Shade::Warning;
    const FlowEdge& of = paint.scene.graph().edges[edge];
    if (!paint.hasDetail() && (!of.rate || (of.basis != FlowBasis::Observed && paint.isCrowded())))
        return Shade::Uncounted;
    const auto level = static_cast<std::size_t>(paint.scene.width(edge) / 10 * kShades);
    return level == 0 ? Shade::Weak : level == 1 ? Shade::Middle : Shade::Strong;
}

QColor colorOf(const FlowPaint& paint, Shade shade)
{
    const ThemeColors& colors = paint.colors;
    switch (shade) {
    case Shade::Faint:
        return mixed(colors.border, colors.base, 0.4F);
    case Shade::Gone:
        return changeColor(paint, FlowChange::Vanished).value();
    case Shade::New:
        return changeColor(paint, FlowChange::Appeared).value();
    case Shade::Uncounted:
        return mixed(colors.muted, colors.base, 0.18F);
    case Shade::Weak:
        return mixed(colors.muted, colors.base, paint.hasDetail() ? 0.6F : 0.35F);
    case Shade::Middle:
        return mixed(colors.muted, colors.base, 0.75F);
    case Shade::Strong:
        return colors.muted;
    case Shade::Warning:
        return colors.warning;
    }
    return colors.muted;
}

std::vector<std::uint32_t> seenEdges(const FlowPaint& paint)
{
    const QRectF stage = paint.camera.stage();
    std::vector<std::uint32_t> seen;
    for (const std::uint32_t edge : paint.scene.edgesByWidth()) {
        const QRectF bounds = paint.scene.curve(edge, paint.camera).bounds();
        // Not intersects(): a level line has no height.
        if (bounds.right() >= stage.left() && bounds.left() <= stage.right() &&
            bounds.bottom() >= stage.top() && bounds.top() <= stage.bottom())
            seen.push_back(edge);
    }
    std::stable_partition(seen.begin(), seen.end(), [&](std::uint32_t edge) {
        return paint.look.isFaint(paint.scene.graph().edges[edge]); // nothing that steps back covers the rest
    });
    return seen;
}

/// About, together, in px.
double lengthOf(const FlowPaint& paint, std::span<const std::uint32_t> edges)
{
    double length = 0;
    for (const std::uint32_t edge : edges) {
        const QRectF bounds = paint.scene.curve(edge, paint.camera).bounds();
        length += bounds.width() + bounds.height();
    }
    return length;
}

/// Qt draws pens of one pixel, many lines at once, far faster than any other.
void paintThin(QPainter& painter, const FlowPaint& paint, std::span<const std::uint32_t> edges)
{
    std::array<QPainterPath, kBases*(static_cast<std::size_t>(Shade::Warning) + 1)> paths;
    for (const std::uint32_t edge : edges) {
        const auto shade = static_cast<std::size_t>(shadeOf(paint, edge));
        const FlowCurve curve = paint.scene.curve(edge, paint.camera);
        QPainterPath& path =
            paths[shade * kBases + static_cast<std::size_t>(paint.scene.graph().edges[edge].basis)];
        path.moveTo(curve.from);
        path.cubicTo(curve.bend1, curve.bend2, curve.to);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (std::size_t i = 0; i < paths.size(); ++i) {
        QPen pen(colorOf(paint, static_cast<Shade>(i / kBases)), 1);
        pen.setCosmetic(true);
        pen.setCapStyle(Qt::FlatCap);
        // Of very many, long dashes would make a pattern of their own.
        const QList<qreal> dashes =
            flowDashes(static_cast<FlowBasis>(i % kBases), paint.isCrowded() ? kCrowdedWidth : 1);
        if (!dashes.isEmpty())
            pen.setDashPattern(dashes);
        if (!paths[i].isEmpty())
            painter.strokePath(paths[i], pen);
    }
}

void paintWide(QPainter& painter, const FlowPaint& paint, std::span<const std::uint32_t> edges)
{
    painter.setRenderHint(QPainter::Antialiasing);
    for (const std::uint32_t edge : edges)
        painter.strokePath(paint.scene.curve(edge, paint.camera).path(), linePen(paint, edge));
}

} // namespace

std::optional<QColor> changeColor(const FlowPaint& paint, FlowChange change)
{
    switch (change) {
    case FlowChange::Same:
        return std::nullopt;
    case FlowChange::Appeared:
        return paint.colors.ok;
    case FlowChange::Vanished:
        return paint.colors.error;
    case FlowChange::Changed:
        return paint.colors.warning;
    }
    return std::nullopt;
}

QList<qreal> flowDashes(FlowBasis basis, double width)
{
    switch (basis) {
    case FlowBasis::Observed:
        return {};
    case FlowBasis::Declared:
        return {std::max(1.5, 7 / width), std::max(1.0, 4 / width)};
    case FlowBasis::Inferred:
        return {std::max(0.6, 1.5 / width), std::max(1.0, 3 / width)};
    case FlowBasis::Traced:
        return {std::max(2.5, 14 / width), std::max(1.0, 3 / width)};
    }
    return {};
}

QPen linePen(const FlowPaint& paint, std::uint32_t edge)
{
    const double width = paint.scene.width(edge) * std::clamp(paint.camera.zoom(), 0.5, 1.4);
    QPen pen(colorOf(paint, shadeOf(paint, edge)), std::max(1.0, width));
    pen.setCapStyle(Qt::FlatCap);
    const QList<qreal> dashes = flowDashes(paint.scene.graph().edges[edge].basis, pen.widthF());
    if (!dashes.isEmpty())
        pen.setDashPattern(dashes);
    return pen;
}

void paintLines(QPainter& painter, const FlowPaint& paint)
{
    const std::vector<std::uint32_t> seen = seenEdges(paint);
    if (paint.hasDetail() && seen.size() <= kSpacious && lengthOf(paint, seen) <= kAllLines) {
        paintWide(painter, paint, seen);
        paintRates(painter, paint, seen);
        return;
    }
    std::vector<std::uint32_t> thin;
    std::vector<std::uint32_t> wide;
    const double longest = kLongest * paint.camera.stage().height();
    for (auto edge = seen.rbegin(); edge != seen.rend(); ++edge) {
        const bool isWide =
            paint.scene.width(*edge) > kNarrow && !paint.look.isFaint(paint.scene.graph().edges[*edge]) &&
            wide.size() < kWideOnes && paint.scene.curve(*edge, paint.camera).bounds().height() < longest;
        (isWide ? wide : thin).push_back(*edge);
    }
    paintThin(painter, paint, thin);
    std::reverse(wide.begin(), wide.end());
    paintWide(painter, paint, wide);
}

void paintChosenLine(QPainter& painter, const FlowPaint& paint, std::uint32_t edge, bool selected)
{
    QPen pen = linePen(paint, edge);
    pen.setColor(paint.scene.warns(edge) ? paint.colors.warning : paint.colors.accent);
    if (pen.style() == Qt::SolidLine)
        pen.setWidthF(std::max(selected ? 2.5 : 1.5, pen.widthF()));
    painter.strokePath(paint.scene.curve(edge, paint.camera).path(), pen);
}

} // namespace weir
