// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/BrokerLook.h"
#include "core/topology/FlowGraph.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir {

/// What a line between two servers is.
enum class LinkKind : std::uint8_t { Route, Gateway, Leaf };
[[nodiscard]] std::string_view linkKindName(LinkKind kind); ///< route, gateway, leaf node

/// What is known of a line of the picture, of all its connections together.
struct ServerLink
{
    LinkKind kind = LinkKind::Route;
    std::size_t connections = 0;   ///< pooled routes are several
    Nanoseconds rtt = kNoDuration; ///< the longest that an end measured
    std::optional<double> there;   ///< messages a second, from the edge's first node to its second
    std::optional<double> back;
    std::uint64_t pendingBytes = 0; ///< not yet taken by the other end
    std::uint64_t subscriptions = 0;
    std::string slow;         ///< why it is called slow; empty: it is not
    Timestamp gone = kNoTime; ///< there is none any more: when it was last seen
};

/// What is known of a server, or of a cluster's servers together.
struct ServerState
{
    bool reached = false;    ///< it answered; a cluster: all of its servers did
    std::size_t servers = 0; ///< of a cluster; of a gateway: the far ends that are known
    std::uint64_t clients = 0;
    std::optional<double> in;      ///< messages a second that came to it
    std::optional<double> out;     ///< and that it sent out
    std::optional<double> inBytes; ///< bytes a second
    std::optional<double> outBytes;
    std::string version;
    Timestamp gone = kNoTime;  ///< it is there no more: when it was last seen
    bool isOdd = false;        ///< its version is not that of most of its cluster
    std::int64_t cluster = -1; ///< index of the node of its cluster; -1: of none
};

/// Clusters, their servers, leaf nodes, and what connects them: nodes `cluster:NAME`, `server:ID`, `leaf:…`,
/// and `gateway:NAME` for a cluster none of whose servers was looked at; edges server → server (route),
/// server → server, cluster or gateway (gateway), leaf → server. A server that others name but that was not
/// looked at is there, and said not to have been reached.
/// Of looks that were put together (addEarlier), what went away is said to be gone. Immutable once made.
struct ServerGraph
{
    FlowGraph graph;
    std::vector<ServerState> states; ///< by node
    std::vector<ServerLink> links;   ///< by edge
};

/// `before`: an earlier look at the same servers, for rates, or null. There is no rate where a server was
/// started anew between them, or a connection was made anew.
[[nodiscard]] ServerGraph serverGraph(const BrokerLook& now, const BrokerLook* before);

} // namespace weir
