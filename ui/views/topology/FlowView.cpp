// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/FlowView.h"

#include "ui/theme/ThemeColors.h"
#include "ui/views/topology/FlowWords.h"

#include <QPainter>
#include <QResizeEvent>

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
    if (m_pointer)
        hover(*m_pointer);
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
