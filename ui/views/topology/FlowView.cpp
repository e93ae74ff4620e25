// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/FlowView.h"

#include "ui/models/Format.h"
#include "ui/theme/ThemeColors.h"
#include "ui/views/topology/FlowWords.h"

#include <QPainter>
#include <QResizeEvent>

#include <algorithm>

namespace weir {

FlowView::FlowView(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("flowView"));
    setAccessibleName(tr("Flow from PoP to consumer"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
}

void FlowView::redraw()
{
    m_stale = true;
    update();
}

void FlowView::setPicture(std::shared_ptr<const FlowPicture> picture)
{
    const bool wasEmpty = m_scene.isEmpty();
    m_scene = FlowScene(std::move(picture));
    m_look.hovered = {};
    findSelection();
    findStrong();
    if (!m_scene.isEmpty() && (wasEmpty || (m_untouched && !m_camera.shows(m_scene.picture()))))
        fit();
    describe();
    redraw();
}

void FlowView::fit()
{
    m_untouched = true;
    if (m_scene.isEmpty())
        return;
    m_camera.fit(m_scene.picture());
    redraw();
}

void FlowView::moved()
{
    m_untouched = false;
    m_camera.keepOn(m_scene.picture());
    redraw();
}

std::optional<std::uint32_t> FlowView::indexOf(const std::optional<std::string>& id) const
{
    return id && !m_scene.isEmpty() ? m_scene.graph().find(*id) : std::nullopt;
}

void FlowView::select(std::optional<std::string> nodeId)
{
    setSelection(std::move(nodeId), std::nullopt);
    if (m_look.selected.node) {
        const FlowPlace& place = m_scene.place(*m_look.selected.node);
        if (!m_camera.stage().contains(m_camera.box(place))) {
            m_camera.reveal(place);
            moved();
        }
    }
}

void FlowView::setSelection(std::optional<std::string> node,
                            std::optional<std::pair<std::string, std::string>> edge)
{
    const bool isOtherNode = node != m_selectedNode;
    const bool isOtherEdge = edge != m_selectedEdge;
    if (!isOtherNode && !isOtherEdge)
        return;
    m_selectedNode = std::move(node);
    m_selectedEdge = std::move(edge);
    findSelection();
    describe();
    update();
    if (isOtherNode)
        emit selected(m_selectedNode);
    if (isOtherEdge && m_selectedEdge)
        emit edgeSelected(m_selectedEdge->first, m_selectedEdge->second);
}

void FlowView::findSelection()
{
    m_look.selected = {};
    m_look.selected.node = indexOf(m_selectedNode);
    if (!m_selectedEdge)
        return;
    const auto from = indexOf(m_selectedEdge->first);
    const auto to = indexOf(m_selectedEdge->second);
    if (!from || !to)
        return;
    for (const std::uint32_t edge : m_scene.outOf(*from)) {
        if (m_scene.graph().edges[edge].to == *to)
            m_look.selected.edge = edge;
    }
}

void FlowView::choose(const FlowHit& hit)
{
    const FlowGraph& graph = m_scene.graph();
    if (hit.edge) {
        const FlowEdge& edge = graph.edges[*hit.edge];
        setSelection(std::nullopt, std::pair(graph.nodes[edge.from].id, graph.nodes[edge.to].id));
    } else {
        setSelection(hit.node ? std::optional(graph.nodes[*hit.node].id) : std::nullopt, std::nullopt);
    }
}

void FlowView::focusOn(std::optional<std::string> nodeId, int hops)
{
    const bool isOther = m_focusNode != nodeId;
    m_focusNode = std::move(nodeId);
    m_hops = std::max(0, hops);
    findStrong();
    redraw();
    if (isOther)
        emit focusChanged(m_focusNode);
}

void FlowView::setSearch(const QString& text)
{
    m_search = text.trimmed();
    findStrong();
    redraw();
}

int FlowView::matches() const
{
    return static_cast<int>(std::count(m_look.marked.begin(), m_look.marked.end(), 1));
}

void FlowView::findStrong()
{
    m_look.strong.clear();
    m_look.marked.clear();
    if (m_scene.isEmpty())
        return;
    if (const auto node = indexOf(m_focusNode))
        m_look.strong = m_scene.way(*node, m_hops);
    if (m_search.isEmpty())
        return;
    const std::vector<FlowNode>& nodes = m_scene.graph().nodes;
    m_look.marked.resize(nodes.size());
    std::transform(nodes.begin(), nodes.end(), m_look.marked.begin(), [this](const FlowNode& node) {
        return static_cast<char>(shownLabel(node, node.name.size()).contains(m_search, Qt::CaseInsensitive) ||
                                 toText(node.id).contains(m_search, Qt::CaseInsensitive));
    });
    if (m_look.strong.empty())
        m_look.strong = m_look.marked;
    for (std::size_t i = 0; i < nodes.size(); ++i)
        m_look.strong[i] = static_cast<char>(m_look.strong[i] & m_look.marked[i]);
}

void FlowView::describe()
{
    QString text = m_look.selected.node   ? nodeSentence(m_scene, *m_look.selected.node)
                   : m_look.selected.edge ? edgeSentence(m_scene, *m_look.selected.edge)
                   : m_scene.isEmpty()    ? tr("Nothing to show")
                                          : tr("%1 nodes, %2 lines, none selected")
                                             .arg(m_scene.graph().nodes.size())
                                             .arg(m_scene.graph().edges.size());
    if (text != accessibleDescription())
        setAccessibleDescription(text);
}

void FlowView::drawBase(const FlowPaint& paint)
{
    const qreal ratio = devicePixelRatioF();
    if (m_base.size() != size() * ratio || m_base.devicePixelRatio() != ratio) {
        m_base = QPixmap(size() * ratio);
        m_base.setDevicePixelRatio(ratio);
    }
    m_base.fill(paint.colors.base);
    QPainter painter(&m_base);
    painter.setLayoutDirection(Qt::LeftToRight);
    painter.setClipRect(m_camera.stage());
    paintLines(painter, paint);
    paintBoxes(painter, paint);
    m_stale = false;
}

void FlowView::paintEvent(QPaintEvent*)
{
    if (m_scene.isEmpty())
        return;
    const FlowPaint paint{m_scene, m_camera, m_look, ThemeColors::of(palette()), font()};
    if (m_stale || m_base.size() != size() * devicePixelRatioF())
        drawBase(paint);
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LeftToRight);
    painter.drawPixmap(0, 0, m_base);
    painter.setClipRect(m_camera.stage());
    paintChosen(painter, paint);
    painter.setClipping(false);
    paintFrame(painter, paint, m_look.selected.isNothing() ? QString() : accessibleDescription());
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.setPen(QPen(paint.colors.focus, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect().adjusted(1, 1, -1, -1));
    }
}

void FlowView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_camera.setView(size());
    if (m_untouched)
        fit();
    redraw();
}

void FlowView::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        redraw();
}

} // namespace weir
