// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/ServerPlan.h"

#include <QLineF>
#include <QRectF>

#include <optional>
#include <vector>

namespace weir {

// What decides the looks of the servers, in the window and in files.

/// Solid, dashed and dotted, as lines are of what is known so.
[[nodiscard]] FlowBasis linkBasis(LinkKind kind);
/// px at natural size, of a line that flowWidths() gives so much.
[[nodiscard]] double linkWidth(double flowWidth);
inline constexpr double kLeastLink = 1.2; // px, at any zoom
/// Where there are many lines: drawn below all frames.
[[nodiscard]] bool isFarLink(const ServerLink& link);
inline constexpr std::size_t kSpaciousLinks = 250; // of more only the slow ones are drawn with care
/// Of the muted colour.
[[nodiscard]] double linkStrength(bool crowd);

/// From border to border of two boxes.
[[nodiscard]] QLineF serverLine(const QRectF& from, const QRectF& to);

/// Finds places for labels on lines, none on another or on a box.
class LinkLabels
{
public:
    explicit LinkLabels(std::vector<QRectF> boxes) : m_taken(std::move(boxes)) {}
    /// `must`: in the line's middle where nothing is free.
    [[nodiscard]] std::optional<QRectF> place(const QLineF& line, const QSizeF& size, bool must);

private:
    std::vector<QRectF> m_taken;
};

/// The order in which `edges`, ascending by width, get their labels: the slow ones, then the widest.
void orderLinkLabels(const ServerGraph& graph, std::vector<std::uint32_t>& edges);

} // namespace weir
