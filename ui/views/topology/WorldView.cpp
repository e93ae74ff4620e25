// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/WorldView.h"

#include "core/topology/WorldMap.h"
#include "ui/views/topology/WorldPaint.h"
#include "ui/views/topology/WorldWords.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace weir {
namespace {

constexpr double kFooter = 26;      // px at the bottom, for the legend
constexpr double kClosest = 80'000; // px around the Earth: half a kilometre each
constexpr qsizetype kMostWidths = 20'000;
constexpr double kNearer = 4; // times, at a double click on several

QPointF directionOf(FlowStep step)
{
    switch (step) {
    case FlowStep::Left:
        return {-1, 0};
    case FlowStep::Right:
        return {1, 0};
    case FlowStep::Up:
        return {0, -1};
    case FlowStep::Down:
        return {0, 1};
    }
    return {};
}

/// The graph's nodes at their places, for what all pictures of graphs share; those without one lie aside.
std::shared_ptr<const FlowPicture> pictureOf(const std::shared_ptr<const WorldGraph>& world)
{
    auto picture = std::make_shared<FlowPicture>();
    picture->graph = std::shared_ptr<const FlowGraph>(world, &world->graph);
    picture->places = worldPlaces(*world);
    return picture;
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

WorldView::WorldView(QWidget* parent) : GraphView(parent), m_camera({0, 0, 0, kFooter}), m_widths(font())
{
    setObjectName(QStringLiteral("worldView"));
    setAccessibleName(tr("PoPs on the world's map"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    // What is selected is drawn on its own.
    connect(this, &GraphView::selected, this, [this] { redraw(); });
}

void WorldView::setWorld(std::shared_ptr<const WorldGraph> world)
{
    m_world = std::move(world);
    m_marksStale = true;
    setScene(m_world ? FlowScene(pictureOf(m_world)) : FlowScene());
}

const WorldMarks& WorldView::marks() const
{
    const auto apart = look().selected.node;
    if (m_marksStale || apart != m_apart) {
        m_marks = !isEmpty() ? WorldMarks(*m_world, scene().picture().places, eye(), apart) : WorldMarks();
        m_apart = apart;
        m_marksStale = false;
    }
    return m_marks;
}

WorldEye WorldView::eye() const
{
    WorldEye eye;
    eye.origin = m_camera.toView({0, 0});
    eye.scale = m_camera.scale();
    eye.stage = m_camera.stage();
    eye.labelHeight = m_widths.height();
    eye.labelWidth = [this](const QString& text) { return m_widths.of(text); };
    return eye;
}

QRectF WorldView::bounds() const
{
    return worldBounds(*m_world);
}

double WorldView::scaleIn(const QSize& size) const
{
    PlaneCamera camera = m_camera;
    camera.setView(size);
    camera.fit(m_world ? bounds() : worldPlane(), kClosest);
    return camera.scale();
}

void WorldView::fitCamera()
{
    m_camera.fit(bounds(), kClosest);
    m_marksStale = true;
}

void WorldView::resizeCamera(const QSize& size)
{
    m_camera.setView(size);
    m_marksStale = true;
}

void WorldView::zoomCamera(double factor, const QPointF& anchor)
{
    const QSizeF room = m_camera.stage().size();
    const QRectF all = worldPlane();
    m_camera.zoom(factor, anchor, std::min(room.width() / all.width(), room.height() / all.height()),
                  kClosest);
    m_marksStale = true;
}

void WorldView::panCamera(const QPointF& pixels)
{
    m_camera.pan(pixels);
    m_marksStale = true;
}

void WorldView::keepCamera()
{
    m_camera.keepOn(worldPlane());
    m_marksStale = true;
}

bool WorldView::revealNode(std::uint32_t node)
{
    if (m_world->places[node] == nullptr)
        return false;
    const QPointF at = m_camera.toView(worldPoint(*m_world->places[node]));
    const bool moved = m_camera.reveal(QRectF(at - QPointF(60, 40), QSizeF(120, 80)));
    m_marksStale = m_marksStale || moved;
    return moved;
}

bool WorldView::showsAll() const
{
    return m_camera.seen().contains(bounds().adjusted(0.001, 0.001, -0.001, -0.001));
}

QPointF WorldView::middleOf(std::uint32_t node) const
{
    const WorldMark* mark = marks().of(node);
    return mark != nullptr ? mark->at : stage().center();
}

FlowHit WorldView::hitAt(const QPointF& point) const
{
    FlowHit hit;
    if (!stage().contains(point))
        return hit;
    if (const WorldMark* mark = marks().at(point))
        hit.node = mark->lead;
    return hit;
}

std::uint32_t WorldView::firstNode() const
{
    const auto& all = marks().all();
    const auto first = std::find_if(all.begin(), all.end(),
                                    [this](const WorldMark& mark) { return stage().contains(mark.at); });
    return first != all.end() ? first->lead : 0;
}

std::uint32_t WorldView::neighbour(std::uint32_t node, FlowStep step) const
{
    const WorldMark* mark = marks().of(node);
    return mark != nullptr ? marks().beside(*mark, directionOf(step)).lead : firstNode();
}

QString WorldView::tipOf(const FlowHit& hit) const
{
    const WorldMark* mark = hit.node ? marks().of(*hit.node) : nullptr;
    return mark != nullptr ? worldTip(*m_world, *mark) : GraphView::tipOf(hit);
}

QString WorldView::sentenceOf(const FlowHit& hit) const
{
    return hit.node ? worldSentence(*m_world, *hit.node, marks().of(*hit.node)) : GraphView::sentenceOf(hit);
}

void WorldView::paintBase(QPainter& painter, const ThemeColors& colors)
{
    const WorldPaint paint{*m_world, scene(), marks(), m_camera, look(), colors, font()};
    paintLand(painter, paint);
    paintWays(painter, paint);
    paintMarks(painter, paint);
}

void WorldView::paintAbove(QPainter& painter, const ThemeColors& colors)
{
    const WorldPaint paint{*m_world, scene(), marks(), m_camera, look(), colors, font()};
    painter.setClipRect(stage());
    paintChosenMarks(painter, paint);
    painter.setClipping(false);
    paintWorldLegend(painter, paint, look().selected.isNothing() ? QString() : accessibleDescription());
}

void WorldView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::FontChange) {
        m_widths = LabelWidths(font());
        m_marksStale = true;
    }
    GraphView::changeEvent(event);
}

void WorldView::mouseDoubleClickEvent(QMouseEvent* event)
{
    const WorldMark* mark = isEmpty() ? nullptr : marks().at(event->position());
    if (event->button() != Qt::LeftButton || mark == nullptr || mark->members.size() < 2)
        return GraphView::mouseDoubleClickEvent(event);
    zoomCamera(kNearer, mark->at);
    moved();
}

} // namespace weir
