// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/ServerGateways.h"
#include "core/topology/ServerGraph.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace weir {

/// The servers of one cluster that are known.
struct ServerCluster
{
    std::vector<std::string> servers;                         ///< node ids; none that is gone
    std::map<std::string, std::vector<std::string>> versions; ///< names of servers, by version
    bool whole = true;                                        ///< all answered
    Timestamp gone = kNoTime; ///< when a server that is there no more was last seen
};

/// What a graph of servers is made of.
struct ServerParts
{
    std::map<std::string, ServerCluster> clusters;        ///< by name
    std::map<std::string, std::string> homes;             ///< cluster's name, by the server's node id
    std::set<std::pair<std::string, std::string>> routes; ///< of node ids, ascending
    ClustersBeyond beyond;
};

/// Says in the graph what of the servers asks for a look.
void addServerFindings(ServerGraph& made, const ServerParts& parts);

} // namespace weir
