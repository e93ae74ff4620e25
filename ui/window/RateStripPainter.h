// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/RateBuckets.h"

#include <QPalette>
#include <QRect>
#include <QString>

#include <optional>
#include <utility>

class QPainter;

namespace weir {

/// Moments to pixels and back, along the strip's width.
struct StripScale
{
    Timestamp from = kNoTime;
    Timestamp to = kNoTime;
    QRectF plot; ///< where bars are drawn

    [[nodiscard]] double x(Timestamp time) const;
    [[nodiscard]] Timestamp time(double x) const;
};

/// Everything that one drawing of the strip needs.
struct StripPicture
{
    StripScale scale;
    RateSnapshot rates;
    QString message; ///< said instead of bars, or beside them; may be empty
    bool messageIsError = false;
    std::optional<std::pair<Timestamp, Timestamp>> brush; ///< what is being chosen
    std::optional<Timestamp> cursor;
};

/// Draws `picture`: bars, hatched gaps, the time axis, the peak and the brush. Device-independent pixels.
void paintRateStrip(QPainter& painter, const StripPicture& picture, const QPalette& palette);

} // namespace weir
