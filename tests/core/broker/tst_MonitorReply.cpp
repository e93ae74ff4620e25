// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/MonitorJson.h"
#include "core/broker/MonitorReply.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace weir;
using namespace std::chrono_literals;
using Kind = SeenLink::Kind;

/// The documents of servers that are not here: newer ones, and such as nobody hopes for.
class TestMonitorReply : public QObject
{
    Q_OBJECT

private slots:
    void takesAConsumersCountersFromItsLeader_data();
    void takesAConsumersCountersFromItsLeader();
    void goDurations_data();
    void goDurations();
    void poolsOfRoutesAreOneLink();
    void newerServersNameLeafNodes();
    void serversOfOneNameStayApart();
    void leavesOfAHubThatListensEverywhere();
    void hostThatClientsReach();
    void strangeNames_data();
    void strangeNames();
    void strangeShapes_data();
    void strangeShapes();
};

namespace {

QByteArray json(const QJsonObject& object)
{
    return QJsonDocument(object).toJson();
}

QJsonObject route(int rid, const char* remote, const char* rtt)
{
    return {{"rid", rid},          {"remote_id", remote}, {"remote_name", "of route"}, {"ip", "::1"},
            {"port", 6222},        {"rtt", rtt},          {"pending_size", 3},         {"in_msgs", 10},
            {"out_msgs", 20},      {"in_bytes", 100},     {"out_bytes", 200},          {"subscriptions", 2},
            {"compression", "off"}};
}

QJsonObject varz(const char* id, const char* name)
{
    return {{"server_id", id}, {"server_name", name}};
}

} // namespace

void TestMonitorReply::goDurations_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("nanos");
    QTest::newRow("zero") << "0s" << qint64{0};
    QTest::newRow("ns") << "17ns" << qint64{17};
    QTest::newRow("us") << QString::fromUtf8("379\u00b5s") << qint64{379'000};
    QTest::newRow("greek us") << QString::fromUtf8("1.5\u03bcs") << qint64{1'500};
    QTest::newRow("ms") << "4.283635ms" << qint64{4'283'635};
    QTest::newRow("minutes") << "1m2.5s" << qint64{62'500'000'000};
    QTest::newRow("hours") << "26h0m1s" << qint64{93'601'000'000'000};
    for (const char* const bad : {"", "5", "ms", "5x", "1m2", "-1s", "1.2.3s", ".s", "1e5s", "9999999999h"})
        QTest::newRow(*bad == '\0' ? "empty" : bad) << QString(bad) << qint64{kNoDuration.count()};
}

void TestMonitorReply::goDurations()
{
    QFETCH(const QString, text);
    QFETCH(const qint64, nanos);
    QCOMPARE(readGoDuration(text.toStdString()).count(), nanos);
}

void TestMonitorReply::poolsOfRoutesAreOneLink()
{
    BrokerLook look;
    QVERIFY(readRoutez(json({{"server_id", "A"},
                             {"routes", QJsonArray{route(4, "B", "3ms"), route(5, "C", "1ms"),
                                                   route(6, "B", "2ms"), route(7, "B", "")}}}),
                       look));
    QCOMPARE(look.links.size(), std::size_t{2});
    const SeenLink& pool = look.links[0];
    QCOMPARE(pool.server, std::string("A"));
    QCOMPARE(pool.remote, std::string("B"));
    QCOMPARE(pool.remoteName, std::string("of route"));
    QCOMPARE(pool.address, std::string("[::1]:6222"));
    QCOMPARE(pool.cid, std::uint64_t{4});
    QCOMPARE(pool.inMessages, std::uint64_t{30});
    QCOMPARE(pool.outBytes, std::uint64_t{600});
    QCOMPARE(pool.pendingBytes, std::uint64_t{9});
    QCOMPARE(pool.subscriptions, std::uint64_t{6});
    QVERIFY(pool.rtt == 2ms);
    // Another server's pool to the same one is its own link.
    QVERIFY(readRoutez(json({{"server_id", "C"}, {"routes", QJsonArray{route(9, "B", "1ms")}}}), look));
    QCOMPARE(look.links.size(), std::size_t{3});
}

void TestMonitorReply::newerServersNameLeafNodes()
{
    BrokerLook look;
    QVERIFY(readVarz(json(varz("A", "hub")), look));
    QVERIFY(readVarz(json(varz("L", "leaf")), look));
    const QJsonObject leaf{{"id", 12}, {"name", "leaf"}, {"account", "APP"}, {"ip", "10.0.0.1"}, {"port", 1}};
    const QJsonObject stranger{
        {"id", 13}, {"name", "far"}, {"account", "APP"}, {"ip", "10.0.0.2"}, {"port", 2}};
    QVERIFY(readLeafz(json({{"server_id", "A"}, {"leafs", QJsonArray{leaf, stranger}}}), look));
    nameLinks(look);
    QCOMPARE(look.links[0].remote, std::string("L"));
    QCOMPARE(look.links[0].cid, std::uint64_t{12});
    QCOMPARE(look.links[1].remote, std::string());
    QCOMPARE(look.links[1].remoteName, std::string("far"));
    QCOMPARE(look.links[1].address, std::string("10.0.0.2:2"));
}

void TestMonitorReply::serversOfOneNameStayApart()
{
    BrokerLook look;
    for (const char* const id : {"A", "B", "C"})
        QVERIFY(readVarz(json(varz(id, id[0] == 'A' ? "hub" : "twin")), look));
    QCOMPARE(look.servers.size(), std::size_t{3});
    QVERIFY(
        readLeafz(json({{"server_id", "A"}, {"leafs", QJsonArray{QJsonObject{{"name", "twin"}}}}}), look));
    QVERIFY(readRoutez(json({{"server_id", "A"}, {"routes", QJsonArray{route(1, "C", "1ms")}}}), look));
    nameLinks(look);
    QCOMPARE(look.links[0].remote, std::string()); // which of them, nobody says
    QCOMPARE(look.links[1].remote, std::string("C"));
    QCOMPARE(look.links[1].remoteName, std::string("twin"));
}

/// Two leaf nodes of one hub cannot be told apart by it: their own word is kept, the hub's stays by address.
void TestMonitorReply::leavesOfAHubThatListensEverywhere()
{
    BrokerLook look;
    QJsonObject hub = varz("A", "hub");
    hub["leaf"] = QJsonObject{{"host", "0.0.0.0"}, {"port", 7422}};
    QVERIFY(readVarz(json(hub), look));
    QVERIFY(readVarz(json(varz("L1", "one")), look));
    QVERIFY(readVarz(json(varz("L2", "two")), look));
    const auto leafs = [](std::initializer_list<int> ports) {
        QJsonArray list;
        for (const int port : ports)
            list += QJsonObject{{"account", "$G"}, {"ip", "10.0.0.9"}, {"port", port}};
        return list;
    };
    QVERIFY(readLeafz(json({{"server_id", "A"}, {"leafs", leafs({50001, 50002})}}), look));
    QVERIFY(readLeafz(json({{"server_id", "L1"}, {"leafs", leafs({7422})}}), look));
    BrokerLook one = look;
    one.links.erase(one.links.begin()); // as if the hub had but one
    nameLinks(one);
    QCOMPARE(one.links[0].remote, std::string("L1"));
    QCOMPARE(one.links[1].remote, std::string("A"));
    QVERIFY(readLeafz(json({{"server_id", "L2"}, {"leafs", leafs({7422})}}), look));
    nameLinks(look);
    QCOMPARE(look.links[0].remote, std::string());
    QCOMPARE(look.links[2].remoteName, std::string("hub"));
    QCOMPARE(look.links[3].remoteName, std::string("hub"));
}

void TestMonitorReply::hostThatClientsReach()
{
    QJsonObject server = varz("A", "a");
    server["host"] = "0.0.0.0";
    server["port"] = 4222;
    BrokerLook look;
    QVERIFY(readVarz(json(server), look));
    server["connect_urls"] = QJsonArray{"192.0.2.7:4222", "[::1]:4222"};
    QVERIFY(readVarz(json(server), look));
    QCOMPARE(look.servers[0].host, std::string("0.0.0.0:4222"));
    QCOMPARE(look.servers[1].host, std::string("192.0.2.7:4222"));
}

void TestMonitorReply::strangeNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("control characters") << QString("a\x01\n\x1b[31m\x7f") + QChar(0);
    QTest::newRow("right to left") << QString::fromUtf8("\u202e\u05e9\u05dc\u05d5\u05dd\u202c");
    QTest::newRow("4 kB") << QString(4096, QChar('n'));
    QTest::newRow("half a pair") << QString(QChar(0xD800)) + "x";
}

/// What a name is, is kept as it is: whoever shows it makes it harmless.
void TestMonitorReply::strangeNames()
{
    QFETCH(const QString, name);
    BrokerLook look;
    const QByteArray text =
        json({{"server_id", "A"}, {"server_name", name}, {"cluster", QJsonObject{{"name", name}}}});
    QVERIFY(readVarz(text, look));
    const QString deep = QStringList(60, "t").join('.');
    QVERIFY(readConnz(
        json({{"server_id", "A"},
              {"total", 1},
              {"connections",
               QJsonArray{QJsonObject{{"cid", 5},
                                      {"name", name},
                                      {"account", name},
                                      {"subscriptions_list_detail",
                                       QJsonArray{QJsonObject{{"subject", deep}, {"qgroup", name}}}}}}}}),
        look));
    QVERIFY(readRoutez(json({{"server_id", "A"}, {"routes", QJsonArray{QJsonObject{{"remote_name", name}}}}}),
                       look));
    nameLinks(look);
    const std::string kept = QString::fromUtf8(name.toUtf8()).toStdString();
    QCOMPARE(look.servers[0].name, kept);
    QCOMPARE(look.connections[0].name, kept);
    QCOMPARE(look.connections[0].subscriptions[0].queue, kept);
    QCOMPARE(look.connections[0].subscriptions[0].subject, deep.toStdString());
    QCOMPARE(look.links[0].remoteName, kept);
}

void TestMonitorReply::strangeShapes_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("null lists") << QByteArray(
        "{\"server_id\":\"A\",\"routes\":null,\"leafs\":null,\"outbound_gateways\":null}");
    QTest::newRow("lists of numbers") << QByteArray(
        "{\"server_id\":\"A\",\"routes\":[1,[],{}],\"leafs\":[null],\"inbound_gateways\":{\"x\":[3]},"
        "\"outbound_gateways\":{\"y\":7}}");
    QTest::newRow("numbers out of range") << QByteArray(
        "{\"server_id\":7,\"cores\":-5,\"mem\":18446744073709551615,\"start\":\"yesterday\",\"tags\":{},"
        "\"routes\":[{\"in_msgs\":-1,\"rtt\":12,\"port\":1e300}]}");
}

void TestMonitorReply::strangeShapes()
{
    QFETCH(const QByteArray, text);
    BrokerLook look;
    QVERIFY(readVarz(text, look));
    QVERIFY(readRoutez(text, look));
    QVERIFY(readGatewayz(text, look));
    QVERIFY(readLeafz(text, look));
    nameLinks(look);
    for (const SeenLink& link : look.links)
        QCOMPARE(link.inMessages, std::uint64_t{0});
    QCOMPARE(look.servers[0].start, kNoTime);
    QCOMPARE(look.servers[0].cores, std::uint64_t{0});
}

void TestMonitorReply::takesAConsumersCountersFromItsLeader_data()
{
    QTest::addColumn<QStringList>("tellers");
    QTest::addColumn<bool>("told");
    QTest::newRow("leader first") << QStringList{"n1", "n2", "n3"} << true;
    QTest::newRow("leader last") << QStringList{"n3", "n2", "n1"} << true;
    QTest::newRow("leader alone") << QStringList{"n1"} << true;
    QTest::newRow("followers alone") << QStringList{"n2", "n3"} << false;
    QTest::newRow("no cluster") << QStringList{""} << true;
}

/// Three servers keep a stream; n1 leads its consumer, and only its word on that counts.
void TestMonitorReply::takesAConsumersCountersFromItsLeader()
{
    QFETCH(QStringList, tellers);
    QFETCH(bool, told);
    BrokerLook look;
    for (const QString& teller : tellers) {
        const bool counts = teller.isEmpty() || teller == "n1";
        QJsonObject consumer{{"name", "c"},
                             {"delivered", QJsonObject{{"consumer_seq", counts ? 70 : 0}}},
                             {"num_pending", counts ? 3 : 73}};
        QJsonArray others;
        for (const char* other : {"n1", "n2", "n3"}) {
            if (other != teller)
                others.append(QJsonObject{{"name", other}});
        }
        if (!teller.isEmpty())
            consumer["cluster"] = QJsonObject{{"leader", "n1"}, {"replicas", others}};
        const QJsonObject stream{{"name", "S"},
                                 {"state", QJsonObject{{"messages", 73}, {"last_seq", 73}}},
                                 {"consumer_detail", QJsonArray{consumer}}};
        const QJsonObject account{{"id", "A"}, {"stream_detail", QJsonArray{stream}}};
        const QJsonObject jsz{
            {"server_id", "N" + teller}, {"accounts", 1}, {"account_details", QJsonArray{account}}};
        const auto read = readJsz(QJsonDocument(jsz).toJson(), look);
        QVERIFY2(read, read ? "" : read.error().line().c_str());
    }
    QCOMPARE(look.streams.size(), std::size_t{1});
    QCOMPARE(look.streams[0].consumers.size(), std::size_t{1});
    const SeenConsumer& seen = look.streams[0].consumers[0];
    QCOMPARE(seen.untold, !told);
    QCOMPARE(seen.delivered, std::uint64_t(told ? 70 : 0));
    QCOMPARE(seen.pending, std::uint64_t(told ? 3 : 0));
}

QTEST_GUILESS_MAIN(TestMonitorReply)
#include "tst_MonitorReply.moc"
