// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/ServerPlan.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <tuple>
#include <utility>

namespace weir {
namespace {

constexpr double kServerWidth = 226;
constexpr double kServerHeight = 42;
constexpr double kLeafWidth = 150;
constexpr double kLeafHeight = 22;
constexpr double kTitle = 34;
constexpr double kPad = 26;      // inside a frame
constexpr double kGap = 44;      // between servers in rows
constexpr double kLeafGap = 8;   // between leaf nodes
constexpr double kBetween = 90;  // frames
constexpr std::size_t kRing = 9; // servers that stand in a ring
constexpr double kWide = 1.7;    // width to height of all of it, about

/// A frame's content, from its left upper corner.
struct Group
{
    std::int64_t cluster = -1;
    std::vector<std::uint32_t> servers; ///< or clusters behind gateways
    bool gateways = false;
    std::vector<std::uint32_t> leafs;
    double width = 0;
    double height = 0;
};

class Planner
{
public:
    explicit Planner(ServerPlan& plan) : m_plan(plan), m_graph(plan.graph->graph)
    {
        m_plan.boxes.resize(m_graph.nodes.size());
    }

    void plan()
    {
        group();
        double area = 0;
        for (Group& each : m_groups) {
            placeInside(each);
            area += (each.width + kBetween) * (each.height + kBetween);
        }
        double best = 0;
        double least = 0;
        for (double factor = 1; factor < 3; factor += 0.1) {
            const auto [wide, high] = arrange(factor * std::sqrt(area), false);
            const double needs = std::max(wide / kWide, high);
            if (best == 0 || needs < least) {
                best = factor * std::sqrt(area);
                least = needs;
            }
        }
        std::ignore = arrange(best, true);
    }

private:
    void group();
    void placeInside(Group& group);
    void placeRing(Group& group);
    void placeRows(Group& group);
    void placeLeafs(Group& group);
    [[nodiscard]] std::pair<double, double> arrange(double most, bool move);
    void moveTo(const Group& group, double x, double y);
    [[nodiscard]] PlanBox& box(std::uint32_t node) { return m_plan.boxes[node]; }

    ServerPlan& m_plan;
    const FlowGraph& m_graph;
    std::vector<Group> m_groups;
};

void Planner::group()
{
    std::map<std::int64_t, Group> byCluster;
    Group beyond;
    beyond.gateways = true;
    for (std::uint32_t node = 0; node < m_graph.nodes.size(); ++node) {
        if (m_graph.nodes[node].kind == FlowKind::Cluster)
            byCluster[node].cluster = node;
        if (m_graph.nodes[node].kind == FlowKind::Gateway)
            beyond.servers.push_back(node);
        if (m_graph.nodes[node].kind == FlowKind::Server)
            byCluster[m_plan.graph->states[node].cluster].servers.push_back(node);
    }
    // A leaf node stands with the server it is connected to.
    std::vector<char> placed(m_graph.nodes.size(), 0);
    for (const FlowEdge& edge : m_graph.edges) {
        if (m_graph.nodes[edge.from].kind != FlowKind::LeafNode || placed[edge.from] != 0)
            continue;
        placed[edge.from] = 1;
        byCluster[m_plan.graph->states[edge.to].cluster].leafs.push_back(edge.from);
    }
    for (std::uint32_t node = 0; node < m_graph.nodes.size(); ++node) {
        if (m_graph.nodes[node].kind == FlowKind::LeafNode && placed[node] == 0)
            byCluster[-1].leafs.push_back(node);
    }
    const auto byName = [this](std::uint32_t a, std::uint32_t b) {
        return m_graph.nodes[a].name < m_graph.nodes[b].name;
    };
    for (auto& [cluster, group] : byCluster) {
        std::stable_sort(group.servers.begin(), group.servers.end(), byName);
        m_groups.push_back(std::move(group));
    }
    // Servers of no cluster last.
    std::rotate(
        m_groups.begin(),
        std::find_if(m_groups.begin(), m_groups.end(), [](const Group& each) { return each.cluster >= 0; }),
        m_groups.end());
    if (!beyond.servers.empty())
        m_groups.push_back(std::move(beyond));
}

void Planner::placeInside(Group& group)
{
    group.width = kServerWidth + 2 * kPad;
    group.height = kTitle + kPad;
    if (group.servers.size() > 1 && group.servers.size() <= kRing && !group.gateways)
        placeRing(group);
    else if (!group.servers.empty())
        placeRows(group);
    if (!group.leafs.empty())
        placeLeafs(group);
}

/// The first on top; wide enough that no two boxes touch, and that routes do not run under boxes.
void Planner::placeRing(Group& group)
{
    const auto count = static_cast<double>(group.servers.size());
    const double across = (kServerWidth + 30) / (2 * std::sin(std::numbers::pi / std::max(3.0, count)));
    const double along = count < 3 ? 0 : std::max(80.0, 0.55 * across);
    const double middleX = kPad + across + kServerWidth / 2;
    const double middleY = kTitle + kPad + along + kServerHeight / 2;
    for (std::size_t i = 0; i < group.servers.size(); ++i) {
        const double begin = count < 3 ? std::numbers::pi : -std::numbers::pi / 2;
        const double angle = begin + 2 * std::numbers::pi * static_cast<double>(i) / count;
        box(group.servers[i]) = {middleX + across * std::cos(angle) - kServerWidth / 2,
                                 middleY + along * std::sin(angle) - kServerHeight / 2, kServerWidth,
                                 kServerHeight};
    }
    double bottom = 0;
    for (const std::uint32_t node : group.servers)
        bottom = std::max(bottom, box(node).y + kServerHeight);
    group.width = 2 * middleX;
    group.height = bottom + kPad;
}

void Planner::placeRows(Group& group)
{
    const auto count = group.servers.size();
    const auto columns = static_cast<std::size_t>(
        std::ceil(std::sqrt(static_cast<double>(count) * kServerHeight * 2 / kServerWidth)));
    const std::size_t rows = (count + columns - 1) / columns;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t line = i / columns;
        const auto column = static_cast<double>(i % columns);
        const auto row = static_cast<double>(line);
        box(group.servers[i]) = {kPad + column * (kServerWidth + kGap),
                                 kTitle + kPad + row * (kServerHeight + kGap), kServerWidth, kServerHeight};
    }
    group.width = 2 * kPad + static_cast<double>(columns) * (kServerWidth + kGap) - kGap;
    group.height = kTitle + 2 * kPad + static_cast<double>(rows) * (kServerHeight + kGap) - kGap;
}

void Planner::placeLeafs(Group& group)
{
    const auto count = static_cast<double>(group.leafs.size());
    const double room = std::max(group.width - 2 * kPad, std::sqrt(count * kLeafWidth * kLeafHeight * 2.4));
    const auto columns =
        std::max<std::size_t>(1, static_cast<std::size_t>((room + kLeafGap) / (kLeafWidth + kLeafGap)));
    const double top = group.height + kPad;
    for (std::size_t i = 0; i < group.leafs.size(); ++i) {
        const std::size_t line = i / columns;
        const auto column = static_cast<double>(i % columns);
        const auto row = static_cast<double>(line);
        box(group.leafs[i]) = {kPad + column * (kLeafWidth + kLeafGap), top + row * (kLeafHeight + kLeafGap),
                               kLeafWidth, kLeafHeight};
    }
    const std::size_t lines = (group.leafs.size() + columns - 1) / columns;
    const auto rows = static_cast<double>(lines);
    group.width = std::max(group.width, 2 * kPad +
                                            static_cast<double>(std::min(columns, group.leafs.size())) *
                                                (kLeafWidth + kLeafGap) -
                                            kLeafGap);
    group.height = top + rows * (kLeafHeight + kLeafGap) - kLeafGap + kPad;
}

/// In rows of at most `most` units, each as high as its highest frame; width and height of all.
std::pair<double, double> Planner::arrange(double most, bool move)
{
    double x = 0;
    double y = 0;
    double high = 0;
    double wide = 0;
    for (const Group& group : m_groups) {
        if (x > 0 && x + group.width > most) {
            x = 0;
            y += high + kBetween;
            high = 0;
        }
        if (move)
            moveTo(group, x, y);
        x += group.width + kBetween;
        high = std::max(high, group.height);
        wide = std::max(wide, x - kBetween);
    }
    if (move)
        m_plan.bounds = {0, 0, wide, y + high};
    return {wide, y + high};
}

void Planner::moveTo(const Group& group, double x, double y)
{
    PlanFrame frame;
    frame.cluster = group.cluster;
    frame.gateways = group.gateways ? group.servers.size() : 0;
    frame.box = {x, y, group.width, group.height};
    frame.title = kTitle;
    frame.leafCount = group.leafs.size();
    for (const auto& nodes : {group.servers, group.leafs}) {
        for (const std::uint32_t node : nodes) {
            box(node).x += x;
            box(node).y += y;
        }
    }
    if (!group.leafs.empty())
        frame.leafs = box(group.leafs.front()).y - kPad;
    if (group.cluster >= 0)
        box(static_cast<std::uint32_t>(group.cluster)) = {x, y, group.width, kTitle};
    m_plan.frames.push_back(frame);
}

} // namespace

std::shared_ptr<const ServerPlan> planServers(std::shared_ptr<const ServerGraph> graph)
{
    auto plan = std::make_shared<ServerPlan>();
    plan->graph = std::move(graph);
    Planner(*plan).plan();
    return plan;
}

} // namespace weir
