// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir {

/// What a node is. The flow's stand first, in the order in which messages pass: the layers of its picture
/// follow it.
enum class FlowKind : std::uint8_t {
    Pop,
    Worker,
    Identity,
    SubjectGroup, ///< see subjectGroup()
    Stream,
    Consumer,   ///< of a stream
    QueueGroup, ///< of an account, by its name
    Client,     ///< a connection that takes messages
    Region,     ///< a place where servers stand
    Cluster,    ///< of servers, by its name
    Gateway,    ///< a cluster of which only the gateways of others tell, by its name
    Server,
    LeafNode, ///< a server that is connected to one of a cluster as its leaf
    Account,  ///< all of the flow that belongs to it, drawn as one: behind the others (see groupedFlow())
};
inline constexpr FlowKind kLastFlowKind = FlowKind::Account;
inline constexpr FlowKind kLastFlowColumn = FlowKind::Client; ///< of those that pass messages on one by one
[[nodiscard]] std::string_view flowKindName(FlowKind kind);

/// How an edge is known.
enum class FlowBasis : std::uint8_t {
    Observed, ///< messages were seen to pass
    Declared, ///< the broker says that they would: a stream's subjects, a subscription
    Inferred, ///< the only one who may
    Traced,   ///< a probe that is not delivered went that way
};
[[nodiscard]] std::string_view flowBasisName(FlowBasis basis);

/// What became of a part since an earlier graph (see compareFlows()).
enum class FlowChange : std::uint8_t {
    Same,
    Appeared,
    Vanished,
    Changed, ///< an edge's rate or p99
};
[[nodiscard]] std::string_view flowChangeName(FlowChange change);

struct FlowNode
{
    std::string id; ///< unique, and the same from look to look: `pop:FRA`, `stream:EDGE/ORDERS`
    FlowKind kind = FlowKind::Pop;
    std::string name; ///< as its owner gave it, any bytes; empty: nobody says
    std::vector<std::pair<std::string, std::string>> facts; ///< what else is known: `account`, `evidence`, …
    FlowChange change = FlowChange::Same;
    std::uint64_t together = 0; ///< more than one: it stands for so many nodes (see groupedFlow())
    /// What is measured of it, in units that the names end with: `rate`, `latency_p99_us`.
    std::vector<std::pair<std::string, double>> figures = {};
    bool operator==(const FlowNode&) const = default;
};

/// Says of a node that it is there no more.
void addGone(FlowNode& node, Timestamp lastSeen);

/// Messages of one range that went from one node to the next. Where only the broker declares the way,
/// messages is absent: nobody counted.
struct FlowEdge
{
    std::uint32_t from = 0; ///< index of a node
    std::uint32_t to = 0;
    FlowBasis basis = FlowBasis::Observed;
    std::string because; ///< what that rests on, in words
    std::optional<std::uint64_t> messages;
    std::uint64_t bytes = 0; ///< headers and payloads
    std::uint64_t errors = 0;
    std::optional<double> rate;      ///< messages a second
    std::optional<double> bytesRate; ///< bytes a second
    Nanoseconds p50 = kNoDuration;   ///< of the messages' latencies; at most 0.8 % above the true value
    Nanoseconds p99 = kNoDuration;
    Timestamp firstSeen = kNoTime; ///< in the range, to the second
    Timestamp lastSeen = kNoTime;
    FlowChange change = FlowChange::Same;
    std::optional<double> rateBefore; ///< where it changed
    Nanoseconds p99Before = kNoDuration;
    std::vector<std::pair<std::string, double>> figures = {}; ///< what else is measured of it, as a node's
};

/// The range of an earlier graph.
struct FlowSpan
{
    Timestamp from = kNoTime;
    Timestamp to = kNoTime;
};

/// Reply subjects and the system's own: no part of anybody's flow.
[[nodiscard]] bool isSystemSubject(std::string_view subject);

/// Something on the graph that asks for a look.
struct FlowFinding
{
    std::string kind; ///< `no_listener`, `falling_behind`, …
    std::string node; ///< id
    std::string what;
    std::string evidence;
    std::string advice;
};

/// From PoP to consumer, as it was in [from, to). Nodes ascend by id, edges by (from, to), each once: two
/// graphs are compared by walking both. Immutable once made.
struct FlowGraph
{
    Timestamp from = kNoTime;
    Timestamp to = kNoTime;
    std::string filter;              ///< as written, of the messages that it was made of; empty: all
    std::optional<FlowSpan> against; ///< what it was compared with; then it has what vanished, too
    std::vector<FlowNode> nodes;
    std::vector<FlowEdge> edges;
    std::vector<std::string> coverage; ///< what the graph was made of, and what it cannot know
    std::vector<FlowFinding> findings;

    /// Index of the node with this id.
    [[nodiscard]] std::optional<std::uint32_t> find(std::string_view id) const;
};

/// Makes a FlowGraph out of nodes and edges in any order, each given as often as wanted: what is given first
/// stands, facts are added.
class FlowAssembly
{
public:
    void node(FlowNode node);
    /// `from` and `to` are ids of nodes that were, or will be, given.
    void edge(const std::string& from, const std::string& to, FlowEdge edge);
    /// Edges to nodes that nobody gave are left out.
    [[nodiscard]] FlowGraph take();

private:
    struct Line
    {
        std::string from;
        std::string to;
        FlowEdge edge;
    };
    std::vector<FlowNode> m_nodes;
    std::vector<Line> m_lines;
};

} // namespace weir
