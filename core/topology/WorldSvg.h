// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/WorldGraph.h"

#include <string>

namespace weir {

/// The part of the map with all PoPs as SVG 1.1, light, as large as its labels want: PoPs as large as their
/// rate and coloured by their p99, lines to the regions that serve them; below it the legend, the PoPs whose
/// place nobody knows, and what it is of, what asks for a look and what it rests on. Names are spelled so
/// that none steers the reader or the text around it.
[[nodiscard]] std::string worldSvg(const WorldGraph& world);

} // namespace weir
