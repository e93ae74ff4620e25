// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/HistoryCheck.h"
#include "core/history/HistoryMerge.h"
#include "core/history/HistoryRepair.h"
#include "core/history/LookText.h"
#include "core/history/Schema.h"
#include "tests/core/history/HistoryFixture.h"

#include <QtTest>

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

/// What a broker said of itself is kept beside the messages, and comes back as it was.
class BrokerLooksTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void comesBackAsItWas();
    void keepsWhatIsNewAtOnceElseOneAMinute();
    void keepsTheLastOneAtTheEnd();
    void takesLittleRoom();
    void readsFilesFromBeforeThem();
    void goesWithItsMessagesButForOneAnHour();
    void isCheckedByVerify();
    void isKeptByRepair();
    void isKeptByMerge();
    void refusesWhatIsNoLook();

private:
    /// A look at the clock's time with `clients` connections.
    [[nodiscard]] ObservedLook look(int clients) const;
    /// Offers one and lets it be committed.
    void keep(int clients);
    [[nodiscard]] std::vector<Timestamp> times() const;
    [[nodiscard]] std::vector<std::string> damages(const std::filesystem::path& path) const;
    std::unique_ptr<HistoryFixture> m_history;
};

void BrokerLooksTest::init()
{
    m_history = std::make_unique<HistoryFixture>();
    QCOMPARE(m_history->open(), std::string());
}

void BrokerLooksTest::cleanup()
{
    m_history.reset();
}

ObservedLook BrokerLooksTest::look(int clients) const
{
    auto seen = std::make_shared<BrokerLook>();
    seen->time = m_history->clock.now();
    for (int i = 0; i < clients; ++i) {
        SeenConnection connection;
        connection.server = "S1";
        connection.cid = static_cast<std::uint64_t>(i) + 1;
        connection.name = "client-" + std::to_string(i);
        connection.inMessages =
            static_cast<std::uint64_t>(toUnixNanos(seen->time) / 1'000'000) + connection.cid;
        for (int k = 0; k < 10; ++k)
            connection.subscriptions.push_back(
                {"orders." + std::to_string(i) + "." + std::to_string(k), k % 2 == 0 ? "billing" : "", 7});
        seen->connections.push_back(std::move(connection));
    }
    seen->connectionsTotal = seen->connections.size();
    return {seen, "ACCOUNT", {"orders.>"}};
}

void BrokerLooksTest::keep(int clients)
{
    m_history->writer->keepLook(look(clients));
    m_history->pass(250ms);
}

std::vector<Timestamp> BrokerLooksTest::times() const
{
    return m_history->reader()->lookTimes(Timestamp::min(), Timestamp::max()).value();
}

std::vector<std::string> BrokerLooksTest::damages(const std::filesystem::path& path) const
{
    std::vector<std::string> all;
    auto database = openForReading(path).value();
    const auto tell = [&all](const HistoryDamage& damage) {
        all.insert(all.end(), damage.what.begin(), damage.what.end());
    };
    (void)HistoryCheck(database, tell, {}).run().value();
    return all;
}

void BrokerLooksTest::comesBackAsItWas()
{
    auto all = std::make_shared<BrokerLook>();
    all->time = m_history->clock.now();
    SeenServer server;
    server.id = "S1";
    server.name = "n1";
    server.host = "127.0.0.1:4222";
    server.leafHost = "127.0.0.1:7422";
    server.start = Timestamp(5s);
    server.clock = Timestamp(6s);
    server.slowConsumers = 5;
    server.cpu = 12.25;
    server.tags = {"region:eu", "a\"b"};
    all->servers.push_back(server);
    SeenLink link;
    link.kind = SeenLink::Kind::InboundGateway;
    link.server = "S1";
    link.remoteName = "west";
    link.rtt = 8us;
    all->links.push_back(link);
    SeenConnection connection;
    connection.server = "S1";
    connection.cid = 18'446'744'073'709'551'615U;
    connection.name = "na\nme \xE2\x80\xAE";
    connection.account = "A";
    connection.user = "U";
    connection.userName = "edge";
    connection.permissions = UserPermissions{{"a.>"}, {"b"}, {}, {"c"}};
    connection.issued = Timestamp(3s);
    connection.expires = Timestamp(4s);
    connection.inMessages = 1;
    connection.inBytes = 2;
    connection.outMessages = 3;
    connection.outBytes = 4;
    connection.pendingBytes = 5;
    connection.rtt = 400us;
    connection.start = Timestamp(7s);
    connection.address = "[::1]:5";
    connection.kind = "websocket";
    connection.library = "go 1";
    connection.told = Timestamp(8s);
    connection.subscriptions.push_back({"x.>", "q", 9});
    all->connections = {connection, {}};
    all->streams.push_back({"A", "ORDERS", {"orders.>"}, 10, 11, {{"c", "d", {"f"}, 1, 2, 3, 4}}});
    all->accounts.push_back({"A", "EDGE", true, {{true, "B", "r", "l"}}});
    all->connectionsTotal = 2;
    all->problems = {"one"};
    all->notes = {"two"};
    all->authErrors.push_back({"S1", "u", "n", "h", "r", 3, Timestamp(1s), Timestamp(2s)});
    all->visits.push_back({"S1", 4, "A", "u", "n", "h", "r", Timestamp(1s), Timestamp(2s)});
    all->visitors = 9;
    m_history->writer->keepLook({all, "A", {"x", "y"}});
    QCOMPARE(m_history->close(), std::string());
    const auto read = m_history->reader()->look(Timestamp::max()).value();
    QVERIFY(read.has_value());
    // The text says all of a look, so two texts that are one say that two looks are.
    QCOMPARE(lookText(*read), lookText({all, "A", {"x", "y"}}));
    QCOMPARE(read->look->servers.front().tags.back(), std::string("a\"b"));
    QCOMPARE(read->look->servers.front().cpu, 12.25);
    QCOMPARE(read->look->servers.front().leafHost, server.leafHost);
    QCOMPARE(read->look->servers.front().clock, server.clock);
    QCOMPARE(read->look->links.front().kind, SeenLink::Kind::InboundGateway);
    QCOMPARE(read->look->links.front().rtt, Nanoseconds(8us));
    QCOMPARE(read->look->connections.front().cid, connection.cid);
    QCOMPARE(read->look->connections.front().name, connection.name);
    QCOMPARE(read->look->connections.front().permissions->publishDeny, std::vector<std::string>{"b"});
    QCOMPARE(read->look->connections.front().issued, Timestamp(3s));
    QCOMPARE(read->look->connections.front().expires, Timestamp(4s));
    QVERIFY(!read->look->connections.back().permissions.has_value());
    QCOMPARE(read->look->connections.back().rtt, kNoDuration);
    QCOMPARE(read->look->streams.front().consumers.front().redelivered, 4U);
    QCOMPARE(read->look->authErrors.front().last, Timestamp(2s));
    QCOMPARE(read->look->visits.front().cid, 4U);
    QCOMPARE(read->look->notes, std::vector<std::string>{"two"});
    QCOMPARE(read->look->connections.front().told, Timestamp(8s));
    QVERIFY(read->look->accounts.front().imports.front().service);
    QCOMPARE(read->observed, (std::vector<std::string>{"x", "y"}));
    // Between looks the one before counts; before the first there is none.
    QVERIFY(m_history->reader()->look(all->time).value().has_value());
    QVERIFY(!m_history->reader()->look(all->time - 1ns).value().has_value());
}

void BrokerLooksTest::keepsWhatIsNewAtOnceElseOneAMinute()
{
    const Timestamp begin = m_history->clock.now();
    for (int i = 0; i < 60; ++i) { // two minutes, a look each two seconds
        m_history->clock.advance(begin + i * 2s - m_history->clock.now());
        keep(i < 20 ? 3 : 4);
    }
    QTRY_COMPARE(times().size(), 3U);
    QCOMPARE(times(), (std::vector<Timestamp>{begin, begin + 40s, begin + 100s}));
    // A storm of changes is no storm of rows.
    for (int i = 0; i < 20; ++i) {
        m_history->clock.advance(begin + 200s + i * 1s - m_history->clock.now());
        keep(5 + i);
    }
    QTRY_COMPARE(times().size(), 7U);
    QCOMPARE(times().back(), begin + 215s);
}

void BrokerLooksTest::keepsTheLastOneAtTheEnd()
{
    keep(3);
    m_history->clock.advance(4s);
    const Timestamp last = m_history->clock.now();
    keep(2);
    QCOMPARE(m_history->close(), std::string());
    QCOMPARE(times().size(), 2U);
    QCOMPARE(times().back(), last);
    QCOMPARE(m_history->reader()->look(last).value()->look->connections.size(), 2U);
}

void BrokerLooksTest::takesLittleRoom()
{
    constexpr int kLooks = 30;
    for (int i = 0; i < kLooks; ++i) {
        m_history->clock.advance(1min);
        keep(2000);
    }
    QCOMPARE(m_history->close(), std::string());
    const auto whole = m_history->sql("SELECT length(body) FROM broker_look WHERE base IS NULL");
    const auto others = m_history->sql("SELECT sum(length(body)) FROM broker_look WHERE base IS NOT NULL");
    const auto raw = m_history->sql("SELECT max(raw_bytes) FROM broker_look");
    qInfo("2,000 connections, 20,000 subscriptions: %lld bytes of text, %lld the first look, %lld each that "
          "follows",
          static_cast<long long>(raw), static_cast<long long>(whole),
          static_cast<long long>(others / (kLooks - 1)));
    QVERIFY(whole * 5 < raw);
    QVERIFY(others / (kLooks - 1) * 3 < whole * 2);
    for (const Timestamp time : times())
        QCOMPARE(m_history->reader()->look(time).value()->look->connections.back().inMessages,
                 static_cast<std::uint64_t>(toUnixNanos(time) / 1'000'000) + 2000);
}

void BrokerLooksTest::readsFilesFromBeforeThem()
{
    m_history->put(10);
    QCOMPARE(m_history->close(), std::string());
    m_history->sql("DROP TABLE broker_look");
    QVERIFY(times().empty());
    QVERIFY(!m_history->reader()->look(Timestamp::max()).value().has_value());
    QVERIFY(damages(m_history->path()).empty());
    QCOMPARE(m_history->open(), std::string());
    keep(3);
    QTRY_COMPARE(times().size(), 1U);
}

void BrokerLooksTest::goesWithItsMessagesButForOneAnHour()
{
    QCOMPARE(m_history->close(), std::string());
    HistoryWriter::Options options;
    options.keep.age = 1h;
    QCOMPARE(m_history->open(options), std::string());
    const Timestamp begin = m_history->clock.now();
    for (int i = 0; i < 120; ++i) {
        keep(3);
        m_history->put(1);
        m_history->pass(1min);
    }
    QTRY_VERIFY_WITH_TIMEOUT(m_history->reader()->info().value().firstSeq > 30, 20'000);
    QCOMPARE(m_history->close(), std::string());
    const Timestamp oldest = m_history->reader()->info().value().firstTime;
    const std::vector<Timestamp> old = m_history->reader()->lookTimes(begin, oldest - 2min).value();
    QCOMPARE(old, std::vector<Timestamp>{begin});
    QVERIFY(m_history->reader()->look(oldest + 5min).value()->look->time > begin + 10min);
    QVERIFY(damages(m_history->path()).empty());
}

void BrokerLooksTest::isCheckedByVerify()
{
    for (int i = 0; i < 3; ++i) {
        keep(3);
        m_history->pass(1min);
    }
    QCOMPARE(m_history->close(), std::string());
    QVERIFY(damages(m_history->path()).empty());
    QVERIFY(m_history->flipBit("broker_look", "body", 2, 5, 3));
    QCOMPARE(damages(m_history->path()).size(), 1U);
    QVERIFY(damages(m_history->path()).front().find("its checksum differs") != std::string::npos);
    QVERIFY(!m_history->reader()->look(times()[1]));
    QVERIFY(m_history->reader()->look(times()[2]));
    // What rests on a damaged one cannot be read, either.
    QVERIFY(m_history->flipBit("broker_look", "body", 1, 5, 3));
    QCOMPARE(damages(m_history->path()).size(), 3U);
    QVERIFY(!m_history->reader()->look(times()[2]));
}

void BrokerLooksTest::isKeptByRepair()
{
    m_history->put(10);
    for (int i = 0; i < 3; ++i) {
        keep(3);
        m_history->pass(1min);
    }
    QCOMPARE(m_history->close(), std::string());
    QVERIFY(m_history->flipBit("broker_look", "body", 2, 5, 3));
    const std::filesystem::path made = m_history->dir.filePath("made.db").toStdString();
    {
        auto from = openForReading(m_history->path()).value();
        auto to = HistoryBuilder::create(made, m_history->clock.now()).value();
        int told = 0;
        QVERIFY(HistoryRepair(from, *to, [&told](const HistoryDamage&) { ++told; }, {}).run());
        QCOMPARE(told, 1);
    }
    const auto reader = HistoryReader::open(made).value();
    const auto kept = reader->lookTimes(Timestamp::min(), Timestamp::max()).value();
    QCOMPARE(kept, (std::vector<Timestamp>{times()[0], times()[2]}));
    QCOMPARE(reader->look(kept[1]).value()->look->connections.size(), 3U);
    QVERIFY(damages(made).empty());
}

void BrokerLooksTest::isKeptByMerge()
{
    HistoryFixture other;
    other.clock.advance(m_history->clock.now() + 10min - other.clock.now());
    QCOMPARE(other.open(), std::string());
    keep(3);
    m_history->put(5);
    m_history->pass(1min);
    keep(3);
    m_history->clock.advance(other.clock.now() - m_history->clock.now());
    for (int clients : {1, 2}) {
        other.writer->keepLook(look(clients));
        other.put(5);
        m_history->clock.advance(30s);
        other.pass(30s);
    }
    QCOMPARE(other.close(), std::string());
    QCOMPARE(m_history->close(), std::string());
    const std::filesystem::path made = m_history->dir.filePath("made.db").toStdString();
    {
        auto first = MergeSource::open(m_history->path()).value();
        auto second = MergeSource::open(other.path()).value();
        auto to = HistoryBuilder::create(made, m_history->clock.now()).value();
        QVERIFY(HistoryMerge(*first, *second, *to, [](const HistoryDamage&) {}, {}).run());
    }
    const auto reader = HistoryReader::open(made).value();
    const auto kept = reader->lookTimes(Timestamp::min(), Timestamp::max()).value();
    QCOMPARE(kept.size(), 4U);
    std::vector<std::size_t> clients;
    for (const Timestamp time : kept)
        clients.push_back(reader->look(time).value()->look->connections.size());
    QCOMPARE(clients, (std::vector<std::size_t>{3, 3, 1, 2}));
    QVERIFY(damages(made).empty());
}

void BrokerLooksTest::refusesWhatIsNoLook()
{
    for (const char* text : {"", "[]", "{}", "{\"time\":\"x\"}", "{\"time\":1,\"servers\":3}",
                             "{\"time\":1,\"links\":[{\"kind\":4}]}", "{\"time\":1,\"connections\":[1]}",
                             "{\"time\":1,\"connections\":[{\"permissions\":[]}]}", "{\"time\":1"}) {
        const auto read = parseLook(text);
        QVERIFY2(!read, text);
        QCOMPARE(read.error().code, ErrorCode::Format);
    }
    QVERIFY(parseLook("{\"time\":1,\"of a later Weir\":{}}"));
}

QTEST_APPLESS_MAIN(BrokerLooksTest)
#include "tst_brokerlooks.moc"
