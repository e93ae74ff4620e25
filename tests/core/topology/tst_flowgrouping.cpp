// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowGrouping.h"
#include "tests/core/topology/NamedNode.h"

#include <QtTest>

using namespace weir;
using weir::test::nodeOf;
using namespace std::chrono_literals;

/// Nodes drawn together carry what they carried apart.
class FlowGroupingTest : public QObject
{
    Q_OBJECT

private slots:
    void addsUp();
    void takesSubjectsByTheirFirstToken();
    void leavesWhatIsAlone();
    void movesFindings();
    void drawsAccountsAsOne();
};

namespace {

FlowEdge edgeOf(double rate, Nanoseconds p99, FlowBasis basis = FlowBasis::Observed)
{
    FlowEdge edge;
    edge.rate = rate;
    edge.messages = static_cast<std::uint64_t>(rate * 10);
    edge.bytes = 100;
    edge.errors = 1;
    edge.p99 = p99;
    edge.basis = basis;
    edge.because = "seen";
    return edge;
}

FlowGraph graph()
{
    FlowAssembly assembly;
    for (const char* pop : {"FRA", "GRU"})
        assembly.node(nodeOf(FlowKind::Pop, pop));
    assembly.node(nodeOf(FlowKind::Worker, "shop"));
    for (const char* subject : {"orders.new", "orders.paid", "auth.login"})
        assembly.node(nodeOf(FlowKind::SubjectGroup, subject));
    assembly.edge("pop:FRA", "worker:shop", edgeOf(10, 5ms));
    assembly.edge("pop:GRU", "worker:shop", edgeOf(30, 50ms, FlowBasis::Declared));
    assembly.edge("worker:shop", "subjects:orders.new", edgeOf(20, kNoDuration));
    assembly.edge("worker:shop", "subjects:orders.paid", edgeOf(15, 7ms));
    assembly.edge("worker:shop", "subjects:auth.login", edgeOf(5, 1ms));
    return assembly.take();
}

const FlowEdge* find(const FlowGraph& graph, const std::string& from, const std::string& to)
{
    for (const FlowEdge& edge : graph.edges) {
        if (graph.nodes[edge.from].id == from && graph.nodes[edge.to].id == to)
            return &edge;
    }
    return nullptr;
}

} // namespace

void FlowGroupingTest::addsUp()
{
    QCOMPARE(groupedFlow(graph(), {}).nodes, graph().nodes);
    const FlowGraph grouped = groupedFlow(graph(), {{FlowKind::Pop}, {}});
    QCOMPARE(grouped.nodes.size(), 5U);
    const FlowNode& pops = grouped.nodes[grouped.find("pop:(together)").value()];
    QCOMPARE(pops.together, 2U);
    QCOMPARE(pops.name, std::string("2 pop nodes"));
    QCOMPARE(pops.facts.front().second, std::string("FRA, GRU"));
    const FlowEdge* edge = find(grouped, "pop:(together)", "worker:shop");
    QVERIFY(edge != nullptr);
    QCOMPARE(*edge->rate, 40.0);
    QCOMPARE(*edge->messages, 400U);
    QCOMPARE(edge->bytes, 200U);
    QCOMPARE(edge->errors, 2U);
    QCOMPARE(edge->p99, Nanoseconds(50ms));
    QCOMPARE(edge->basis, FlowBasis::Declared);
    QVERIFY(edge->because.starts_with("2 lines together"));
}

void FlowGroupingTest::takesSubjectsByTheirFirstToken()
{
    const FlowGraph grouped = groupedFlow(graph(), {{FlowKind::SubjectGroup, FlowKind::Pop}, {}});
    const FlowNode& orders = grouped.nodes[grouped.find("subjects:orders.>").value()];
    QCOMPARE(orders.name, std::string("orders.>")); // a pattern that finds its messages
    QCOMPARE(*find(grouped, "worker:shop", "subjects:orders.>")->rate, 35.0);
    QCOMPARE(find(grouped, "worker:shop", "subjects:orders.>")->p99, Nanoseconds(7ms));
}

void FlowGroupingTest::leavesWhatIsAlone()
{
    const FlowGraph grouped = groupedFlow(graph(), {{FlowKind::SubjectGroup, FlowKind::Worker}, {}});
    QVERIFY(grouped.find("worker:shop"));
    QVERIFY(grouped.find("subjects:auth.login"));
    QVERIFY(!grouped.find("subjects:auth.>"));
}

void FlowGroupingTest::movesFindings()
{
    FlowGraph found = graph();
    found.findings = {{"far_pop", "pop:GRU", {}, {}, {}}, {"x", "worker:shop", {}, {}, {}}};
    found.coverage = {"all"};
    const FlowGraph grouped = groupedFlow(found, {{FlowKind::Pop}, {}});
    QCOMPARE(grouped.findings[0].node, std::string("pop:(together)"));
    QCOMPARE(grouped.findings[1].node, std::string("worker:shop"));
    QCOMPARE(grouped.coverage, found.coverage);
}

/// Whatever belongs to an account is its node; what passes inside of it is not drawn.
void FlowGroupingTest::drawsAccountsAsOne()
{
    FlowAssembly assembly;
    assembly.node(nodeOf(FlowKind::SubjectGroup, "orders.new"));
    const auto add = [&assembly](FlowKind kind, const std::string& name, const std::string& account) {
        FlowNode node = nodeOf(kind, name);
        node.facts.emplace_back("account", account);
        assembly.node(node);
    };
    add(FlowKind::Stream, "ORDERS", "EDGE");
    add(FlowKind::Consumer, "billing", "EDGE");
    add(FlowKind::Client, "billing", "EDGE");
    add(FlowKind::Client, "ledger", "CORE");
    assembly.edge("subjects:orders.new", "stream:ORDERS", edgeOf(20, 2ms));
    assembly.edge("subjects:orders.new", "client:billing", edgeOf(1, 1ms));
    assembly.edge("subjects:orders.new", "client:ledger", edgeOf(4, 1ms));
    assembly.edge("stream:ORDERS", "consumer:billing", edgeOf(20, 2ms));
    assembly.edge("consumer:billing", "client:billing", edgeOf(20, 2ms));
    FlowGraph found = assembly.take();
    found.findings = {{"falling_behind", "consumer:billing", {}, {}, {}}};
    FlowGrouping grouping;
    grouping.accounts = {"EDGE", "CORE"};
    const FlowGraph grouped = groupedFlow(found, grouping);
    QCOMPARE(grouped.nodes.size(), 3U);
    const FlowNode& account = grouped.nodes[grouped.find("account:EDGE").value()];
    QCOMPARE(account.kind, FlowKind::Account);
    QCOMPARE(account.name, std::string("EDGE"));
    QCOMPARE(account.together, 3U);
    QCOMPARE(accountOf(account), std::string("EDGE"));
    QCOMPARE(grouped.edges.size(), 2U);
    QCOMPARE(*find(grouped, "subjects:orders.new", "account:EDGE")->rate, 21.0);
    QVERIFY(grouped.find("client:ledger")); // alone in its account
    QCOMPARE(grouped.findings.front().node, std::string("account:EDGE"));
    // Together with kinds, the account comes first.
    grouping.kinds = {FlowKind::Client};
    QVERIFY(groupedFlow(found, grouping).find("account:EDGE"));
}

QTEST_APPLESS_MAIN(FlowGroupingTest)
#include "tst_flowgrouping.moc"
