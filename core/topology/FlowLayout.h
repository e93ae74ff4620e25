// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/topology/FlowColumns.h"
#include "core/topology/FlowOrder.h"

#include <map>
#include <memory>
#include <stop_token>
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
    double gap = 70; ///< between the boxes of one layer and the next
    double row = 34; ///< from node to node of a layer, at least
};

/// A graph and where its nodes stand, in boxes of flowBoxWidth() by kFlowBoxHeight. Immutable once made.
struct FlowPicture
{
    std::shared_ptr<const FlowGraph> graph;
    std::vector<FlowPlace> places; ///< by node
    double left = 0;               ///< of all boxes
    double top = 0;
    double right = 0;
    double bottom = 0;
};

/// Places the nodes of one graph after the other: a column a kind of node, in the order in which messages
/// pass, few crossings (Graphviz's `dot`). A node keeps its row while it lives, and its column its place
/// until one of another kind comes in before it; a new node takes the free row nearest to its neighbours.
/// When more than a third is new, everything is placed anew. One thread, not the gui's: hundreds of nodes
/// take a tenth of a second, thousands two.
class FlowLayout
{
public:
    explicit FlowLayout(FlowSpacing spacing = {}) : m_spacing(spacing) {}

    /// Cancelled once `stop` is asked, at the latest after its longest step (see orderFlow()); what it knows
    /// of earlier graphs is then as it was.
    [[nodiscard]] Result<std::shared_ptr<const FlowPicture>> place(std::shared_ptr<const FlowGraph> graph,
                                                                   const std::stop_token& stop = {});
    /// The next graph is placed anew.
    void forget();

private:
    [[nodiscard]] Result<void> placeAll(const FlowGraph& graph, const std::stop_token& stop);
    /// The y of each node: level with its neighbours, as far as the order in its column and the rows allow.
    [[nodiscard]] Result<std::vector<double>> level(const FlowGraph& graph, const FlowOrder& columns,
                                                    const std::stop_token& stop) const;
    [[nodiscard]] Result<void> placeNew(const FlowGraph& graph, const std::stop_token& stop);

    const FlowSpacing m_spacing;
    std::map<std::string, double> m_rows;   ///< by node id: its y
    std::array<bool, kFlowKinds> m_kinds{}; ///< that were there since all was placed
};

} // namespace weir
