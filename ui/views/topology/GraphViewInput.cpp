// SPDX-License-Identifier: GPL-3.0-or-later
// How GraphView is pointed at, dragged, turned and walked.
#include "ui/views/topology/GraphView.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <QWheelEvent>

#include <cmath>

namespace weir {
namespace {

constexpr double kNotch = 120;     // an eighth of a degree each: one step of a wheel
constexpr double kNotchZoom = 1.2; // each
constexpr double kKeyZoom = 1.25;

} // namespace

bool GraphView::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        showTip(help->pos(), help->globalPos());
        return true;
    }
    // Esc is a shortcut of many windows: as long as there is something to let go of, it is meant for the
    // picture.
    if (event->type() == QEvent::ShortcutOverride &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape &&
        (m_selectedNode || m_selectedEdge || m_focusNode)) {
        event->accept();
        return true;
    }
    return QWidget::event(event);
}

void GraphView::showTip(const QPoint& point, const QPoint& globalPos)
{
    const FlowHit hit = isEmpty() ? FlowHit() : hitAt(point);
    const QString text = hit.isNothing() ? QString() : tipOf(hit);
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(globalPos, text, this);
}

void GraphView::hover(const QPointF& point)
{
    m_pointer = point;
    const FlowHit hit = isEmpty() ? FlowHit() : hitAt(point);
    if (hit == m_look.hovered)
        return;
    m_look.hovered = hit;
    setCursor(hit.isNothing() ? Qt::ArrowCursor : Qt::PointingHandCursor);
    update();
}

void GraphView::mousePressEvent(QMouseEvent* event)
{
    if (m_scene.isEmpty() || (event->button() != Qt::LeftButton && event->button() != Qt::MiddleButton))
        return QWidget::mousePressEvent(event);
    m_press = m_last = event->position();
    m_dragging = false;
}

void GraphView::mouseMoveEvent(QMouseEvent* event)
{
    if (m_scene.isEmpty())
        return;
    const QPointF at = event->position();
    if (!m_press || event->buttons() == Qt::NoButton) { // a menu may have taken the release
        m_press.reset();
        hover(at);
        return;
    }
    if (!m_dragging && (at - *m_press).manhattanLength() >= QApplication::startDragDistance()) {
        m_dragging = true;
        m_pointer.reset();
        m_look.hovered = {};
        setCursor(Qt::ClosedHandCursor);
    }
    if (m_dragging) {
        panCamera(at - m_last);
        moved();
        m_last = at;
    }
}

void GraphView::mouseReleaseEvent(QMouseEvent* event)
{
    if (!m_press || m_scene.isEmpty())
        return QWidget::mouseReleaseEvent(event);
    m_press.reset();
    if (m_dragging)
        setCursor(Qt::ArrowCursor);
    else if (event->button() == Qt::LeftButton)
        clicked(hitAt(event->position()));
    m_dragging = false;
    hover(event->position());
}

void GraphView::mouseDoubleClickEvent(QMouseEvent* event)
{
    const FlowHit hit = isEmpty() ? FlowHit() : hitAt(event->position());
    if (event->button() == Qt::LeftButton && hit.node)
        emit activated(m_scene.graph().nodes[*hit.node].id);
}

void GraphView::leaveEvent(QEvent* event)
{
    QWidget::leaveEvent(event);
    m_pointer.reset();
    m_look.hovered = {};
    update();
}

void GraphView::wheelEvent(QWheelEvent* event)
{
    if (m_scene.isEmpty())
        return QWidget::wheelEvent(event);
    const QPoint turn = event->angleDelta();
    if (event->modifiers() & Qt::ShiftModifier)
        panCamera(QPointF(turn.x(), turn.y()) / 2);
    else
        zoomCamera(std::pow(kNotchZoom, turn.y() / kNotch), event->position());
    moved();
    hover(event->position());
    event->accept();
}

void GraphView::step(FlowStep step)
{
    std::uint32_t target = firstNode();
    if (m_look.selected.node)
        target = neighbour(*m_look.selected.node, step);
    else if (m_look.selected.edge)
        target = step == FlowStep::Left ? m_scene.graph().edges[*m_look.selected.edge].from
                                        : m_scene.graph().edges[*m_look.selected.edge].to;
    select(m_scene.graph().nodes[target].id);
}

bool GraphView::letGo()
{
    if (!m_selectedNode && !m_selectedEdge && !m_focusNode)
        return false;
    select(std::nullopt);
    focusOn(std::nullopt, m_hops);
    return true;
}

void GraphView::zoomByKey(double factor)
{
    zoomCamera(factor, m_look.selected.node ? middleOf(*m_look.selected.node) : stage().center());
    moved();
}

void GraphView::keyPressEvent(QKeyEvent* event)
{
    if (m_scene.isEmpty())
        return QWidget::keyPressEvent(event);
    switch (event->key()) {
    case Qt::Key_Left:
        return step(FlowStep::Left);
    case Qt::Key_Right:
        return step(FlowStep::Right);
    case Qt::Key_Up:
        return step(FlowStep::Up);
    case Qt::Key_Down:
        return step(FlowStep::Down);
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return zoomByKey(kKeyZoom);
    case Qt::Key_Minus:
        return zoomByKey(1 / kKeyZoom);
    case Qt::Key_P:
        emit pinWanted();
        return;
    case Qt::Key_G:
        emit groupWanted();
        return;
    case Qt::Key_0:
        return fit();
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_look.selected.node) {
            emit activated(*m_selectedNode);
            return;
        }
        break;
    case Qt::Key_Escape:
        if (letGo())
            return;
        break;
    default:
        break;
    }
    QWidget::keyPressEvent(event);
}

void GraphView::contextMenuEvent(QContextMenuEvent* event)
{
    if (event->reason() == QContextMenuEvent::Keyboard) {
        if (m_look.selected.node) {
            const QPointF at = middleOf(*m_look.selected.node);
            emit contextMenuRequested(*m_selectedNode, mapToGlobal(at.toPoint()));
        }
        return;
    }
    const FlowHit hit = isEmpty() ? FlowHit() : hitAt(event->pos());
    if (!hit.node)
        return QWidget::contextMenuEvent(event);
    const std::string id = m_scene.graph().nodes[*hit.node].id;
    select(id);
    emit contextMenuRequested(id, event->globalPos());
}

void GraphView::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    update();
}

void GraphView::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    update();
}

} // namespace weir
