// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/topology/FlowGraph.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace weir {

/// Where a node stands: its middle, in the units of FlowSpacing.
struct FlowPlace
{
    double x = 0;
    double y = 0;
    bool operator==(const FlowPlace&) const = default;
};

/// How far apart nodes stand.
struct FlowSpacing
{
    double column = 240; ///< from layer to layer
    double row = 34;     ///< from node to node of a layer, at least
};

/// A graph and where its nodes stand. Immutable once made.
struct FlowPicture
{
    std::shared_ptr<const FlowGraph> graph;
    std::vector<FlowPlace> places; ///< by node
    double left = 0;               ///< of all nodes' middles
    double top = 0;
    double right = 0;
    double bottom = 0;
};

/// Places the nodes of one graph after the other: a column a kind of node, in the order in which messages
/// pass, few crossings (Graphviz's `dot`). A node keeps its place while it lives; a new one takes the free
/// place nearest to its neighbours. When more than a third is new, everything is placed anew. One thread, not
/// the gui's: hundreds of nodes take a tenth of a second.
class FlowLayout
{
public:
    explicit FlowLayout(FlowSpacing spacing = {}) : m_spacing(spacing) {}

    [[nodiscard]] Result<std::shared_ptr<const FlowPicture>> place(std::shared_ptr<const FlowGraph> graph);
    /// The next graph is placed anew.
    void forget() { m_places.clear(); }

private:
    [[nodiscard]] Result<void> placeAll(const FlowGraph& graph);
    /// Draws each node level with its neighbours, as far as the order in its column and the rows allow.
    void level(const FlowGraph& graph, std::vector<std::vector<std::uint32_t>>& columns);
    void placeNew(const FlowGraph& graph);

    const FlowSpacing m_spacing;
    std::map<std::string, FlowPlace> m_places; ///< by node id
};

} // namespace weir
