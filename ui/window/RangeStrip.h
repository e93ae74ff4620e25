// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/window/RateStripPainter.h"

#include <QWidget>

#include <optional>

namespace weir {

class RangeHistory;
class RateTimeline;
class ViewState;

/// When a gap was and what it means, in two lines for people.
[[nodiscard]] QString gapText(const Gap& gap);

/// Message rate over the range, gaps hatched. Brushing sets the range: drag with the mouse, or arrows with
/// Shift and then Enter. The wheel and +/- zoom, Page Up and Page Down move, Escape takes the brush away.
class RangeStrip : public QWidget
{
    Q_OBJECT
public:
    /// All outlive it.
    RangeStrip(RateTimeline& timeline, ViewState& state, RangeHistory& ranges, QWidget* parent = nullptr);

    QSize sizeHint() const override;

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    [[nodiscard]] StripPicture picture() const;
    [[nodiscard]] StripScale scale() const;
    [[nodiscard]] QString tipAt(double x) const;
    void describe(StripPicture& shown) const;
    void moveCursor(int steps, bool choosing);
    void applyBrush();
    void clearBrush();

    RateTimeline& m_timeline;
    ViewState& m_state;
    RangeHistory& m_ranges;
    /// The range stands still while it is brushed, else live time would slide under the pointer.
    std::optional<std::pair<Timestamp, Timestamp>> m_held;
    std::optional<std::pair<Timestamp, Timestamp>> m_brush; ///< anchor, moving end
    std::optional<Timestamp> m_cursor;
};

} // namespace weir
