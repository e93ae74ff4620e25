// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/ServerPlan.h"

#include <QRectF>

#include <string>

namespace weir {

// What serversSvg() is put together of.

/// Where a box of the plan is drawn.
[[nodiscard]] QRectF planRect(const ServerPlan& plan, const PlanBox& box);
/// A rectangle with these further attributes.
[[nodiscard]] std::string svgRect(const QRectF& box, double round, const std::string& look);
[[nodiscard]] std::string frameSvg(const ServerPlan& plan, const PlanFrame& frame, bool warns);
/// To be drawn above lines.
[[nodiscard]] std::string frameTitlesSvg(const ServerPlan& plan, const PlanFrame& frame, bool warns);

/// `2.10.22 · 12 clients · 3.1 k/s in`
[[nodiscard]] std::string serverFactsText(const ServerGraph& graph, std::uint32_t node);
/// `eu · 3 servers · 2.10.22`
[[nodiscard]] std::string frameTitleText(const ServerGraph& graph, const PlanFrame& frame);
/// `420 µs · 1.2 k/s`
[[nodiscard]] std::string linkLabelText(const ServerGraph& graph, std::uint32_t edge);

} // namespace weir
