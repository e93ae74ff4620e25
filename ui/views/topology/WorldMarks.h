// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/WorldGraph.h"
#include "ui/views/topology/FlowHits.h"
#include "ui/views/topology/PlaneCamera.h"

#include <QFont>
#include <QFontMetricsF>
#include <QHash>
#include <QString>

#include <optional>
#include <vector>

namespace weir {

/// How a PoP's p99 compares with the median's, as the map colours it.
enum class WorldShade : std::uint8_t { Unknown, UpToMedian, UpToTwice, Above, Slow };
[[nodiscard]] WorldShade worldShade(const WorldGraph& world, std::uint32_t node);

/// How wide labels are, so that they are measured once.
class LabelWidths
{
public:
    explicit LabelWidths(const QFont& font) : m_metrics(font) {}
    [[nodiscard]] double height() const { return m_metrics.height(); }
    [[nodiscard]] double of(const QString& text);

private:
    QFontMetricsF m_metrics;
    QHash<QString, double> m_widths;
};

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

/// The marks of a world as one camera sees it, the greatest rates first; regions stand last, above all.
class WorldMarks
{
public:
    WorldMarks() = default;
    /// `points`: where the nodes lie on the plane. `apart`: a node that is drawn on its own, however near
    /// others are.
    WorldMarks(const WorldGraph& world, const std::vector<FlowPlace>& points, const PlaneCamera& camera,
               LabelWidths& widths, std::optional<std::uint32_t> apart);

    [[nodiscard]] const std::vector<WorldMark>& all() const { return m_marks; }
    /// The mark that a node is drawn in; none where it has no place.
    [[nodiscard]] const WorldMark* of(std::uint32_t node) const;
    [[nodiscard]] const WorldMark* at(const QPointF& point) const;
    /// The nearest mark in a direction; `from` itself at the end.
    [[nodiscard]] const WorldMark& beside(const WorldMark& from, FlowStep step) const;

private:
    void place(const WorldGraph& world, const std::vector<FlowPlace>& points, const PlaneCamera& camera,
               std::optional<std::uint32_t> apart);
    void label(const WorldGraph& world, const QRectF& stage, LabelWidths& widths,
               std::optional<std::uint32_t> apart);

    std::vector<WorldMark> m_marks;
    std::vector<std::int32_t> m_markOf; ///< by node, -1: none
};

/// Where a place lies on the plane of the map.
[[nodiscard]] QPointF worldPoint(const GeoPlace& place);

} // namespace weir
