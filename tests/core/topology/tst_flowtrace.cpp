// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/NatsOptions.h"
#include "core/topology/FlowText.h"
#include "core/topology/FlowTrace.h"

#include <QSet>
#include <QTest>

using namespace weir;
using namespace std::chrono_literals;

namespace {

TraceEgress clientOf(const std::string& name, const std::string& queue = {}, const std::string& error = {})
{
    TraceEgress egress;
    egress.kind = "client";
    egress.cid = 7;
    egress.name = name;
    egress.subscription = "orders.>";
    egress.queue = queue;
    egress.error = error;
    return egress;
}

/// Subjects, and a client that the broker declares.
FlowGraph graphOf()
{
    FlowAssembly assembly;
    assembly.node({"subjects:orders.*", FlowKind::SubjectGroup, "orders.*", {}});
    assembly.node({"client:home/ledger", FlowKind::Client, "ledger", {{"account", "home"}}});
    FlowEdge declared;
    declared.basis = FlowBasis::Declared;
    declared.because = "subscription to orders.>";
    declared.rate = 12;
    assembly.edge("subjects:orders.*", "client:home/ledger", declared);
    FlowGraph graph = assembly.take();
    graph.filter = "pop:FRA";
    graph.coverage = {"half"};
    return graph;
}

TracedWay wayTo(std::vector<TraceEgress> egresses)
{
    MessageWay way;
    way.subject = "orders.eu";
    way.time = Timestamp(10s);
    TraceHop hop;
    hop.serverId = "NS1";
    hop.account = "HOME";
    hop.egresses = std::move(egresses);
    way.hops.push_back(std::move(hop));
    return {"subjects:orders.*", std::make_shared<const MessageWay>(way)};
}

BrokerLook lookOf()
{
    BrokerLook look;
    look.accounts = {{"HOME", "home", false, {}}};
    return look;
}

QSet<QString> tracedLines(const FlowGraph& graph)
{
    QSet<QString> lines;
    for (const FlowEdge& edge : graph.edges) {
        if (edge.basis == FlowBasis::Traced)
            lines << QString::fromStdString(graph.nodes[edge.from].id + " > " + graph.nodes[edge.to].id);
    }
    return lines;
}

} // namespace

class TestFlowTrace : public QObject
{
    Q_OBJECT
private slots:
    void marksWhatIsThere();
    void addsWhatIsNot();
    void leavesOutWhatWasNotGiven();
    void changesNothingElsewhere();
};

void TestFlowTrace::marksWhatIsThere()
{
    const BrokerLook look = lookOf();
    const FlowGraph graph = withWay(graphOf(), wayTo({clientOf("ledger")}), &look);
    QCOMPARE(graph.nodes.size(), std::size_t{2});
    QCOMPARE(graph.edges.size(), std::size_t{1});
    QVERIFY(graph.edges[0].basis == FlowBasis::Traced);
    QCOMPARE(graph.edges[0].rate, std::optional<double>(12));
    const std::string& because = graph.edges[0].because;
    QVERIFY2(
        because.starts_with("traced 1970-01-01T00:00:10.000000000Z with a probe to orders.eu: subscription"),
        because.c_str());
    QVERIFY2(because.ends_with("besides, declared: subscription to orders.>"), because.c_str());
    QVERIFY(flowJson(graph).find("\"evidence\":\"traced\"") != std::string::npos);
    QVERIFY(graph.filter == "pop:FRA" && graph.coverage.size() == 1);
}

void TestFlowTrace::addsWhatIsNot()
{
    const BrokerLook look = lookOf();
    TracedWay traced = wayTo({clientOf(""), clientOf("w1", "workers")});
    MessageWay way = *traced.way;
    way.hops[0].stream = TraceStream{"ORDERS", "orders.eu", false, {}, kNoTime};
    way.lacks = {"server s2 did not tell"};
    traced.way = std::make_shared<const MessageWay>(way);
    const FlowGraph graph = withWay(graphOf(), traced, &look);
    QCOMPARE(
        tracedLines(graph),
        (QSet<QString>{"subjects:orders.* > client:home/NS1/7", "subjects:orders.* > queue:home/workers",
                       "queue:home/workers > client:home/w1", "subjects:orders.* > stream:home/ORDERS"}));
    QCOMPARE(graph.nodes[*graph.find("client:home/NS1/7")].name, std::string("connection 7"));
    QCOMPARE(graph.coverage.back(), std::string("tracing orders.eu: server s2 did not tell"));
}

void TestFlowTrace::leavesOutWhatWasNotGiven()
{
    TraceEgress route = clientOf("s2");
    route.kind = "route";
    TracedWay traced =
        wayTo({clientOf("denied", {}, "Not delivered because of no echo"), clientOf(kNatsClientName), route});
    MessageWay way = *traced.way;
    way.hops[0].stream = TraceStream{"ORDERS", "orders.eu", true, {}, kNoTime};
    traced.way = std::make_shared<const MessageWay>(way);
    const FlowGraph graph = withWay(graphOf(), traced, nullptr);
    QVERIFY(tracedLines(graph).isEmpty());
    QCOMPARE(graph.nodes.size(), std::size_t{2});
}

void TestFlowTrace::changesNothingElsewhere()
{
    TracedWay traced = wayTo({clientOf("ledger")});
    traced.node = "subjects:media.*"; // not drawn
    QVERIFY(tracedLines(withWay(graphOf(), traced, nullptr)).isEmpty());
    QVERIFY(tracedLines(withWay(graphOf(), {"subjects:orders.*", nullptr}, nullptr)).isEmpty());
}

QTEST_GUILESS_MAIN(TestFlowTrace)
#include "tst_flowtrace.moc"
