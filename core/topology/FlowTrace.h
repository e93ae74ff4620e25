// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/MessageTrace.h"
#include "core/topology/FlowGraph.h"

#include <memory>
#include <string>

namespace weir {

/// The way that a message to some subject of a node took.
struct TracedWay
{
    std::string node; ///< id of a subject group
    std::shared_ptr<const MessageWay> way;
};

/// The graph with the lines that a probe went over, as traced: to the clients, queue groups and streams that
/// it was given to, or would have been. Lines keep their figures. `look` names accounts; may be null.
[[nodiscard]] FlowGraph withWay(FlowGraph graph, const TracedWay& traced, const BrokerLook* look);

} // namespace weir
