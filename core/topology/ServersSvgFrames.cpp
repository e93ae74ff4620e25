// SPDX-License-Identifier: GPL-3.0-or-later
// Clusters' frames, and what is said in few words.
#include "core/base/Wording.h"
#include "core/topology/FlowNames.h"
#include "core/topology/FlowSvgText.h"
#include "core/topology/FlowText.h"
#include "core/topology/ServersSvgParts.h"
#include "core/topology/SvgPage.h"
#include "core/topology/SvgTips.h"

#include <algorithm>

namespace weir {
namespace {

constexpr double kTitleFont = 15; // px
constexpr double kSmallFont = 11;
constexpr double kBold = 1.1; // times as wide
constexpr double kMark = 12;  // px of the sign for what asks for a look
constexpr double kPad = 9;    // px inside a frame
constexpr std::size_t kName = 4096;

std::string joined(const std::vector<std::string>& parts)
{
    std::string text;
    for (const std::string& part : parts)
        text += (text.empty() ? "" : " · ") + part;
    return text;
}

} // namespace

QRectF planRect(const ServerPlan& plan, const PlanBox& box)
{
    return {box.x - plan.bounds.x + kSvgMargin, box.y - plan.bounds.y + kSvgMargin, box.width, box.height};
}

std::string svgRect(const QRectF& box, double round, const std::string& look)
{
    return "<rect x=\"" + svgNumber(box.x()) + "\" y=\"" + svgNumber(box.y()) + "\" width=\"" +
           svgNumber(box.width()) + "\" height=\"" + svgNumber(box.height()) + "\" rx=\"" + svgNumber(round) +
           "\" " + look + "/>\n";
}

std::string serverFactsText(const ServerGraph& graph, std::uint32_t node)
{
    const ServerState& state = graph.states[node];
    if (state.gone != kNoTime)
        return "gone, last seen " + formatRfc3339(state.gone);
    if (graph.graph.nodes[node].kind == FlowKind::Gateway && state.servers > 0)
        return "not reached · " + counted(state.servers, "far end");
    if (!state.reached)
        return "not reached";
    std::vector<std::string> parts;
    if (!state.version.empty())
        parts.push_back(harmlessName(state.version, 40));
    parts.push_back(counted(state.clients, "client"));
    if (state.in)
        parts.push_back(flowRateText(state.in) + " in");
    return joined(parts);
}

std::string frameTitleText(const ServerGraph& graph, const PlanFrame& frame)
{
    if (frame.gateways > 0)
        return "Behind gateways · " + std::to_string(frame.gateways);
    if (frame.cluster < 0)
        return "No cluster";
    const auto node = static_cast<std::size_t>(frame.cluster);
    const ServerState& state = graph.states[node];
    std::vector<std::string> parts{harmlessName(flowNodeText(graph.graph.nodes[node]), kName)};
    if (state.gone != kNoTime)
        return parts.front() + " · gone";
    if (state.servers == 0)
        return parts.front() + " · known by name alone";
    parts.push_back(counted(state.servers, "server"));
    if (!state.version.empty())
        parts.push_back(harmlessName(state.version, 40));
    if (state.in)
        parts.push_back(flowRateText(state.in) + " in");
    return joined(parts);
}

std::string linkLabelText(const ServerGraph& graph, std::uint32_t edge)
{
    if (graph.links[edge].gone != kNoTime)
        return "gone";
    std::vector<std::string> parts;
    if (graph.links[edge].rtt != kNoDuration)
        parts.push_back(formatDuration(graph.links[edge].rtt));
    if (graph.graph.edges[edge].rate)
        parts.push_back(flowRateText(graph.graph.edges[edge].rate));
    return joined(parts);
}

std::string frameSvg(const ServerPlan& plan, const PlanFrame& frame, bool warns)
{
    const QRectF box = planRect(plan, frame.box);
    std::string out;
    out += svgRect(box, 9,
                   "fill=\"" + svgPale(kSvgMuted, 0.05) + "\" stroke=\"" +
                       (warns ? kSvgWarning : kSvgBorder) + "\"" + (warns ? " stroke-width=\"1.6\"" : "") +
                       (frame.cluster < 0 ? " stroke-dasharray=\"3,3\"" : ""));
    if (frame.leafs <= 0)
        return out;
    const double y = frame.leafs - plan.bounds.y + kSvgMargin;
    out += "<path d=\"M" + svgNumber(box.left() + 4) + " " + svgNumber(y) + "H" + svgNumber(box.right() - 4) +
           "\" stroke=\"" + kSvgBorder + "\" fill=\"none\"/>\n";
    return out;
}

std::string frameTitlesSvg(const ServerPlan& plan, const PlanFrame& frame, bool warns)
{
    const QRectF box = planRect(plan, frame.box);
    std::string out;
    const std::string ground = "fill=\"" + svgPale(kSvgMuted, 0.05) + "\"";
    const double left = box.left() + kPad + (warns ? kMark + 6 : 0);
    const double font = kTitleFont * kBold;
    const std::string text = svgElided(frameTitleText(*plan.graph, frame), box.right() - kPad - left, font);
    out += "<g>";
    if (frame.cluster >= 0)
        out += svgNodeTip(plan.graph->graph, static_cast<std::uint32_t>(frame.cluster));
    out += svgRect({box.left() + 3, box.top() + 3,
                    std::min(left - box.left() + svgTextWidth(text, font), box.width() - 6), frame.title - 6},
                   3, ground);
    if (warns)
        out += svgWarning(box.left() + kPad, box.top() + 11);
    out += svgText(left, box.top() + 22, text, frame.cluster < 0 ? kSvgMuted : kSvgText,
                   "font-size=\"15\" font-weight=\"bold\"") +
           "</g>\n";
    if (frame.leafs <= 0)
        return out;
    const double y = frame.leafs - plan.bounds.y + kSvgMargin;
    const std::string leafs = "Leaf nodes · " + std::to_string(frame.leafCount);
    out += svgRect({box.left() + kPad, y + 4, svgTextWidth(leafs, kSmallFont) + 8, 16}, 3, ground) +
           svgText(box.left() + kPad + 4, y + 16, leafs, kSvgMuted, "font-size=\"11\"");
    return out;
}

} // namespace weir
