// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowBroker.h"

#include <QSet>
#include <QTest>

using namespace weir;
using namespace std::chrono_literals;

namespace {

/// A broker with an account HOME, where messages are observed, and an account AWAY.
class Broker
{
public:
    Broker()
    {
        look.time = Timestamp(100s);
        SeenServer server;
        server.id = "S";
        server.name = "s";
        server.version = "2.9.10";
        look.servers.push_back(std::move(server));
        look.accounts = {{"HOME", "home", false, {}}, {"AWAY", "away", false, {}}};
    }
    SeenConnection& client(const std::string& name, const std::string& account,
                           std::vector<SeenSubscription> subscriptions)
    {
        SeenConnection connection;
        connection.server = "S";
        connection.cid = ++look.connectionsTotal;
        connection.name = name;
        connection.account = account;
        connection.subscriptions = std::move(subscriptions);
        look.connections.push_back(std::move(connection));
        return look.connections.back();
    }
    SeenStream& stream(const std::string& name, const std::string& subject,
                       std::vector<SeenConsumer> consumers)
    {
        look.streams.push_back({"HOME", name, {subject}, 100, 100, std::move(consumers)});
        return look.streams.back();
    }
    BrokerLook look;
};

SeenConsumer consumerOf(const std::string& name, std::uint64_t delivered, std::uint64_t pending,
                        const std::string& deliver = {})
{
    return {name, deliver, {}, delivered, pending, 0, 0};
}

/// What messages show: ten a second of each subject.
FlowGraph messagesOn(const std::vector<std::string>& groups)
{
    FlowAssembly assembly;
    FlowNode pop;
    pop.id = "pop:FRA";
    assembly.node(pop);
    for (const std::string& group : groups) {
        FlowNode node;
        node.id = "subjects:" + group;
        node.kind = FlowKind::SubjectGroup;
        node.name = group;
        assembly.node(node);
        FlowEdge edge;
        edge.rate = 10;
        assembly.edge("pop:FRA", node.id, edge);
    }
    return assembly.take();
}

/// `from > to` with the basis' first letter, of all that is not observed of the messages themselves.
QSet<QString> linesOf(const FlowGraph& graph)
{
    QSet<QString> lines;
    for (const FlowEdge& edge : graph.edges) {
        if (graph.nodes[edge.from].kind != FlowKind::Pop)
            lines << QString::fromStdString(graph.nodes[edge.from].id + " > " + graph.nodes[edge.to].id +
                                            " " + std::string(flowBasisName(edge.basis)).substr(0, 1));
    }
    return lines;
}

QStringList findingsOf(const FlowGraph& graph)
{
    QStringList kinds;
    for (const FlowFinding& finding : graph.findings)
        kinds << QString::fromStdString(finding.kind + " " + finding.node);
    return kinds;
}

const FlowEdge* edgeOf(const FlowGraph& graph, const std::string& from, const std::string& to)
{
    for (const FlowEdge& edge : graph.edges) {
        if (graph.nodes[edge.from].id == from && graph.nodes[edge.to].id == to)
            return &edge;
    }
    return nullptr;
}

} // namespace

class TestFlowBroker : public QObject
{
    Q_OBJECT
private slots:
    void followsSubscriptions();
    void keepsAccountsApart();
    void followsImports();
    void followsServices();
    void givesRatesOnlyWhereTheyAreKnown();
    void countsWhatConsumersTake();
    void infersWhoPulls();
    void saysWhatCredentialsAllow();
    void tellsTheLatestCredentialOfMany();
    void tellsNamesakesApart();
    void saysUnknownWhereSeveralMayPull();
    void namesWhoIsPushedTo();
    void findsWhatNobodyListensTo();
    void saysNothingOfListenersItCouldNotSee();
    void findsSubscriptionsWithoutTraffic();
    void findsConsumersThatFallBehind();
    void saysWhenAConsumerHasCaughtUp_data();
    void saysWhenAConsumerHasCaughtUp();
    void leavesOutCountersThatWentBack();
};

void TestFlowBroker::followsSubscriptions()
{
    Broker broker;
    broker.client("a", "HOME", {{"orders.*", {}, 0}, {"_INBOX.x.>", {}, 0}});
    broker.client("b", "HOME", {{"orders.>", "work", 0}});
    broker.client("b", "HOME", {{"orders.>", "work", 0}});
    broker.client("", "HOME", {{"other", {}, 0}});
    broker.client("weir", "HOME", {{">", {}, 0}});
    const FlowGraph graph = FlowBroker({"HOME", {}}, broker.look, nullptr).join(messagesOn({"orders.new"}));
    QCOMPARE(linesOf(graph),
             (QSet<QString>{"subjects:orders.new > client:home/a d",
                            "subjects:orders.new > queue:home/work d", "queue:home/work > client:home/b d"}));
}

void TestFlowBroker::keepsAccountsApart()
{
    Broker broker;
    broker.client("a", "AWAY", {{">", {}, 0}});
    QVERIFY(
        linesOf(FlowBroker({"HOME", {}}, broker.look, nullptr).join(messagesOn({"orders.new"}))).isEmpty());
}

void TestFlowBroker::followsImports()
{
    Broker broker;
    broker.look.accounts[1].imports = {{false, "HOME", "orders.>", "orders.>"},
                                       {false, "HOME", "auth.>", "from.home.auth.>"},
                                       {false, "HOME", "odd.*.x", "odd.x.*"}};
    broker.client("a", "AWAY", {{"orders.*", {}, 0}});
    broker.client("b", "AWAY", {{"from.home.>", {}, 0}});
    broker.client("c", "AWAY", {{"odd.>", {}, 0}});
    const FlowGraph graph =
        FlowBroker({"HOME", {}}, broker.look, nullptr).join(messagesOn({"orders.new", "auth.ok", "odd.1.x"}));
    QCOMPARE(linesOf(graph),
             (QSet<QString>{"subjects:orders.new > client:away/a d", "subjects:auth.ok > client:away/b d"}));
    QVERIFY(edgeOf(graph, "subjects:auth.ok", "client:away/b")
                ->because.starts_with("account away imports auth.>"));
    QVERIFY(std::any_of(graph.coverage.begin(), graph.coverage.end(), [](const std::string& line) {
        return line.find("not followed") != std::string::npos;
    }));
}

void TestFlowBroker::followsServices()
{
    Broker broker;
    broker.look.accounts[0].imports = {{true, "AWAY", "stock.ask", "ask"}};
    broker.client("a", "AWAY", {{"stock.ask", "stock", 0}});
    const FlowGraph graph = FlowBroker({"HOME", {}}, broker.look, nullptr).join(messagesOn({"ask"}));
    QCOMPARE(linesOf(graph),
             (QSet<QString>{"subjects:ask > queue:away/stock d", "queue:away/stock > client:away/a d"}));
}

void TestFlowBroker::givesRatesOnlyWhereTheyAreKnown()
{
    Broker broker;
    broker.client("all", "HOME", {{"a.>", {}, 0}});
    broker.client("some", "HOME", {{"a.eu.*", {}, 0}});
    const FlowGraph graph = FlowBroker({"HOME", {}}, broker.look, nullptr).join(messagesOn({"a.*.x"}));
    QCOMPARE(edgeOf(graph, "subjects:a.*.x", "client:home/all")->rate, std::optional<double>(10));
    QVERIFY(edgeOf(graph, "subjects:a.*.x", "client:home/some") != nullptr);
    QVERIFY(!edgeOf(graph, "subjects:a.*.x", "client:home/some")->rate);
}

void TestFlowBroker::countsWhatConsumersTake()
{
    Broker before;
    before.stream("S", "a.>", {consumerOf("c", 100, 0)});
    before.look.time = Timestamp(90s);
    Broker now;
    now.stream("S", "a.>", {consumerOf("c", 150, 0), consumerOf("new", 5, 0)});
    const FlowGraph graph = FlowBroker({"HOME", {}}, now.look, &before.look).join(messagesOn({"a.b"}));
    QCOMPARE(linesOf(graph),
             (QSet<QString>{"subjects:a.b > stream:home/S d", "stream:home/S > consumer:home/S/c o",
                            "stream:home/S > consumer:home/S/new d"}));
    const FlowEdge* edge = edgeOf(graph, "stream:home/S", "consumer:home/S/c");
    QCOMPARE(edge->messages, std::optional<std::uint64_t>(50));
    QCOMPARE(edge->rate, std::optional<double>(5));
}

/// Of the latest connection of that name, and nothing of one in another account.
void TestFlowBroker::saysWhatCredentialsAllow()
{
    Broker broker;
    const std::string nkey = "U" + std::string(55, 'A');
    for (const int start : {10, 30, 20}) {
        SeenConnection& client = broker.client("edge", "HOME", {});
        client.user = nkey;
        client.userName = "checkout";
        client.start = Timestamp(std::chrono::seconds(start));
        client.issued = Timestamp(std::chrono::seconds(start - 5));
        client.expires = start == 30 ? Timestamp(1000s) : kNoTime;
        client.permissions = UserPermissions{{"orders.>", "auth.>"}, {"orders.secret"}, {}, {}};
    }
    broker.client("checkout", "AWAY", {}).permissions = UserPermissions{{"all.>"}, {}, {}, {}};
    // Who only says that it is that one.
    SeenConnection& other = broker.client("checkout", "HOME", {});
    other.userName = "guest";
    other.start = Timestamp(90s);
    FlowAssembly assembly;
    for (const char* name : {"checkout", "nobody"}) {
        FlowNode node;
        node.id = std::string("identity:") + name;
        node.kind = FlowKind::Identity;
        node.name = name;
        node.facts.emplace_back("evidence", "vouched");
        assembly.node(node);
    }
    const FlowGraph graph = FlowBroker({"HOME", {">"}}, broker.look, nullptr).join(assembly.take());
    using Facts = std::vector<std::pair<std::string, std::string>>;
    const Facts facts{{"evidence", "vouched"},
                      {"user", "checkout"},
                      {"nkey", nkey},
                      {"credential issued", "1970-01-01T00:00:25Z"},
                      {"credential ends", "1970-01-01T00:16:40Z"},
                      {"may publish to", "orders.>, auth.> but orders.secret"},
                      {"may subscribe to", "what its account or signing key allows"}};
    Facts found = graph.nodes[*graph.find("identity:checkout")].facts;
    std::sort(found.begin(), found.end());
    Facts expected = facts;
    std::sort(expected.begin(), expected.end());
    for (const auto& [name, value] : found)
        QVERIFY2(std::count(expected.begin(), expected.end(), std::pair(name, value)) == 1,
                 (name + ": " + value).c_str());
    QCOMPARE(found.size(), expected.size());
    QCOMPARE(graph.nodes[*graph.find("identity:nobody")].facts.size(), std::size_t{1});
}

/// Three instances with a credential each are one node, with the latest's.
void TestFlowBroker::tellsTheLatestCredentialOfMany()
{
    Broker broker;
    for (const int start : {10, 30, 20}) {
        SeenConnection& client = broker.client("billing", "HOME", {{"orders.>", "", 0}});
        client.userName = "billing-" + std::to_string(start);
        client.user = "U" + std::to_string(start);
        client.start = Timestamp(std::chrono::seconds(start));
    }
    const FlowGraph graph = FlowBroker({"HOME", {}}, broker.look, nullptr).join(messagesOn({"orders.new"}));
    const auto& facts = graph.nodes[*graph.find("client:home/billing")].facts;
    QStringList users;
    for (const auto& [name, value] : facts) {
        if (name == "user")
            users << QString::fromStdString(value);
    }
    QCOMPARE(users, QStringList{"billing-30"});
    QVERIFY(std::any_of(facts.begin(), facts.end(), [](const auto& fact) {
        return fact.first == "credentials" && fact.second.find("3 different") != std::string::npos;
    }));
}

/// Two accounts of one name are two.
void TestFlowBroker::tellsNamesakesApart()
{
    Broker broker;
    broker.look.accounts[1].name = "home";
    broker.stream("ORDERS", "orders.>", {});
    broker.look.streams.push_back({"AWAY", "ORDERS", {"orders.>"}, 1, 1, {}});
    const FlowGraph graph = FlowBroker({"HOME", {}}, broker.look, nullptr).join(messagesOn({"orders.new"}));
    QVERIFY(graph.find("stream:home (HOME)/ORDERS"));
    QVERIFY(graph.find("stream:home (AWAY)/ORDERS"));
}

void TestFlowBroker::infersWhoPulls()
{
    Broker broker;
    broker.stream("S", "a.>", {consumerOf("c", 0, 0)});
    broker.client("reader", "HOME", {}).permissions =
        UserPermissions{{"$JS.API.CONSUMER.MSG.NEXT.S.c", "$JS.ACK.S.c.>"}, {}, {}, {}};
    broker.client("other", "HOME", {}).permissions = UserPermissions{{"a.>"}, {}, {}, {}};
    broker.client("denied", "HOME", {}).permissions = UserPermissions{{}, {"$JS.API.>"}, {}, {}};
    broker.client("away", "AWAY", {}); // may do all, elsewhere
    const FlowGraph graph = FlowBroker({"HOME", {}}, broker.look, nullptr).join(messagesOn({}));
    QVERIFY(linesOf(graph).contains("consumer:home/S/c > client:home/reader i"));
    QCOMPARE(linesOf(graph).size(), 2);
}

void TestFlowBroker::saysUnknownWhereSeveralMayPull()
{
    Broker broker;
    broker.stream("S", "a.>", {consumerOf("c", 0, 0)});
    broker.client("one", "HOME", {});
    broker.client("two", "HOME", {});
    const FlowGraph graph = FlowBroker({"HOME", {}}, broker.look, nullptr).join(messagesOn({}));
    QCOMPARE(linesOf(graph), QSet<QString>{"stream:home/S > consumer:home/S/c d"});
    QVERIFY(graph.coverage.front().find("is not known: 2 connected clients may") != std::string::npos);
}

void TestFlowBroker::namesWhoIsPushedTo()
{
    Broker broker;
    broker.stream("S", "a.>", {consumerOf("c", 0, 0, "deliver.c")});
    broker.client("one", "HOME", {{"deliver.c", {}, 0}});
    broker.client("two", "HOME", {});
    const FlowGraph graph = FlowBroker({"HOME", {}}, broker.look, nullptr).join(messagesOn({}));
    QVERIFY(linesOf(graph).contains("consumer:home/S/c > client:home/one d"));
    QCOMPARE(linesOf(graph).size(), 2);
}

void TestFlowBroker::findsWhatNobodyListensTo()
{
    Broker broker;
    broker.client("a", "HOME", {{"heard.>", {}, 0}});
    const FlowGraph graph =
        FlowBroker({"HOME", {}}, broker.look, nullptr).join(messagesOn({"heard.x", "silent.x"}));
    QCOMPARE(findingsOf(graph), QStringList{"no_listener subjects:silent.x"});
}

void TestFlowBroker::saysNothingOfListenersItCouldNotSee()
{
    Broker broker;
    broker.client("a", "HOME", {});
    broker.look.connectionsTotal = 7; // six were not read
    QVERIFY(FlowBroker({"HOME", {}}, broker.look, nullptr).join(messagesOn({"silent.x"})).findings.empty());
    broker.look.connectionsTotal = 1;
    broker.look.problems = {"connections: half a page"};
    QVERIFY(FlowBroker({"HOME", {}}, broker.look, nullptr).join(messagesOn({"silent.x"})).findings.empty());
}

void TestFlowBroker::findsSubscriptionsWithoutTraffic()
{
    Broker broker;
    broker.client("a", "HOME", {{"orders.gone", {}, 0}, {"orders.new", {}, 0}, {"auth.x", {}, 0}});
    const FlowGraph graph =
        FlowBroker({"HOME", {"orders.>"}}, broker.look, nullptr).join(messagesOn({"orders.new"}));
    // What was not observed (auth.x) may well have traffic.
    QCOMPARE(findingsOf(graph), QStringList{"no_traffic client:home/a"});
    QVERIFY(graph.findings[0].what.ends_with("orders.gone"));
    // Many of one client are one finding that names them.
    broker.client("b", "HOME", {{"orders.x", {}, 0}, {"orders.y", {}, 0}});
    const FlowGraph more =
        FlowBroker({"HOME", {"orders.>"}}, broker.look, nullptr).join(messagesOn({"orders.new"}));
    QCOMPARE(findingsOf(more), (QStringList{"no_traffic client:home/a", "no_traffic client:home/b"}));
    QCOMPARE(more.findings[1].what, std::string("nothing came for 2 subscriptions"));
    QCOMPARE(more.findings[1].evidence,
             std::string("no message on orders.x, orders.y while they were observed"));
}

void TestFlowBroker::findsConsumersThatFallBehind()
{
    Broker before;
    before.stream("S", "a.>",
                  {consumerOf("slow", 100, 50), consumerOf("fast", 100, 50), consumerOf("busy", 0, 0)});
    before.look.time = Timestamp(90s);
    Broker now;
    now.stream("S", "a.>",
               {consumerOf("slow", 110, 250), consumerOf("fast", 200, 10), consumerOf("busy", 1000, 50)});
    const FlowGraph graph = FlowBroker({"HOME", {}}, now.look, &before.look).join(messagesOn({"a.b"}));
    QCOMPARE(findingsOf(graph), QStringList{"falling_behind consumer:home/S/slow"});
    QVERIFY(graph.findings[0].evidence.starts_with("250 messages wait for it, 20.0/s more"));
}

void TestFlowBroker::saysWhenAConsumerHasCaughtUp_data()
{
    QTest::addColumn<quint64>("before"); // messages that waited ten seconds ago
    QTest::addColumn<quint64>("waiting");
    QTest::addColumn<QString>("finding");
    QTest::addColumn<QString>("evidence");
    QTest::newRow("in a while") << quint64(3'100) << quint64(3'000) << "behind"
                                << "3000 messages wait for it, 10.0/s fewer; at this pace it has caught up "
                                   "in 5 min";
    QTest::newRow("in hours") << quint64(108'100) << quint64(108'000) << "behind"
                              << "108000 messages wait for it, 10.0/s fewer; at this pace it has caught up "
                                 "in 3 h";
    QTest::newRow("slowly") << quint64(1'801) << quint64(1'800) << "behind"
                            << "1800 messages wait for it, 0.1/s fewer; at this pace it has caught up in 5 h";
    QTest::newRow("within a minute") << quint64(600) << quint64(500) << ""
                                     << "";
    QTest::newRow("neither more nor fewer") << quint64(3'000) << quint64(3'000) << ""
                                            << "";
    QTest::newRow("never") << quint64(2'900) << quint64(3'000) << "falling_behind"
                           << "3000 messages wait for it, 10.0/s more; at this pace it never catches up";
}

void TestFlowBroker::saysWhenAConsumerHasCaughtUp()
{
    QFETCH(quint64, before);
    QFETCH(quint64, waiting);
    QFETCH(QString, finding);
    QFETCH(QString, evidence);
    Broker then;
    then.stream("S", "a.>", {consumerOf("late", 100, before)});
    then.look.time = Timestamp(90s);
    Broker now;
    now.stream("S", "a.>", {consumerOf("late", 200, waiting)});
    const FlowGraph graph = FlowBroker({"HOME", {}}, now.look, &then.look).join(messagesOn({"a.b"}));
    QCOMPARE(findingsOf(graph),
             finding.isEmpty() ? QStringList() : QStringList{finding + " consumer:home/S/late"});
    if (!finding.isEmpty())
        QCOMPARE(QString::fromStdString(graph.findings[0].evidence), evidence);
}

void TestFlowBroker::leavesOutCountersThatWentBack()
{
    Broker before;
    before.stream("S", "a.>", {consumerOf("c", 100, 0)});
    before.look.time = Timestamp(90s);
    Broker now;
    now.stream("S", "a.>", {consumerOf("c", 7, 500)});
    const FlowGraph graph = FlowBroker({"HOME", {}}, now.look, &before.look).join(messagesOn({"a.b"}));
    QVERIFY(!edgeOf(graph, "stream:home/S", "consumer:home/S/c")->rate);
    QVERIFY(graph.findings.empty());
}

QTEST_GUILESS_MAIN(TestFlowBroker)
#include "tst_flowbroker.moc"
