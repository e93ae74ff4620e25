// SPDX-License-Identifier: GPL-3.0-or-later
// The flow from PoP to consumer.
#include "app/cli/Output.h"
#include "app/cli/TopologyPrint.h"
#include "core/base/Wording.h"
#include "core/topology/FlowDiff.h"
#include "core/topology/FlowText.h"

#include <algorithm>
#include <cstdio>
#include <tuple>

namespace weir::cli {
namespace {

std::string lineOf(const FlowGraph& graph, const FlowEdge& edge)
{
    std::string line = inWords(graph.nodes[edge.from]) + " → " + inWords(graph.nodes[edge.to]) + "  ";
    Clauses known;
    if (edge.messages)
        known.add(counted(*edge.messages, "message"));
    if (edge.rate)
        known.add(flowRateText(edge.rate));
    if (edge.bytesRate)
        known.add(bytesForPeople(static_cast<std::uint64_t>(*edge.bytesRate)) + "/s");
    if (edge.p99 != kNoDuration)
        known.add("p50 " + formatDuration(edge.p50) + ", p99 " + formatDuration(edge.p99));
    if (edge.errors > 0)
        known.add(counted(edge.errors, "error"));
    known.add(std::string(flowBasisName(edge.basis)));
    return line + known.text();
}

/// In the order in which messages pass, the busiest first.
void printText(const FlowGraph& graph)
{
    std::vector<const FlowEdge*> edges;
    for (const FlowEdge& edge : graph.edges)
        edges.push_back(&edge);
    const auto order = [&graph](const FlowEdge* edge) {
        return std::tuple(graph.nodes[edge->from].kind, -edge->rate.value_or(0));
    };
    std::stable_sort(edges.begin(), edges.end(),
                     [&](const FlowEdge* a, const FlowEdge* b) { return order(a) < order(b); });
    for (const FlowEdge* edge : edges)
        std::printf("%s\n", lineOf(graph, *edge).c_str());
    printRemarks(graph);
}

void printChanges(const FlowGraph& graph)
{
    std::printf("compared   %s to %s with %s to %s\n", formatRfc3339(graph.from).c_str(),
                formatRfc3339(graph.to).c_str(), formatRfc3339(graph.against->from).c_str(),
                formatRfc3339(graph.against->to).c_str());
    const std::vector<std::string> changes = changesInWords(graph);
    for (const std::string& line : changes)
        std::printf("%s\n", printable(line).c_str());
    if (changes.empty())
        std::printf("nothing appeared, vanished or changed\n");
    printRemarks(graph);
}

} // namespace

std::string inWords(const FlowNode& node)
{
    return std::string(flowKindName(node.kind)) + " " + printable(flowNodeLabel(node));
}

void printRemarks(const FlowGraph& graph)
{
    for (const FlowFinding& finding : graph.findings)
        std::printf("finding    %s: %s (%s)\n", printable(finding.what).c_str(),
                    printable(finding.evidence).c_str(), printable(finding.advice).c_str());
    for (const std::string& line : graph.coverage)
        std::printf("coverage   %s\n", printable(line).c_str());
}

void printSheet(const TopologySheet& sheet, PictureFormat format)
{
    const std::string text = sheet.text(format == PictureFormat::Json        ? SheetFormat::Json
                                        : format == PictureFormat::Dot       ? SheetFormat::Dot
                                        : format == PictureFormat::Graphviz  ? SheetFormat::Graphviz
                                        : format == PictureFormat::Cytoscape ? SheetFormat::Cytoscape
                                                                             : SheetFormat::Svg);
    (void)std::fwrite(text.data(), 1, text.size(), stdout); // finishOutput() tells of what cannot be written
}

Result<void> printFlow(FlowGraph graph, PictureFormat format)
{
    if (format == PictureFormat::Text) {
        graph.against ? printChanges(graph) : printText(graph);
        return {};
    }
    auto shared = std::make_shared<const FlowGraph>(std::move(graph));
    if (format == PictureFormat::Json || format == PictureFormat::Dot) {
        auto bare = std::make_shared<FlowPicture>();
        bare->graph = std::move(shared);
        printSheet(flowSheet(std::move(bare)), format);
        return {};
    }
    const auto placed = FlowLayout().place(std::move(shared));
    if (!placed)
        return placed.error();
    printSheet(flowSheet(*placed), format);
    return {};
}

} // namespace weir::cli
