// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowGraph.h"

#include <memory>
#include <random>
#include <string>
#include <vector>

namespace weir::test {

/// Layers of the given sizes; each node has two lines from the layer before. The same for the same seed.
[[nodiscard]] inline std::shared_ptr<const FlowGraph> layeredFlow(const std::vector<int>& sizes,
                                                                  unsigned seed = 1)
{
    std::mt19937 random(seed);
    FlowAssembly assembly;
    const auto id = [](std::size_t layer, int number) {
        return std::to_string(layer) + ":" + std::to_string(number);
    };
    for (std::size_t layer = 0; layer < sizes.size(); ++layer) {
        for (int i = 0; i < sizes[layer]; ++i) {
            FlowNode node;
            node.id = id(layer, i);
            node.kind = static_cast<FlowKind>(layer);
            assembly.node(node);
            for (int line = 0; line < 2 && layer > 0; ++line)
                assembly.edge(
                    id(layer - 1, static_cast<int>(random() % static_cast<unsigned>(sizes[layer - 1]))),
                    node.id, {});
        }
    }
    return std::make_shared<const FlowGraph>(assembly.take());
}

} // namespace weir::test
