// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/Attribution.h"
#include "core/topology/FlowBroker.h"

#include <QtTest>

using namespace weir;
using namespace std::chrono_literals;

/// Who published is inferred where only one can have, and nobody is named where it may have been anybody
/// else.
class AttributionTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void namesTheOnlyOneThatMay();
    void namesTheOnlyOneThatDid();
    void takesInstancesForOne();
    void knowsWhoCameWhileItLooked();
    void knowsWhatEventsToldOfVisitors();
    void permissionsSayNothingOfVisitors();
    void saysWhatWasNotCounted();
    void mustSayUnknown_data();
    void mustSayUnknown();
    void drawsWhatIsInferred();

private:
    SeenConnection& client(const std::string& user, std::uint64_t published, std::uint64_t publishedBefore,
                           std::optional<UserPermissions> may = std::nullopt);
    [[nodiscard]] Attribution::Verdict ask() const
    {
        return Attribution(m_now, m_hasBefore ? &m_before : nullptr, "HOME")
            .publisherOf("orders.new", {1000, m_first, m_last});
    }
    /// Accepted by the server between the looks, as it counts.
    void countVisitor() { ++m_now.servers[0].totalConnections; }
    BrokerLook m_now;
    BrokerLook m_before;
    bool m_hasBefore = true;
    Timestamp m_first{100s};
    Timestamp m_last{200s};
};

void AttributionTest::init()
{
    m_now = {};
    m_before = {};
    m_hasBefore = true;
    m_first = Timestamp(100s);
    m_last = Timestamp(200s);
    m_before.time = Timestamp(100s);
    m_now.time = Timestamp(200s);
    m_now.accounts = {{"HOME", "home", false, {}}, {"AWAY", "away", false, {}}};
    SeenServer server;
    server.id = "S";
    server.name = "s";
    server.totalConnections = 5;
    m_now.servers.push_back(server);
    m_before.servers.push_back(server);
}

SeenConnection& AttributionTest::client(const std::string& user, std::uint64_t published,
                                        std::uint64_t publishedBefore, std::optional<UserPermissions> may)
{
    SeenConnection connection;
    connection.server = "S";
    connection.account = "HOME";
    connection.cid = ++m_now.connectionsTotal;
    connection.userName = user;
    connection.permissions = std::move(may);
    connection.inMessages = publishedBefore;
    m_before.connections.push_back(connection);
    connection.inMessages = published;
    m_now.connections.push_back(connection);
    return m_now.connections.back();
}

void AttributionTest::namesTheOnlyOneThatMay()
{
    client("shop", 0, 0, UserPermissions{{"orders.>"}, {}, {}, {}});
    client("auth", 5000, 0, UserPermissions{{"auth.>"}, {}, {}, {}});
    client("denied", 5000, 0, UserPermissions{{}, {"orders.>"}, {}, {}});
    client("away", 5000, 0).account = "AWAY";
    m_hasBefore = false; // permissions are enough
    QCOMPARE(ask().publisher, std::string("shop"));
    QVERIFY(ask().because.find("permissions") != std::string::npos);
    // A part of the subjects is enough to may.
    m_now.connections[1].permissions->publishAllow = {"*.new"};
    QCOMPARE(ask().publisher, std::string());
}

void AttributionTest::namesTheOnlyOneThatDid()
{
    client("shop", 3000, 1500);
    client("idle", 70, 70);
    QCOMPARE(ask().publisher, std::string("shop"));
    QVERIFY2(ask().because.find("counted 1500 messages") != std::string::npos, ask().because.c_str());
}

void AttributionTest::takesInstancesForOne()
{
    client("shop", 600, 0);
    client("shop", 500, 0);
    client("idle", 70, 70);
    QCOMPARE(ask().publisher, std::string("shop"));
}

/// The count is read before the list.
void AttributionTest::knowsWhoCameWhileItLooked()
{
    client("shop", 2000, 0);
    client("other", 70, 70).start = Timestamp(101s);
    m_before.connections[1].start = Timestamp(101s);
    m_before.servers[0].clock = Timestamp(100s);
    m_now.servers[0].clock = Timestamp(190s);
    countVisitor();
    QVERIFY2(ask().publisher == "shop", ask().because.c_str());
    countVisitor();
    QCOMPARE(ask().publisher, std::string());
}

void AttributionTest::knowsWhatEventsToldOfVisitors()
{
    client("shop", 2000, 0).user = "USHOP";
    client("other", 70, 70);
    countVisitor();
    SeenVisit visit;
    visit.server = "S";
    visit.cid = 9;
    visit.start = Timestamp(150s);
    const auto namesShop = [&](const char* account, const char* user) {
        visit.account = account;
        visit.user = user;
        m_now.visits = {visit};
        return ask().publisher == "shop";
    };
    QVERIFY(namesShop("AWAY", "UX"));
    QVERIFY(namesShop("HOME", "USHOP"));
    QVERIFY(!namesShop("HOME", "UX"));
    QVERIFY(!namesShop("", "UX"));
    visit.start = Timestamp(50s); // another one's
    QVERIFY(!namesShop("AWAY", "UX"));
}

void AttributionTest::permissionsSayNothingOfVisitors()
{
    client("shop", 0, 0, UserPermissions{{"orders.>"}, {}, {}, {}});
    client("auth", 0, 0, UserPermissions{{"auth.>"}, {}, {}, {}});
    QCOMPARE(ask().publisher, std::string("shop"));
    countVisitor();
    QCOMPARE(ask().publisher, std::string());
    QVERIFY2(ask().because.find("came and went") != std::string::npos, ask().because.c_str());
    m_now.servers[0].totalConnections = m_before.servers[0].totalConnections;
    m_now.connections[1].gone = Timestamp(150s); // whose permissions are known
    QCOMPARE(ask().publisher, std::string("shop"));
    m_before.connections[1].permissions->publishAllow = {"orders.new"}; // and who left unseen
    m_now.connections.pop_back();
    --m_now.connectionsTotal;
    QCOMPARE(ask().publisher, std::string());
}

void AttributionTest::saysWhatWasNotCounted()
{
    client("shop", 2000, 0);
    QVERIFY2(ask().because.ends_with("2000 messages of it"), ask().because.c_str());
    m_first = Timestamp(99s);
    m_last = Timestamp(201s);
    QVERIFY2(ask().because.ends_with("; counters were read from 1970-01-01T00:01:40.000000000Z until "
                                     "1970-01-01T00:03:20.000000000Z"),
             ask().because.c_str());
}

void AttributionTest::mustSayUnknown_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("because");
    QTest::newRow("two published") << "two"
                                   << "2 of them published";
    QTest::newRow("one look only") << "once"
                                   << "but once";
    QTest::newRow("messages before the first look") << "early"
                                                    << "before their counters";
    QTest::newRow("counted too few") << "few"
                                     << "500 of 1000";
    QTest::newRow("came and went") << "visitor"
                                   << "came and went";
    QTest::newRow("server began anew") << "anew"
                                       << "began anew";
    QTest::newRow("leaf node") << "leaf"
                               << "leaf node";
    QTest::newRow("gateway") << "gateway"
                             << "gateway";
    QTest::newRow("import") << "import"
                            << "another account";
    QTest::newRow("not all were read") << "partial"
                                       << "not every connection";
    QTest::newRow("nobody may") << "nobody"
                                << "no connected client may";
    QTest::newRow("account unknown") << "account"
                                     << "account is not known";
    QTest::newRow("two may by permission") << "both may"
                                           << "but once";
    QTest::newRow("gone, and did publish") << "gone"
                                           << "2 of them published";
    QTest::newRow("gone, and may have published since") << "gone idle"
                                                        << "2 of them published or left, uncounted";
    QTest::newRow("only the first look has it") << "left"
                                                << "2 of them published or left, uncounted";
    QTest::newRow("a newcomer is no visitor") << "newcomer"
                                              << "came and went";
    QTest::newRow("a Weir published") << "weir"
                                      << "2 of them published";
    QTest::newRow("not all were read before") << "partial before"
                                              << "not every connection was looked at before";
}

void AttributionTest::mustSayUnknown()
{
    QFETCH(QString, what);
    QFETCH(QString, because);
    client("shop", 2000, 0);
    client("other", 70, 70);
    QCOMPARE(ask().publisher, std::string("shop")); // as it is now, it is known
    std::string account = "HOME";
    SeenLink link;
    if (what == "two")
        m_now.connections[1].inMessages = 71;
    else if (what == "once")
        m_hasBefore = false;
    else if (what == "early")
        m_first = Timestamp(90s);
    else if (what == "few")
        m_now.connections[0].inMessages = 500;
    else if (what == "visitor")
        ++m_now.servers[0].totalConnections;
    else if (what == "anew")
        m_now.servers[0].start = Timestamp(150s);
    else if (what == "leaf")
        link.kind = SeenLink::Kind::Leaf, m_now.links.push_back(link);
    else if (what == "gateway")
        link.kind = SeenLink::Kind::InboundGateway, m_now.links.push_back(link);
    else if (what == "import")
        m_now.accounts[0].imports = {{false, "AWAY", "orders.>", "orders.>"}};
    else if (what == "partial")
        m_now.connectionsTotal = 9;
    else if (what == "nobody")
        m_now.connections[0].permissions = m_now.connections[1].permissions =
            UserPermissions{{"auth.>"}, {}, {}, {}};
    else if (what == "account")
        account.clear();
    else if (what == "both may")
        m_now.connections[0].permissions = m_now.connections[1].permissions =
            UserPermissions{{"orders.>"}, {}, {}, {}},
        m_hasBefore = false;
    else if (what == "gone")
        m_now.connections[1].inMessages = 90, m_now.connections[1].gone = Timestamp(150s);
    else if (what == "gone idle")
        m_now.connections[1].gone = Timestamp(150s);
    else if (what == "left")
        m_now.connections.pop_back(), --m_now.connectionsTotal;
    else if (what == "newcomer") // that the server counted after the visitor
        countVisitor(), client("late", 0, 0).start = Timestamp(201s), m_before.connections.pop_back();
    else if (what == "weir")
        client("replayer", 30, 0).name = "weir";
    else if (what == "partial before")
        m_before.connectionsTotal = 9;
    const auto verdict = Attribution(m_now, m_hasBefore ? &m_before : nullptr, account)
                             .publisherOf("orders.new", {1000, m_first, m_last});
    QCOMPARE(verdict.publisher, std::string());
    QVERIFY2(verdict.because.find(because.toStdString()) != std::string::npos, verdict.because.c_str());
}

void AttributionTest::drawsWhatIsInferred()
{
    client("shop", 2000, 0);
    client("other", 70, 70);
    FlowAssembly messages;
    FlowNode nobody;
    nobody.kind = FlowKind::Identity;
    nobody.id = "identity:";
    messages.node(nobody);
    for (const char* group : {"orders.new", "auth.x"}) {
        FlowNode node;
        node.id = std::string("subjects:") + group;
        node.kind = FlowKind::SubjectGroup;
        node.name = group;
        messages.node(node);
        FlowEdge edge;
        edge.messages = 1000;
        edge.firstSeen = Timestamp(group[0] == 'o' ? 100s : 50s);
        messages.edge("identity:", node.id, edge);
    }
    const FlowGraph graph = FlowBroker({"HOME", {}}, m_now, &m_before).join(messages.take());
    QSet<QString> lines;
    for (const FlowEdge& edge : graph.edges)
        lines << QString::fromStdString(graph.nodes[edge.from].id + " > " + graph.nodes[edge.to].id + " " +
                                        std::string(flowBasisName(edge.basis)));
    QCOMPARE(lines, (QSet<QString>{"identity:shop > subjects:orders.new inferred",
                                   "identity: > subjects:auth.x observed"}));
    QCOMPARE(graph.nodes[*graph.find("identity:shop")].facts.front().second, std::string("inferred"));
}

QTEST_APPLESS_MAIN(AttributionTest)
#include "tst_attribution.moc"
