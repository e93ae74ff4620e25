// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/NatsMonitor.h"
#include "core/topology/ServerGraph.h"
#include "tests/support/NamedSubscriber.h"
#include "tests/support/NatsCluster.h"
#include "tests/support/Patience.h"

#include <QCoreApplication>
#include <QTest>

#include <algorithm>

using namespace weir;
using namespace weir::test;
using Kind = SeenLink::Kind;

/// What real servers say of their links to each other.
class TestServerLinks : public QObject
{
    Q_OBJECT

private slots:
    void routesOfACluster();
    void saysWhichServerWasNotReached();
    void gatewaysOfTwoClusters();
    void aClusterBehindItsGateway();
    void leafNodeAndItsHub();
    void twoServersOfOneName();

private:
    SystemClock m_clock;
};

namespace {

using Look = std::shared_ptr<const BrokerLook>;

Look lookAt(std::vector<std::string> urls, Clock& clock)
{
    NatsMonitor::Options options;
    options.urls = std::move(urls);
    const auto look = NatsMonitor(options, clock).look({});
    return look ? *look : std::make_shared<const BrokerLook>();
}

std::ptrdiff_t count(const BrokerLook& look, Kind kind)
{
    return std::count_if(look.links.begin(), look.links.end(),
                         [&](const SeenLink& link) { return link.kind == kind; });
}

const SeenServer* serverOf(const BrokerLook& look, const std::string& id)
{
    const auto found = std::find_if(look.servers.begin(), look.servers.end(),
                                    [&](const SeenServer& server) { return server.id == id; });
    return found == look.servers.end() ? nullptr : &*found;
}

QString gatewayConfig(const char* own, int port, const char* other, int otherPort)
{
    return QString("gateway { name: %1, listen: \"127.0.0.1:%2\", "
                   "gateways: [{ name: %3, urls: [\"nats://127.0.0.1:%4\"] }] }")
        .arg(QLatin1String(own), QString::number(port), QLatin1String(other), QString::number(otherPort));
}

std::ptrdiff_t count(const ServerGraph& graph, FlowKind kind)
{
    return std::count_if(graph.graph.nodes.begin(), graph.graph.nodes.end(),
                         [&](const FlowNode& node) { return node.kind == kind; });
}

std::string fact(const FlowNode& node, const std::string& name)
{
    const auto found = std::find_if(node.facts.begin(), node.facts.end(),
                                    [&](const auto& each) { return each.first == name; });
    return found == node.facts.end() ? std::string() : found->second;
}

const char* firstProblem(const BrokerLook& look)
{
    return look.problems.empty() ? "" : look.problems.front().c_str();
}

} // namespace

void TestServerLinks::routesOfACluster()
{
    NatsCluster cluster("server_tags: [\"region:eu\", \"tier:one\"]");
    QVERIFY(cluster.start());
    Look look;
    QTRY_VERIFY_WITH_TIMEOUT((look = lookAt(cluster.monitorUrls(), m_clock), count(*look, Kind::Route) == 6),
                             30'000);
    QVERIFY2(look->problems.empty(), firstProblem(*look));
    QCOMPARE(look->servers.size(), std::size_t{3});
    for (std::size_t i = 0; i < 3; ++i) {
        const SeenServer& server = look->servers[i];
        QVERIFY(cluster.server(i).url().endsWith(QString::fromStdString(server.host)));
        QCOMPARE(server.cluster, std::string("test"));
        QCOMPARE(server.tags, (std::vector<std::string>{"region:eu", "tier:one"}));
        QVERIFY(server.memory > 1'000'000 && server.cores > 0 && server.start < look->time);
        QVERIFY(server.leafHost.empty());
    }
    for (const SeenLink& link : look->links) {
        const SeenServer* other = serverOf(*look, link.remote);
        QVERIFY(other != nullptr && link.remote != link.server);
        QCOMPARE(link.remoteName, other->name);
        QVERIFY(link.address.starts_with("127.0.0.1:") && link.cid > 0);
        const auto back = std::find_if(look->links.begin(), look->links.end(), [&](const SeenLink& each) {
            return each.server == link.remote && each.remote == link.server;
        });
        QVERIFY(back != look->links.end());
    }
    // A route answers the server's first ping soon.
    QTRY_VERIFY_WITH_TIMEOUT((look = lookAt(cluster.monitorUrls(), m_clock),
                              std::all_of(look->links.begin(), look->links.end(),
                                          [](const SeenLink& link) { return link.rtt > Nanoseconds(0); })),
                             30'000);
}

void TestServerLinks::saysWhichServerWasNotReached()
{
    NatsCluster cluster;
    QVERIFY(cluster.start());
    std::vector<std::string> urls = cluster.monitorUrls();
    Look look;
    QTRY_VERIFY_WITH_TIMEOUT((look = lookAt(urls, m_clock), count(*look, Kind::Route) == 6), 30'000);
    const SeenServer missing = look->servers[2];
    urls.pop_back();
    look = lookAt(urls, m_clock);
    QCOMPARE(look->problems.size(), std::size_t{1});
    const QString line = QString::fromStdString(look->problems[0]);
    QVERIFY2(line.startsWith("2 of 3 servers answered; no monitoring URL reaches " +
                             QString::fromStdString(missing.id)),
             qPrintable(line));
    // Who has once answered has a name.
    NatsMonitor::Options options;
    options.urls = cluster.monitorUrls();
    options.interval = std::chrono::milliseconds(1);
    NatsMonitor monitor(options, m_clock);
    QVERIFY(monitor.look({}));
    cluster.server(2).stop();
    const auto glance = [&] {
        const auto next = monitor.glance({});
        return next ? *next : std::make_shared<const BrokerLook>();
    };
    // Until its routes are gone, they name it.
    QTRY_COMPARE_WITH_TIMEOUT((look = glance(), look->servers.size()), std::size_t{2}, kLookPatience);
    QVERIFY(look->problems[0].find("refused") != std::string::npos);
    QVERIFY(look->problems.size() == 1 ||
            look->problems[1] == "2 of 3 servers answered; no monitoring URL reaches " + missing.name);
}

void TestServerLinks::gatewaysOfTwoClusters()
{
    const int eastPort = freePort();
    const int westPort = freePort();
    NatsServer east(gatewayConfig("east", eastPort, "west", westPort));
    NatsServer west(gatewayConfig("west", westPort, "east", eastPort));
    QVERIFY2(east.start() && west.start(), qPrintable(east.error() + west.error()));
    const std::vector<std::string> urls{east.monitorUrl().toStdString(), west.monitorUrl().toStdString()};
    Look look;
    QTRY_VERIFY_WITH_TIMEOUT((look = lookAt(urls, m_clock), count(*look, Kind::OutboundGateway) == 2 &&
                                                                count(*look, Kind::InboundGateway) == 2),
                             20'000);
    QVERIFY2(look->problems.empty(), firstProblem(*look));
    for (const SeenLink& link : look->links) {
        const bool isEast = link.server == look->servers[0].id;
        QCOMPARE(link.remoteName, std::string(isEast ? "west" : "east"));
        QCOMPARE(link.remote, look->servers[isEast ? 1 : 0].id);
        QVERIFY(link.address.starts_with("127.0.0.1:"));
    }
}

/// Two clusters of a server each, of which first one is looked at, then both.
void TestServerLinks::aClusterBehindItsGateway()
{
    const int nearPort = freePort();
    const int farPort = freePort();
    NatsServer here(gatewayConfig("A", nearPort, "B", farPort));
    NatsServer beyond(gatewayConfig("B", farPort, "A", nearPort));
    QVERIFY2(here.start() && beyond.start(), qPrintable(here.error() + beyond.error()));
    std::vector<std::string> urls{here.monitorUrl().toStdString()};
    const auto joined = [](const BrokerLook& look, std::ptrdiff_t ends) {
        return count(look, Kind::OutboundGateway) == ends && count(look, Kind::InboundGateway) == ends;
    };
    Look look;
    QTRY_VERIFY_WITH_TIMEOUT((look = lookAt(urls, m_clock), joined(*look, 1)), kLookPatience);
    const ServerGraph one = serverGraph(*look, nullptr);
    QCOMPARE(count(one, FlowKind::Cluster), std::ptrdiff_t{1});
    QCOMPARE(count(one, FlowKind::Server), std::ptrdiff_t{1});
    QCOMPARE(count(one, FlowKind::Gateway), std::ptrdiff_t{1});
    const auto node = one.graph.find("gateway:B");
    QVERIFY(node);
    const FlowNode& gateway = one.graph.nodes[*node];
    QCOMPARE(fact(gateway, "known by"), "gateway connections of " + look->servers[0].name);
    QCOMPARE(fact(gateway, "far ends"), "127.0.0.1:" + std::to_string(farPort));
    QCOMPARE(fact(gateway, "outbound connections") + fact(gateway, "inbound connections"), std::string("11"));
    QCOMPARE(one.graph.edges.size(), std::size_t{1});
    QCOMPARE(one.graph.edges[0].to, *node);
    QCOMPARE(one.links[0].kind, LinkKind::Gateway);
    QCOMPARE(one.graph.findings.size(), std::size_t{1});
    QCOMPARE(one.graph.findings[0].node, std::string("gateway:B"));
    // With the other's monitoring port, too.
    urls.push_back(beyond.monitorUrl().toStdString());
    QTRY_VERIFY_WITH_TIMEOUT((look = lookAt(urls, m_clock), joined(*look, 2)), kLookPatience);
    const ServerGraph both = serverGraph(*look, nullptr);
    QCOMPARE(count(both, FlowKind::Gateway), std::ptrdiff_t{0});
    QVERIFY(both.graph.find("cluster:A") && both.graph.find("cluster:B"));
    QCOMPARE(count(both, FlowKind::Server), std::ptrdiff_t{2});
    QCOMPARE(both.graph.edges.size(), std::size_t{1});
    QCOMPARE(both.links[0].kind, LinkKind::Gateway);
    QVERIFY(both.graph.findings.empty());
}

/// 2.9.10 names no leaf node: both ends are found by where they listen.
void TestServerLinks::leafNodeAndItsHub()
{
    const int port = freePort();
    NatsServer hub(QString("leafnodes { listen: \"127.0.0.1:%1\" }").arg(port));
    NatsServer leaf(QString("leafnodes { remotes: [{ url: \"nats://127.0.0.1:%1\" }] }").arg(port));
    QVERIFY2(hub.start() && leaf.start(), qPrintable(hub.error() + leaf.error()));
    Look look;
    const std::vector<std::string> urls{hub.monitorUrl().toStdString(), leaf.monitorUrl().toStdString()};
    QTRY_VERIFY_WITH_TIMEOUT((look = lookAt(urls, m_clock), count(*look, Kind::Leaf) == 2), 30'000);
    QVERIFY2(look->problems.empty(), firstProblem(*look));
    QCOMPARE(look->servers[0].leafHost, "127.0.0.1:" + std::to_string(port));
    for (std::size_t i = 0; i < 2; ++i) {
        const SeenLink& link = look->links[i];
        QCOMPARE(link.server, look->servers[i].id);
        QCOMPARE(link.remote, look->servers[1 - i].id);
        QCOMPARE(link.remoteName, look->servers[1 - i].name);
        QCOMPARE(link.account, std::string("$G"));
    }
    // Without the leaf node's own word the hub knows where it is, and no more.
    look = lookAt({hub.monitorUrl().toStdString()}, m_clock);
    QCOMPARE(count(*look, Kind::Leaf), std::ptrdiff_t{1});
    QVERIFY(look->links[0].remote.empty() && look->links[0].address.starts_with("127.0.0.1:"));
}

/// Of routes and gateways nats-server 2.9.10 refuses it; a leaf node may be called as its hub is. Who is who,
/// ids say.
void TestServerLinks::twoServersOfOneName()
{
    const int port = freePort();
    NatsServer hub(QString("leafnodes { listen: \"127.0.0.1:%1\" }").arg(port));
    NatsServer leaf(QString("leafnodes { remotes: [{ url: \"nats://127.0.0.1:%1\" }] }").arg(port));
    const QString twin = QString("twin-%1").arg(QCoreApplication::applicationPid());
    hub.setName(twin);
    leaf.setName(twin);
    QVERIFY2(hub.start() && leaf.start(), qPrintable(hub.error() + leaf.error()));
    const NamedSubscriber client(leaf.port(), "ledger", "orders.>");
    Look look;
    const std::vector<std::string> urls{hub.monitorUrl().toStdString(), leaf.monitorUrl().toStdString()};
    QTRY_VERIFY_WITH_TIMEOUT((look = lookAt(urls, m_clock), count(*look, Kind::Leaf) == 2), 30'000);
    QVERIFY2(look->problems.empty(), firstProblem(*look));
    const ServerGraph drawn = serverGraph(*look, nullptr);
    QCOMPARE(drawn.graph.nodes.size(), std::size_t{2});
    for (std::size_t i = 0; i < 2; ++i) {
        const auto node = drawn.graph.find("server:" + look->servers[i].id);
        QVERIFY(node);
        QCOMPARE(drawn.graph.nodes[*node].kind, i == 0 ? FlowKind::Server : FlowKind::LeafNode);
        QCOMPARE(drawn.graph.nodes[*node].name, twin.toStdString());
        QCOMPARE(fact(drawn.graph.nodes[*node], "clients"), std::string(i == 0 ? "0" : "1"));
    }
    QCOMPARE(drawn.graph.edges.size(), std::size_t{1});
    QCOMPARE(drawn.graph.nodes[drawn.graph.edges[0].from].kind, FlowKind::LeafNode);
    QCOMPARE(drawn.graph.nodes[drawn.graph.edges[0].to].kind, FlowKind::Server);
    QVERIFY(drawn.graph.findings.empty());
}

QTEST_GUILESS_MAIN(TestServerLinks)
#include "tst_ServerLinks.moc"
