// SPDX-License-Identifier: GPL-3.0-or-later
// A flow as JSON.
#include "core/capture/JsonFields.h"
#include "core/topology/FlowNames.h"
#include "core/topology/FlowText.h"

#include <map>

namespace weir {
namespace {

std::string kindOf(const FlowGraph& graph, const FlowEdge& edge)
{
    return std::string(flowKindName(graph.nodes[edge.from].kind)) + "-" +
           std::string(flowKindName(graph.nodes[edge.to].kind));
}

void addWhatIsKnown(JsonFields& fields, const FlowGraph& graph, const FlowEdge& edge)
{
    fields.text("kind", kindOf(graph, edge));
    fields.number("rate", edge.rate);
    fields.number("bytes_rate", edge.bytesRate);
    fields.text("evidence", flowBasisName(edge.basis));
    fields.time("first_seen", edge.firstSeen);
    fields.time("last_seen", edge.lastSeen);
    fields.count("messages", edge.messages);
    fields.count("bytes", edge.messages ? std::optional(edge.bytes) : std::nullopt);
    fields.count("errors", edge.messages ? std::optional(edge.errors) : std::nullopt);
    fields.micros("latency_p50_us", edge.p50);
    fields.micros("latency_p99_us", edge.p99);
    fields.text("because", edge.because);
    fields.figures(edge.figures);
    if (!graph.against)
        return;
    fields.text("change", flowChangeName(edge.change));
    fields.number("rate_before", edge.rateBefore);
    fields.micros("latency_p99_before_us", edge.p99Before);
}

void addNode(JsonFields& fields, const FlowNode& node)
{
    fields.text("id", node.id);
    fields.text("kind", flowKindName(node.kind));
    fields.text("name", node.name);
    // A name may stand there several times, as a server's tags do; in an object it may not.
    std::map<std::string_view, std::string> facts;
    for (const auto& [name, value] : node.facts) {
        const auto [fact, isFirst] = facts.try_emplace(name, value);
        if (!isFirst)
            fact->second += ", " + value;
    }
    for (const auto& [name, value] : facts)
        fields.text(name, value);
    fields.figures(node.figures);
}

void addRange(JsonFields& fields, std::string& out, const FlowGraph& graph)
{
    fields.time("from", graph.from);
    fields.time("to", graph.to);
    fields.text("filter", graph.filter);
    if (!graph.against)
        return;
    fields.key("against");
    JsonFields against(out);
    against.time("from", graph.against->from);
    against.time("to", graph.against->to);
}

void addRemarks(JsonFields& fields, std::string& out, const FlowGraph& graph)
{
    fields.texts("coverage", graph.coverage);
    fields.list("findings", graph.findings, [&out](const FlowFinding& found) {
        JsonFields finding(out);
        finding.text("kind", found.kind);
        finding.text("node", found.node);
        finding.text("what", found.what);
        finding.text("evidence", found.evidence);
        finding.text("advice", found.advice);
    });
}

} // namespace

std::string flowJson(const FlowGraph& graph)
{
    std::string out;
    {
        JsonFields fields(out);
        addRange(fields, out, graph);
        fields.list("nodes", graph.nodes, [&](const FlowNode& each) {
            JsonFields node(out);
            addNode(node, each);
            if (graph.against)
                node.text("change", flowChangeName(each.change));
        });
        fields.list("edges", graph.edges, [&](const FlowEdge& each) {
            JsonFields edge(out);
            edge.text("from", graph.nodes[each.from].id);
            edge.text("to", graph.nodes[each.to].id);
            addWhatIsKnown(edge, graph, each);
        });
        addRemarks(fields, out, graph);
    }
    return out;
}

std::string flowCytoscape(const FlowPicture& picture)
{
    const FlowGraph& graph = *picture.graph;
    // What stands nowhere is left to Cytoscape.js to place.
    const bool placed = !picture.places.empty();
    std::size_t index = 0;
    const auto addCytoscapeNode = [&](std::string& out, const FlowNode& each) {
        JsonFields element(out);
        element.key("data");
        {
            JsonFields data(out);
            addNode(data, each);
            data.text("label", harmlessName(flowNodeText(each)));
        }
        if (!placed)
            return;
        element.key("position");
        const FlowPlace& place = picture.places[index++];
        JsonFields position(out);
        position.number("x", place.x);
        position.number("y", place.y);
    };
    std::size_t edges = 0;
    const auto addCytoscapeEdge = [&](std::string& out, const FlowEdge& each) {
        JsonFields element(out);
        element.key("data");
        JsonFields data(out);
        data.text("id", "edge:" + std::to_string(edges++));
        data.text("source", graph.nodes[each.from].id);
        data.text("target", graph.nodes[each.to].id);
        addWhatIsKnown(data, graph, each);
    };
    std::string out;
    {
        JsonFields whole(out);
        whole.key("data");
        {
            JsonFields data(out);
            addRange(data, out, graph);
            addRemarks(data, out, graph);
        }
        if (placed) {
            whole.key("layout");
            JsonFields layout(out);
            layout.text("name", "preset");
        }
        whole.key("elements");
        JsonFields elements(out);
        elements.list("nodes", graph.nodes, [&](const FlowNode& each) { addCytoscapeNode(out, each); });
        elements.list("edges", graph.edges, [&](const FlowEdge& each) { addCytoscapeEdge(out, each); });
    }
    return out;
}

} // namespace weir
