// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/WorldMarks.h"
#include "ui/views/topology/GraphView.h"
#include "ui/views/topology/PlaneCamera.h"

#include <QFontMetricsF>
#include <QHash>

#include <memory>

namespace weir {

/// How wide labels are, so that they are measured once.
class LabelWidths
{
public:
    explicit LabelWidths(const QFont& font) : m_metrics(font) {}
    [[nodiscard]] double height() const { return m_metrics.height(); }
    [[nodiscard]] double of(const QString& text);

private:
    QFontMetricsF m_metrics;
    QHash<QString, double> m_widths;
};

/// PoPs on the map, as large as their rate, coloured by their p99, with a line to the region that serves
/// them. PoPs that are too near to each other are one mark with a count; a double click on it goes nearer.
/// gui thread.
class WorldView : public GraphView
{
    Q_OBJECT
public:
    explicit WorldView(QWidget* parent = nullptr);

    /// Null: nothing is painted.
    void setWorld(std::shared_ptr<const WorldGraph> world);
    [[nodiscard]] const PlaneCamera& camera() const { return m_camera; }
    [[nodiscard]] const WorldMarks& marks() const;
    /// px around the Earth when all is fitted into a view of this size.
    [[nodiscard]] double scaleIn(const QSize& size) const;

protected:
    void fitCamera() override;
    void resizeCamera(const QSize& size) override;
    void zoomCamera(double factor, const QPointF& anchor) override;
    void panCamera(const QPointF& pixels) override;
    void keepCamera() override;
    bool revealNode(std::uint32_t node) override;
    [[nodiscard]] bool showsAll() const override;
    [[nodiscard]] QRectF stage() const override { return m_camera.stage(); }
    [[nodiscard]] QPointF middleOf(std::uint32_t node) const override;
    [[nodiscard]] FlowHit hitAt(const QPointF& point) const override;
    [[nodiscard]] std::uint32_t firstNode() const override;
    [[nodiscard]] std::uint32_t neighbour(std::uint32_t node, FlowStep step) const override;
    [[nodiscard]] QString tipOf(const FlowHit& hit) const override;
    [[nodiscard]] QString sentenceOf(const FlowHit& hit) const override;
    void paintBase(QPainter& painter, const ThemeColors& colors) override;
    void paintAbove(QPainter& painter, const ThemeColors& colors) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    [[nodiscard]] WorldEye eye() const;
    /// Where the PoPs and regions lie, with some sea around.
    [[nodiscard]] QRectF bounds() const;

    std::shared_ptr<const WorldGraph> m_world;
    PlaneCamera m_camera;
    mutable WorldMarks m_marks;
    mutable LabelWidths m_widths;
    mutable std::optional<std::uint32_t> m_apart; ///< that m_marks draws on its own
    mutable bool m_marksStale = true;
};

} // namespace weir
