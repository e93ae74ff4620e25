// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/ServersView.h"

#include "ui/views/topology/ServersPaint.h"
#include "ui/views/topology/ServersWords.h"

#include <QLineF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace weir {
namespace {

constexpr double kFooter = 26;   // px at the bottom, for the legend
constexpr double kAround = 24;   // units
constexpr double kNatural = 1.2; // px a unit, at the most when all is fitted
constexpr double kClosest = 3;
constexpr double kReach = 5; // px around a line in which it counts as meant

double distance(const QPointF& point, const QLineF& line)
{
    const QPointF along = line.p2() - line.p1();
    const double length = QPointF::dotProduct(along, along);
    const double part =
        length > 0 ? std::clamp(QPointF::dotProduct(point - line.p1(), along) / length, 0.0, 1.0) : 0;
    const QPointF away = point - (line.p1() + along * part);
    return std::hypot(away.x(), away.y());
}

} // namespace

ServersView::ServersView(QWidget* parent) : GraphView(parent), m_camera({0, 0, 0, kFooter})
{
    setObjectName(QStringLiteral("serversView"));
    setAccessibleName(tr("Servers and what connects them"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
}

void ServersView::setPlan(std::shared_ptr<const ServerPlan> plan)
{
    m_plan = std::move(plan);
    if (!m_plan)
        return setScene(FlowScene());
    auto picture = std::make_shared<FlowPicture>();
    picture->graph = std::shared_ptr<const FlowGraph>(m_plan->graph, &m_plan->graph->graph);
    for (const PlanBox& box : m_plan->boxes)
        picture->places.push_back({box.x + box.width / 2, box.y + box.height / 2});
    setScene(FlowScene(std::move(picture)));
}

QRectF ServersView::bounds() const
{
    const PlanBox& box = m_plan->bounds;
    return QRectF(box.x, box.y, box.width, box.height).adjusted(-kAround, -kAround, kAround, kAround);
}

QRectF ServersView::boxOf(std::uint32_t node) const
{
    const PlanBox& box = m_plan->boxes[node];
    return {m_camera.toView({box.x, box.y}), QSizeF(box.width, box.height) * m_camera.scale()};
}

QLineF ServersView::lineOf(std::uint32_t edge) const
{
    const FlowEdge& of = scene().graph().edges[edge];
    return serverLine(boxOf(of.from), boxOf(of.to));
}

void ServersView::fitCamera()
{
    m_camera.fit(bounds(), kNatural);
}

void ServersView::zoomCamera(double factor, const QPointF& anchor)
{
    PlaneCamera fitted = m_camera;
    fitted.fit(bounds(), kNatural);
    m_camera.zoom(factor, anchor, fitted.scale() / 2, kClosest);
}

void ServersView::keepCamera()
{
    m_camera.keepOn(bounds());
}

bool ServersView::revealNode(std::uint32_t node)
{
    return m_camera.reveal(boxOf(node).adjusted(-10, -10, 10, 10) &
                           QRectF(boxOf(node).topLeft() - QPointF(10, 10), m_camera.stage().size()));
}

bool ServersView::showsAll() const
{
    return m_camera.seen().adjusted(-1, -1, 1, 1).contains(bounds());
}

FlowHit ServersView::hitAt(const QPointF& point) const
{
    FlowHit hit;
    if (!stage().contains(point))
        return hit;
    for (std::uint32_t node = 0; node < m_plan->boxes.size(); ++node) {
        if (boxOf(node).adjusted(-1, -1, 1, 1).contains(point))
            hit.node = node;
    }
    if (hit.node)
        return hit;
    double least = kReach;
    for (std::uint32_t edge = 0; edge < scene().graph().edges.size(); ++edge) {
        const QLineF line = lineOf(edge);
        if (!QRectF(line.p1(), line.p2())
                 .normalized()
                 .adjusted(-kReach, -kReach, kReach, kReach)
                 .contains(point))
            continue;
        if (const double away = distance(point, line); away <= least) {
            least = away;
            hit.edge = edge;
        }
    }
    return hit;
}

std::uint32_t ServersView::firstNode() const
{
    const auto isLater = [this](std::uint32_t a, std::uint32_t b) {
        return std::pair(m_plan->boxes[a].y, m_plan->boxes[a].x) <
               std::pair(m_plan->boxes[b].y, m_plan->boxes[b].x);
    };
    std::uint32_t first = 0;
    for (std::uint32_t node = 1; node < m_plan->boxes.size(); ++node)
        first = isLater(node, first) ? node : first;
    return first;
}

std::uint32_t ServersView::neighbour(std::uint32_t node, FlowStep step) const
{
    const bool level = step == FlowStep::Left || step == FlowStep::Right;
    const double sign = step == FlowStep::Right || step == FlowStep::Down ? 1 : -1;
    std::uint32_t best = node;
    double least = 0;
    for (std::uint32_t other = 0; other < m_plan->boxes.size(); ++other) {
        const FlowPlace& here = scene().place(node);
        const FlowPlace& there = scene().place(other);
        const double x = (there.x - here.x) * sign;
        const double y = (there.y - here.y) * sign;
        const double along = level ? x : y;
        const double aside = std::abs(level ? y : x);
        if (along <= 0.5 || aside > 3 * along)
            continue;
        const double far = along + 2 * aside;
        if (best == node || far < least) {
            best = other;
            least = far;
        }
    }
    return best;
}

QString ServersView::tipOf(const FlowHit& hit) const
{
    return hit.node ? serverTip(*m_plan->graph, *hit.node) : linkTip(*m_plan->graph, *hit.edge);
}

QString ServersView::sentenceOf(const FlowHit& hit) const
{
    return hit.node ? serverSentence(*m_plan->graph, *hit.node) : linkSentence(*m_plan->graph, *hit.edge);
}

void ServersView::paintBase(QPainter& painter, const ThemeColors& colors)
{
    const ServersPaint paint{*m_plan, scene(), m_camera, look(), colors, font()};
    paintFarLinks(painter, paint);
    paintFrames(painter, paint);
    paintLinks(painter, paint);
    paintServers(painter, paint);
    paintTitles(painter, paint);
}

void ServersView::paintAbove(QPainter& painter, const ThemeColors& colors)
{
    const ServersPaint paint{*m_plan, scene(), m_camera, look(), colors, font()};
    painter.setClipRect(stage());
    paintChosenServers(painter, paint);
    painter.setClipping(false);
    paintServersLegend(painter, paint, look().selected.isNothing() ? QString() : accessibleDescription());
}

} // namespace weir
