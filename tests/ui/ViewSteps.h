// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QApplication>
#include <QElapsedTimer>
#include <QImage>
#include <QMouseEvent>
#include <QTest>
#include <QWheelEvent>
#include <QWidget>

#include <ctime>

namespace weir::test {

inline void wheel(QWidget& view, const QPoint& at, int notches)
{
    QWheelEvent event(at, view.mapToGlobal(at), {}, {0, notches * 120}, Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(&view, &event);
}

/// QTest::mouseMove() says of no button that it is down.
inline void moveMouse(QWidget& view, const QPoint& to, Qt::MouseButtons buttons = Qt::NoButton)
{
    QMouseEvent event(QEvent::MouseMove, to, view.mapToGlobal(to), Qt::NoButton, buttons, Qt::NoModifier);
    QApplication::sendEvent(&view, &event);
}

/// Pixels of exactly this colour.
[[nodiscard]] inline int pixelsOf(const QImage& image, const QColor& color)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            count += image.pixelColor(x, y) == color ? 1 : 0;
    }
    return count;
}

struct FrameRate
{
    double wall = 0; ///< frames a second
    double cpu = 0;  ///< frames a second of the processor's time: depends less on what else runs here
};

/// Drags and zooms in turns around `middle`, and paints each step.
[[nodiscard]] inline FrameRate frameRateOf(QWidget& view, const QPoint& middle)
{
    constexpr int kFrames = 12;
    QImage frame(view.size(), QImage::Format_ARGB32_Premultiplied);
    QElapsedTimer clock;
    clock.start();
    const std::clock_t before = std::clock();
    QTest::mousePress(&view, Qt::LeftButton, {}, middle);
    for (int i = 0; i < kFrames; ++i) {
        if (i % 2 == 0)
            moveMouse(view, middle + QPoint(30 * (i % 4), 20), Qt::LeftButton);
        else
            wheel(view, middle, i % 4 < 2 ? 1 : -1);
        view.render(&frame);
    }
    const double cpu = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
    const double wall = static_cast<double>(clock.elapsed()) / 1000;
    QTest::mouseRelease(&view, Qt::LeftButton, {}, middle);
    return {kFrames / wall, kFrames / cpu};
}

} // namespace weir::test
