// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/FlowPictures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <random>
#include <string>

namespace weir::test {
namespace {

constexpr std::size_t kKinds = static_cast<std::size_t>(kLastFlowColumn) + 1;
/// Of a hundred nodes, so many of each kind.
constexpr std::array<std::size_t, kKinds> kShares = {10, 10, 20, 20, 5, 15, 5, 15};
constexpr std::array<const char*, kKinds> kNames = {
    "POP",    "checkout-edge", "UCHECKOUT", "orders.created.",
    "ORDERS", "billing",       "workers",   "inventory-service"};

std::string nameOf(std::size_t kind, std::size_t index)
{
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%s%04zu", kNames[kind], index);
    return text.data();
}

std::string idOf(std::size_t kind, std::size_t index)
{
    return std::string(flowKindName(static_cast<FlowKind>(kind))) + ":" + nameOf(kind, index);
}

FlowEdge edgeOf(std::mt19937& random, std::size_t kind)
{
    // A few carry most, as in life.
    const double rate = std::exp(std::uniform_real_distribution<double>(-2, 8)(random));
    FlowEdge edge;
    edge.basis = kind >= 3 && random() % 3 == 0   ? FlowBasis::Declared
                 : kind == 2 && random() % 4 == 0 ? FlowBasis::Inferred
                                                  : FlowBasis::Observed;
    edge.because = edge.basis == FlowBasis::Declared ? "the stream's subjects" : "messages were seen";
    if (edge.basis != FlowBasis::Declared) {
        edge.rate = rate;
        edge.messages = static_cast<std::uint64_t>(rate * 60);
        edge.p50 = std::chrono::milliseconds(4);
        edge.p99 = std::chrono::milliseconds(random() % 40 == 0 ? 400 : 20 + random() % 20);
        edge.errors = random() % 60 == 0 ? 3 : 0;
    }
    return edge;
}

} // namespace

std::shared_ptr<const FlowPicture> placed(FlowGraph graph)
{
    const FlowSpacing spacing;
    auto picture = std::make_shared<FlowPicture>();
    std::array<bool, kFlowKinds> all{};
    std::fill_n(all.begin(), kKinds, true);
    const auto columns = flowColumns(all, spacing.gap);
    std::array<std::size_t, kKinds> rows{};
    picture->left = -flowBoxWidth(FlowKind::Pop) / 2;
    picture->top = -kFlowBoxHeight / 2;
    for (const FlowNode& node : graph.nodes) {
        const auto kind = static_cast<std::size_t>(node.kind);
        picture->places.push_back({columns[kind], static_cast<double>(rows[kind]++) * spacing.row});
        const FlowPlace& place = picture->places.back();
        picture->right = std::max(picture->right, place.x + flowBoxWidth(node.kind) / 2);
        picture->bottom = std::max(picture->bottom, place.y + kFlowBoxHeight / 2);
    }
    const double lowest = picture->bottom - kFlowBoxHeight / 2;
    // Columns stand around one middle.
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const auto kind = static_cast<std::size_t>(graph.nodes[i].kind);
        picture->places[i].y += (lowest - static_cast<double>(rows[kind] - 1) * spacing.row) / 2;
    }
    picture->graph = std::make_shared<const FlowGraph>(std::move(graph));
    return picture;
}

std::shared_ptr<const FlowPicture> bigFlow(std::size_t nodes, std::size_t edges)
{
    std::mt19937 random(7);
    std::array<std::size_t, kKinds> counts{};
    FlowAssembly assembly;
    for (std::size_t kind = 0; kind < kKinds; ++kind) {
        counts[kind] = std::max<std::size_t>(1, nodes * kShares[kind] / 100);
        for (std::size_t i = 0; i < counts[kind]; ++i)
            assembly.node(
                {idOf(kind, i), static_cast<FlowKind>(kind), nameOf(kind, i), {{"account", "EDGE"}}});
    }
    for (std::size_t i = 0; i < edges; ++i) {
        const std::size_t kind = random() % (kKinds - 1);
        const std::size_t next = kind == 3 && random() % 3 == 0 ? 7 : kind == 5 ? 7 : kind + 1;
        // Mostly to where the others of this part of the picture go.
        const std::size_t from = random() % counts[kind];
        const std::size_t near = from * counts[next] / counts[kind] + random() % 4;
        const std::size_t to = random() % 4 == 0 ? random() % counts[next] : near % counts[next];
        assembly.edge(idOf(kind, from), idOf(next, to), edgeOf(random, kind));
    }
    FlowGraph graph = assembly.take();
    graph.findings.push_back({"falling_behind", idOf(5, 0), "falls behind by 120 messages a second",
                              "num_pending grew", "add a member"});
    return placed(std::move(graph));
}

} // namespace weir::test
