// SPDX-License-Identifier: GPL-3.0-or-later
// A flow as JSON.
#include "core/capture/MessageJson.h"
#include "core/topology/FlowNames.h"
#include "core/topology/FlowText.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <map>

namespace weir {
namespace {

std::string numberText(double number)
{
    std::array<char, 32> text{};
    const int size = std::snprintf(text.data(), text.size(), "%.6g", number);
    return {text.data(), static_cast<std::size_t>(size)};
}

std::string wholeText(double number)
{
    std::array<char, 400> text{};
    const int size = std::snprintf(text.data(), text.size(), "%.0f", number);
    return {text.data(), static_cast<std::size_t>(size)};
}

/// One JSON object, field by field.
class Fields
{
public:
    explicit Fields(std::string& out) : m_out(out) { m_out += '{'; }
    ~Fields() { m_out += '}'; }
    Fields(const Fields&) = delete;
    Fields& operator=(const Fields&) = delete;

    void text(std::string_view name, std::string_view value)
    {
        key(name);
        appendJsonString(m_out, value);
    }
    void number(std::string_view name, const std::optional<double>& value)
    {
        key(name);
        m_out += value ? numberText(*value) : "null";
    }
    void count(std::string_view name, const std::optional<std::uint64_t>& value)
    {
        key(name);
        m_out += value ? std::to_string(*value) : "null";
    }
    void micros(std::string_view name, Nanoseconds value)
    {
        key(name);
        m_out += value == kNoDuration ? "null" : std::to_string(value.count() / 1000);
    }
    void time(std::string_view name, Timestamp value)
    {
        key(name);
        m_out += value == kNoTime ? "null" : '"' + formatRfc3339(value) + '"';
    }

    /// Counts to the last digit.
    void figures(const std::vector<std::pair<std::string, double>>& all)
    {
        for (const auto& [name, value] : all) {
            key(name);
            m_out += value == std::floor(value) ? wholeText(value) : numberText(value);
        }
    }

private:
    void key(std::string_view name)
    {
        m_out += m_first ? "\"" : ",\"";
        m_first = false;
        m_out += name;
        m_out += "\":";
    }
    std::string& m_out;
    bool m_first = true;
};

/// `"name":[…]`, each element by `append`.
template<typename Range, typename Append>
void appendList(std::string& out, std::string_view name, const Range& range, Append&& append)
{
    out += out.back() == '{' ? "\"" : ",\"";
    out += name;
    out += "\":[";
    const char* comma = "";
    for (const auto& each : range) {
        out += comma;
        append(each);
        comma = ",";
    }
    out += ']';
}

std::string kindOf(const FlowGraph& graph, const FlowEdge& edge)
{
    return std::string(flowKindName(graph.nodes[edge.from].kind)) + "-" +
           std::string(flowKindName(graph.nodes[edge.to].kind));
}

void addWhatIsKnown(Fields& fields, const FlowGraph& graph, const FlowEdge& edge)
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

void addNode(Fields& fields, const FlowNode& node)
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

/// `"from":…,"to":…,"filter":…`, an object that is not closed yet.
void openGraph(std::string& out, const FlowGraph& graph)
{
    {
        Fields head(out);
        head.time("from", graph.from);
        head.time("to", graph.to);
        head.text("filter", graph.filter);
    }
    out.pop_back(); // the lists come into the same object
    if (!graph.against)
        return;
    out += ",\"against\":";
    Fields against(out);
    against.time("from", graph.against->from);
    against.time("to", graph.against->to);
}

void appendRemarks(std::string& out, const FlowGraph& graph)
{
    appendList(out, "coverage", graph.coverage,
               [&out](const std::string& text) { appendJsonString(out, text); });
    appendList(out, "findings", graph.findings, [&out](const FlowFinding& finding) {
        Fields fields(out);
        fields.text("kind", finding.kind);
        fields.text("node", finding.node);
        fields.text("what", finding.what);
        fields.text("evidence", finding.evidence);
        fields.text("advice", finding.advice);
    });
}

} // namespace

std::string flowJson(const FlowGraph& graph)
{
    std::string out;
    openGraph(out, graph);
    appendList(out, "nodes", graph.nodes, [&](const FlowNode& node) {
        Fields fields(out);
        addNode(fields, node);
        if (graph.against)
            fields.text("change", flowChangeName(node.change));
    });
    appendList(out, "edges", graph.edges, [&](const FlowEdge& edge) {
        Fields fields(out);
        fields.text("from", graph.nodes[edge.from].id);
        fields.text("to", graph.nodes[edge.to].id);
        addWhatIsKnown(fields, graph, edge);
    });
    appendRemarks(out, graph);
    return out + "}";
}

std::string flowCytoscape(const FlowPicture& picture)
{
    const FlowGraph& graph = *picture.graph;
    std::string out = "{\"data\":";
    openGraph(out, graph);
    appendRemarks(out, graph);
    // What stands nowhere is left to Cytoscape.js to place.
    const bool placed = !picture.places.empty();
    out += placed ? "},\"layout\":{\"name\":\"preset\"},\"elements\":{" : "},\"elements\":{";
    std::size_t index = 0;
    appendList(out, "nodes", graph.nodes, [&](const FlowNode& node) {
        out += "{\"data\":";
        {
            Fields data(out);
            addNode(data, node);
            data.text("label", harmlessName(flowNodeText(node)));
        }
        if (placed) {
            out += ",\"position\":";
            const FlowPlace& place = picture.places[index++];
            Fields position(out);
            position.number("x", place.x);
            position.number("y", place.y);
        }
        out += '}';
    });
    index = 0;
    appendList(out, "edges", graph.edges, [&](const FlowEdge& edge) {
        out += "{\"data\":";
        {
            Fields data(out);
            data.text("id", "edge:" + std::to_string(index++));
            data.text("source", graph.nodes[edge.from].id);
            data.text("target", graph.nodes[edge.to].id);
            addWhatIsKnown(data, graph, edge);
        }
        out += '}';
    });
    return out + "}}";
}

} // namespace weir
