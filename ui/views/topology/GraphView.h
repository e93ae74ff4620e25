// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/topology/FlowHits.h"
#include "ui/views/topology/FlowPaint.h"

#include <QPixmap>
#include <QPoint>
#include <QString>
#include <QWidget>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace weir {

/// A painted graph that is pointed at and walked, whatever it looks like: drag pans, the wheel zooms around
/// the pointer; arrows walk from node to node, + - 0 zoom and fit, Enter activates, Esc lets go of
/// everything. Selection and focus stay while graphs come. gui thread.
class GraphView : public QWidget
{
    Q_OBJECT
public:
    using QWidget::QWidget;

    /// Shows all of it, and goes on doing so until somebody moves it.
    void fit();
    /// Scrolls to it. A node that is not (yet, any more) in the picture stays selected, unseen.
    void select(std::optional<std::string> nodeId);
    /// Only the nodes at most `hops` edges up or down the way from this one stay strong.
    void focusOn(std::optional<std::string> nodeId, int hops);
    /// Nodes whose name or id has `text`, in any case, are marked, all others faint; empty: none searched.
    void setSearch(const QString& text);
    /// These nodes' ids stay strong whatever steps back, and carry a mark.
    void setPinned(std::set<std::string> nodeIds);

    [[nodiscard]] const std::optional<std::string>& selectedNode() const { return m_selectedNode; }
    [[nodiscard]] std::optional<std::pair<std::string, std::string>> selectedEdge() const
    {
        return m_selectedEdge;
    }
    [[nodiscard]] const std::optional<std::string>& focusNode() const { return m_focusNode; }
    [[nodiscard]] const FlowLook& look() const { return m_look; }
    [[nodiscard]] const FlowScene& scene() const { return m_scene; }
    /// How many nodes the search found.
    [[nodiscard]] int matches() const;

    [[nodiscard]] QSize sizeHint() const override { return {900, 560}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {240, 160}; }

signals:
    /// Whoever changed it.
    void selected(std::optional<std::string> nodeId);
    void edgeSelected(std::string from, std::string to);
    void activated(std::string nodeId);
    /// P and G: of the selected node.
    void pinWanted();
    void groupWanted();
    void contextMenuRequested(std::string nodeId, QPoint globalPos);
    /// Esc, besides focusOn().
    void focusChanged(std::optional<std::string> nodeId);

protected:
    // What a picture is made of. None of these is asked of an empty one.
    virtual void fitCamera() = 0;
    virtual void resizeCamera(const QSize& size) = 0;
    virtual void zoomCamera(double factor, const QPointF& anchor) = 0;
    virtual void panCamera(const QPointF& pixels) = 0;
    /// Takes back what would move the picture out of the view.
    virtual void keepCamera() = 0;
    /// Moves as little as needed for a node to be seen; whether it moved.
    virtual bool revealNode(std::uint32_t node) = 0;
    /// All of the picture is seen.
    [[nodiscard]] virtual bool showsAll() const = 0;
    [[nodiscard]] virtual QRectF stage() const = 0;
    [[nodiscard]] virtual QPointF middleOf(std::uint32_t node) const = 0; ///< px
    [[nodiscard]] virtual FlowHit hitAt(const QPointF& point) const = 0;
    [[nodiscard]] virtual std::uint32_t firstNode() const = 0; ///< that a key leads to
    [[nodiscard]] virtual std::uint32_t neighbour(std::uint32_t node, FlowStep step) const = 0;
    [[nodiscard]] virtual QString tipOf(const FlowHit& hit) const;
    [[nodiscard]] virtual QString sentenceOf(const FlowHit& hit) const;
    /// All but what is chosen.
    virtual void paintBase(QPainter& painter, const ThemeColors& colors) = 0;
    virtual void paintAbove(QPainter& painter, const ThemeColors& colors) = 0;
    /// A press that came up where it went down; selects what is there.
    virtual void clicked(const FlowHit& hit);

    /// Null: nothing is painted. The first is fitted, and so are the next as long as nobody has moved the
    /// camera and they outgrow the view.
    void setScene(FlowScene scene);
    void redraw();
    void moved();
    [[nodiscard]] bool isEmpty() const { return m_scene.isEmpty(); }

    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void choose(const FlowHit& hit);
    void setSelection(std::optional<std::string> node,
                      std::optional<std::pair<std::string, std::string>> edge);
    void findSelection();
    void findStrong();
    void findSearched();
    void findPinned();
    void describe();
    void hover(const QPointF& point);
    void showTip(const QPoint& point, const QPoint& globalPos);
    void step(FlowStep step);
    void zoomByKey(double factor);
    [[nodiscard]] bool letGo();
    [[nodiscard]] std::optional<std::uint32_t> indexOf(const std::optional<std::string>& id) const;

    FlowScene m_scene;
    FlowLook m_look;
    std::optional<std::string> m_selectedNode;
    std::optional<std::pair<std::string, std::string>> m_selectedEdge;
    std::optional<std::string> m_focusNode;
    int m_hops = 1;
    std::set<std::string> m_pinned;
    QString m_search;
    bool m_untouched = true;          ///< nobody has moved the camera since it was fitted
    std::optional<QPointF> m_pointer; ///< where it rests, as long as it is here
    std::optional<QPointF> m_press;   ///< where a button went down, until it comes up
    QPointF m_last;
    bool m_dragging = false;
    QPixmap m_base; ///< all but what is chosen, as painted last
    bool m_stale = true;
};

} // namespace weir
