// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/topology/FlowCamera.h"
#include "ui/views/topology/GraphView.h"

#include <memory>

namespace weir {

/// The flow from PoP to consumer, painted: width by rate, colour by health, dashes by how a line is known.
/// gui thread.
class FlowView : public GraphView
{
    Q_OBJECT
public:
    explicit FlowView(QWidget* parent = nullptr);

    void setPicture(std::shared_ptr<const FlowPicture> picture);
    [[nodiscard]] const FlowCamera& camera() const { return m_camera; }

protected:
    void fitCamera() override { m_camera.fit(scene().picture()); }
    void resizeCamera(const QSize& size) override { m_camera.setView(size); }
    void zoomCamera(double factor, const QPointF& anchor) override { m_camera.zoom(factor, anchor); }
    void panCamera(const QPointF& pixels) override { m_camera.pan(pixels); }
    void keepCamera() override { m_camera.keepOn(scene().picture()); }
    bool revealNode(std::uint32_t node) override;
    [[nodiscard]] bool showsAll() const override { return m_camera.shows(scene().picture()); }
    [[nodiscard]] QRectF stage() const override { return m_camera.stage(); }
    [[nodiscard]] QPointF middleOf(std::uint32_t node) const override;
    [[nodiscard]] FlowHit hitAt(const QPointF& point) const override;
    [[nodiscard]] std::uint32_t firstNode() const override;
    [[nodiscard]] std::uint32_t neighbour(std::uint32_t node, FlowStep step) const override;
    void paintBase(QPainter& painter, const ThemeColors& colors) override;
    void paintAbove(QPainter& painter, const ThemeColors& colors) override;

private:
    FlowCamera m_camera;
};

} // namespace weir
