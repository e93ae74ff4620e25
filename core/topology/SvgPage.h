// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/SvgLegend.h"

#include <string>

namespace weir {

inline constexpr double kSvgMargin = 24;      // px
inline constexpr double kSvgLeastWidth = 640; // px: the legend and what is said below must be readable

/// Something drawn, from (0, 0) on.
struct SvgPart
{
    std::string text;
    double height = 0; ///< px
};

/// A picture as SVG 1.1: what is drawn in its natural size, light; below it the legend, what else the picture
/// has, and what the graph is of, what asks for a look and what it rests on.
struct SvgPage
{
    std::string title; ///< without the range
    double width = 0;
    SvgPart drawn;
    SvgLegend legend;
    SvgPart more; ///< below the legend; of no height: nothing

    [[nodiscard]] std::string of(const FlowGraph& graph) const;
};

} // namespace weir
