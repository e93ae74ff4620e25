// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowLayout.h"

#include <QPointF>
#include <QRectF>
#include <QSizeF>

namespace weir {

/// Which part of a picture is seen, how large. Rows and columns scale apart: in a view of thousands of rows
/// the columns still fill its width; from the natural size on both grow alike.
class FlowCamera
{
public:
    void setView(const QSizeF& size) { m_view = size; }
    [[nodiscard]] QSizeF view() const { return m_view; }

    /// Everything is seen, nothing much larger than natural.
    void fit(const FlowPicture& picture);
    /// What is under `anchor` stays there.
    void zoom(double factor, const QPointF& anchor);
    void pan(const QPointF& pixels);
    /// Takes back what would move the picture out of the view.
    void keepOn(const FlowPicture& picture);
    /// Moves as little as needed for `box` (px) to be seen wholly.
    void reveal(const QRectF& box);

    /// Of rows: 1 is natural.
    [[nodiscard]] double zoom() const { return m_zoom; }
    [[nodiscard]] double columnZoom() const { return m_columns; }
    [[nodiscard]] QPointF toView(const FlowPlace& place) const;
    [[nodiscard]] FlowPlace toScene(const QPointF& pixel) const;
    /// The part of the view in which nodes are seen: between the columns' headers and the legend.
    [[nodiscard]] QRectF stage() const;
    /// Whether all nodes of the picture are in the view.
    [[nodiscard]] bool shows(const FlowPicture& picture) const;

    static constexpr double kHeader = 28; ///< px at the top, for the columns' headers
    static constexpr double kFooter = 26; ///< px at the bottom, for the legend

private:
    [[nodiscard]] double columnsAt(double zoom) const;

    QSizeF m_view{800, 600};
    double m_zoom = 1;
    double m_columns = 1;    ///< columnsAt(m_zoom), which is asked for thousands of times a frame
    double m_fitZoom = 1;    ///< as fit() set it
    double m_fitColumns = 1; ///< columnZoom() there
    FlowPlace m_middle;      ///< of the picture, at the middle of the stage
};

} // namespace weir
