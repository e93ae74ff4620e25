// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowOfHistory.h"
#include "core/topology/FlowPolicy.h"
#include "core/topology/FlowStorm.h"
#include "tests/core/history/HistoryFixture.h"
#include "tests/core/topology/NamedNode.h"

#include <QtTest>

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

/// What is found on a graph, and that nothing is found where all is well.
class FlowPolicyTest : public QObject
{
    Q_OBJECT

private slots:
    void findsPublishesThatAreNotAllowed();
    void findsEdgesThatSubscribe();
    void findsClientsThatAreNotLetIn();
    void findsPopsFarFromEveryServer();
    void findsAStormAndItsSource();
    void knowsTheHourOfTheDay();
    void callsNothingAStormWithoutASeason();
};

namespace {

/// PoP → Worker → identity → subjects.
FlowGraph way(const std::string& pop, const std::string& worker, const std::string& identity,
              const std::string& subjects)
{
    FlowAssembly assembly;
    const std::vector<FlowNode> nodes{nodeOf(FlowKind::Pop, pop), nodeOf(FlowKind::Worker, worker),
                                      nodeOf(FlowKind::Identity, identity),
                                      nodeOf(FlowKind::SubjectGroup, subjects)};
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        assembly.node(nodes[i]);
        FlowEdge edge;
        edge.rate = 3;
        if (i > 0)
            assembly.edge(nodes[i - 1].id, nodes[i].id, edge);
    }
    FlowGraph graph = assembly.take();
    graph.from = Timestamp(100s);
    graph.to = Timestamp(200s);
    return graph;
}

SeenConnection clientOfUser(const std::string& user, std::vector<std::string> mayPublishTo)
{
    SeenConnection connection;
    connection.account = "A";
    connection.userName = user;
    connection.permissions = UserPermissions{std::move(mayPublishTo), {}, {}, {}};
    return connection;
}

QStringList kindsOf(const std::vector<FlowFinding>& findings)
{
    QStringList kinds;
    for (const FlowFinding& finding : findings)
        kinds << QString::fromStdString(finding.kind + " " + finding.node);
    return kinds;
}

} // namespace

void FlowPolicyTest::findsPublishesThatAreNotAllowed()
{
    BrokerLook look;
    look.connections = {clientOfUser("shop", {"orders.>"})};
    const auto graph = way("FRA", "checkout", "shop", "orders.new");
    QVERIFY(policyFindings(graph, look, "A").empty());
    const auto found = policyFindings(way("FRA", "checkout", "shop", "auth.login"), look, "A");
    QCOMPARE(kindsOf(found), QStringList{"not_permitted identity:shop"});
    QVERIFY(found[0].evidence.find("orders.>") != std::string::npos);
    // Another account's user of that name says nothing.
    QVERIFY(policyFindings(way("FRA", "checkout", "shop", "auth.login"), look, "B").empty());
    // One of its instances may.
    look.connections.push_back(clientOfUser("shop", {"auth.>"}));
    QVERIFY(policyFindings(way("FRA", "checkout", "shop", "auth.login"), look, "A").empty());
}

void FlowPolicyTest::findsEdgesThatSubscribe()
{
    BrokerLook look;
    look.connections = {clientOfUser("checkout", {"orders.>"})};
    look.connections[0].subscriptions = {{"_INBOX.x.>", {}, 0}};
    const auto graph = way("FRA", "checkout", "shop", "orders.new");
    QVERIFY(policyFindings(graph, look, "A").empty());
    look.connections[0].subscriptions.push_back({"orders.>", {}, 0});
    const auto found = policyFindings(graph, look, "A");
    QCOMPARE(kindsOf(found), QStringList{"edge_subscribes worker:checkout"});
    QVERIFY(found[0].what.ends_with("subscribes to orders.>"));
    // A service of the core may.
    look.connections[0].userName = "billing";
    QVERIFY(policyFindings(graph, look, "A").empty());
}

void FlowPolicyTest::findsClientsThatAreNotLetIn()
{
    BrokerLook look;
    look.authErrors.push_back(
        {"S", "u", "checkout", "10.0.0.1", "Authentication Expired", 3, Timestamp(120s), Timestamp(150s)});
    look.authErrors.push_back({"S", "old", {}, {}, {}, 1, Timestamp(20s), Timestamp(50s)});
    const auto found = policyFindings(way("FRA", "w", "i", "s"), look, "A");
    QCOMPARE(kindsOf(found), QStringList{"auth_error "});
    QVERIFY(found[0].what.starts_with("checkout "));
    QVERIFY(found[0].evidence.starts_with("3 times"));
}

void FlowPolicyTest::findsPopsFarFromEveryServer()
{
    BrokerLook look;
    SeenServer server;
    server.tags = {"iata:FRA"};
    look.servers.push_back(server);
    QCOMPARE(kindsOf(policyFindings(way("GRU", "w", "i", "s"), look, "A")), QStringList{"far_pop pop:GRU"});
    QVERIFY(policyFindings(way("LHR", "w", "i", "s"), look, "A").empty());
    QVERIFY(policyFindings(way("QQQ", "w", "i", "s"), look, "A").empty()); // nobody knows where that is
    server.tags = {};
    look.servers.push_back(server); // it may stand in Brazil
    QVERIFY(policyFindings(way("GRU", "w", "i", "s"), look, "A").empty());
}

void FlowPolicyTest::findsAStormAndItsSource()
{
    HistoryFixture history;
    QCOMPARE(history.open(), std::string());
    const Timestamp begin = history.clock.now();
    for (int i = 0; i < 6 * 60; ++i) {
        const auto put = [&](const std::string& subject, std::size_t count) {
            std::vector<Message> messages(count);
            for (Message& message : messages)
                message.time = history.clock.now();
            history.put(history.traffic->own(messages, subject));
        };
        put("orders.new", i < 300 ? 5 : 50);
        put("auth.login", 5);
        if (i >= 300)
            put("brand.new", 50);
        history.pass(1s);
    }
    QCOMPARE(history.close(), std::string());
    const auto reader = history.reader();
    const auto find = [&](Timestamp from, Timestamp to) {
        const auto flow = FlowOfHistory::read(*reader, from, to, {}, {}).value();
        return findStorms(flow.graph(), readSeason(*reader, from, to, {}, flow.groups(), {}).value());
    };
    const auto found = find(begin + 5min, begin + 6min);
    QCOMPARE(kindsOf(found), QStringList{"storm subjects:orders.new"});
    QVERIFY2(found[0].what.find("gets 50/s, at the most 5/s before") != std::string::npos,
             found[0].what.c_str());
    QVERIFY2(found[0].evidence.find("5 such ranges before") != std::string::npos, found[0].evidence.c_str());
    QVERIFY2(found[0].evidence.find("100 % from identity publisher unknown") != std::string::npos,
             found[0].evidence.c_str());
    QVERIFY(find(begin + 4min, begin + 5min).empty());
    // Two ranges are no season.
    QVERIFY(readSeason(*reader, begin + 2min, begin + 3min, {}, {}, {}).value().ranges.empty());
}

/// Each day has a busy minute: that is no storm, however quiet it was just before.
void FlowPolicyTest::knowsTheHourOfTheDay()
{
    HistoryFixture history;
    QCOMPARE(history.open(), std::string());
    const Timestamp begin = history.clock.now();
    const auto minute = [&](const std::string& subject, std::size_t perSecond) {
        for (int i = 0; i < 60; ++i) {
            std::vector<Message> messages(perSecond);
            for (Message& message : messages)
                message.time = history.clock.now();
            history.put(history.traffic->own(messages, subject));
            history.pass(1s);
        }
    };
    for (int day = 0; day < 5; ++day) {
        for (int i = 0; i < 4; ++i)
            minute("orders.new", 2);
        minute("orders.new", 20);
        minute("orders.new", day < 4 ? 20 : 100);
        while (history.clock.now() < begin + (day + 1) * 24h)
            history.pass(1min);
    }
    QCOMPARE(history.close(), std::string());
    const auto reader = history.reader();
    const auto find = [&](Timestamp from) {
        const auto flow = FlowOfHistory::read(*reader, from, from + 1min, {}, {}).value();
        return findStorms(flow.graph(),
                          readSeason(*reader, from, from + 1min, {}, flow.groups(), {}).value());
    };
    QVERIFY(find(begin + 4 * 24h + 4min).empty());
    const auto found = find(begin + 4 * 24h + 5min);
    QCOMPARE(kindsOf(found), QStringList{"storm subjects:orders.new"});
    QVERIFY2(found[0].what.find("gets 100/s, at the most 20/s before") != std::string::npos,
             found[0].what.c_str());
    QVERIFY2(found[0].evidence.find("the same time of 4 days before") != std::string::npos,
             found[0].evidence.c_str());
    // After two days there is none yet: the ranges before are the season.
    QCOMPARE(kindsOf(find(begin + 2 * 24h + 4min)), QStringList{"storm subjects:orders.new"});
}

void FlowPolicyTest::callsNothingAStormWithoutASeason()
{
    QVERIFY(findStorms(way("FRA", "w", "i", "s"), {}).empty());
    FlowSeason season;
    season.ranges = {way("FRA", "w", "i", "s"), way("FRA", "w", "i", "s"), way("FRA", "w", "i", "s")};
    QVERIFY(findStorms(way("FRA", "w", "i", "s"), season).empty());
}

QTEST_APPLESS_MAIN(FlowPolicyTest)
#include "tst_flowpolicy.moc"
