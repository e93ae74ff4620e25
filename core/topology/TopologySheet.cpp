// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/TopologySheet.h"

#include "core/topology/FlowSvg.h"
#include "core/topology/FlowText.h"
#include "core/topology/ServersSvg.h"
#include "core/topology/WorldLook.h"
#include "core/topology/WorldSvg.h"

#include <utility>

namespace weir {
namespace {

constexpr double kWorldWide = 1400; // px around the Earth
constexpr double kApart = 60;       // px between what stands beside the map
constexpr double kTreeStep = 160;   // px from a subject's token to the next
constexpr double kTreeRow = 24;     // px

} // namespace

std::string TopologySheet::text(SheetFormat format) const
{
    switch (format) {
    case SheetFormat::Svg:
        return svg ? svg() : std::string();
    case SheetFormat::Dot:
        return flowDot(*placed->graph);
    case SheetFormat::Json:
        return flowJson(*placed->graph) + "\n";
    case SheetFormat::Graphviz:
        return flowGraphviz(*placed) + "\n";
    case SheetFormat::Cytoscape:
        return flowCytoscape(*placed) + "\n";
    }
    return {};
}

TopologySheet flowSheet(std::shared_ptr<const FlowPicture> picture)
{
    TopologySheet sheet{"flow", std::move(picture), {}};
    if (sheet.placed && sheet.placed->places.size() == sheet.placed->graph->nodes.size())
        sheet.svg = [placed = sheet.placed] { return flowSvg(*placed); };
    return sheet;
}

TopologySheet worldSheet(const std::shared_ptr<const WorldGraph>& world)
{
    if (!world)
        return {"world", nullptr, {}};
    auto placed = std::make_shared<FlowPicture>();
    placed->graph = std::shared_ptr<const FlowGraph>(world, &world->graph);
    std::size_t beside = 0;
    for (const GeoPlace* place : world->places) {
        const QPointF at = place != nullptr ? worldPoint(*place) * kWorldWide
                                            : worldPlane().topRight() * kWorldWide +
                                                  QPointF(kApart, kApart * static_cast<double>(beside));
        beside += place == nullptr ? 1 : 0;
        placed->places.push_back({at.x(), at.y()});
    }
    return {"world", std::move(placed), [world] { return worldSvg(*world); }};
}

TopologySheet serversSheet(const std::shared_ptr<const ServerPlan>& plan)
{
    if (!plan)
        return {"servers", nullptr, {}};
    auto placed = std::make_shared<FlowPicture>();
    placed->graph = std::shared_ptr<const FlowGraph>(plan, &plan->graph->graph);
    for (const PlanBox& box : plan->boxes)
        placed->places.push_back({box.x + box.width / 2, box.y + box.height / 2});
    return {"servers", std::move(placed), [plan] { return serversSvg(*plan); }};
}

TopologySheet subjectsSheet(const std::shared_ptr<const SubjectPicture>& subjects)
{
    if (!subjects)
        return {"subjects", nullptr, {}};
    auto placed = std::make_shared<FlowPicture>();
    placed->graph = std::shared_ptr<const FlowGraph>(subjects, &subjects->graph);
    placed->places.resize(subjects->graph.nodes.size());
    for (std::size_t row = 0; row < subjects->rows.size(); ++row) {
        if (const auto node = subjects->graph.find(subjectRowId(subjects->rows[row].node)))
            placed->places[*node] = {kTreeStep * static_cast<double>(subjects->rows[row].depth),
                                     kTreeRow * static_cast<double>(row)};
    }
    return {"subjects", std::move(placed), [subjects] { return subjectsSvg(*subjects); }};
}

} // namespace weir
