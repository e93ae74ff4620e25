// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/NatsOptions.h"
#include "core/broker/SubjectPattern.h"
#include "core/topology/SubjectAudience.h"

#include <QElapsedTimer>
#include <QTest>

#include <random>
#include <set>

using namespace weir;

namespace {

using Kind = SubjectAudience::Kind;

/// Accounts HOME and AWAY, whose clients subscribe.
class Broker
{
public:
    Broker() { look.accounts = {{"HOME", "home", false, {}}, {"AWAY", "away", false, {}}}; }
    void client(const std::string& name, const std::string& account,
                std::vector<SeenSubscription> subscriptions)
    {
        SeenConnection connection;
        connection.server = "S";
        connection.cid = ++look.connectionsTotal;
        connection.name = name;
        connection.account = account;
        connection.subscriptions = std::move(subscriptions);
        look.connections.push_back(std::move(connection));
    }
    void stream(const std::string& name, const std::string& account, const std::string& subject)
    {
        SeenStream stream;
        stream.account = account;
        stream.name = name;
        stream.subjects = {subject};
        look.streams.push_back(std::move(stream));
    }
    BrokerLook look;
};

QStringList namesOf(const SubjectAudience& audience, const std::vector<std::string>& patterns)
{
    QStringList names;
    for (const SubjectAudience::Listener& listener : audience.who(patterns))
        names << QString::fromStdString(listener.account + "/" + listener.name);
    return names;
}

std::string randomPattern(std::mt19937& random, bool wild)
{
    std::string pattern;
    const std::size_t tokens = 1 + random() % 4;
    for (std::size_t i = 0; i < tokens; ++i) {
        pattern += i > 0 ? "." : "";
        const auto kind = random() % 10;
        if (wild && kind == 0)
            return pattern + ">";
        pattern += wild && kind < 3 ? "*" : std::string(1, static_cast<char>('a' + random() % 4));
    }
    return pattern;
}

} // namespace

class TestSubjectAudience : public QObject
{
    Q_OBJECT
private slots:
    void countsEachOnce();
    void followsImports_data();
    void followsImports();
    void saysWhatItDoesNotKnow();
    void agreesWithThePatterns();
    void countsQuickly();
};

void TestSubjectAudience::countsEachOnce()
{
    Broker broker;
    broker.client("billing", "HOME", {{"orders.*.paid", {}, 0}, {"orders.>", {}, 0}});
    broker.client("billing", "HOME", {{"orders.>", {}, 0}}); // another instance of it
    broker.client("", "HOME", {{"orders.eu.paid", {}, 0}});
    broker.client("a", "HOME", {{"orders.>", "workers", 0}});
    broker.client("b", "HOME", {{"orders.>", "workers", 0}});
    broker.client("c", "AWAY", {{"orders.>", {}, 0}});
    broker.client(kNatsClientName, "HOME", {{">", {}, 0}}); // ourselves
    broker.stream("ORDERS", "HOME", "orders.*.paid");
    const SubjectAudience audience(broker.look, "HOME");
    QVERIFY(audience.isKnown());
    QVERIFY(audience.count({"orders.eu.paid"}) == (AudienceCount{2, 1, 1, true}));
    QCOMPARE(audience.count({"orders.eu.paid"}).total(), 4U);
    QVERIFY(audience.count({"orders.eu.sent"}) == (AudienceCount{1, 1, 0, true}));
    QVERIFY(audience.count({"orders.*.paid", "orders.*.paid.>"}) == (AudienceCount{2, 1, 1, true}));
    QVERIFY(audience.count({"orders.>"}) == (AudienceCount{2, 1, 1, true}));
    QVERIFY(audience.count({"orders"}) == (AudienceCount{0, 0, 0, true}));
    QVERIFY(audience.count({}) == (AudienceCount{0, 0, 0, true}));
    QCOMPARE(namesOf(audience, {"orders.eu.paid"}),
             (QStringList{"home/S/3", "home/billing", "home/workers", "home/ORDERS"}));
}

void TestSubjectAudience::followsImports_data()
{
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    QTest::addColumn<QString>("listens");
    QTest::addColumn<QString>("asked");
    QTest::addColumn<int>("clients");
    QTest::addColumn<bool>("whole");
    QTest::newRow("as it is") << "orders.>"
                              << "orders.>"
                              << "orders.eu"
                              << "orders.eu" << 1 << true;
    QTest::newRow("under a prefix") << "orders.>"
                                    << "edge.orders.>"
                                    << "edge.orders.eu"
                                    << "orders.eu" << 1 << true;
    QTest::newRow("not under it") << "orders.>"
                                  << "edge.orders.>"
                                  << "orders.eu"
                                  << "orders.eu" << 0 << true;
    QTest::newRow("renamed") << "orders.eu"
                             << "eu.orders"
                             << "eu.orders"
                             << "orders.eu" << 1 << true;
    // A branch of the tree is wider than what is imported of it.
    QTest::newRow("a part of a branch") << "orders.eu"
                                        << "eu.orders"
                                        << "eu.orders"
                                        << "orders.>" << 1 << true;
    QTest::newRow("not imported") << "orders.eu"
                                  << "orders.eu"
                                  << "orders.us"
                                  << "orders.us" << 0 << true;
    QTest::newRow("mapped by tokens") << "orders.*.*"
                                      << "o.$2.$1"
                                      << "o.>"
                                      << "orders.eu.paid" << 0 << false;
}

void TestSubjectAudience::followsImports()
{
    QFETCH(QString, from);
    QFETCH(QString, to);
    QFETCH(QString, listens);
    QFETCH(QString, asked);
    QFETCH(int, clients);
    QFETCH(bool, whole);
    for (const bool service : {false, true}) {
        Broker broker;
        const SeenImport import{service, service ? "AWAY" : "HOME",
                                service ? to.toStdString() : from.toStdString(),
                                service ? from.toStdString() : to.toStdString()};
        broker.look.accounts[service ? 0 : 1].imports.push_back(import);
        broker.client("ledger", "AWAY", {{listens.toStdString(), {}, 0}});
        const AudienceCount count = SubjectAudience(broker.look, "HOME").count({asked.toStdString()});
        QCOMPARE(static_cast<int>(count.clients), clients);
        QCOMPARE(count.whole, whole);
    }
}

void TestSubjectAudience::saysWhatItDoesNotKnow()
{
    Broker broker;
    broker.client("a", "HOME", {{"orders", {}, 0}});
    QVERIFY(!SubjectAudience(broker.look, "").isKnown());
    broker.look.connectionsTotal = 2; // one was not read
    QVERIFY(SubjectAudience(broker.look, "HOME").count({"orders"}) == (AudienceCount{1, 0, 0, false}));
    broker.look.connectionsTotal = 1;
    broker.look.problems = {"jsz: timeout"};
    QVERIFY(!SubjectAudience(broker.look, "HOME").count({"orders"}).whole);
}

/// The tree of patterns finds what looking at each would find.
void TestSubjectAudience::agreesWithThePatterns()
{
    std::mt19937 random(11);
    Broker broker;
    for (int i = 0; i < 300; ++i)
        broker.client("c" + std::to_string(i), "HOME", {{randomPattern(random, true), {}, 0}});
    const SubjectAudience audience(broker.look, "HOME");
    for (int i = 0; i < 2000; ++i) {
        const std::string asked = randomPattern(random, i % 2 == 0);
        std::uint32_t expected = 0;
        for (const SeenConnection& connection : broker.look.connections)
            expected += patternsMeet(connection.subscriptions.front().subject, asked) ? 1 : 0;
        QVERIFY2(audience.count({asked}).clients == expected, asked.c_str());
    }
}

/// Figures are printed, not judged: the machine is shared.
void TestSubjectAudience::countsQuickly()
{
    Broker broker;
    for (int i = 0; i < 2000; ++i) {
        std::vector<SeenSubscription> subscriptions;
        for (int j = 0; j < 10; ++j)
            subscriptions.push_back(
                {"orders.r" + std::to_string(i % 500) + ".s" + std::to_string(j) + (i % 2 == 0 ? ".>" : ".*"),
                 i % 3 == 0 ? "workers" + std::to_string(i % 40) : std::string(), 0});
        broker.client("service" + std::to_string(i), "HOME", std::move(subscriptions));
    }
    QElapsedTimer timer;
    timer.start();
    const SubjectAudience audience(broker.look, "HOME");
    const double made = static_cast<double>(timer.nsecsElapsed()) / 1e6;
    timer.restart();
    std::uint64_t found = 0;
    for (int i = 0; i < 100'000; ++i)
        found += audience
                     .count({"orders.r" + std::to_string(i % 500) + ".s" + std::to_string(i / 500 % 10) +
                             "." + std::to_string(i)})
                     .total();
    const double counted = static_cast<double>(timer.nsecsElapsed()) / 1e6;
    timer.restart();
    const std::uint32_t all = audience.count({"orders.>"}).total();
    qInfo(
        "20,000 subscriptions: tree in %.1f ms; 100,000 subjects counted in %.0f ms, all of them in %.2f ms",
        made, counted, static_cast<double>(timer.nsecsElapsed()) / 1e6);
    QVERIFY(found > 100'000);
    QVERIFY(all > 1000);
}

QTEST_GUILESS_MAIN(TestSubjectAudience)
#include "tst_subjectaudience.moc"
