// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QList>
#include <QPalette>
#include <QPen>

#include <array>

namespace weir {

/// How one line of a chart is drawn. Colour and dash pattern together tell series apart, never colour alone.
struct SeriesStyle
{
    QColor color;
    QList<qreal> dashes; ///< in pen widths, as QPen::setDashPattern; empty: solid

    [[nodiscard]] QPen pen(qreal width = 1.5) const;
};

/// The named colours of one theme. Hues derive from Okabe and Ito's set for colour-blind readers; every text
/// colour stands at 4.5:1 or better on `window`, `base`, `alternate` and `raised` (WCAG 2.1 AA), every series
/// colour at 3:1 on `base`. A state's colour always comes with words or a shape. Immutable, any thread.
struct ThemeColors
{
    bool dark = false;
    QColor window;    ///< behind everything
    QColor base;      ///< behind data
    QColor alternate; ///< every second row
    QColor raised;    ///< buttons, tool tips
    QColor border;
    QColor text;
    QColor muted; ///< labels, axes, units
    QColor disabled;
    QColor accent; ///< links, the brush, what is chosen
    QColor accentText;
    QColor selection; ///< selected rows
    QColor selectionText;
    QColor focus; ///< the ring around what has the keyboard
    QColor ok;
    QColor warning;
    QColor error;
    QColor gap;       ///< the hatching of missing time
    QColor errorFill; ///< behind the words of a banner that must not be missed
    QColor errorFillText;
    std::array<SeriesStyle, 12> series;

    [[nodiscard]] static const ThemeColors& light();
    [[nodiscard]] static const ThemeColors& darkTheme();
    /// The colours that belong to a widget's palette: `ThemeColors::of(palette())`.
    [[nodiscard]] static const ThemeColors& of(const QPalette& palette);

    /// The style of the index-th series; begins anew after the last.
    [[nodiscard]] const SeriesStyle& seriesAt(std::size_t index) const
    {
        return series[index % series.size()];
    }
    [[nodiscard]] QPalette palette() const;
};

/// WCAG 2.1 contrast ratio of two opaque colours, 1 to 21 (definition "contrast ratio").
[[nodiscard]] double contrastRatio(const QColor& a, const QColor& b);

} // namespace weir
