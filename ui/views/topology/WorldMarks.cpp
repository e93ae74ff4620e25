// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/WorldMarks.h"

#include "core/topology/WorldMap.h"
#include "ui/models/Format.h"
#include "ui/views/topology/FlowWords.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <unordered_map>

namespace weir {
namespace {

constexpr double kSmallest = 5; // px of radius
constexpr double kLargest = 18;
constexpr double kCountRoom = 9;  // px of radius that a count needs
constexpr double kOverlap = 0.8;  // of both radii: nearer than that are drawn together
constexpr double kRegionMark = 9; // px
constexpr double kStem = 30;      // px that a region stands above its place
constexpr double kReach = 3;      // px around a mark in which it counts as meant
constexpr std::size_t kMostLabels = 200;
constexpr qsizetype kMostWidths = 20'000;
constexpr double kBold = 1.2; // times as wide
constexpr double kCell = 48;  // px of a grid in which neighbours are looked for

/// What lies in the squares of a grid.
template<typename T>
class Grid
{
public:
    void add(const QRectF& box, T what)
    {
        each(box, [&](std::int64_t cell) { m_cells[cell].push_back(what); });
    }
    /// Whether `wanted` is true of any near `box`.
    template<typename Wanted>
    [[nodiscard]] bool any(const QRectF& box, Wanted&& wanted) const
    {
        bool found = false;
        each(box, [&](std::int64_t cell) {
            const auto here = m_cells.find(cell);
            if (!found && here != m_cells.end())
                found = std::any_of(here->second.begin(), here->second.end(), wanted);
        });
        return found;
    }

private:
    template<typename Visit>
    static void each(const QRectF& box, Visit&& visit)
    {
        const auto cell = [](double at) { return static_cast<std::int64_t>(std::floor(at / kCell)); };
        for (std::int64_t x = cell(box.left()); x <= cell(box.right()); ++x) {
            for (std::int64_t y = cell(box.top()); y <= cell(box.bottom()); ++y)
                visit(x * 1'000'003 + y);
        }
    }
    std::unordered_map<std::int64_t, std::vector<T>> m_cells;
};

QRectF around(const QPointF& middle, double radius)
{
    return {middle - QPointF(radius, radius), QSizeF(2 * radius, 2 * radius)};
}

double rateOf(const WorldGraph& world, std::uint32_t node)
{
    return world.sums[node].rate.value_or(0);
}

QString labelOf(const WorldGraph& world, const WorldMark& mark)
{
    QString text = shownLabel(world.graph.nodes[mark.lead], 24);
    if (mark.isRegion)
        return text;
    if (mark.members.size() > 1)
        text += QStringLiteral(" +%1").arg(mark.members.size() - 1);
    const Nanoseconds p99 = world.sums[mark.lead].latency.p99;
    return p99 == kNoDuration ? text : text + QStringLiteral("  ") + formatLatency(p99);
}

/// Where a label may stand around a mark, the best first.
std::array<QPointF, 8> cornersOf(const WorldMark& mark, const QSizeF& size)
{
    const double aside = mark.radius + 3;
    const double near = mark.radius * 0.7 + 2; // of the diagonals
    const double wide = size.width();
    const double high = size.height();
    return {mark.at + QPointF(aside, -high / 2),           mark.at + QPointF(-aside - wide, -high / 2),
            mark.at + QPointF(-wide / 2, -aside - high),   mark.at + QPointF(-wide / 2, aside),
            mark.at + QPointF(near, -near - high),         mark.at + QPointF(near, near),
            mark.at + QPointF(-near - wide, -near - high), mark.at + QPointF(-near - wide, near)};
}

} // namespace

double LabelWidths::of(const QString& text)
{
    if (m_widths.size() > kMostWidths)
        m_widths.clear();
    double& width = m_widths[text];
    if (width == 0)
        width = m_metrics.horizontalAdvance(text);
    return width;
}

QPointF worldPoint(const GeoPlace& place)
{
    const WorldPoint point = projected(place.at);
    return {point.x, point.y};
}

WorldShade worldShade(const WorldGraph& world, std::uint32_t node)
{
    const LatencyFigures& latency = world.sums[node].latency;
    if (world.slow[node])
        return WorldShade::Slow;
    if (latency.count == 0 || latency.doubtsClock())
        return WorldShade::Unknown;
    if (!world.median || latency.p99 <= world.median->figure)
        return WorldShade::UpToMedian;
    return latency.p99 <= 2 * world.median->figure ? WorldShade::UpToTwice : WorldShade::Above;
}

WorldMarks::WorldMarks(const WorldGraph& world, const std::vector<FlowPlace>& points,
                       const PlaneCamera& camera, LabelWidths& widths, std::optional<std::uint32_t> apart)
{
    place(world, points, camera, apart);
    label(world, camera.stage(), widths, apart);
}

void WorldMarks::place(const WorldGraph& world, const std::vector<FlowPlace>& points,
                       const PlaneCamera& camera, std::optional<std::uint32_t> apart)
{
    std::vector<std::uint32_t> nodes;
    double most = 0;
    for (std::uint32_t node = 0; node < world.places.size(); ++node) {
        if (world.places[node] == nullptr)
            continue;
        nodes.push_back(node);
        most = std::max(most, rateOf(world, node));
    }
    // Of equal rates the same leads in each frame.
    std::stable_sort(nodes.begin(), nodes.end(), [&](std::uint32_t a, std::uint32_t b) {
        return std::pair(a == apart, rateOf(world, a)) > std::pair(b == apart, rateOf(world, b));
    });
    m_markOf.assign(world.places.size(), -1);
    Grid<std::uint32_t> grid;
    std::vector<std::uint32_t> regions;
    for (const std::uint32_t node : nodes) {
        WorldMark mark;
        mark.lead = node;
        mark.members = {node};
        mark.at = mark.foot = camera.toView({points[node].x, points[node].y});
        mark.rate = rateOf(world, node);
        if (world.graph.nodes[node].kind == FlowKind::Region) {
            regions.push_back(node);
            continue;
        }
        mark.shade = worldShade(world, node);
        mark.slow = mark.shade == WorldShade::Slow ? 1 : 0;
        mark.radius = most > 0 ? kSmallest + (kLargest - kSmallest) * std::sqrt(mark.rate / most) : kSmallest;
        const bool joined = node != apart && grid.any(around(mark.at, mark.radius), [&](std::uint32_t other) {
            WorldMark& near = m_marks[other];
            const QPointF away = near.at - mark.at;
            if (near.lead == apart || std::hypot(away.x(), away.y()) > kOverlap * (near.radius + mark.radius))
                return false;
            near.members.push_back(node);
            near.rate += mark.rate;
            near.slow += mark.slow;
            near.radius = std::max(near.radius, kCountRoom);
            m_markOf[node] = static_cast<std::int32_t>(other);
            return true;
        });
        if (joined)
            continue;
        m_markOf[node] = static_cast<std::int32_t>(m_marks.size());
        grid.add(around(mark.at, std::max(mark.radius, kCountRoom)),
                 static_cast<std::uint32_t>(m_marks.size()));
        m_marks.push_back(std::move(mark));
    }
    for (const std::uint32_t node : regions) {
        WorldMark mark;
        mark.lead = node;
        mark.members = {node};
        mark.foot = camera.toView({points[node].x, points[node].y});
        mark.at = mark.foot - QPointF(0, kStem);
        mark.radius = kRegionMark;
        mark.isRegion = true;
        m_markOf[node] = static_cast<std::int32_t>(m_marks.size());
        m_marks.push_back(std::move(mark));
    }
}

/// What matters most first, each where it covers neither a mark nor another label; what is chosen in any
/// case.
void WorldMarks::label(const WorldGraph& world, const QRectF& stage, LabelWidths& widths,
                       std::optional<std::uint32_t> apart)
{
    std::vector<std::size_t> order;
    Grid<std::uint32_t> marks;
    for (std::size_t i = 0; i < m_marks.size(); ++i) {
        if (!stage.intersects(around(m_marks[i].at, m_marks[i].radius)))
            continue;
        order.push_back(i);
        marks.add(around(m_marks[i].at, m_marks[i].radius), static_cast<std::uint32_t>(i));
    }
    const auto weight = [&](std::size_t i) {
        const WorldMark& mark = m_marks[i];
        return std::tuple(mark.lead == apart, mark.isRegion, mark.slow > 0, mark.rate);
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return weight(a) > weight(b); });
    Grid<std::size_t> labels;
    std::size_t written = 0;
    for (const std::size_t i : order) {
        WorldMark& mark = m_marks[i];
        const QString text = labelOf(world, mark);
        const double wide = widths.of(text) * (mark.isRegion || mark.lead == apart ? kBold : 1) + 4;
        const std::array<QPointF, 8> corners = cornersOf(mark, {wide, widths.height()});
        const auto covers = [&](const QPointF& corner) {
            const QRectF box(corner, QSizeF(wide, widths.height()));
            return !stage.contains(box) || labels.any(box, [&](std::size_t other) {
                return m_marks[other].labelBox.intersects(box);
            }) || marks.any(box, [&](std::uint32_t other) {
                return other != i && around(m_marks[other].at, m_marks[other].radius - 1).intersects(box);
            });
        };
        const auto free = std::find_if_not(corners.begin(), corners.end(), covers);
        if (free == corners.end() && mark.lead != apart)
            continue;
        mark.label = text;
        mark.labelBox = QRectF(free == corners.end() ? corners[0] : *free, QSizeF(wide, widths.height()));
        if (mark.labelBox.right() > stage.right())
            mark.labelBox.moveTopLeft(corners[1]);
        labels.add(mark.labelBox, i);
        if (++written >= kMostLabels)
            return;
    }
}

const WorldMark* WorldMarks::of(std::uint32_t node) const
{
    return node < m_markOf.size() && m_markOf[node] >= 0 ? &m_marks[static_cast<std::size_t>(m_markOf[node])]
                                                         : nullptr;
}

const WorldMark* WorldMarks::at(const QPointF& point) const
{
    // What is drawn last is above.
    const auto found = std::find_if(m_marks.rbegin(), m_marks.rend(), [&](const WorldMark& mark) {
        const QPointF away = mark.at - point;
        return std::hypot(away.x(), away.y()) <= mark.radius + kReach || mark.labelBox.contains(point);
    });
    return found == m_marks.rend() ? nullptr : &*found;
}

const WorldMark& WorldMarks::beside(const WorldMark& from, FlowStep step) const
{
    const bool level = step == FlowStep::Left || step == FlowStep::Right;
    const double sign = step == FlowStep::Right || step == FlowStep::Down ? 1 : -1;
    const WorldMark* best = &from;
    double least = 0;
    for (const WorldMark& mark : m_marks) {
        const QPointF away = (mark.at - from.at) * sign;
        const double along = level ? away.x() : away.y();
        const double aside = std::abs(level ? away.y() : away.x());
        if (along <= 0.5 || aside > 2 * along)
            continue;
        const double far = along + 2 * aside;
        if (best == &from || far < least) {
            best = &mark;
            least = far;
        }
    }
    return *best;
}

} // namespace weir
