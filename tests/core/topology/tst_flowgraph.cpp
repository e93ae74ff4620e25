// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/latency/Histogram.h"
#include "core/topology/FlowSums.h"
#include "core/topology/FlowText.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace weir;
using namespace std::chrono_literals;

namespace {

FlowNode nodeOf(const std::string& id, FlowKind kind = FlowKind::Pop)
{
    FlowNode node;
    node.id = id;
    node.kind = kind;
    node.name = id;
    return node;
}

/// A slot of one second with one cell a key, all messages of 1 ms but the last of each, of 100 ms.
RollupSlot slotOf(std::int64_t second, const std::vector<RollupKey>& keys, std::uint32_t count)
{
    RollupSlot slot{second, 1, 1, 1, {}, {}};
    for (const RollupKey& key : keys) {
        RollupCell cell;
        cell.key = key;
        cell.count = count;
        cell.bytes = count * 10ULL;
        cell.errors = 1;
        cell.longest = 100ms;
        cell.begin = static_cast<std::uint32_t>(slot.buckets.size());
        slot.buckets.push_back({HistogramScale::indexOf(1000), count - 1});
        slot.buckets.push_back({HistogramScale::indexOf(100'000), 1});
        cell.end = static_cast<std::uint32_t>(slot.buckets.size());
        slot.cells.push_back(cell);
    }
    return slot;
}

} // namespace

class TestFlowGraph : public QObject
{
    Q_OBJECT
private slots:
    void assembles();
    void drawsTheWayOfMessages();
    void passesOverWhatIsNotTold();
    void leavesOutReplies();
    void writesJson();
    void writesDotWithAnyName();
};

void TestFlowGraph::assembles()
{
    FlowAssembly assembly;
    FlowNode again = nodeOf("b");
    again.facts.emplace_back("account", "EDGE");
    FlowEdge first;
    first.because = "first";
    FlowEdge second;
    second.because = "second";
    assembly.edge("a", "b", first);
    assembly.edge("a", "b", second);
    assembly.edge("a", "nobody", second);
    assembly.node(nodeOf("b"));
    assembly.node(nodeOf("a"));
    assembly.node(again);
    const FlowGraph graph = assembly.take();
    QCOMPARE(graph.nodes.size(), std::size_t{2});
    QCOMPARE(graph.nodes[1].facts.size(), std::size_t{1});
    QCOMPARE(graph.edges.size(), std::size_t{1});
    QCOMPARE(graph.edges[0].because, std::string("first"));
    QCOMPARE(graph.find("b"), std::optional<std::uint32_t>(1));
    QVERIFY(!graph.find("c"));
    QVERIFY(assembly.take().nodes.empty());
}

void TestFlowGraph::drawsTheWayOfMessages()
{
    Names names;
    const RollupKey key{
        names.pops.intern("FRA"), names.workers.intern("checkout"),
        names.identities.intern({"worker:checkout", "lab", Evidence::Verified, {}, {}, {}, {}, {}}),
        names.groups.intern("orders.*.created")};
    FlowSums sums;
    sums.add(slotOf(1000, {key}, 50));
    sums.add(slotOf(1009, {key}, 50));
    FlowAssembly assembly;
    QCOMPARE(sums.assemble(names, names.groups, 10s, assembly), std::uint64_t{0});
    const FlowGraph graph = assembly.take();
    QCOMPARE(graph.nodes.size(), std::size_t{4});
    QCOMPARE(graph.edges.size(), std::size_t{3});
    for (const FlowEdge& edge : graph.edges) {
        QVERIFY(edge.basis == FlowBasis::Observed);
        QCOMPARE(edge.messages, std::optional<std::uint64_t>(100));
        QCOMPARE(edge.rate, std::optional<double>(10));
        QCOMPARE(edge.bytesRate, std::optional<double>(100));
        QCOMPARE(edge.errors, std::uint64_t{2});
        QVERIFY(edge.p50 >= 1ms && edge.p50 < 1010us);
        QVERIFY(edge.p99 >= 1ms && edge.p99 <= 100ms);
        QCOMPARE(edge.firstSeen, Timestamp(1000s));
        QCOMPARE(edge.lastSeen, Timestamp(1010s));
    }
    const auto identity = graph.find("identity:worker:checkout");
    QVERIFY(identity);
    QCOMPARE(graph.nodes[*identity].facts.front().second, std::string("verified"));
}

void TestFlowGraph::passesOverWhatIsNotTold()
{
    Names names;
    const GroupId group = names.groups.intern("a");
    const RollupKey noWorker{names.pops.intern("FRA"), {}, {}, group};
    const RollupKey nothing{{}, {}, {}, group};
    FlowSums sums;
    sums.add(slotOf(1, {noWorker, nothing}, 5));
    FlowAssembly assembly;
    (void)sums.assemble(names, names.groups, 0s, assembly);
    const FlowGraph graph = assembly.take();
    QCOMPARE(graph.edges.size(), std::size_t{2});
    QVERIFY(graph.find("pop:FRA") && graph.find("identity:") && graph.find("subjects:a"));
    QCOMPARE(flowNodeLabel(graph.nodes[*graph.find("identity:")]), std::string("publisher unknown"));
    QVERIFY(!graph.edges[0].rate); // nobody knows how long
}

void TestFlowGraph::leavesOutReplies()
{
    Names names;
    const RollupKey inbox{{}, {}, {}, names.groups.intern("_INBOX.>")};
    const RollupKey api{{}, {}, {}, names.groups.intern("$JS.API.STREAM.INFO.>")};
    FlowSums sums;
    sums.add(slotOf(1, {inbox, api}, 5));
    FlowAssembly assembly;
    QCOMPARE(sums.assemble(names, names.groups, 1s, assembly), std::uint64_t{10});
    QVERIFY(assembly.take().nodes.empty());
}

void TestFlowGraph::writesJson()
{
    FlowGraph graph;
    graph.from = Timestamp(10s);
    graph.nodes = {nodeOf("pop:FRA"), nodeOf("subjects:a\n\"", FlowKind::SubjectGroup)};
    graph.nodes[0].facts.emplace_back("account", "EDGE");
    FlowEdge edge;
    edge.to = 1;
    edge.rate = 2.5;
    graph.edges = {edge};
    graph.coverage = {"half"};
    graph.findings = {{"no_listener", "pop:FRA", "a", "b", "c"}};
    QJsonParseError error{};
    const QJsonObject json =
        QJsonDocument::fromJson(QByteArray::fromStdString(flowJson(graph)), &error).object();
    QVERIFY2(error.error == QJsonParseError::NoError, qPrintable(error.errorString()));
    QCOMPARE(json["nodes"].toArray().at(0).toObject()["account"].toString(), QString("EDGE"));
    QCOMPARE(json["nodes"].toArray().at(1).toObject()["kind"].toString(), QString("subjects"));
    const QJsonObject line = json["edges"].toArray().at(0).toObject();
    QCOMPARE(line["from"].toString(), QString("pop:FRA"));
    QCOMPARE(line["to"].toString(), QString("subjects:a\n\""));
    QCOMPARE(line["kind"].toString(), QString("pop-subjects"));
    QCOMPARE(line["rate"].toDouble(), 2.5);
    QVERIFY(line["bytes_rate"].isNull() && line["messages"].isNull() && line["first_seen"].isNull());
    QCOMPARE(line["evidence"].toString(), QString("observed"));
    QCOMPARE(json["coverage"].toArray().at(0).toString(), QString("half"));
    QCOMPARE(json["findings"].toArray().at(0).toObject()["advice"].toString(), QString("c"));
    QCOMPARE(json["from"].toString(), QString("1970-01-01T00:00:10.000000000Z"));
    QVERIFY(json["to"].isNull());
}

void TestFlowGraph::writesDotWithAnyName()
{
    FlowGraph graph;
    graph.nodes = {nodeOf("pop:\"];evil[\x01\\"), nodeOf("worker:w", FlowKind::Worker)};
    FlowEdge edge;
    edge.to = 1;
    edge.basis = FlowBasis::Inferred;
    graph.edges = {edge};
    const std::string dot = flowDot(graph);
    QVERIFY(dot.find("\"pop:\\\"];evil[\\\\x01\\\\\" -> \"worker:w\"") != std::string::npos);
    QVERIFY(dot.find("style=dotted") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestFlowGraph)
#include "tst_flowgraph.moc"
