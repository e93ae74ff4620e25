// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/ServerPlan.h"
#include "ui/views/topology/GraphView.h"
#include "ui/views/topology/PlaneCamera.h"

#include <memory>

namespace weir {

/// Clusters with their servers, leaf nodes, and what connects them. gui thread.
class ServersView : public GraphView
{
    Q_OBJECT
public:
    explicit ServersView(QWidget* parent = nullptr);

    /// Null: nothing is painted.
    void setPlan(std::shared_ptr<const ServerPlan> plan);
    [[nodiscard]] const PlaneCamera& camera() const { return m_camera; }
    /// px
    [[nodiscard]] QRectF boxOf(std::uint32_t node) const;
    [[nodiscard]] QLineF lineOf(std::uint32_t edge) const;

protected:
    void fitCamera() override;
    void resizeCamera(const QSize& size) override { m_camera.setView(size); }
    void zoomCamera(double factor, const QPointF& anchor) override;
    void panCamera(const QPointF& pixels) override { m_camera.pan(pixels); }
    void keepCamera() override;
    bool revealNode(std::uint32_t node) override;
    [[nodiscard]] bool showsAll() const override;
    [[nodiscard]] QRectF stage() const override { return m_camera.stage(); }
    [[nodiscard]] QPointF middleOf(std::uint32_t node) const override { return boxOf(node).center(); }
    [[nodiscard]] FlowHit hitAt(const QPointF& point) const override;
    [[nodiscard]] std::uint32_t firstNode() const override;
    [[nodiscard]] std::uint32_t neighbour(std::uint32_t node, FlowStep step) const override;
    [[nodiscard]] QString tipOf(const FlowHit& hit) const override;
    [[nodiscard]] QString sentenceOf(const FlowHit& hit) const override;
    void paintBase(QPainter& painter, const ThemeColors& colors) override;
    void paintAbove(QPainter& painter, const ThemeColors& colors) override;

private:
    [[nodiscard]] QRectF bounds() const;

    std::shared_ptr<const ServerPlan> m_plan;
    PlaneCamera m_camera;
};

} // namespace weir
