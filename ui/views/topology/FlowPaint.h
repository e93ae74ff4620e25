// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/ThemeColors.h"
#include "ui/views/topology/FlowCamera.h"
#include "ui/views/topology/FlowHits.h"
#include "ui/views/topology/FlowScene.h"

#include <QFont>
#include <QPen>

#include <optional>
#include <span>
#include <vector>

class QPainter;

namespace weir {

/// What stands out of a picture, and what steps back.
struct FlowLook
{
    std::vector<char> strong; ///< 1 for each node that does not step back; empty: none does
    std::vector<char> marked; ///< 1 for each node that was searched for; empty: nothing is
    std::vector<char> pinned; ///< 1 for each node that the reader wants to keep in view; empty: none
    FlowHit hovered;
    FlowHit selected;

    [[nodiscard]] bool isFaint(std::uint32_t node) const { return !strong.empty() && strong[node] == 0; }
    [[nodiscard]] bool isFaint(const FlowEdge& edge) const { return isFaint(edge.from) || isFaint(edge.to); }
    [[nodiscard]] bool isPinned(std::uint32_t node) const { return !pinned.empty() && pinned[node] != 0; }
    [[nodiscard]] bool isMarked(std::uint32_t node) const { return !marked.empty() && marked[node] != 0; }
};

/// Everything that painting a flow asks for. Far out there is no text, boxes are bars and lines thin:
/// detail() says which. What is not in the view is not painted.
struct FlowPaint
{
    const FlowScene& scene;
    const FlowCamera& camera;
    const FlowLook& look;
    const ThemeColors& colors;
    QFont font;

    /// Lines are drawn as wide as they are.
    [[nodiscard]] bool hasDetail() const { return camera.zoom() >= kDetail; }
    /// So many lines that those which nobody observed step back.
    [[nodiscard]] bool isCrowded() const { return !hasDetail() && scene.graph().edges.size() > kCrowd; }
    /// Of the text in boxes.
    [[nodiscard]] QFont boxFont() const;
    static constexpr double kDetail = 0.45; ///< zoom
    static constexpr std::size_t kCrowd = 2000;
    /// px of height: a box has room for its name; else it is a bar.
    static constexpr double kNamed = 9;
};

/// `share` of one colour over another, opaque: blending costs a second pass over every pixel.
[[nodiscard]] QColor mixed(const QColor& over, const QColor& under, float share);

/// Of what appeared, vanished or changed in a comparison; none of what stayed as it was.
[[nodiscard]] std::optional<QColor> changeColor(const FlowPaint& paint, FlowChange change);

void paintLines(QPainter& painter, const FlowPaint& paint);
/// From some zoom on, the greatest first; none lies on another. `edges` ascend by width.
void paintRates(QPainter& painter, const FlowPaint& paint, std::span<const std::uint32_t> edges);
/// How a line is drawn where there is room for its width.
[[nodiscard]] QPen linePen(const FlowPaint& paint, std::uint32_t edge);
void paintBoxes(QPainter& painter, const FlowPaint& paint);
/// What is hovered and selected, and the ways to and from it, above the rest.
void paintChosen(QPainter& painter, const FlowPaint& paint);
/// One line of chosen() and one box, as paintChosen() wants them.
void paintChosenLine(QPainter& painter, const FlowPaint& paint, std::uint32_t edge, bool selected);
void paintChosenBox(QPainter& painter, const FlowPaint& paint, std::uint32_t node, bool selected, bool named);
/// The columns' headers, and at the bottom the legend with `note` beside it.
void paintFrame(QPainter& painter, const FlowPaint& paint, const QString& note);

/// Dashes of a line of this width in its own units; empty: solid.
[[nodiscard]] QList<qreal> flowDashes(FlowBasis basis, double width);

} // namespace weir
