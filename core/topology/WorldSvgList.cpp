// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowNames.h"
#include "core/topology/FlowSvgText.h"
#include "core/topology/FlowText.h"
#include "core/topology/SvgTips.h"
#include "core/topology/WorldLook.h"
#include "core/topology/WorldSvgParts.h"

#include <algorithm>

namespace weir {
namespace {

constexpr double kFont = 12;
constexpr double kLine = 16;    // px
constexpr double kColumn = 260; // px

} // namespace

std::string worldSvgFigures(const WorldGraph& world, std::uint32_t node)
{
    const PopSum& sum = world.sums[node];
    std::string text = sum.rate ? flowRateText(sum.rate) : "rate not known";
    if (sum.latency.count == 0)
        return text + ", no latency known";
    text += ", p50 " + formatDuration(sum.latency.p50) + ", p99 " + formatDuration(sum.latency.p99);
    return sum.latency.doubtsClock() ? text + ", its clock is in doubt" : text;
}

SvgPart worldSvgUnplaced(const WorldGraph& world, double room)
{
    const std::vector<std::uint32_t> nodes = worldUnplaced(world);
    if (nodes.empty())
        return {};
    SvgPart part;
    part.text =
        svgText(0, kFont, "Not on the map: no place is known for them", kSvgText, "font-weight=\"bold\"");
    const auto columns = std::max<std::size_t>(1, static_cast<std::size_t>(room / kColumn));
    const std::size_t rows = (nodes.size() + columns - 1) / columns;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const std::uint32_t node = nodes[i];
        const std::size_t column = i / rows;
        const double x = kColumn * static_cast<double>(column);
        const double y = kFont + kLine * static_cast<double>(i % rows + 1);
        const PopSum& sum = world.sums[node];
        const bool slow = world.slow[node].has_value();
        const std::string name = harmlessName(flowNodeText(world.graph.nodes[node]), 4096);
        const std::string figures = (sum.rate ? flowRateText(sum.rate) : "–") +
                                    (sum.latency.count > 0 ? " · " + formatDuration(sum.latency.p99) : "");
        const double wide = svgTextWidth(figures, kFont);
        part.text += "<g>" + svgNodeTip(world.graph, node, ", " + worldSvgFigures(world, node));
        if (slow)
            part.text += svgWarning(x, y - 10);
        part.text +=
            svgText(x + 16, y, svgElided(name, kColumn - wide - 48, kFont), kSvgText) +
            svgText(x + kColumn - 24, y, figures, slow ? kSvgWarning : kSvgMuted, "text-anchor=\"end\"") +
            "</g>\n";
    }
    part.height = kLine * static_cast<double>(rows + 2);
    return part;
}

} // namespace weir
