// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/ServerGraph.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace weir {

/// A rectangle of the plan, in its units: about a pixel each at natural size.
struct PlanBox
{
    double x = 0; ///< of the left upper corner
    double y = 0;
    double width = 0;
    double height = 0;
};

/// What is drawn around a cluster's servers and the leaf nodes on them.
struct PlanFrame
{
    std::int64_t cluster = -1; ///< its node; -1: servers of no cluster, or clusters behind gateways
    std::size_t gateways = 0;  ///< clusters behind gateways that stand in it; then nothing else does
    PlanBox box;
    double title = 0; ///< height of the strip at its top
    double leafs = 0; ///< y where its leaf nodes begin; 0: it has none
    std::size_t leafCount = 0;
};

/// Where everything of a ServerGraph stands: servers of a cluster in a ring while they are few, else in rows;
/// leaf nodes below them; clusters beside each other, by name, so that they keep their places; what is known
/// behind gateways together.
struct ServerPlan
{
    std::shared_ptr<const ServerGraph> graph;
    std::vector<PlanBox> boxes; ///< by node; a cluster's is its frame's title
    std::vector<PlanFrame> frames;
    PlanBox bounds;
};

[[nodiscard]] std::shared_ptr<const ServerPlan> planServers(std::shared_ptr<const ServerGraph> graph);

} // namespace weir
