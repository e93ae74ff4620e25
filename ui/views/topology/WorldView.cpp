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

constexpr double kFooter = 26;       // px at the bottom, for the legend
constexpr double kClosest = 80'000;  // px around the Earth: half a kilometre each
constexpr double kLeastShown = 0.16; // of the Earth's girth, when all is fitted
constexpr double kRim = 0.025;       ///< of the map's width
constexpr double kSeaAround = 0.06;  // of what is shown
constexpr double kNearer = 4;        // times, at a double click on several
constexpr double kNorth = -0.36;     // of the map: beyond there is only ice
constexpr double kSouth = 0.26;

QRectF wholeMap()
{
    return {QPointF(-0.5, kNorth), QPointF(0.5, kSouth)};
}

/// The graph's nodes at their places, for what all pictures of graphs share; those without one lie aside.
std::shared_ptr<const FlowPicture> pictureOf(const std::shared_ptr<const WorldGraph>& world)
{
    auto picture = std::make_shared<FlowPicture>();
    picture->graph = std::shared_ptr<const FlowGraph>(world, &world->graph);
    for (const GeoPlace* place : world->places) {
        const QPointF at = place != nullptr ? worldPoint(*place) : QPointF(-1, 0);
        picture->places.push_back({at.x(), at.y()});
    }
    return picture;
}

} // namespace

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
        m_marks = !isEmpty() ? WorldMarks(*m_world, scene().picture().places, m_camera, m_widths, apart)
                             : WorldMarks();
        m_apart = apart;
        m_marksStale = false;
    }
    return m_marks;
}

QRectF WorldView::bounds() const
{
    QRectF all;
    for (const GeoPlace* place : m_world->places) {
        if (place != nullptr)
            all |= QRectF(worldPoint(*place), QSizeF(1e-9, 1e-9));
    }
    if (all.isEmpty())
        return wholeMap();
    const double aside = std::max(kSeaAround * all.width(), (kLeastShown - all.width()) / 2);
    const double above = std::max(kSeaAround * all.height(), (kLeastShown / 2 - all.height()) / 2);
    const double rim = kRim * wholeMap().width(); // at the date line discs are whole, too
    return all.adjusted(-aside, -above, aside, above) & wholeMap().adjusted(-rim, 0, rim, 0);
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
    const QRectF all = wholeMap();
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
    m_camera.keepOn(wholeMap());
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
    return mark != nullptr ? marks().beside(*mark, step).lead : firstNode();
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
