// SPDX-License-Identifier: GPL-3.0-or-later
// A flow in Graphviz's language.
#include "core/capture/JsonFields.h"
#include "core/topology/FlowNames.h"
#include "core/topology/FlowSvgText.h"
#include "core/topology/FlowText.h"
#include "core/topology/FlowWeights.h"

#include <array>
#include <cstdio>

namespace weir {
namespace {

constexpr double kSlimmer = 0.7; // points for a pixel of the window's lines
constexpr std::size_t kWhole = 8192;

/// Graphviz takes UTF-8 without control characters; `\n` and the like would be its own escapes.
std::string quoted(std::string_view text)
{
    std::string out = "\"";
    for (const char c : harmlessName(text, kWhole)) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + '"';
}

std::string_view shapeOf(FlowKind kind)
{
    switch (kind) {
    case FlowKind::Pop:
    case FlowKind::LeafNode:
        return "oval";
    case FlowKind::Worker:
    case FlowKind::Client:
    case FlowKind::Account:
        return "box";
    case FlowKind::Identity:
        return "hexagon";
    case FlowKind::SubjectGroup:
        return "plaintext";
    case FlowKind::Stream:
        return "cylinder";
    case FlowKind::Consumer:
        return "cds";
    case FlowKind::QueueGroup:
        return "folder";
    case FlowKind::Region:
    case FlowKind::Cluster:
        return "tab";
    case FlowKind::Gateway:
        return "house";
    case FlowKind::Server:
        return "box3d";
    }
    return "box";
}

std::string_view styleOf(FlowBasis basis)
{
    switch (basis) {
    case FlowBasis::Observed:
        return "solid";
    case FlowBasis::Declared:
        return "dashed";
    case FlowBasis::Inferred:
        return "dotted";
    case FlowBasis::Traced:
        return "bold";
    }
    return "solid";
}

std::string penWidth(double width)
{
    std::array<char, 32> text{};
    const int size = std::snprintf(text.data(), text.size(), "%.3g", width * kSlimmer);
    return {text.data(), static_cast<std::size_t>(size)};
}

/// What the graph is of and what it lacks, as its title: each a line, on the left.
std::string titleOf(const FlowGraph& graph)
{
    std::string out = "\"";
    for (const std::string& line : flowRemarks(graph)) {
        const std::string text = quoted(line);
        out += text.substr(1, text.size() - 2) + "\\l";
    }
    return out + '"';
}

/// The nodes of a kind stand in one column.
std::string rankOf(const FlowGraph& graph, FlowKind kind)
{
    std::string out;
    for (const FlowNode& node : graph.nodes) {
        if (node.kind == kind)
            out += " " + quoted(node.id) + ";";
    }
    return out.empty() ? out : "  { rank=same;" + out + " }\n";
}

} // namespace

std::string flowDot(const FlowGraph& graph)
{
    std::string out = "digraph flow {\n  rankdir=LR;\n  labelloc=b;\n  labeljust=l;\n"
                      "  graph [fontname=\"sans-serif\", fontsize=9, label=" +
                      titleOf(graph) +
                      "];\n  node [fontname=\"sans-serif\", fontsize=10];\n"
                      "  edge [fontname=\"sans-serif\", fontsize=8];\n";
    const std::vector<char> marks = flowMarks(graph);
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const FlowNode& node = graph.nodes[i];
        out += "  " + quoted(node.id) + " [label=" + quoted(flowNodeText(node)) +
               ", shape=" + std::string(shapeOf(node.kind)) +
               (marks[i] != 0 ? ", fontcolor=\"#855000\", color=\"#855000\"" : "") + "];\n";
    }
    for (std::size_t kind = 0; kind <= static_cast<std::size_t>(kLastFlowKind); ++kind)
        out += rankOf(graph, static_cast<FlowKind>(kind));
    const std::vector<double> widths = flowWidths(graph);
    const std::vector<char> warnings = flowWarnings(graph);
    for (std::size_t i = 0; i < graph.edges.size(); ++i) {
        const FlowEdge& edge = graph.edges[i];
        out += "  " + quoted(graph.nodes[edge.from].id) + " -> " + quoted(graph.nodes[edge.to].id) +
               " [style=" + std::string(styleOf(edge.basis)) + ", penwidth=" + penWidth(widths[i]) +
               (warnings[i] != 0 ? ", color=\"#855000\"" : "") + ", label=" + quoted(flowEdgeText(edge)) +
               ", tooltip=" + quoted(edge.because) + "];\n";
    }
    return out + "}\n";
}

std::string flowGraphviz(const FlowPicture& picture)
{
    const FlowGraph& graph = *picture.graph;
    const std::vector<char> marks = flowMarks(graph);
    const std::vector<double> widths = flowWidths(graph);
    const std::vector<char> warnings = flowWarnings(graph);
    std::string out;
    std::size_t at = 0;
    const auto addNode = [&](const FlowNode& node) {
        JsonFields object(out);
        object.count("_gvid", at);
        object.text("name", node.id);
        object.text("label", harmlessName(flowNodeText(node)));
        object.text("shape", shapeOf(node.kind));
        object.text("kind", flowKindName(node.kind));
        if (marks[at] != 0)
            object.text("color", kSvgWarning);
        if (!picture.places.empty()) // Graphviz counts upwards
            object.text("pos", svgNumber(picture.places[at].x) + "," +
                                   svgNumber(picture.bottom - picture.places[at].y));
        ++at;
    };
    const auto addEdge = [&](const FlowEdge& each) {
        JsonFields edge(out);
        edge.count("_gvid", at);
        edge.count("tail", each.from);
        edge.count("head", each.to);
        edge.text("label", flowEdgeText(each));
        edge.text("style", styleOf(each.basis));
        edge.text("penwidth", penWidth(widths[at]));
        edge.text("evidence", flowBasisName(each.basis));
        edge.text("tooltip", harmlessName(each.because));
        if (warnings[at] != 0)
            edge.text("color", kSvgWarning);
        ++at;
    };
    {
        JsonFields whole(out);
        whole.text("name", "flow");
        whole.truth("directed", true);
        whole.truth("strict", false);
        whole.text("rankdir", "LR");
        std::string title;
        for (const std::string& line : flowRemarks(graph))
            title += harmlessName(line) + "\\l";
        whole.text("label", title);
        whole.count("_subgraph_cnt", 0);
        whole.list("objects", graph.nodes, addNode);
        at = 0;
        whole.list("edges", graph.edges, addEdge);
    }
    return out;
}

} // namespace weir
