// SPDX-License-Identifier: GPL-3.0-or-later
// The labels of the marks of a world.
#include "core/topology/FlowNames.h"
#include "core/topology/FlowText.h"
#include "core/topology/NearGrid.h"
#include "core/topology/WorldMarks.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace weir {
namespace {

constexpr double kBold = 1.2; // times as wide
constexpr double kSign = 12;  // px

QRectF around(const QPointF& middle, double radius)
{
    return {middle - QPointF(radius, radius), QSizeF(2 * radius, 2 * radius)};
}

QString labelOf(const WorldGraph& world, const WorldMark& mark)
{
    QString text = QString::fromStdString(harmlessName(flowNodeText(world.graph.nodes[mark.lead]), 24));
    if (mark.isRegion)
        return text;
    if (mark.members.size() > 1)
        text += QStringLiteral(" +%1").arg(mark.members.size() - 1);
    const Nanoseconds p99 = world.sums[mark.lead].latency.p99;
    return p99 < Nanoseconds::zero()
               ? text // not known
               : text + QStringLiteral(" · ") + QString::fromStdString(formatDuration(p99));
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

QPointF worldWarning(const WorldMark& mark)
{
    return mark.at + QPointF(mark.radius * 0.35, -mark.radius - 8);
}

void WorldMarks::label(const WorldGraph& world, const WorldEye& eye, std::optional<std::uint32_t> apart)
{
    std::vector<std::size_t> order;
    NearGrid<std::uint32_t> marks;
    for (std::size_t i = 0; i < m_marks.size(); ++i) {
        if (!eye.stage.intersects(around(m_marks[i].at, m_marks[i].radius)))
            continue;
        order.push_back(i);
        marks.add(around(m_marks[i].at, m_marks[i].radius), static_cast<std::uint32_t>(i));
    }
    NearGrid<QRectF> signs;
    for (const std::size_t i : order) {
        const QRectF sign(worldWarning(m_marks[i]), QSizeF(kSign, kSign));
        if (m_marks[i].slow > 0)
            signs.add(sign, sign);
    }
    const auto weight = [&](std::size_t i) {
        const WorldMark& mark = m_marks[i];
        return std::tuple(mark.lead == apart, mark.isRegion, mark.slow > 0, mark.rate);
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return weight(a) > weight(b); });
    NearGrid<std::size_t> labels;
    std::size_t written = 0;
    for (const std::size_t i : order) {
        WorldMark& mark = m_marks[i];
        const QString text = labelOf(world, mark);
        const double wide = eye.labelWidth(text) * (mark.isRegion || mark.lead == apart ? kBold : 1) + 4;
        const std::array<QPointF, 8> corners = cornersOf(mark, {wide, eye.labelHeight});
        const auto covers = [&](const QPointF& corner) {
            const QRectF box(corner, QSizeF(wide, eye.labelHeight));
            return !eye.stage.contains(box) || labels.any(box, [&](std::size_t other) {
                return m_marks[other].labelBox.intersects(box);
            }) || signs.any(box, [&](const QRectF& sign) {
                return sign.intersects(box);
            }) || marks.any(box, [&](std::uint32_t other) {
                return other != i && around(m_marks[other].at, m_marks[other].radius - 1).intersects(box);
            });
        };
        const auto free = std::find_if_not(corners.begin(), corners.end(), covers);
        if (free == corners.end() && mark.lead != apart)
            continue;
        mark.label = text;
        mark.labelBox = QRectF(free == corners.end() ? corners[0] : *free, QSizeF(wide, eye.labelHeight));
        if (mark.labelBox.right() > eye.stage.right())
            mark.labelBox.moveTopLeft(corners[1]);
        labels.add(mark.labelBox, i);
        if (++written >= eye.mostLabels)
            return;
    }
}

} // namespace weir
