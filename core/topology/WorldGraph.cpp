// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/WorldGraph.h"

#include "core/base/Wording.h"
#include "core/topology/FlowText.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace weir {
namespace {

constexpr double kFar = 5000;    ///< km
constexpr double kMuch = 0.05;   ///< of all messages
constexpr double kInFibre = 200; ///< km that light goes in a millisecond
constexpr std::array<std::string_view, 3> kCodeTags{"iata", "pop", "colo"};
constexpr std::array<std::string_view, 3> kRegionTags{"region", "zone", "az"};

/// A header may say "no PoP", too.
std::string idOf(const PopSum& pop)
{
    return (pop.isCode ? "pop:" : "pops:") + pop.name;
}

struct Region
{
    const GeoPlace* place = nullptr;
    std::string tag; ///< of one of its servers
    std::vector<std::string> servers;
    std::vector<std::string> clusters;
};

void addOnce(std::vector<std::string>& names, const std::string& name)
{
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end())
        names.push_back(name);
}

std::string degrees(double value)
{
    const auto hundredths = std::llround(value * 100);
    const std::string rest = std::to_string(std::abs(hundredths) % 100);
    return (hundredths < 0 ? "-" : "") + std::to_string(std::abs(hundredths) / 100) + "." +
           (rest.size() < 2 ? "0" : "") + rest;
}

std::string millis(Nanoseconds value)
{
    return formatDuration(value);
}

/// What was measured of a PoP, also of one that has no line.
void addFigures(FlowNode& node, const PopSum& pop)
{
    const auto micros = [](Nanoseconds value) {
        return std::floor(static_cast<double>(value.count()) / 1000);
    };
    node.figures.emplace_back("messages", static_cast<double>(pop.messages));
    node.figures.emplace_back("bytes", static_cast<double>(pop.bytes));
    node.figures.emplace_back("errors", static_cast<double>(pop.errors));
    if (pop.rate)
        node.figures.emplace_back("rate", *pop.rate);
    if (pop.bytesRate)
        node.figures.emplace_back("bytes_rate", *pop.bytesRate);
    if (pop.latency.count == 0)
        return;
    node.figures.emplace_back("latency_p50_us", micros(pop.latency.p50));
    node.figures.emplace_back("latency_p99_us", micros(pop.latency.p99));
}

/// Makes the graph, step by step.
class WorldMaker
{
public:
    WorldMaker(std::vector<PopSum> pops, const BrokerLook* look, const PopPlaces& places)
        : m_pops(std::move(pops)), m_look(look), m_places(places)
    {
    }

    WorldGraph make()
    {
        placeServers();
        for (const PopSum& pop : m_pops) {
            m_all += pop.messages;
            addPop(pop);
        }
        tellRegions();
        WorldGraph world;
        world.graph = m_assembly.take();
        world.graph.coverage = m_notes;
        judge(world);
        return world;
    }

private:
    void placeServers();
    void tellRegions();
    void addPop(const PopSum& pop);
    void judge(WorldGraph& world);
    void findFar(WorldGraph& world) const;
    [[nodiscard]] const Region* serving(const GeoPlace& place) const;
    [[nodiscard]] FlowEdge lineOf(const PopSum& pop) const;

    const std::vector<PopSum> m_pops;
    const BrokerLook* const m_look;
    const PopPlaces& m_places;
    std::map<std::string, Region> m_regions; ///< by code
    std::vector<std::string> m_nowhere;      ///< servers that do not say where they stand
    std::size_t m_unknownCodes = 0;
    std::uint64_t m_all = 0; ///< messages
    FlowAssembly m_assembly;
    std::vector<std::string> m_notes;
};

void WorldMaker::placeServers()
{
    if (m_look == nullptr)
        return;
    for (const SeenServer& server : m_look->servers) {
        const ServerPlace stands = placeOf(server, m_places);
        if (stands.place == nullptr) {
            m_nowhere.push_back(server.name.empty() ? server.id : server.name);
            continue;
        }
        Region& region = m_regions[stands.place->code];
        region.place = stands.place;
        region.tag = stands.tag;
        region.servers.push_back(server.name);
        addOnce(region.clusters, server.cluster);
    }
}

void WorldMaker::tellRegions()
{
    for (const auto& [code, region] : m_regions) {
        FlowNode node{"region:" + code, FlowKind::Region, region.place->city, {}};
        node.facts.emplace_back("code", code);
        node.facts.emplace_back("country", region.place->country);
        node.facts.emplace_back("servers", listed(region.servers));
        if (!region.clusters.empty())
            node.facts.emplace_back("clusters", listed(region.clusters));
        node.facts.emplace_back("place known by", "tag " + region.tag);
        m_assembly.node(std::move(node));
    }
    if (m_look == nullptr)
        m_notes.emplace_back("No lines: who serves is not known, the broker was not looked at");
    else if (m_look->servers.empty())
        m_notes.emplace_back("No lines: no server was reached");
    if (!m_nowhere.empty())
        m_notes.push_back(
            (m_regions.empty() ? "No lines: " : "") + std::string("where ") + listed(m_nowhere) +
            (m_nowhere.size() == 1 ? " stands" : " stand") +
            " is not known; a tag such as iata:FRA or region:eu-central-1 in server_tags of its "
            "configuration says so");
    if (m_unknownCodes > 0)
        m_notes.push_back(counted(m_unknownCodes, "PoP") +
                          (m_unknownCodes == 1 ? " has a code" : " have codes") +
                          " that no place is known for: not on the map");
}

const Region* WorldMaker::serving(const GeoPlace& place) const
{
    const Region* nearest = nullptr;
    double least = 0;
    for (const auto& [code, region] : m_regions) {
        const double away = kilometresBetween(place.at, region.place->at);
        if (nearest == nullptr || away < least) {
            nearest = &region;
            least = away;
        }
    }
    return nearest;
}

FlowEdge WorldMaker::lineOf(const PopSum& pop) const
{
    FlowEdge edge;
    edge.messages = pop.messages;
    edge.bytes = pop.bytes;
    edge.errors = pop.errors;
    edge.rate = pop.rate;
    edge.bytesRate = pop.bytesRate;
    edge.p50 = pop.latency.p50;
    edge.p99 = pop.latency.p99;
    edge.firstSeen = pop.firstSeen;
    edge.lastSeen = pop.lastSeen;
    edge.basis = m_regions.size() == 1 && m_nowhere.empty() ? FlowBasis::Declared : FlowBasis::Inferred;
    if (m_regions.size() > 1)
        edge.because = "the nearest of " + std::to_string(m_regions.size()) +
                       " regions: a message does not tell which server took it";
    else if (!m_nowhere.empty())
        edge.because = "the only region that a server says; " + listed(m_nowhere) + " may stand elsewhere";
    else
        edge.because = "all servers that were reached stand there";
    return edge;
}

void WorldMaker::addPop(const PopSum& pop)
{
    const GeoPlace* place = pop.isCode ? m_places.find(pop.name) : nullptr;
    FlowNode node{idOf(pop), FlowKind::Pop, pop.name, {}};
    const Region* region = place != nullptr ? serving(*place) : nullptr;
    if (place != nullptr) {
        node.facts.emplace_back("city", place->city);
        node.facts.emplace_back("country", place->country);
        node.facts.emplace_back("latitude", degrees(place->at.latitude));
        node.facts.emplace_back("longitude", degrees(place->at.longitude));
    } else if (pop.isCode) {
        ++m_unknownCodes;
        node.facts.emplace_back("place", "not known: no IATA code");
    }
    if (region != nullptr) {
        const double away = kilometresBetween(place->at, region->place->at);
        node.facts.emplace_back("distance to " + region->place->city,
                                std::to_string(std::llround(away)) + " km");
        m_assembly.edge(node.id, "region:" + region->place->code, lineOf(pop));
    }
    addFigures(node, pop);
    m_assembly.node(std::move(node));
}

void WorldMaker::judge(WorldGraph& world)
{
    const std::size_t count = world.graph.nodes.size();
    world.places.resize(count);
    world.sums.resize(count);
    world.slow.resize(count);
    std::vector<PopLatency> latencies;
    for (const PopSum& pop : m_pops) {
        const std::uint32_t node = *world.graph.find(idOf(pop));
        world.sums[node] = pop;
        world.places[node] = pop.isCode ? m_places.find(pop.name) : nullptr;
        latencies.push_back({{}, idOf(pop), {}, pop.latency});
    }
    for (const auto& [code, region] : m_regions)
        world.places[*world.graph.find("region:" + code)] = region.place;
    world.median = medianLatency(latencies, Percentile::P99);
    for (const SlowPop& slow : slowPops(latencies, Percentile::P99)) {
        const std::uint32_t node = *world.graph.find(slow.name); // by ids they are told apart
        world.slow[node] = slow;
        world.slow[node]->name = world.graph.nodes[node].name;
        const std::string which = slow.which == Percentile::P99   ? "p99"
                                  : slow.which == Percentile::P90 ? "p90"
                                                                  : "p50";
        world.graph.findings.push_back(
            {"slow_pop", world.graph.nodes[node].id, world.graph.nodes[node].name + " is slow",
             which + " " + millis(slow.figure) + ", " + std::to_string(std::llround(slow.times)) +
                 " × the median of " + std::to_string(slow.compared) + " PoPs, " + millis(slow.median),
             "see on Latency since when, and on Messages which Workers it concerns"});
    }
    findFar(world);
}

void WorldMaker::findFar(WorldGraph& world) const
{
    for (const FlowEdge& edge : world.graph.edges) {
        const PopSum& pop = world.sums[edge.from];
        const double away = kilometresBetween(world.places[edge.from]->at, world.places[edge.to]->at);
        if (away < kFar || static_cast<double>(pop.messages) < kMuch * static_cast<double>(m_all))
            continue;
        const auto share = std::llround(100 * static_cast<double>(pop.messages) / static_cast<double>(m_all));
        world.graph.findings.push_back(
            {"far_region", world.graph.nodes[edge.from].id,
             pop.name + " is far from its servers in " + world.graph.nodes[edge.to].name,
             std::to_string(share) + " % of all messages come " + std::to_string(std::llround(away)) +
                 " km: light in fibre alone needs " + std::to_string(std::llround(away / kInFibre)) +
                 " ms one way",
             "a leaf node or a cluster near " + world.places[edge.from]->city + " would take them sooner"});
    }
}

} // namespace

ServerPlace placeOf(const SeenServer& server, const PopPlaces& places)
{
    for (const std::string& tag : server.tags) {
        const std::size_t colon = tag.find(':');
        if (colon == std::string::npos)
            continue;
        const std::string_view name = std::string_view(tag).substr(0, colon);
        const std::string_view value = std::string_view(tag).substr(colon + 1);
        const auto is = [&](const auto& names) {
            return std::find(names.begin(), names.end(), name) != names.end();
        };
        const GeoPlace* place = is(kCodeTags) ? places.find(value) : nullptr;
        if (is(kRegionTags))
            place = places.ofRegion(value);
        if (is(kRegionTags) && place == nullptr)
            place = places.find(value);
        if (place != nullptr)
            return {place, tag};
    }
    return {};
}

WorldGraph worldGraph(std::vector<PopSum> pops, const BrokerLook* look, const PopPlaces& places)
{
    return WorldMaker(std::move(pops), look, places).make();
}

} // namespace weir
