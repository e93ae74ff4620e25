// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/SvgTips.h"

#include "core/topology/FlowNames.h"
#include "core/topology/FlowSvgText.h"
#include "core/topology/FlowText.h"

namespace weir {
namespace {

constexpr std::size_t kTip = 300; // bytes of a name beside others
constexpr std::size_t kWhole = 4096;

} // namespace

std::string svgTitle(const std::string& text)
{
    return "<title>" + svgEscaped(text) + "</title>";
}

std::string svgNodeTip(const FlowGraph& graph, std::uint32_t node, const std::string& more)
{
    const FlowNode& of = graph.nodes[node];
    std::string text = std::string(flowKindWord(of.kind)) + " " + harmlessName(flowNodeText(of), kWhole);
    for (const auto& [name, value] : of.facts)
        text += ", " + harmlessName(name, kTip) + " " + harmlessName(value, kTip);
    text += more;
    for (const FlowFinding& finding : graph.findings) {
        if (finding.node == of.id)
            text += ", " + harmlessName(finding.what, kTip);
    }
    return svgTitle(text);
}

std::string svgEdgeTip(const FlowGraph& graph, const FlowEdge& edge)
{
    const std::string rate = flowEdgeText(edge);
    return svgTitle(harmlessName(flowNodeText(graph.nodes[edge.from]), kTip) + " → " +
                    harmlessName(flowNodeText(graph.nodes[edge.to]), kTip) + ", " +
                    (rate.empty() ? "not counted" : rate) + ", " + std::string(flowBasisName(edge.basis)) +
                    ": " + harmlessName(edge.because, kWhole));
}

} // namespace weir
