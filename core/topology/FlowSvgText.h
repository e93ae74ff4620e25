// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowGraph.h"

#include <string>
#include <string_view>
#include <vector>

namespace weir {

// The words of an SVG and its small signs. No fonts are at hand here: widths are guesses, rather too wide.

inline constexpr const char* kSvgText = "#1b1f24"; ///< the light theme's colours
inline constexpr const char* kSvgMuted = "#525b66";
inline constexpr const char* kSvgBorder = "#c9ced6";
inline constexpr const char* kSvgWarning = "#855000";
inline constexpr const char* kSvgAccent = "#005f99";
inline constexpr const char* kSvgRaised = "#fcfcfd";

/// With two digits after the point at the most.
[[nodiscard]] std::string svgNumber(double number);
/// As character data and attribute values. `text` must be harmless (FlowNames.h).
[[nodiscard]] std::string svgEscaped(std::string_view text);
/// About, in px, in a font of this size.
[[nodiscard]] double svgTextWidth(std::string_view text, double size);
inline constexpr double kSvgLikely = 0.9; ///< of that guess: what most fonts need
/// Cut in its middle where it is wider than `room` px.
[[nodiscard]] std::string svgElided(const std::string& text, double room, double size);
/// In lines of at most `room` px, broken at blanks where there are.
[[nodiscard]] std::vector<std::string> svgWrapped(const std::string& text, double room, double size);
/// A `text` element with these further attributes.
[[nodiscard]] std::string svgText(double x, double y, std::string_view text, const char* color,
                                  const char* more = "");

/// `stroke-dasharray` of a line; empty: solid.
[[nodiscard]] const char* svgDashes(FlowBasis basis);
/// The colour of what changed since an earlier range; null: nothing did.
[[nodiscard]] const char* svgChange(FlowChange change);
/// The sign for what asks for a look, 12 by 12 px.
[[nodiscard]] std::string svgWarning(double x, double y);
struct SvgBox
{
    double x = 0;
    double y = 0;
    double width = 0;
    double height = 0;
};
/// A node's box with the strip of its kind's colour on its left; its text begins 14 px from there.
[[nodiscard]] std::string svgNodeBox(const SvgBox& box, FlowKind kind, const char* stroke, double strokeWidth,
                                     const char* dashes = "");
/// Of nodes of this kind.
[[nodiscard]] const char* svgKindColor(FlowKind kind);
/// So much of a colour (`#rrggbb`) on white.
[[nodiscard]] std::string svgPale(const char* color, double share);

} // namespace weir
