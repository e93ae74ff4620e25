// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/ServerPlan.h"

#include <string>

namespace weir {

/// The whole plan as SVG 1.1 in its natural size, light: clusters' frames with their servers and leaf nodes,
/// routes, gateways and leaf nodes' ways with RTT and rate, the slow ones marked; below it the legend, and
/// what it is of, what asks for a look and what it rests on. Names are spelled so that none steers the reader
/// or the text around it.
[[nodiscard]] std::string serversSvg(const ServerPlan& plan);

} // namespace weir
