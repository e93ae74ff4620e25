// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowText.h"

#include "core/capture/MessageJson.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace weir {
namespace {

constexpr double kThinnest = 1;
constexpr double kThickest = 7;

std::string numberText(double number)
{
    std::array<char, 32> text{};
    const int size = std::snprintf(text.data(), text.size(), "%.6g", number);
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
    out += ",\"";
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

void appendEdge(std::string& out, const FlowGraph& graph, const FlowEdge& edge)
{
    Fields fields(out);
    fields.text("from", graph.nodes[edge.from].id);
    fields.text("to", graph.nodes[edge.to].id);
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
}

std::string quoted(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        // Graphviz takes UTF-8 and no control characters; `\n` and the like would be its own escapes.
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
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
    }
    return "solid";
}

} // namespace

std::string flowNodeLabel(const FlowNode& node)
{
    if (!node.name.empty())
        return node.name;
    return node.kind == FlowKind::Identity ? "publisher unknown" : "(others)";
}

std::string flowRateText(const std::optional<double>& rate)
{
    if (!rate)
        return {};
    const bool thousands = *rate >= 1000;
    std::array<char, 32> text{};
    const int size = std::snprintf(text.data(), text.size(), "%.3g%s/s", thousands ? *rate / 1000 : *rate,
                                   thousands ? " k" : "");
    return {text.data(), static_cast<std::size_t>(size)};
}

std::string flowJson(const FlowGraph& graph)
{
    std::string out;
    {
        Fields head(out);
        head.time("from", graph.from);
        head.time("to", graph.to);
    }
    out.pop_back(); // the lists come into the same object
    appendList(out, "nodes", graph.nodes, [&out](const FlowNode& node) {
        Fields fields(out);
        fields.text("id", node.id);
        fields.text("kind", flowKindName(node.kind));
        fields.text("name", node.name);
        for (const auto& [name, value] : node.facts)
            fields.text(name, value);
    });
    appendList(out, "edges", graph.edges, [&](const FlowEdge& edge) { appendEdge(out, graph, edge); });
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
    return out + "}";
}

std::string flowDot(const FlowGraph& graph)
{
    double most = 0;
    for (const FlowEdge& edge : graph.edges)
        most = std::max(most, edge.rate.value_or(0));
    std::string out = "digraph flow {\n  rankdir=LR;\n  node [fontname=\"sans-serif\", fontsize=10];\n"
                      "  edge [fontname=\"sans-serif\", fontsize=8];\n";
    for (const FlowNode& node : graph.nodes)
        out += "  " + quoted(node.id) + " [label=" + quoted(flowNodeLabel(node)) +
               ", shape=" + std::string(shapeOf(node.kind)) + "];\n";
    for (const FlowEdge& edge : graph.edges) {
        const double share = most > 0 ? std::sqrt(edge.rate.value_or(0) / most) : 0;
        out += "  " + quoted(graph.nodes[edge.from].id) + " -> " + quoted(graph.nodes[edge.to].id) +
               " [style=" + std::string(styleOf(edge.basis)) +
               ", penwidth=" + numberText(kThinnest + (kThickest - kThinnest) * share) +
               ", label=" + quoted(flowRateText(edge.rate)) + "];\n";
    }
    return out + "}\n";
}

} // namespace weir
