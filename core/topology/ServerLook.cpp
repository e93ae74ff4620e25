// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/ServerLook.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace weir {

FlowBasis linkBasis(LinkKind kind)
{
    return kind == LinkKind::Route     ? FlowBasis::Observed
           : kind == LinkKind::Gateway ? FlowBasis::Declared
                                       : FlowBasis::Inferred;
}

double linkWidth(double flowWidth)
{
    constexpr double kSlimmer = 0.6;
    return flowWidth * kSlimmer;
}

bool isFarLink(const ServerLink& link)
{
    return link.kind == LinkKind::Gateway && link.slow.empty();
}

double linkStrength(bool crowd)
{
    return crowd ? 0.3 : 0.75;
}

QLineF serverLine(const QRectF& from, const QRectF& to)
{
    const auto border = [](const QRectF& box, const QPointF& towards) {
        const QPointF away = towards - box.center();
        const double across = std::abs(away.x()) > 0 ? box.width() / 2 / std::abs(away.x()) : 1e9;
        const double along = std::abs(away.y()) > 0 ? box.height() / 2 / std::abs(away.y()) : 1e9;
        return box.center() + away * std::min({across, along, 1.0});
    };
    return {border(from, to.center()), border(to, from.center())};
}

std::optional<QRectF> LinkLabels::place(const QLineF& line, const QSizeF& size, bool must)
{
    constexpr std::array<double, 5> kParts{0.5, 0.4, 0.6, 0.3, 0.7};
    const auto boxAt = [&](double part) {
        return QRectF(line.pointAt(part) - QPointF(size.width(), size.height()) / 2, size);
    };
    const auto free = std::find_if(kParts.begin(), kParts.end(), [&](double part) {
        const QRectF box = boxAt(part);
        return std::none_of(m_taken.begin(), m_taken.end(),
                            [&](const QRectF& other) { return other.intersects(box); });
    });
    if (free == kParts.end() && !must)
        return std::nullopt;
    m_taken.push_back(boxAt(free == kParts.end() ? kParts[0] : *free));
    return m_taken.back();
}

void orderLinkLabels(const ServerGraph& graph, std::vector<std::uint32_t>& edges)
{
    std::stable_partition(edges.begin(), edges.end(),
                          [&](std::uint32_t edge) { return graph.links[edge].slow.empty(); });
    std::reverse(edges.begin(), edges.end());
}

} // namespace weir
