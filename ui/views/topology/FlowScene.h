// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowLayout.h"
#include "ui/views/topology/FlowCamera.h"
#include "ui/views/topology/FlowCurve.h"

#include <QString>

#include <memory>
#include <span>
#include <vector>

namespace weir {

/// Nodes that stand above each other, from top to bottom.
struct FlowColumn
{
    double x = 0;
    QString title;
    std::vector<std::uint32_t> nodes;
    double wide = 0;  ///< of its boxes, natural
    double apart = 0; ///< from node to node, at least
};

/// A picture, made ready to be painted, pointed at and walked. Nodes and edges are named by their index in
/// the graph. gui thread.
class FlowScene
{
public:
    FlowScene() = default;
    /// `picture` may be null: then there is nothing.
    explicit FlowScene(std::shared_ptr<const FlowPicture> picture);

    [[nodiscard]] bool isEmpty() const { return m_columns.empty(); }
    [[nodiscard]] const FlowPicture& picture() const { return *m_picture; }
    [[nodiscard]] const FlowGraph& graph() const { return *m_picture->graph; }
    [[nodiscard]] const FlowPlace& place(std::uint32_t node) const { return m_picture->places[node]; }
    /// Of the boxes of a column, px: as high as the room between its nodes lets them be, up to natural.
    [[nodiscard]] static QSizeF boxSize(const FlowColumn& column, const FlowCamera& camera);
    [[nodiscard]] QRectF box(std::uint32_t node, const FlowCamera& camera) const;
    /// From its left side to its right.
    [[nodiscard]] static QRectF span(const FlowColumn& column, const FlowCamera& camera);
    [[nodiscard]] FlowCurve curve(std::uint32_t edge, const FlowCamera& camera) const;

    [[nodiscard]] const std::vector<FlowColumn>& columns() const { return m_columns; }
    [[nodiscard]] std::uint32_t columnOf(std::uint32_t node) const { return m_columnOf[node]; }
    /// The nodes of a column whose boxes reach into [top, bottom] px.
    [[nodiscard]] std::span<const std::uint32_t> seen(const FlowColumn& column, const FlowCamera& camera,
                                                      double top, double bottom) const;
    /// Edges that come to a node, and that leave it.
    [[nodiscard]] std::span<const std::uint32_t> into(std::uint32_t node) const { return list(m_into, node); }
    [[nodiscard]] std::span<const std::uint32_t> outOf(std::uint32_t node) const { return list(m_out, node); }
    /// All edges, the widest last.
    [[nodiscard]] const std::vector<std::uint32_t>& edgesByWidth() const { return m_byWidth; }
    /// 1 to 10 px, by the square root of the rate.
    [[nodiscard]] double width(std::uint32_t edge) const { return m_widths[edge]; }
    /// There were errors, or its p99 stands far above the others that leave this column.
    [[nodiscard]] bool warns(std::uint32_t edge) const { return m_warns[edge] != 0; }
    /// What goes through a node against the most of its column, as the square root: 0 to 1.
    [[nodiscard]] double share(std::uint32_t node) const { return m_shares[node]; }
    /// The graph has a finding on this node.
    [[nodiscard]] bool hasFinding(std::uint32_t node) const { return m_findings[node] != 0; }

    /// The nodes from which messages come to `node`, and to which they go on, at most `hops` edges away; 1
    /// for each of them, by node.
    [[nodiscard]] std::vector<char> way(std::uint32_t node, int hops) const;

private:
    struct Lists
    {
        std::vector<std::uint32_t> begins; ///< by node, and one more
        std::vector<std::uint32_t> edges;
    };
    [[nodiscard]] static std::span<const std::uint32_t> list(const Lists& lists, std::uint32_t node)
    {
        return std::span(lists.edges)
            .subspan(lists.begins[node], lists.begins[node + 1] - lists.begins[node]);
    }
    void makeColumns();
    void makeLists(Lists& lists, std::uint32_t FlowEdge::*end) const;
    void weighEdges();
    void weighNodes();
    void spread(std::vector<char>& reached, std::uint32_t node, int hops, bool onward) const;

    std::shared_ptr<const FlowPicture> m_picture;
    std::vector<FlowColumn> m_columns;
    std::vector<std::uint32_t> m_columnOf;
    Lists m_into;
    Lists m_out;
    std::vector<std::uint32_t> m_byWidth;
    std::vector<double> m_widths;
    std::vector<double> m_shares;
    std::vector<char> m_warns;
    std::vector<char> m_findings;
};

} // namespace weir
