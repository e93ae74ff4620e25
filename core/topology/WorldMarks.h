// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowLayout.h"
#include "core/topology/WorldLook.h"

#include <QString>

#include <functional>
#include <optional>
#include <vector>

namespace weir {

/// What stands at one place of the map: a region of servers, or PoPs that are too near to each other to be
/// drawn apart at this zoom.
struct WorldMark
{
    std::uint32_t lead = 0;                 ///< the node with the highest rate
    std::vector<std::uint32_t> members;     ///< nodes, the lead among them
    QPointF at;                             ///< px
    QPointF foot;                           ///< px: of the place itself; a region's mark stands above it
    double radius = 0;                      ///< px
    double rate = 0;                        ///< messages a second, together
    WorldShade shade = WorldShade::Unknown; ///< of its lead
    std::size_t slow = 0;                   ///< how many of its members are slow
    bool isRegion = false;
    QString label; ///< empty: there is no room for it
    QRectF labelBox;
};

/// px: the left top corner of the sign (12 by 12) of a mark that has slow PoPs.
[[nodiscard]] QPointF worldWarning(const WorldMark& mark);

/// The line from a mark to a region, of all that the mark stands for.
struct WorldWay
{
    QPointF from;
    QPointF to;
    double rate = 0;
    FlowBasis basis = FlowBasis::Observed;
    bool slow = false;
};

/// Which part of the plane is seen, how large, and what letters need.
struct WorldEye
{
    QPointF origin;   ///< px, where (0, 0) of the plane is
    double scale = 1; ///< px around the Earth
    QRectF stage;     ///< px
    double labelHeight = 0;
    std::size_t mostLabels = 200;
    std::function<double(const QString&)> labelWidth; ///< px

    [[nodiscard]] QPointF toView(const QPointF& point) const { return origin + point * scale; }
};

/// The marks of a world as an eye sees it, the greatest rates first; regions stand last, above all.
class WorldMarks
{
public:
    WorldMarks() = default;
    /// `points`: where the nodes lie on the plane. `apart`: a node that is drawn on its own, however near
    /// others are.
    WorldMarks(const WorldGraph& world, const std::vector<FlowPlace>& points, const WorldEye& eye,
               std::optional<std::uint32_t> apart);

    [[nodiscard]] const std::vector<WorldMark>& all() const { return m_marks; }
    /// The mark that a node is drawn in; none where it has no place.
    [[nodiscard]] const WorldMark* of(std::uint32_t node) const;
    [[nodiscard]] const WorldMark* at(const QPointF& point) const;
    /// The nearest mark in a direction (of length 1, along an axis); `from` itself at the end.
    [[nodiscard]] const WorldMark& beside(const WorldMark& from, const QPointF& direction) const;
    [[nodiscard]] std::vector<WorldWay> ways(const WorldGraph& world, const WorldMark& mark) const;
    [[nodiscard]] double mostRate() const;

private:
    void place(const WorldGraph& world, const std::vector<FlowPlace>& points, const WorldEye& eye,
               std::optional<std::uint32_t> apart);
    /// What matters most first, each where it covers neither a mark nor another label; what is chosen in any
    /// case.
    void label(const WorldGraph& world, const WorldEye& eye, std::optional<std::uint32_t> apart);

    std::vector<WorldMark> m_marks;
    std::vector<std::int32_t> m_markOf; ///< by node, -1: none
};

/// Where the nodes lie on the plane; those whose place nobody knows, aside.
[[nodiscard]] std::vector<FlowPlace> worldPlaces(const WorldGraph& world);

} // namespace weir
