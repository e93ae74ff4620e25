// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/BrokerLook.h"
#include "core/latency/LatencyJudgement.h"
#include "core/topology/FlowGraph.h"
#include "core/topology/PopPlaces.h"
#include "core/topology/PopSums.h"

#include <optional>
#include <vector>

namespace weir {

/// PoPs on the globe, and the regions that serve them: nodes `pop:FRA` and `region:FRA`, an edge from each
/// PoP to its region. Immutable once made.
struct WorldGraph
{
    FlowGraph graph;
    std::vector<const GeoPlace*> places;      ///< by node; null where its code is not known
    std::vector<PopSum> sums;                 ///< by node; of regions empty
    std::optional<MedianLatency> median;      ///< of the PoPs' p99
    std::vector<std::optional<SlowPop>> slow; ///< by node: why a PoP is called slow
};

/// Where a server says that it stands: `iata:FRA`, `pop:FRA`, `colo:FRA`, `region:eu-central-1`, `zone:` or
/// `az:eu-central-1a` among its tags. Null where none says a place that is known.
struct ServerPlace
{
    const GeoPlace* place = nullptr;
    std::string tag; ///< that says so
};
[[nodiscard]] ServerPlace placeOf(const SeenServer& server, const PopPlaces& places);

/// `look`: who serves, or null where nobody looked. Each PoP's line goes to the
/// only region, or to the nearest of several: a message does not tell which server took it. `places` outlives
/// the graph.
[[nodiscard]] WorldGraph worldGraph(std::vector<PopSum> pops, const BrokerLook* look,
                                    const PopPlaces& places = PopPlaces::builtIn());

} // namespace weir
