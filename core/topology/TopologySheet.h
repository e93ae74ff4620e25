// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowLayout.h"
#include "core/topology/ServerPlan.h"
#include "core/topology/SubjectPicture.h"
#include "core/topology/WorldGraph.h"

#include <functional>
#include <memory>
#include <string>

namespace weir {

enum class SheetFormat { Svg, Dot, Json, Graphviz, Cytoscape };

/// What can be saved or printed of one picture of the topology. Immutable, any thread.
struct TopologySheet
{
    std::string name; ///< `flow`, `world`, `servers`, `subjects`
    /// The graph and where its nodes stand; without places they stand nowhere. Null: there is nothing.
    std::shared_ptr<const FlowPicture> placed;
    std::function<std::string()> svg; ///< none: the picture cannot be drawn

    [[nodiscard]] bool isEmpty() const { return !placed || placed->graph->nodes.empty(); }
    /// Ends with a line's end.
    [[nodiscard]] std::string text(SheetFormat format) const;
};

[[nodiscard]] TopologySheet flowSheet(std::shared_ptr<const FlowPicture> picture);
[[nodiscard]] TopologySheet worldSheet(const std::shared_ptr<const WorldGraph>& world);
[[nodiscard]] TopologySheet serversSheet(const std::shared_ptr<const ServerPlan>& plan);
[[nodiscard]] TopologySheet subjectsSheet(const std::shared_ptr<const SubjectPicture>& subjects);

} // namespace weir
