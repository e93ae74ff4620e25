// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/GraphView.h"

#include "ui/theme/ThemeColors.h"
#include "ui/views/topology/FlowWords.h"

#include <QPainter>
#include <QResizeEvent>

namespace weir {

void GraphView::redraw()
{
    m_stale = true;
    update();
}

void GraphView::setScene(FlowScene scene)
{
    const bool wasEmpty = isEmpty();
    m_scene = std::move(scene);
    m_look.hovered = {};
    findSelection();
    findStrong();
    if (!isEmpty() && (wasEmpty || (m_untouched && !showsAll())))
        fit();
    if (m_pointer)
        hover(*m_pointer);
    describe();
    redraw();
}

void GraphView::fit()
{
    m_untouched = true;
    if (isEmpty())
        return;
    fitCamera();
    redraw();
}

void GraphView::moved()
{
    m_untouched = false;
    keepCamera();
    redraw();
}

QString GraphView::tipOf(const FlowHit& hit) const
{
    return hit.node ? nodeTip(m_scene, *hit.node) : edgeTip(m_scene, *hit.edge);
}

QString GraphView::sentenceOf(const FlowHit& hit) const
{
    return hit.node ? nodeSentence(m_scene, *hit.node) : edgeSentence(m_scene, *hit.edge);
}

void GraphView::describe()
{
    QString text = isEmpty()                      ? tr("Nothing to show")
                   : !m_look.selected.isNothing() ? sentenceOf(m_look.selected)
                                                  : tr("%1 nodes, %2 lines, none selected")
                                                        .arg(m_scene.graph().nodes.size())
                                                        .arg(m_scene.graph().edges.size());
    if (text != accessibleDescription())
        setAccessibleDescription(text);
}

void GraphView::paintEvent(QPaintEvent*)
{
    if (isEmpty())
        return;
    const ThemeColors& colors = ThemeColors::of(palette());
    const qreal ratio = devicePixelRatioF();
    if (m_stale || m_base.size() != size() * ratio || m_base.devicePixelRatio() != ratio) {
        if (m_base.size() != size() * ratio)
            m_base = QPixmap(size() * ratio);
        m_base.setDevicePixelRatio(ratio);
        m_base.fill(colors.base);
        QPainter painter(&m_base);
        painter.setLayoutDirection(Qt::LeftToRight);
        painter.setClipRect(stage());
        paintBase(painter, colors);
        m_stale = false;
    }
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LeftToRight);
    painter.drawPixmap(0, 0, m_base);
    paintAbove(painter, colors);
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.setPen(QPen(colors.focus, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect().adjusted(1, 1, -1, -1));
    }
}

void GraphView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    resizeCamera(size());
    if (m_untouched)
        fit();
    redraw();
}

void GraphView::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        redraw();
}

} // namespace weir
