// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/NatsMonitor.h"
#include "tests/support/ManualClock.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <map>
#include <set>

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;
using Page = MonitorQuestion::Page;

/// When which page of a server is asked for, by a clock that the test moves.
class TestMonitoredServer : public QObject
{
    Q_OBJECT

private slots:
    void staysWithinItsShare_data();
    void staysWithinItsShare();
    void asksASlowerServerLessOften();
    void theWayIsNoWork();
    void asksAQuietServerForLittle();
    void readsWhatChangedFirst();
    void leavesNothingUnread();
    void ratesAreOfWhenItWasTold();
    void looksAtAnExpectedConnection();
    void aStormOfEventsIsNoStormOfLooks();
    void looksAtStreamsOfAnAccount();
    void keepsWhatItKnowsOfHalfAPage();
    void waitsLongerForOneThatFails();
    void saysOnceThatAServerBeganAnew();
    void survivesCountersThatGoBack();
};

namespace {

/// A server whose pages take time and say what the test sets.
class FakeServer final : public MonitorTransport
{
public:
    explicit FakeServer(ManualClock& clock) : m_clock(clock) {}

    Result<std::vector<std::string>> servers(const std::stop_token& /*stop*/) override
    {
        return std::vector<std::string>{"it"};
    }
    Result<QByteArray> ask(const std::string& /*server*/, const MonitorQuestion& question,
                           const std::stop_token& /*stop*/) override
    {
        const bool dear = question.page == Page::Connz && question.cid == 0;
        const Nanoseconds work = !dear ? cheap : question.details ? detailed : light;
        m_clock.advance(way + work);
        spent += work;
        ++asked[question.page];
        if (question.page == Page::Connz && question.details && question.cid == 0)
            ++inDetail;
        if (question.cid > 0)
            cids.push_back(question.cid);
        if (failing.contains(question.page))
            return Error{ErrorCode::Timeout, "asking", "no answer", {}};
        return QJsonDocument(answer(question)).toJson();
    }
    std::string describe(const std::string& server, const MonitorQuestion& /*question*/) const override
    {
        return server;
    }
    std::string whyNotAsked() const override { return "not asked:"; }

    std::string id = "A";
    qint64 messages = 0;
    qint64 accepted = 3;
    qint64 subscriptions = 3;
    bool jetStream = true;
    qint64 requests = 0;
    qint64 delivered = 0;
    std::vector<int> clients{1, 2, 3};
    std::string start = "2026-11-21T10:00:00Z";
    Nanoseconds way{0};
    Nanoseconds cheap = 300us;
    Nanoseconds detailed = 80ms;
    Nanoseconds light = 20ms;
    std::set<Page> failing;

    Nanoseconds spent{0};
    std::map<Page, int> asked;
    int inDetail = 0;
    std::vector<std::uint64_t> cids;

private:
    [[nodiscard]] QJsonObject answer(const MonitorQuestion& question) const
    {
        QJsonObject object{{"server_id", QString::fromStdString(id)}};
        switch (question.page) {
        case Page::Varz:
            object["server_name"] = "n";
            object["start"] = QString::fromStdString(start);
            object["in_msgs"] = messages;
            object["connections"] = static_cast<int>(clients.size());
            object["total_connections"] = accepted;
            object["subscriptions"] = subscriptions;
            if (jetStream)
                object["jetstream"] =
                    QJsonObject{{"config", QJsonObject()},
                                {"stats", QJsonObject{{"api", QJsonObject{{"total", requests}}}}}};
            break;
        case Page::Connz:
            object["connections"] = connections(question);
            object["total"] = static_cast<int>(clients.size());
            break;
        case Page::Jsz:
            object["accounts"] = 1;
            object["account_details"] = QJsonArray{QJsonObject{
                {"id", "ACC"},
                {"stream_detail",
                 QJsonArray{QJsonObject{{"name", "S"}, {"state", QJsonObject{{"last_seq", delivered}}}}}}}};
            break;
        case Page::Accountz:
            object["accounts"] = QJsonArray();
            break;
        case Page::Routez:
        case Page::Gatewayz:
        case Page::Leafz:
            break;
        }
        return object;
    }
    [[nodiscard]] QJsonArray connections(const MonitorQuestion& question) const
    {
        QJsonArray list;
        for (const int cid : clients) {
            if (question.cid > 0 && question.cid != static_cast<std::uint64_t>(cid))
                continue;
            QJsonObject one{{"cid", cid}, {"in_msgs", messages}};
            if (question.details)
                one["subscriptions_list_detail"] = QJsonArray{QJsonObject{{"subject", "a"}}};
            list += one;
        }
        return list;
    }

    ManualClock& m_clock;
};

/// A monitor of a FakeServer.
struct World
{
    explicit World(Nanoseconds interval = 2s)
    {
        NatsMonitor::Options options;
        options.interval = interval;
        auto transport = std::make_unique<FakeServer>(clock);
        server = transport.get();
        monitor = std::make_unique<NatsMonitor>(std::move(transport), options, clock);
    }
    std::shared_ptr<const BrokerLook> glance()
    {
        clock.advance(std::max(monitor->nextAt() - clock.steady(), Nanoseconds(0)));
        const auto look = monitor->glance({});
        return look ? *look : std::make_shared<const BrokerLook>();
    }
    /// Glances until so much time is over, with traffic.
    void run(Nanoseconds time)
    {
        for (const Nanoseconds end = clock.steady() + time; clock.steady() < end;) {
            server->messages += 100;
            (void)glance();
        }
    }

    ManualClock clock;
    FakeServer* server;
    std::unique_ptr<NatsMonitor> monitor;
};

} // namespace

void TestMonitoredServer::staysWithinItsShare_data()
{
    QTest::addColumn<int>("detailedMs");
    QTest::addColumn<bool>("churn");
    QTest::newRow("small") << 1 << true;
    QTest::newRow("2,000 connections") << 80 << true;
    QTest::newRow("the same, quiet") << 80 << false;
    QTest::newRow("50,000 connections") << 2000 << true;
}

/// Half of the two hundredths: the rest is for what a server does beside its answer.
void TestMonitoredServer::staysWithinItsShare()
{
    QFETCH(const int, detailedMs);
    QFETCH(const bool, churn);
    World world;
    world.server->detailed = std::chrono::milliseconds(detailedMs);
    world.server->light = world.server->detailed / 4;
    for (int i = 0; i < 3600; ++i) {
        if (churn)
            ++world.server->accepted;
        world.server->messages += 10;
        (void)world.glance();
    }
    const double share = std::chrono::duration<double>(world.server->spent).count() /
                         std::chrono::duration<double>(world.clock.steady()).count();
    QVERIFY2(share < 0.0101, qPrintable(QString::number(share)));
    QVERIFY(world.server->asked[Page::Connz] > 10);
}

void TestMonitoredServer::asksASlowerServerLessOften()
{
    World world;
    world.run(600s);
    const int usual = world.server->asked[Page::Connz];
    world.server->light *= 10;
    world.server->detailed *= 10;
    world.run(600s);
    const int slow = world.server->asked[Page::Connz] - usual;
    QVERIFY2(slow * 4 < usual, qPrintable(QString("%1 %2").arg(usual).arg(slow)));
    // A server that is slow with the cheapest page is asked less often for that, too.
    const int glances = world.server->asked[Page::Varz];
    world.server->cheap = 100ms;
    world.run(600s);
    QVERIFY(world.server->asked[Page::Varz] - glances < 60);
}

void TestMonitoredServer::theWayIsNoWork()
{
    World near;
    near.run(600s);
    World far;
    far.server->way = 150ms;
    far.run(600s);
    QVERIFY(far.server->asked[Page::Connz] * 5 > near.server->asked[Page::Connz] * 4);
}

void TestMonitoredServer::asksAQuietServerForLittle()
{
    World world;
    for (int i = 0; i < 25; ++i)
        QVERIFY(!world.glance()->connections.empty());
    QCOMPARE(world.server->asked[Page::Varz], 25);
    QCOMPARE(world.server->asked[Page::Connz], 1);
    QCOMPARE(world.server->asked[Page::Jsz], 1);
    World without;
    without.server->jetStream = false;
    without.run(60s);
    QCOMPARE(without.server->asked[Page::Jsz], 0);
}

void TestMonitoredServer::readsWhatChangedFirst()
{
    World world;
    world.server->detailed = 8ms; // rest: a second
    (void)world.glance();
    (void)world.glance();
    const int before = world.server->inDetail;
    world.server->clients.push_back(4);
    ++world.server->accepted;
    QCOMPARE(world.glance()->connections.size(), std::size_t{4});
    QCOMPARE(world.server->inDetail, before + 1);
    // Subscriptions count as a change, streams do not.
    ++world.server->subscriptions;
    (void)world.glance();
    QCOMPARE(world.server->inDetail, before + 2);
    const int streams = world.server->asked[Page::Jsz];
    ++world.server->requests;
    (void)world.glance();
    QCOMPARE(world.server->inDetail, before + 2);
    QCOMPARE(world.server->asked[Page::Jsz], streams + 1);
}

/// Clients that always change do not keep streams and links from being read.
void TestMonitoredServer::leavesNothingUnread()
{
    World world;
    (void)world.glance();
    const auto before = world.server->asked;
    for (int i = 0; i < 60; ++i) {
        ++world.server->accepted;
        world.server->messages += 10;
        (void)world.glance();
    }
    for (const Page page : {Page::Jsz, Page::Leafz, Page::Accountz})
        QVERIFY(world.server->asked[page] > before.at(page));
}

void TestMonitoredServer::ratesAreOfWhenItWasTold()
{
    World world;
    std::vector<std::shared_ptr<const BrokerLook>> looks;
    for (int i = 0; i < 100; ++i) {
        // 50 messages a second, whenever they are read.
        world.server->delivered = world.server->messages =
            static_cast<qint64>(50 * std::chrono::duration<double>(world.clock.steady() + 2s).count());
        looks.push_back(world.glance());
    }
    int rates = 0;
    for (std::size_t i = 0; i < looks.size(); ++i) {
        for (std::size_t j = i + 1; j < looks.size(); j += 7) {
            const SeenStream& then = looks[i]->streams.at(0);
            const SeenStream& now = looks[j]->streams.at(0);
            const auto rate = growthRate(then.lastSequence, then.told, now.lastSequence, now.told);
            if (now.told - then.told < 4s)
                continue;
            ++rates;
            QVERIFY2(rate && *rate > 45 && *rate < 55, qPrintable(QString::number(rate.value_or(-1))));
        }
    }
    QVERIFY(rates > 100);
}

void TestMonitoredServer::looksAtAnExpectedConnection()
{
    World world;
    world.server->detailed = 2s; // all of them are not read again for minutes
    (void)world.glance();
    MonitoredServer* server = world.monitor->server("A");
    QVERIFY(server != nullptr && world.monitor->server("B") == nullptr);
    const Nanoseconds began = world.clock.steady();
    world.server->clients.push_back(8);
    server->expectConnection(8);
    std::shared_ptr<const BrokerLook> look;
    while (world.server->cids.size() < 2)
        look = world.glance();
    QCOMPARE(look->connections.size(), std::size_t{4});
    QCOMPARE(look->connections.back().subscriptions.size(), std::size_t{1});
    QVERIFY(world.clock.steady() - began < 1500ms); // both: at once, and when it has subscribed
    QCOMPARE(world.server->inDetail, 1);
    QVERIFY(server->forgetConnection(8));
    QCOMPARE(world.glance()->connections.size(), std::size_t{3});
}

void TestMonitoredServer::aStormOfEventsIsNoStormOfLooks()
{
    World world;
    world.server->detailed = 2s;
    world.server->cheap = 1ms;
    (void)world.glance();
    world.server->spent = {};
    const Nanoseconds began = world.clock.steady();
    for (std::uint64_t i = 0; i < 100'000; ++i) {
        world.monitor->server("A")->expectConnection(10 + i);
        world.monitor->server("A")->expectStreams("ACC");
        if (i % 100 == 0)
            (void)world.glance();
    }
    const double share = std::chrono::duration<double>(world.server->spent).count() /
                         std::chrono::duration<double>(world.clock.steady() - began + 10s).count();
    QVERIFY2(share < 0.0135, qPrintable(QString::number(share)));
    QVERIFY(world.server->cids.size() < 200);
}

void TestMonitoredServer::looksAtStreamsOfAnAccount()
{
    World world;
    world.server->detailed = 2s;
    (void)world.glance();
    const int before = world.server->asked[Page::Jsz];
    world.server->delivered = 77;
    world.monitor->server("A")->expectStreams("ACC");
    QVERIFY(world.monitor->nextAt() <= world.clock.steady());
    const auto look = world.glance();
    QCOMPARE(world.server->asked[Page::Jsz], before + 1);
    QCOMPARE(look->streams.size(), std::size_t{1});
    QCOMPARE(look->streams[0].lastSequence, std::uint64_t{77});
}

void TestMonitoredServer::keepsWhatItKnowsOfHalfAPage()
{
    World world;
    (void)world.glance();
    world.server->failing = {Page::Connz};
    ++world.server->accepted;
    std::shared_ptr<const BrokerLook> look;
    for (int i = 0; i < 10; ++i)
        look = world.glance();
    QCOMPARE(look->connections.size(), std::size_t{3});
    QCOMPARE(look->problems, std::vector<std::string>{"connections: asking failed: no answer"});
    world.server->failing.clear();
    for (int i = 0; i < 10; ++i)
        look = world.glance();
    QVERIFY(look->problems.empty());
}

void TestMonitoredServer::waitsLongerForOneThatFails()
{
    World world;
    world.server->failing = {Page::Varz};
    QVERIFY(!world.monitor->glance({}));
    std::vector<Nanoseconds> waits;
    for (int i = 0; i < 8; ++i) {
        waits.push_back(world.monitor->nextAt() - world.clock.steady());
        (void)world.glance();
    }
    QCOMPARE(waits[0], Nanoseconds(2s));
    QCOMPARE(waits[1], Nanoseconds(4s));
    QCOMPARE(waits[7], Nanoseconds(60s));
    world.server->failing.clear();
    QCOMPARE(world.glance()->connections.size(), std::size_t{3});
    QVERIFY(world.monitor->nextAt() - world.clock.steady() <= 2s);
}

void TestMonitoredServer::saysOnceThatAServerBeganAnew()
{
    World world;
    world.server->messages = 1'000'000;
    const auto before = world.glance();
    world.server->id = "B";
    world.server->start = "2026-11-21T11:00:00Z";
    world.server->messages = 10;
    world.server->clients = {1};
    std::shared_ptr<const BrokerLook> now;
    for (int i = 0; i < 5; ++i)
        now = world.glance();
    QCOMPARE(now->servers.size(), std::size_t{1});
    QCOMPARE(now->connections.size(), std::size_t{1});
    QCOMPARE(now->visitors, std::uint64_t{0});
    QCOMPARE(now->notes,
             std::vector<std::string>{"server n began anew at 2026-11-21T11:00:00.000000000Z: its "
                                      "counters start from zero"});
    QVERIFY(!growthRate(before->servers[0].inMessages, before->servers[0].told, now->servers[0].inMessages,
                        now->servers[0].told));
}

void TestMonitoredServer::survivesCountersThatGoBack()
{
    World world;
    world.server->accepted = 1000;
    (void)world.glance();
    (void)world.glance();
    world.server->accepted = 0;
    world.server->messages = -5;
    world.run(60s);
    const auto look = world.glance();
    QCOMPARE(look->visitors, std::uint64_t{0});
    QVERIFY(look->servers[0].inMessages < 10'000);
}

QTEST_GUILESS_MAIN(TestMonitoredServer)
#include "tst_MonitoredServer.moc"
