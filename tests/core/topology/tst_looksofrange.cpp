// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/LooksOfRange.h"
#include "tests/core/history/HistoryFixture.h"

#include <QtTest>

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

/// Of a range of the past the graph shows who was connected then, also for a part of it only.
class LooksOfRangeTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void hasWhoWasThereForAPart();
    void beginsWithWhatWasSoBefore();
    void saysThatNobodyLooked();
    void addsThePresent();
    void readsSixtyAtTheMost();
    void drawsWhoIsGone();
    void serversThatBeganAnewAreOne_data();
    void serversThatBeganAnewAreOne();
    void serversThatWentAwayAreGone();
    void restartedEndsOfLinksAreOne();

private:
    /// Clients by their number; each subscribes to `orders.NUMBER`.
    [[nodiscard]] ObservedLook look(const std::vector<int>& clients) const;
    void keep(const std::vector<int>& clients, Nanoseconds then);
    [[nodiscard]] RangeLooks range(Timestamp from, Timestamp to,
                                   const std::optional<ObservedLook>& present = std::nullopt);
    [[nodiscard]] static std::vector<std::uint64_t> clientsOf(const BrokerLook& look);
    std::unique_ptr<HistoryFixture> m_history;
    Timestamp m_begin = kNoTime;
};

void LooksOfRangeTest::init()
{
    m_history = std::make_unique<HistoryFixture>();
    QCOMPARE(m_history->open(), std::string());
    m_begin = m_history->clock.now();
}

void LooksOfRangeTest::cleanup()
{
    m_history.reset();
}

ObservedLook LooksOfRangeTest::look(const std::vector<int>& clients) const
{
    auto seen = std::make_shared<BrokerLook>();
    seen->time = m_history->clock.now();
    for (const int client : clients) {
        SeenConnection connection;
        connection.server = "S";
        connection.account = "A";
        connection.cid = static_cast<std::uint64_t>(client);
        connection.name = "c" + std::to_string(client);
        connection.subscriptions.push_back({"orders." + std::to_string(client), {}, 0});
        seen->connections.push_back(std::move(connection));
    }
    seen->connectionsTotal = seen->connections.size();
    seen->streams.push_back({"A", "S", {"orders.>"}, 0, 0, {}});
    seen->streams.front().consumers.push_back(
        {"pull", {}, {}, static_cast<std::uint64_t>((seen->time - m_begin) / 1s), 0, 0, 0});
    return {seen, "A", {"orders.>"}};
}

void LooksOfRangeTest::keep(const std::vector<int>& clients, Nanoseconds then)
{
    m_history->writer->keepLook(look(clients));
    m_history->pass(then);
}

RangeLooks LooksOfRangeTest::range(Timestamp from, Timestamp to, const std::optional<ObservedLook>& present)
{
    return LooksOfRange().of(*m_history->reader(), from, to, present).value();
}

std::vector<std::uint64_t> LooksOfRangeTest::clientsOf(const BrokerLook& look)
{
    std::vector<std::uint64_t> clients;
    for (const SeenConnection& connection : look.connections)
        clients.push_back(connection.cid);
    std::sort(clients.begin(), clients.end());
    return clients;
}

void LooksOfRangeTest::hasWhoWasThereForAPart()
{
    keep({1, 2}, 1min);
    keep({2, 3}, 1min);
    keep({2, 4}, 1min);
    QCOMPARE(m_history->close(), std::string());
    const RangeLooks all = range(m_begin, m_begin + 3min);
    QCOMPARE(clientsOf(*all.now), (std::vector<std::uint64_t>{1, 2, 3, 4}));
    QCOMPARE(all.now->connectionsTotal, 4U);
    QCOMPARE(all.before->time, m_begin);
    QCOMPARE(all.account, std::string("A"));
    QCOMPARE(all.remarks, std::vector<std::string>{"2 connections were there for a part of this range only"});
    for (const SeenConnection& connection : all.now->connections) {
        const Timestamp gone = connection.cid == 1 ? m_begin : connection.cid == 3 ? m_begin + 1min : kNoTime;
        QCOMPARE(connection.gone, gone);
    }
    // Consumers count from the first look to the last.
    QCOMPARE(all.now->streams.front().consumers.front().delivered, 120U);
    QCOMPARE(all.before->streams.front().consumers.front().delivered, 0U);
    QCOMPARE(clientsOf(*range(m_begin + 1min, m_begin + 2min).now), (std::vector<std::uint64_t>{2, 3}));
    QCOMPARE(clientsOf(*range(m_begin + 30s, m_begin + 2min).now), (std::vector<std::uint64_t>{1, 2, 3}));
}

void LooksOfRangeTest::beginsWithWhatWasSoBefore()
{
    keep({1}, 1min);
    QCOMPARE(m_history->close(), std::string());
    const RangeLooks after = range(m_begin + 30s, m_begin + 40s);
    QVERIFY(after.now);
    QCOMPARE(clientsOf(*after.now), std::vector<std::uint64_t>{1});
    QVERIFY(!after.before);
    // But not what was so long ago.
    const RangeLooks late = range(m_begin + 10min, m_begin + 11min);
    QVERIFY(!late.now);
}

void LooksOfRangeTest::saysThatNobodyLooked()
{
    m_history->put(10);
    QCOMPARE(m_history->close(), std::string());
    const RangeLooks none = range(m_begin, m_begin + 1min);
    QVERIFY(!none.now);
    const FlowGraph graph = joinLooks({}, none);
    QCOMPARE(graph.coverage.size(), 1U);
    QVERIFY(graph.coverage.front().find("the broker was not looked at") != std::string::npos);
}

void LooksOfRangeTest::addsThePresent()
{
    keep({1}, 1min);
    QTRY_COMPARE(m_history->reader()->lookTimes(Timestamp::min(), Timestamp::max()).value().size(), 1U);
    const RangeLooks live = range(m_begin, m_begin + 2min, look({2}));
    QCOMPARE(clientsOf(*live.now), (std::vector<std::uint64_t>{1, 2}));
    QCOMPARE(live.now->time, m_history->clock.now());
    QVERIFY(live.before);
    QVERIFY(range(m_begin + 10min, m_begin + 12min, look({2})).now);
}

void LooksOfRangeTest::readsSixtyAtTheMost()
{
    for (int i = 0; i < 130; ++i)
        keep({1000 + i}, 10s);
    QCOMPARE(m_history->close(), std::string());
    const RangeLooks all = range(m_begin, m_begin + 1h);
    QCOMPARE(clientsOf(*all.now).size(), 60U);
    QCOMPARE(clientsOf(*all.now).front(), 1000U);
    QCOMPARE(clientsOf(*all.now).back(), 1129U);
    QVERIFY(all.remarks.back().starts_with("60 of 130 looks"));
}

void LooksOfRangeTest::drawsWhoIsGone()
{
    keep({1, 2}, 1min);
    keep({2}, 1min);
    QCOMPARE(m_history->close(), std::string());
    FlowAssembly messages;
    for (const char* group : {"orders.1", "orders.2"}) {
        FlowNode node;
        node.id = std::string("subjects:") + group;
        node.kind = FlowKind::SubjectGroup;
        node.name = group;
        messages.node(node);
    }
    const FlowGraph graph = joinLooks(messages.take(), range(m_begin, m_begin + 2min));
    const auto gone = graph.find("client:A/c1");
    const auto there = graph.find("client:A/c2");
    QVERIFY(gone && there);
    const auto isGone = [&](std::uint32_t node) {
        const auto& facts = graph.nodes[node].facts;
        return std::any_of(facts.begin(), facts.end(), [](const auto& fact) { return fact.first == "gone"; });
    };
    QVERIFY(isGone(*gone));
    QVERIFY(!isGone(*there));
}

namespace {

constexpr Timestamp kThen = Timestamp(1000s);

SeenServer server(const std::string& id, const std::string& name, Timestamp start)
{
    SeenServer made;
    made.id = id;
    made.name = name;
    made.cluster = "east";
    made.host = "10.0.0.1:4222";
    made.start = start;
    return made;
}

SeenLink route(const std::string& from, const std::string& to, const std::string& name)
{
    SeenLink made;
    made.server = from;
    made.remote = to;
    made.remoteName = name;
    made.address = "10.0.0.9:" + to;
    return made;
}

BrokerLook lookAt(Timestamp time, std::vector<SeenServer> servers, std::vector<SeenLink> links = {})
{
    BrokerLook look;
    look.time = time;
    look.servers = std::move(servers);
    look.links = std::move(links);
    return look;
}

} // namespace

void LooksOfRangeTest::serversThatBeganAnewAreOne_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("cluster");
    QTest::addColumn<int>("start"); // seconds after the other's
    QTest::addColumn<bool>("isOne");
    QTest::newRow("same name, another address") << "n"
                                                << "10.0.0.2:4222"
                                                << "east" << 60 << true;
    QTest::newRow("same address, named by its id") << "NEW"
                                                   << "10.0.0.1:4222"
                                                   << "east" << 60 << true;
    QTest::newRow("every address") << "NEW"
                                   << "0.0.0.0:4222"
                                   << "east" << 60 << false;
    QTest::newRow("another server") << "m"
                                    << "10.0.0.2:4222"
                                    << "east" << 60 << false;
    QTest::newRow("another cluster") << "n"
                                     << "10.0.0.1:4222"
                                     << "west" << 60 << false;
    QTest::newRow("older than the one that is gone") << "n"
                                                     << "10.0.0.1:4222"
                                                     << "east" << -60 << false;
}

void LooksOfRangeTest::serversThatBeganAnewAreOne()
{
    QFETCH(QString, name);
    QFETCH(QString, host);
    QFETCH(QString, cluster);
    QFETCH(int, start);
    QFETCH(bool, isOne);
    SeenServer now = server("NEW", name.toStdString(), kThen + std::chrono::seconds(start));
    now.host = host.toStdString();
    now.cluster = cluster.toStdString();
    SeenServer then = server("OLD", "n", kThen);
    if (host.startsWith("0.0.0.0"))
        then.host = now.host;
    const SeenServer other = server("OTHER", "other", kThen);
    BrokerLook last = lookAt(kThen + 5min, {other, now}, {route("OTHER", "NEW", "n")});
    addEarlier(last, lookAt(kThen + 1min, {other, then}, {route("OTHER", "OLD", "n")}));
    QCOMPARE(last.servers.size(), std::size_t(isOne ? 2 : 3));
    QCOMPARE(last.servers[1].beganAnew, isOne);
    QCOMPARE(last.servers[1].gone, kNoTime);
    QVERIFY(!last.servers[0].beganAnew);
    // Its old route leads to it by another address: that one is gone.
    QCOMPARE(last.links.size(), std::size_t{2});
    QCOMPARE(last.links[0].gone, kNoTime);
    QCOMPARE(last.links[1].gone, kThen + 1min);
    QCOMPARE(last.links[1].remote, std::string(isOne ? "NEW" : "OLD"));
}

void LooksOfRangeTest::serversThatWentAwayAreGone()
{
    const SeenServer stays = server("S", "stays", kThen);
    SeenServer twin = server("T2", "t", kThen + 1min);
    SeenServer x = server("X", "x", kThen);
    x.host = "10.0.0.7:4222";
    // Two of one name at one time are two, also when one of them goes.
    BrokerLook last = lookAt(kThen + 5min, {stays, twin});
    addEarlier(last, lookAt(kThen + 4min, {stays, twin, server("T1", "t", kThen)}));
    addEarlier(last, lookAt(kThen + 3min, {stays, server("T1", "t", kThen), x}));
    QCOMPARE(last.servers.size(), std::size_t{4});
    QCOMPARE(last.servers[2].id, std::string("T1"));
    QCOMPARE(last.servers[2].gone, kThen + 4min); // the last look that had it
    QCOMPARE(last.servers[3].gone, kThen + 3min);
    for (const SeenServer& each : last.servers)
        QVERIFY(!each.beganAnew);
}

/// A leaf node that was not looked at itself has a new id after its start, too.
void LooksOfRangeTest::restartedEndsOfLinksAreOne()
{
    const SeenServer hub = server("H", "hub", kThen);
    SeenLink now = route("H", "L2", "leaf");
    now.kind = SeenLink::Kind::Leaf;
    SeenLink then = route("H", "L1", "leaf");
    then.kind = SeenLink::Kind::Leaf;
    BrokerLook last = lookAt(kThen + 5min, {hub}, {now});
    addEarlier(last, lookAt(kThen + 4min, {hub}, {then}));
    QCOMPARE(last.links[1].remote, std::string("L2"));
    // Both were there at one time: one of them is gone.
    last = lookAt(kThen + 5min, {hub}, {now});
    addEarlier(last, lookAt(kThen + 4min, {hub}, {now, then}));
    QCOMPARE(last.links.size(), std::size_t{2});
    QCOMPARE(last.links[1].remote, std::string("L1"));
    QCOMPARE(last.links[1].gone, kThen + 4min);
}

QTEST_APPLESS_MAIN(LooksOfRangeTest)
#include "tst_looksofrange.moc"
