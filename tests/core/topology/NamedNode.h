// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowGraph.h"

namespace weir::test {

/// A node whose id is made of kind and name, as the flow's are: `pop:FRA`.
inline FlowNode nodeOf(FlowKind kind, const std::string& name)
{
    FlowNode node;
    node.kind = kind;
    node.name = name;
    node.id = std::string(flowKindName(kind)) + ":" + name;
    return node;
}

} // namespace weir::test
