// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowText.h"
#include "core/topology/ServerGraph.h"
#include "core/topology/ServerPlan.h"

#include <QTest>

#include <algorithm>

using namespace weir;
using namespace std::chrono_literals;
using Kind = SeenLink::Kind;

namespace {

constexpr Timestamp kStart = Timestamp(1000s);

SeenServer server(const std::string& id, const std::string& cluster, std::uint64_t messages = 0)
{
    SeenServer made;
    made.id = id;
    made.name = "nats-" + id;
    made.version = "2.10.4";
    made.cluster = cluster;
    made.start = kStart;
    made.inMessages = messages;
    made.outMessages = 2 * messages;
    return made;
}

SeenLink link(Kind kind, const std::string& from, const std::string& to, std::uint64_t sent = 0,
              Nanoseconds rtt = 1ms)
{
    SeenLink made;
    made.kind = kind;
    made.server = from;
    made.remote = to;
    made.remoteName = "nats-" + to;
    made.address = "10.0.0.1:" + to;
    made.cid = 7;
    made.outMessages = sent;
    made.rtt = rtt;
    return made;
}

/// Servers a, b, c of cluster east, each with a route to each.
BrokerLook cluster(std::uint64_t messages, Timestamp time)
{
    BrokerLook look;
    look.time = time;
    for (const char* id : {"a", "b", "c"})
        look.servers.push_back(server(id, "east", messages));
    for (const char* from : {"a", "b", "c"}) {
        for (const char* to : {"a", "b", "c"}) {
            if (std::string(from) != to)
                look.links.push_back(link(Kind::Route, from, to, messages));
        }
    }
    return look;
}

const ServerLink* linkOf(const ServerGraph& of, const std::string& from, const std::string& to)
{
    for (std::size_t i = 0; i < of.graph.edges.size(); ++i) {
        if (of.graph.nodes[of.graph.edges[i].from].id == from &&
            of.graph.nodes[of.graph.edges[i].to].id == to)
            return &of.links[i];
    }
    return nullptr;
}

QString findings(const ServerGraph& of)
{
    QStringList lines;
    for (const FlowFinding& finding : of.graph.findings)
        lines += QString::fromStdString(finding.kind + " " + finding.node + ": " + finding.what + " (" +
                                        finding.evidence + ")");
    return lines.join('\n');
}

const ServerState& stateOf(const ServerGraph& of, const std::string& id)
{
    return of.states[*of.graph.find(id)];
}

} // namespace

class TestServerGraph : public QObject
{
    Q_OBJECT
private slots:
    void aWholeClusterIsCalm();
    void ratesAreOfTwoLooks();
    void ratesAreOfWhenCountersWereRead();
    void whatWasResetHasNoRate();
    void aHoleInTheMeshIsFound();
    void versionsThatDifferAreFound();
    void unreachedServersStandThere();
    void slowLinksSayWhy_data();
    void slowLinksSayWhy();
    void gatewaysJoinClusters();
    void aClusterBehindAGatewayIsOneNode();
    void aReachedClusterIsBehindNoGateway();
    void leafNodesHangOnTheirHub();
    void twoServersOfOneName();
    void whoIsGoneStandsThere();
    void whoDoesNotAnswerIsNotGone();
    void gatewaysThatAreGone();
    void bigClustersAreQuick();
    void exports();
};

void TestServerGraph::aWholeClusterIsCalm()
{
    const ServerGraph made = serverGraph(cluster(10, Timestamp(2000s)), nullptr);
    QCOMPARE(made.graph.nodes.size(), std::size_t{4});
    QCOMPARE(made.graph.edges.size(), std::size_t{3}); // each pair once
    QCOMPARE(made.states.size(), made.graph.nodes.size());
    QCOMPARE(made.links.size(), made.graph.edges.size());
    QCOMPARE(findings(made), QString());
    QVERIFY(stateOf(made, "cluster:east").reached);
    QCOMPARE(stateOf(made, "cluster:east").servers, std::size_t{3});
    QCOMPARE(stateOf(made, "server:a").cluster, static_cast<std::int64_t>(*made.graph.find("cluster:east")));
    QVERIFY(!stateOf(made, "server:a").in); // one look gives no rate
    QVERIFY(made.graph.coverage.at(0).find("two looks") != std::string::npos);
}

void TestServerGraph::ratesAreOfTwoLooks()
{
    const BrokerLook before = cluster(10, Timestamp(2000s));
    const ServerGraph made = serverGraph(cluster(110, Timestamp(2010s)), &before);
    QCOMPARE(stateOf(made, "server:a").in, std::optional<double>(10));
    QCOMPARE(stateOf(made, "server:a").out, std::optional<double>(20));
    QCOMPARE(stateOf(made, "cluster:east").in, std::optional<double>(30));
    const ServerLink* route = linkOf(made, "server:a", "server:b");
    QVERIFY(route != nullptr);
    QCOMPARE(route->kind, LinkKind::Route);
    QCOMPARE(route->there, std::optional<double>(10));
    QCOMPARE(route->back, std::optional<double>(10));
    QCOMPARE(route->rtt, Nanoseconds(1ms));
    QCOMPARE(made.graph.edges[0].rate, std::optional<double>(20));
    QCOMPARE(made.graph.from, Timestamp(2000s));
    QVERIFY(made.graph.coverage.empty());
}

/// Not every page is read for every look.
void TestServerGraph::ratesAreOfWhenCountersWereRead()
{
    BrokerLook before = cluster(10, Timestamp(2000s));
    BrokerLook now = cluster(110, Timestamp(2010s));
    for (SeenServer& server : now.servers)
        server.told = Timestamp(2005s);
    for (SeenLink& link : before.links)
        link.told = Timestamp(1990s);
    for (SeenLink& link : now.links)
        link.told = Timestamp(2010s);
    const ServerGraph made = serverGraph(now, &before);
    QCOMPARE(stateOf(made, "server:a").in, std::optional<double>(20));
    QCOMPARE(linkOf(made, "server:a", "server:b")->there, std::optional<double>(5));
    for (SeenLink& link : before.links)
        link.told = Timestamp(2010s);
    QVERIFY(!linkOf(serverGraph(now, &before), "server:a", "server:b")->there); // told but once
}

void TestServerGraph::whatWasResetHasNoRate()
{
    const BrokerLook before = cluster(100, Timestamp(2000s));
    BrokerLook now = cluster(200, Timestamp(2010s));
    now.servers[0].start = Timestamp(2005s); // started anew, and as busy as before
    now.servers[1].inMessages = 3;           // counts from 0 again
    now.links[4].cid = 99;                   // c to a: connected anew
    const ServerGraph made = serverGraph(now, &before);
    QVERIFY(!stateOf(made, "server:a").in && !stateOf(made, "server:a").out);
    QVERIFY(!stateOf(made, "server:b").in && stateOf(made, "server:b").out);
    QVERIFY(!stateOf(made, "cluster:east").in);
    QVERIFY(!linkOf(made, "server:a", "server:c")->there && !linkOf(made, "server:a", "server:c")->back);
    QCOMPARE(linkOf(made, "server:b", "server:c")->there, std::optional<double>(10));
}

void TestServerGraph::aHoleInTheMeshIsFound()
{
    BrokerLook look = cluster(0, Timestamp(2000s));
    std::erase_if(look.links, [](const SeenLink& each) {
        return (each.server == "a" && each.remote == "c") || (each.server == "c" && each.remote == "a");
    });
    const ServerGraph made = serverGraph(look, nullptr);
    QVERIFY2(findings(made).startsWith("open_mesh cluster:east: cluster east lacks 1 route (nats-a – nats-c"),
             qPrintable(findings(made)));
}

void TestServerGraph::versionsThatDifferAreFound()
{
    BrokerLook look = cluster(0, Timestamp(2000s));
    look.servers[1].version = "2.9.10";
    const ServerGraph made = serverGraph(look, nullptr);
    QCOMPARE(findings(made),
             QStringLiteral("version_skew cluster:east: the servers of cluster east run 2 versions "
                            "(2.10.4: nats-a, nats-c; 2.9.10: nats-b)"));
    QVERIFY(stateOf(made, "cluster:east").version.empty());
    QVERIFY(stateOf(made, "server:b").isOdd && !stateOf(made, "server:a").isOdd);
}

void TestServerGraph::unreachedServersStandThere()
{
    BrokerLook look = cluster(0, Timestamp(2000s));
    look.servers.pop_back();
    std::erase_if(look.links, [](const SeenLink& each) { return each.server == "c"; });
    const ServerGraph made = serverGraph(look, nullptr);
    QCOMPARE(made.graph.nodes.size(), std::size_t{4});
    QCOMPARE(made.graph.nodes[*made.graph.find("server:c")].name, std::string("nats-c"));
    QVERIFY(!stateOf(made, "server:c").reached && !stateOf(made, "cluster:east").reached);
    QVERIFY(linkOf(made, "server:b", "server:c") != nullptr);
    QVERIFY2(findings(made).startsWith("not_reached server:c: server nats-c was not reached"),
             qPrintable(findings(made)));
    QVERIFY(!findings(made).contains("open_mesh"));
}

void TestServerGraph::slowLinksSayWhy_data()
{
    QTest::addColumn<int>("rtt"); // ms, of one of six routes' ends
    QTest::addColumn<quint64>("pending");
    QTest::addColumn<QString>("why");
    QTest::newRow("like the others") << 1 << quint64(0) << "";
    QTest::newRow("little is not slow") << 4 << quint64(0) << "";
    QTest::newRow("far above the others")
        << 40 << quint64(0) << "RTT 40.0 ms, at least four times the median of 6 routes, 1.00 ms";
    QTest::newRow("around the Earth") << 900 << quint64(0) << "RTT 900 ms: more than around half the Earth";
    QTest::newRow("does not take") << 1 << quint64(3'000'000) << "3000 kB wait to be taken by the other end";
}

void TestServerGraph::slowLinksSayWhy()
{
    QFETCH(int, rtt);
    QFETCH(quint64, pending);
    QFETCH(QString, why);
    BrokerLook look = cluster(0, Timestamp(2000s));
    look.servers.push_back(server("d", "east"));
    for (const char* other : {"a", "b", "c"})
        look.links.push_back(link(Kind::Route, "d", other));
    look.links[0].rtt = std::chrono::milliseconds(rtt); // a to b
    look.links[0].pendingBytes = pending;
    const ServerGraph made = serverGraph(look, nullptr);
    QCOMPARE(QString::fromStdString(linkOf(made, "server:a", "server:b")->slow), why);
    QVERIFY(linkOf(made, "server:b", "server:c")->slow.empty());
    QCOMPARE(made.graph.findings.size(), std::size_t(why.isEmpty() ? 0 : 1));
}

void TestServerGraph::gatewaysJoinClusters()
{
    BrokerLook look = cluster(0, Timestamp(2000s));
    look.servers.push_back(server("w", "west"));
    SeenLink out = link(Kind::OutboundGateway, "a", "w");
    out.remoteName = "west";
    SeenLink in = link(Kind::InboundGateway, "w", "a");
    in.remoteName = "east";
    look.links.insert(look.links.end(), {out, in});
    const ServerGraph made = serverGraph(look, nullptr);
    QCOMPARE(linkOf(made, "server:a", "server:w")->kind, LinkKind::Gateway);
    QCOMPARE(linkOf(made, "server:a", "server:w")->connections, std::size_t{1});
    QCOMPARE(findings(made), QString());
}

void TestServerGraph::aClusterBehindAGatewayIsOneNode()
{
    const auto south = [](Kind kind, const std::string& from, const std::string& to, const char* address) {
        SeenLink made = link(kind, from, to, 100);
        made.remoteName = "south";
        made.address = address;
        made.subscriptions = 40;
        return made;
    };
    BrokerLook before = cluster(0, Timestamp(2000s));
    before.links.push_back(south(Kind::OutboundGateway, "a", "s1", "10.0.7.1:7222"));
    before.links.push_back(south(Kind::InboundGateway, "a", "s1", "10.0.7.1:50123")); // the same server
    before.links.push_back(south(Kind::OutboundGateway, "b", "s1", "10.0.7.1:7222"));
    before.links.push_back(south(Kind::InboundGateway, "b", "s2", "10.0.7.2:50124"));
    SeenLink unknown = link(Kind::OutboundGateway, "b", "");
    unknown.remoteName = "north";
    before.links.push_back(unknown);
    BrokerLook now = before;
    now.time = Timestamp(2010s);
    for (SeenLink& each : now.links)
        each.outMessages += 70;
    const ServerGraph made = serverGraph(now, &before);
    QCOMPARE(made.graph.nodes.size(), std::size_t{6}); // no server that nobody looked at
    const FlowNode& node = made.graph.nodes[*made.graph.find("gateway:south")];
    QCOMPARE(node.kind, FlowKind::Gateway);
    QCOMPARE(node.name, std::string("south"));
    const std::vector<std::pair<std::string, std::string>> facts{
        {"known by", "gateway connections of nats-a, nats-b"},
        {"far ends", "10.0.7.1:7222, 10.0.7.2 (connects from there)"},
        {"outbound connections", "2"},
        {"inbound connections", "2"},
        {"subscriptions", "40"}};
    QCOMPARE(node.facts, facts);
    QVERIFY(!stateOf(made, node.id).reached);
    QCOMPARE(stateOf(made, node.id).servers, std::size_t{2});
    QCOMPARE(stateOf(made, node.id).cluster, std::int64_t{-1});
    const ServerLink* way = linkOf(made, "server:a", "gateway:south");
    QVERIFY(way != nullptr && way->kind == LinkKind::Gateway);
    QCOMPARE(way->connections, std::size_t{2});
    QCOMPARE(way->there, std::optional<double>(14)); // both connections
    QVERIFY(linkOf(made, "server:b", "gateway:north") != nullptr);
    QCOMPARE(made.graph.findings.size(), std::size_t{2});
    const FlowFinding& finding = made.graph.findings[1];
    QCOMPARE(finding.kind + " " + finding.node, std::string("not_reached gateway:south"));
    QVERIFY(finding.what.find("cluster south") != std::string::npos);
    QVERIFY(finding.evidence.find("10.0.7.1:7222") != std::string::npos);
    QVERIFY(finding.advice.find("monitoring port (http_port) of a server of cluster south") !=
            std::string::npos);
    const std::string json = flowJson(made.graph);
    QVERIFY(json.find("\"kind\":\"gateway\",\"name\":\"south\"") != std::string::npos);
    QVERIFY(flowDot(made.graph).find("\"gateway:south\" [label=\"south\", shape=house") != std::string::npos);
    const auto plan = planServers(std::make_shared<const ServerGraph>(made));
    QCOMPARE(plan->frames.size(), std::size_t{2});
    QCOMPARE(plan->frames.back().gateways, std::size_t{2});
}

/// As soon as one of its servers is looked at, it is a cluster, and its other servers stand in it.
void TestServerGraph::aReachedClusterIsBehindNoGateway()
{
    BrokerLook look = cluster(0, Timestamp(2000s));
    look.servers.push_back(server("w", "west"));
    for (const char* to : {"w", "w2"}) {
        look.links.push_back(link(Kind::OutboundGateway, to == std::string("w") ? "a" : "b", to));
        look.links.back().remoteName = "west";
    }
    ServerGraph made = serverGraph(look, nullptr);
    QVERIFY(!made.graph.find("gateway:west"));
    QCOMPARE(stateOf(made, "server:w2").cluster, static_cast<std::int64_t>(*made.graph.find("cluster:west")));
    QCOMPARE(stateOf(made, "cluster:west").servers, std::size_t{2});
    QVERIFY2(findings(made).startsWith("not_reached server:w2"), qPrintable(findings(made)));
    look.servers.back().cluster.clear(); // it does not say its cluster: the gateway's name does
    made = serverGraph(look, nullptr);
    QVERIFY(!made.graph.find("gateway:west"));
    QVERIFY(linkOf(made, "server:a", "server:w") != nullptr);
}

void TestServerGraph::leafNodesHangOnTheirHub()
{
    BrokerLook look = cluster(0, Timestamp(2000s));
    look.servers[0].leafHost = "10.0.0.1:7422";
    look.servers.push_back(server("leaf", ""));
    SeenLink up = link(Kind::Leaf, "leaf", "a", 50);
    up.address = "10.0.0.1:7422";
    SeenLink down = link(Kind::Leaf, "a", "leaf", 5);
    SeenLink stranger = link(Kind::Leaf, "a", "");
    stranger.remoteName.clear();
    stranger.address = "10.9.9.9:5555";
    stranger.account = "EDGE";
    look.links.insert(look.links.end(), {up, down, stranger});
    const ServerGraph made = serverGraph(look, nullptr);
    QCOMPARE(made.graph.nodes[*made.graph.find("server:leaf")].kind, FlowKind::LeafNode);
    QVERIFY(linkOf(made, "server:leaf", "server:a") != nullptr);
    QVERIFY(linkOf(made, "server:a", "server:leaf") == nullptr);
    const ServerLink* other = linkOf(made, "leaf:a/10.9.9.9:5555", "server:a");
    QVERIFY(other != nullptr && other->kind == LinkKind::Leaf);
    const auto& facts = made.graph.nodes[*made.graph.find("leaf:a/10.9.9.9:5555")].facts;
    QVERIFY(std::find(facts.begin(), facts.end(), std::pair<std::string, std::string>("account", "EDGE")) !=
            facts.end());
    QCOMPARE(findings(made), QString()); // leaf nodes are often somebody else's
}

void TestServerGraph::twoServersOfOneName()
{
    BrokerLook look = cluster(0, Timestamp(2000s));
    for (SeenServer& each : look.servers)
        each.name = "nats";
    look.servers[2].name.clear();
    const ServerGraph made = serverGraph(look, nullptr);
    QCOMPARE(made.graph.nodes.size(), std::size_t{4});
    QCOMPARE(made.graph.nodes[*made.graph.find("server:c")].name, std::string("c"));
}

namespace {

std::string factOf(const ServerGraph& of, const std::string& id, const std::string& name)
{
    for (const auto& [fact, value] : of.graph.nodes[*of.graph.find(id)].facts) {
        if (fact == name)
            return value;
    }
    return {};
}

/// Server c of cluster() as looks that were put together have it when it went away.
BrokerLook withoutC(Timestamp time, bool othersAreConnected)
{
    BrokerLook look = cluster(100, time);
    look.servers[2].gone = Timestamp(1500s);
    look.servers[2].version = "2.9.10";
    for (SeenLink& each : look.links) {
        if (each.server == "c" || (each.remote == "c" && !othersAreConnected))
            each.gone = Timestamp(1500s);
    }
    return look;
}

} // namespace

void TestServerGraph::whoIsGoneStandsThere()
{
    const BrokerLook before = cluster(0, Timestamp(1990s));
    BrokerLook look = withoutC(Timestamp(2000s), false);
    SeenLink anew = look.links[0]; // a to b, by an address that it had before
    anew.address = "10.0.0.1:b2";
    anew.gone = Timestamp(1500s);
    look.links.insert(look.links.begin(), anew);
    look.servers[0].beganAnew = true;
    const ServerGraph made = serverGraph(look, &before);
    QCOMPARE(findings(made),
             QString("gone server:c: server nats-c is gone (last seen %1: it does not answer, and no other "
                     "server is connected to it)")
                 .arg(QString::fromStdString(formatRfc3339(Timestamp(1500s)))));
    QVERIFY(!stateOf(made, "server:c").reached && !stateOf(made, "server:c").in);
    QCOMPARE(stateOf(made, "server:c").gone, Timestamp(1500s));
    QCOMPARE(factOf(made, "server:c", "gone"), "last seen " + formatRfc3339(Timestamp(1500s)));
    QCOMPARE(factOf(made, "server:a", "gone"), std::string());
    QCOMPARE(factOf(made, "server:a", "began anew"), formatRfc3339(kStart));
    QCOMPARE(factOf(made, "cluster:east", "servers"), std::string("2"));
    QVERIFY(stateOf(made, "cluster:east").reached);
    QCOMPARE(stateOf(made, "cluster:east").servers, std::size_t{2});
    QCOMPARE(stateOf(made, "cluster:east").version, std::string("2.10.4"));
    QCOMPARE(stateOf(made, "cluster:east").in, std::optional<double>(20)); // of those that are there
    QCOMPARE(stateOf(made, "server:c").cluster, static_cast<std::int64_t>(*made.graph.find("cluster:east")));
    QCOMPARE(linkOf(made, "server:a", "server:b")->connections, std::size_t{1});
    QCOMPARE(linkOf(made, "server:a", "server:b")->gone, kNoTime);
    const ServerLink* route = linkOf(made, "server:a", "server:c");
    QVERIFY(route != nullptr && route->gone == Timestamp(1500s) && !route->there &&
            route->rtt == kNoDuration);
    // A route that is gone between two that are there is a hole.
    look.servers[2].gone = kNoTime;
    look.servers[2].version = "2.10.4";
    QVERIFY2(
        findings(serverGraph(look, &before)).startsWith("open_mesh cluster:east: cluster east lacks 2 r"),
        qPrintable(findings(serverGraph(look, &before))));
}

/// Others are still connected to it.
void TestServerGraph::whoDoesNotAnswerIsNotGone()
{
    const ServerGraph made = serverGraph(withoutC(Timestamp(2000s), true), nullptr);
    QVERIFY2(findings(made).startsWith("not_reached server:c: server nats-c was not reached"),
             qPrintable(findings(made)));
    QCOMPARE(made.graph.findings.size(), std::size_t{1});
    QCOMPARE(stateOf(made, "server:c").gone, kNoTime);
    QCOMPARE(factOf(made, "server:c", "last answered"), formatRfc3339(Timestamp(1500s)));
    QCOMPARE(stateOf(made, "cluster:east").servers, std::size_t{3});
    QVERIFY(!stateOf(made, "cluster:east").reached);
}

void TestServerGraph::gatewaysThatAreGone()
{
    BrokerLook look = cluster(0, Timestamp(2000s));
    for (const char* far : {"w1", "w2"}) {
        look.links.push_back(link(Kind::OutboundGateway, "a", far));
        look.links.back().remoteName = "west";
    }
    look.links.back().gone = Timestamp(1500s); // one of two: the cluster is there
    QCOMPARE(stateOf(serverGraph(look, nullptr), "gateway:west").servers, std::size_t{1});
    QCOMPARE(stateOf(serverGraph(look, nullptr), "gateway:west").gone, kNoTime);
    for (SeenLink& each : look.links) {
        if (each.kind == Kind::OutboundGateway)
            each.gone = Timestamp(1500s);
    }
    const ServerGraph made = serverGraph(look, nullptr);
    QCOMPARE(stateOf(made, "gateway:west").gone, Timestamp(1500s));
    QCOMPARE(findings(made), QString());
    QVERIFY(factOf(made, "gateway:west", "gone").starts_with("last seen "));
}

void TestServerGraph::bigClustersAreQuick()
{
    BrokerLook look;
    look.time = Timestamp(2000s);
    for (int i = 0; i < 150; ++i)
        look.servers.push_back(server(std::to_string(i), "big"));
    for (int i = 0; i < 150; ++i) {
        for (int j = 0; j < i; ++j)
            look.links.push_back(link(Kind::Route, std::to_string(i), std::to_string(j)));
    }
    const ServerGraph made = serverGraph(look, nullptr);
    QCOMPARE(made.graph.edges.size(), std::size_t{150 * 149 / 2});
    QCOMPARE(findings(made), QString());
}

void TestServerGraph::exports()
{
    const ServerGraph made = serverGraph(cluster(0, Timestamp(2000s)), nullptr);
    const std::string json = flowJson(made.graph);
    QVERIFY(json.find("\"kind\":\"server-server\"") != std::string::npos);
    QVERIFY(json.find("route, 1 connection, RTT 1.00 ms") != std::string::npos);
}

QTEST_APPLESS_MAIN(TestServerGraph)
#include "tst_servergraph.moc"
