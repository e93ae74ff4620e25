// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/ServerGateways.h"
#include "core/topology/ServerGraph.h"

#include <string>
#include <vector>

namespace weir {

/// One end of a line between servers.
struct LinkEnd
{
    std::string id; ///< of its node
    FlowKind kind = FlowKind::Server;
    std::string name;
    std::string cluster; ///< empty: none, or not known
    std::string address; ///< where the other end sees it, for one that was not reached
};

/// All that both ends say of their connections to each other.
struct PairedLink
{
    LinkEnd from;
    LinkEnd to;
    ServerLink link;
    std::string account; ///< a leaf node's
    std::string words;   ///< what it rests on
};

/// Each pair of servers once, ascending by ids; the slow ones say why. `beyond`: of `now`.
[[nodiscard]] std::vector<PairedLink> serverLinks(const BrokerLook& now, const BrokerLook* before,
                                                  const ClustersBeyond& beyond);

/// What came to a server and went out of it between two looks; nothing where it was started anew.
[[nodiscard]] ServerState rateOf(const SeenServer& server, const BrokerLook& now, const BrokerLook* before);

} // namespace weir
