// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/BrokerLook.h"
#include "core/topology/FlowGraph.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace weir {

/// A cluster none of whose servers was looked at: what the gateways of other clusters tell of it.
struct ClusterBeyond
{
    std::set<std::string> tellers;              ///< names of servers
    std::map<std::string, std::string> ends;    ///< ip:port that it listens at, by the far server
    std::map<std::string, std::string> callers; ///< ip that it connects from, by the far server
    std::size_t outbound = 0;                   ///< connections
    std::size_t inbound = 0;
    std::uint64_t subscriptions = 0; ///< that it told, the most that a server knows
    Timestamp gone = kNoTime;        ///< no gateway leads there any more: when one was last seen

    [[nodiscard]] std::size_t servers() const; ///< that are known of it
};

/// By the cluster's name.
using ClustersBeyond = std::map<std::string, ClusterBeyond>;
[[nodiscard]] ClustersBeyond clustersBeyond(const BrokerLook& look);

/// `gateway:NAME`
[[nodiscard]] std::string gatewayId(const std::string& cluster);
[[nodiscard]] FlowNode gatewayNode(const std::string& cluster, const ClusterBeyond& beyond);
/// That it was not reached.
[[nodiscard]] FlowFinding gatewayFinding(const std::string& cluster, const ClusterBeyond& beyond);

} // namespace weir
