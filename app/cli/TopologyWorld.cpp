// SPDX-License-Identifier: GPL-3.0-or-later
// PoPs on the map, and the regions that serve them.
#include "app/cli/Output.h"
#include "app/cli/TopologyPrint.h"
#include "core/topology/FlowText.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace weir::cli {
namespace {

std::string placeOf(const GeoPlace* place)
{
    if (place == nullptr)
        return "place not known";
    return printable(place->city) + (place->country.empty() ? "" : ", " + printable(place->country));
}

std::string serverOf(const WorldGraph& world, const FlowEdge& edge)
{
    const auto away = std::llround(kilometresBetween(world.places[edge.from]->at, world.places[edge.to]->at));
    return " → " + inWords(world.graph.nodes[edge.to]) + ", " + std::to_string(away) + " km, " +
           std::string(flowBasisName(edge.basis));
}

void printPop(const WorldGraph& world, std::uint32_t node)
{
    const PopSum& sum = world.sums[node];
    Clauses known;
    known.add(placeOf(world.places[node]));
    known.add(counted(sum.messages, "message"));
    known.add(flowRateText(sum.rate));
    if (sum.latency.count > 0)
        known.add("p50 " + formatDuration(sum.latency.p50) + ", p99 " + formatDuration(sum.latency.p99));
    if (sum.errors > 0)
        known.add(counted(sum.errors, "error"));
    std::string line = inWords(world.graph.nodes[node]) + "  " + known.text();
    for (const FlowEdge& edge : world.graph.edges) {
        if (edge.from == node)
            line += serverOf(world, edge);
    }
    std::printf("%s\n", line.c_str());
}

} // namespace

void printWorld(WorldGraph world, PictureFormat format)
{
    if (format != PictureFormat::Text)
        return printSheet(worldSheet(std::make_shared<const WorldGraph>(std::move(world))), format);
    std::vector<std::uint32_t> pops;
    for (std::uint32_t node = 0; node < world.graph.nodes.size(); ++node) {
        if (world.graph.nodes[node].kind == FlowKind::Pop)
            pops.push_back(node);
    }
    std::stable_sort(pops.begin(), pops.end(), [&](std::uint32_t a, std::uint32_t b) {
        return world.sums[a].messages > world.sums[b].messages;
    });
    for (const std::uint32_t node : pops)
        printPop(world, node);
    printRemarks(world.graph);
}

} // namespace weir::cli
