// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/RateStripPainter.h"

#include "ui/models/Figures.h"
#include "ui/models/TimeText.h"
#include "ui/theme/ThemeColors.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace weir {

namespace {

/// Pixels that one axis label needs.
constexpr double kLabelRoom = 90;
constexpr double kGapNarrowest = 3;
constexpr double kHatched = 8; ///< a gap's width from which it is hatched
/// Below this width bars touch: a space of part of a pixel only shimmers.
constexpr double kSpacedBar = 5;

void paintAxis(QPainter& painter, const StripScale& scale, const ThemeColors& colors)
{
    const QFontMetrics metrics = painter.fontMetrics();
    const int most = std::max(1, static_cast<int>(scale.plot.width() / kLabelRoom));
    for (const auto& [time, text] : axisTimes(scale.from, scale.to, most)) {
        const double x = std::round(scale.x(time)) + 0.5;
        painter.setPen(QPen(colors.border, 1));
        painter.drawLine(QPointF(x, scale.plot.top()), QPointF(x, scale.plot.bottom() + 3));
        const double left = std::clamp(x - metrics.horizontalAdvance(text) / 2.0, scale.plot.left(),
                                       scale.plot.right() - metrics.horizontalAdvance(text));
        painter.setPen(colors.muted);
        painter.drawText(QPointF(left, scale.plot.bottom() + metrics.ascent() + 2), text);
    }
    painter.setPen(QPen(colors.border, 1));
    painter.drawLine(scale.plot.bottomLeft(), scale.plot.bottomRight());
}

void paintBars(QPainter& painter, const StripPicture& picture, const ThemeColors& colors)
{
    const RateSnapshot& rates = picture.rates;
    const auto peak = static_cast<double>(rates.peak());
    if (peak <= 0)
        return;
    const QRectF& plot = picture.scale.plot;
    QColor fill = colors.accent;
    fill.setAlphaF(colors.dark ? 0.75F : 0.65F);
    for (std::size_t i = 0; i < rates.counts.size(); ++i) {
        if (rates.counts[i] == 0)
            continue;
        const Timestamp start = rates.from + rates.width * static_cast<std::int64_t>(i);
        const double left = std::max(picture.scale.x(start), plot.left());
        const double right = std::min(picture.scale.x(start + rates.width), plot.right());
        const double space = right - left >= kSpacedBar ? 1 : 0;
        const double height =
            std::max(1.0, static_cast<double>(rates.counts[i]) / peak * (plot.height() - 4));
        painter.fillRect(QRectF(left, plot.bottom() - height, std::max(1.0, right - left - space), height),
                         fill);
    }
}

void paintGaps(QPainter& painter, const StripPicture& picture, const ThemeColors& colors)
{
    const QRectF& plot = picture.scale.plot;
    for (const Gap& gap : picture.rates.gaps) {
        const double left = std::max(picture.scale.x(gap.from), plot.left());
        const Timestamp end = gap.to == kNoTime ? picture.scale.to : gap.to;
        const double right = std::min(std::max(picture.scale.x(end), left + kGapNarrowest), plot.right());
        const QRectF area(left, plot.top(), std::max(1.0, right - left), plot.height());
        // That nobody was recording, that it expired or was imported is by choice; everything else asks for
        // the eye.
        const bool chosen = gap.cause == GapCause::NotRecording || gap.cause == GapCause::Expired ||
                            gap.cause == GapCause::Imported;
        const QColor hatch = chosen ? colors.muted : colors.gap;
        QColor ground = hatch;
        ground.setAlphaF(0.14F);
        painter.fillRect(area, ground);
        // Of a hatch only dots would be left in a narrow one.
        painter.fillRect(area, QBrush(hatch, area.width() < kHatched ? Qt::SolidPattern : Qt::BDiagPattern));
        painter.fillRect(QRectF(area.left(), area.top(), area.width(), 2), hatch);
    }
}

void paintBrush(QPainter& painter, const StripPicture& picture, const ThemeColors& colors)
{
    const QRectF& plot = picture.scale.plot;
    if (picture.brush) {
        const double a = picture.scale.x(picture.brush->first);
        const double b = picture.scale.x(picture.brush->second);
        const QRectF area(std::min(a, b), plot.top(), std::abs(b - a), plot.height());
        QColor fill = colors.focus;
        fill.setAlphaF(0.22F);
        painter.fillRect(area, fill);
        painter.setPen(QPen(colors.focus, 1.5));
        painter.drawLine(area.topLeft(), area.bottomLeft());
        painter.drawLine(area.topRight(), area.bottomRight());
    }
    if (picture.cursor) {
        const double x = picture.scale.x(*picture.cursor);
        painter.setPen(QPen(colors.text, 1, Qt::DashLine));
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
    }
}

void paintLabel(QPainter& painter, const QRectF& place, Qt::Alignment alignment, const QString& text,
                const QColor& color, QColor ground)
{
    if (text.isEmpty())
        return;
    const QRectF bounds =
        painter.boundingRect(place, static_cast<int>(alignment), text).adjusted(-4, 0, 4, 0);
    ground.setAlphaF(0.85F);
    painter.fillRect(bounds, ground);
    painter.setPen(color);
    painter.drawText(place, static_cast<int>(alignment), text);
}

/// What lies before the history's first message is not quiet: nobody looked.
QRectF unrecordedArea(const StripPicture& picture)
{
    const QRectF& plot = picture.scale.plot;
    if (picture.rates.begins == kNoTime || picture.rates.begins <= picture.scale.from)
        return {};
    const double right = std::min(picture.scale.x(picture.rates.begins), plot.right());
    return {plot.left(), plot.top(), right - plot.left(), plot.height()};
}

void labelUnrecorded(QPainter& painter, const StripPicture& picture, const ThemeColors& colors)
{
    const QRectF area = unrecordedArea(picture);
    const QString text = QStringLiteral("not recorded");
    if (area.width() > kLabelRoom + 2 * painter.fontMetrics().horizontalAdvance(text))
        paintLabel(painter, area, Qt::AlignCenter, text, colors.muted, colors.window);
}

} // namespace

double StripScale::x(Timestamp time) const
{
    const double span = std::max<double>(1, static_cast<double>((to - from).count()));
    return plot.left() + static_cast<double>((time - from).count()) / span * plot.width();
}

Timestamp StripScale::time(double x) const
{
    const double part = std::clamp((x - plot.left()) / std::max(1.0, plot.width()), 0.0, 1.0);
    return from + Nanoseconds(static_cast<std::int64_t>(part * static_cast<double>((to - from).count())));
}

void paintRateStrip(QPainter& painter, const StripPicture& picture, const QPalette& palette)
{
    const ThemeColors& colors = ThemeColors::of(palette);
    const QRectF& plot = picture.scale.plot;
    painter.fillRect(plot, colors.base);
    painter.fillRect(unrecordedArea(picture), colors.window);
    paintAxis(painter, picture.scale, colors);
    labelUnrecorded(painter, picture, colors);
    painter.save();
    painter.setClipRect(plot);
    paintBars(painter, picture, colors);
    paintGaps(painter, picture, colors);
    paintBrush(painter, picture, colors);
    painter.restore();
    const QRectF inside = plot.adjusted(6, 3, -6, -2);
    if (const auto peak = picture.rates.peak(); peak > 0) {
        const double perSecond =
            static_cast<double>(peak) / std::chrono::duration<double>(picture.rates.width).count();
        paintLabel(painter, inside, Qt::AlignLeft | Qt::AlignTop,
                   QStringLiteral("peak %1").arg(shortRate(perSecond)), colors.muted, colors.base);
    }
    const bool bars = picture.rates.peak() > 0;
    paintLabel(painter, inside, bars ? Qt::AlignRight | Qt::AlignTop : Qt::Alignment(Qt::AlignCenter),
               picture.message, picture.messageIsError ? colors.error : colors.muted, colors.base);
}

} // namespace weir
