// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowLayout.h"

#include <string>

namespace weir {

/// The whole picture as SVG 1.1, in its natural size, light: nodes where the picture has them, lines as wide
/// as their rate, dashed where they are declared, dotted where they are inferred, findings marked; below it
/// the legend, and what it is of, what asks for a look and what it rests on. Names are spelled so that none
/// steers the reader or the text around it; whole ones and how a line is known are `title` elements.
[[nodiscard]] std::string flowSvg(const FlowPicture& picture);

} // namespace weir
