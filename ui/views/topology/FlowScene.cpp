// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/FlowScene.h"

#include "core/topology/FlowWeights.h"
#include "ui/views/topology/FlowWords.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

namespace weir {
namespace {

constexpr double kWidest = 240; // px that a box is wide at the most where it is not zoomed in
constexpr QSizeF kSmallest{4, 1.5};
constexpr double kFilled = 0.9; // of the room from node to node
constexpr double kAlone = 1e6;  // apart: a column of one node

/// "PoP", or "Stream, Queue group" where kinds share a column.
QString titleOf(const FlowGraph& graph, const std::vector<std::uint32_t>& nodes)
{
    std::array<bool, static_cast<std::size_t>(kLastFlowKind) + 1> has{};
    for (const std::uint32_t node : nodes)
        has[static_cast<std::size_t>(graph.nodes[node].kind)] = true;
    QStringList titles;
    for (std::size_t kind = 0; kind < has.size(); ++kind) {
        if (has[kind])
            titles += flowKindTitle(static_cast<FlowKind>(kind));
    }
    return titles.join(QStringLiteral(", "));
}

} // namespace

FlowScene::FlowScene(std::shared_ptr<const FlowPicture> picture) : m_picture(std::move(picture))
{
    if (!m_picture || !m_picture->graph || m_picture->places.empty())
        return;
    Q_ASSERT(m_picture->places.size() == graph().nodes.size());
    makeColumns();
    makeLists(m_into, &FlowEdge::to);
    makeLists(m_out, &FlowEdge::from);
    weighEdges();
    weighNodes();
    m_warns = flowWarnings(graph());
    m_findings = flowMarks(graph());
}

void FlowScene::makeColumns()
{
    std::map<std::int64_t, std::vector<std::uint32_t>> byX;
    for (std::uint32_t node = 0; node < m_picture->places.size(); ++node)
        byX[std::llround(place(node).x)].push_back(node);
    m_columnOf.resize(m_picture->places.size());
    for (auto& [x, nodes] : byX) {
        std::stable_sort(nodes.begin(), nodes.end(),
                         [this](std::uint32_t a, std::uint32_t b) { return place(a).y < place(b).y; });
        for (const std::uint32_t node : nodes)
            m_columnOf[node] = static_cast<std::uint32_t>(m_columns.size());
        FlowColumn column{static_cast<double>(x), titleOf(graph(), nodes), std::move(nodes), 0, kAlone};
        for (std::size_t i = 0; i < column.nodes.size(); ++i) {
            column.wide = std::max(column.wide, flowBoxWidth(graph().nodes[column.nodes[i]].kind));
            if (i > 0)
                column.apart =
                    std::min(column.apart, place(column.nodes[i]).y - place(column.nodes[i - 1]).y);
        }
        m_columns.push_back(std::move(column));
    }
}

void FlowScene::makeLists(Lists& lists, std::uint32_t FlowEdge::*end) const
{
    const std::vector<FlowEdge>& edges = graph().edges;
    lists.begins.assign(graph().nodes.size() + 1, 0);
    for (const FlowEdge& edge : edges)
        ++lists.begins[edge.*end + 1];
    std::partial_sum(lists.begins.begin(), lists.begins.end(), lists.begins.begin());
    lists.edges.resize(edges.size());
    std::vector<std::uint32_t> next = lists.begins;
    for (std::uint32_t i = 0; i < edges.size(); ++i)
        lists.edges[next[edges[i].*end]++] = i;
}

void FlowScene::weighEdges()
{
    m_widths = flowWidths(graph());
    m_byWidth.resize(m_widths.size());
    std::iota(m_byWidth.begin(), m_byWidth.end(), 0U);
    std::stable_sort(m_byWidth.begin(), m_byWidth.end(),
                     [this](std::uint32_t a, std::uint32_t b) { return m_widths[a] < m_widths[b]; });
}

void FlowScene::weighNodes()
{
    const auto sum = [this](std::span<const std::uint32_t> edges) {
        double rate = 0;
        for (const std::uint32_t edge : edges)
            rate += graph().edges[edge].rate.value_or(0);
        return rate;
    };
    m_shares.assign(graph().nodes.size(), 0);
    for (const FlowColumn& column : m_columns) {
        double most = 0;
        for (const std::uint32_t node : column.nodes) {
            m_shares[node] = std::max(sum(into(node)), sum(outOf(node)));
            most = std::max(most, m_shares[node]);
        }
        for (const std::uint32_t node : column.nodes)
            m_shares[node] = most > 0 ? std::sqrt(std::max(0.0, m_shares[node]) / most) : 0;
    }
}

FlowCurve FlowScene::curve(std::uint32_t edge, const FlowCamera& camera) const
{
    const FlowEdge& of = graph().edges[edge];
    return FlowCurve::between(box(of.from, camera), box(of.to, camera));
}

QSizeF FlowScene::boxSize(const FlowColumn& column, const FlowCamera& camera)
{
    const double zoom = camera.zoom();
    const double roomy = std::min(kFlowBoxHeight, column.apart * kFilled * zoom);
    return {std::clamp(column.wide * camera.columnZoom(), kSmallest.width(),
                       std::max(kWidest, column.wide * zoom)),
            std::max({kFlowBoxHeight * zoom, roomy, kSmallest.height()})};
}

QRectF FlowScene::box(std::uint32_t node, const FlowCamera& camera) const
{
    QRectF box({}, boxSize(m_columns[m_columnOf[node]], camera));
    box.moveCenter(camera.toView(place(node)));
    return box;
}

QRectF FlowScene::span(const FlowColumn& column, const FlowCamera& camera)
{
    QRectF span({}, boxSize(column, camera));
    span.moveCenter(camera.toView({column.x, 0}));
    return span;
}

std::span<const std::uint32_t> FlowScene::seen(const FlowColumn& column, const FlowCamera& camera, double top,
                                               double bottom) const
{
    const double reach = boxSize(column, camera).height() / 2;
    const double from = camera.toScene({0, top - reach}).y;
    const double to = camera.toScene({0, bottom + reach}).y;
    const auto first = std::lower_bound(column.nodes.begin(), column.nodes.end(), from,
                                        [this](std::uint32_t node, double y) { return place(node).y < y; });
    const auto last = std::upper_bound(first, column.nodes.end(), to,
                                       [this](double y, std::uint32_t node) { return y < place(node).y; });
    return {first, last};
}

void FlowScene::spread(std::vector<char>& reached, std::uint32_t node, int hops, bool onward) const
{
    std::vector<char> been(reached.size(), 0);
    std::vector<std::uint32_t> front{node};
    been[node] = 1;
    for (int hop = 0; hop < hops && !front.empty(); ++hop) {
        std::vector<std::uint32_t> next;
        for (const std::uint32_t at : front) {
            for (const std::uint32_t edge : onward ? outOf(at) : into(at)) {
                const std::uint32_t other = onward ? graph().edges[edge].to : graph().edges[edge].from;
                if (!been[other]) {
                    been[other] = 1;
                    next.push_back(other);
                }
            }
        }
        front.swap(next);
    }
    for (std::size_t i = 0; i < been.size(); ++i)
        reached[i] = static_cast<char>(reached[i] | been[i]);
}

std::vector<char> FlowScene::way(std::uint32_t node, int hops) const
{
    std::vector<char> reached(graph().nodes.size(), 0);
    spread(reached, node, hops, true);
    spread(reached, node, hops, false);
    return reached;
}

} // namespace weir
