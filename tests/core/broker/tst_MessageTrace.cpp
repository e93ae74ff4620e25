// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/MessageTrace.h"

#include <QTest>

using namespace weir;
using namespace std::chrono_literals;

namespace {

/// As nats-server 2.15.2 writes them, shortened: a client's message on s1, sent on to s3 and s2.
const QByteArray kFirst =
    "{\"server\":{\"name\":\"s1\",\"host\":\"127.0.0.1\",\"id\":\"NBEU\",\"cluster\":\"C\",\"ver\":\"2.15."
    "2\","
    "\"jetstream\":true,\"flags\":7,\"seq\":21,\"time\":\"2026-11-21T14:39:37.121856534Z\"},\"request\":{"
    "\"header\":{\"Nats-Trace-Dest\":[\"T\"],\"Nats-Trace-Only\":[\"true\"]},\"msgsize\":55},\"hops\":2,"
    "\"events\":[{\"type\":\"in\",\"ts\":\"2026-11-21T14:39:37.121782876Z\",\"kind\":0,\"cid\":26,\"name\":"
    "\"probe\",\"acc\":\"$G\",\"subj\":\"orders.eu.created\"},{\"type\":\"sm\",\"ts\":"
    "\"2026-11-21T14:39:37.1217829Z\",\"to\":\"orders.all\"},{\"type\":\"js\",\"ts\":"
    "\"2026-11-21T14:39:37.13Z\",\"stream\":\"ORDERS\",\"subject\":\"orders.all\"},{\"type\":\"eg\",\"ts\":"
    "\"2026-11-21T14:39:37.12179406Z\",\"kind\":0,\"cid\":22,\"name\":\"ledger\",\"sub\":\"orders.\\u003e\"},"
    "{\"type\":\"eg\",\"ts\":\"2026-11-21T14:39:37.1218095Z\",\"kind\":1,\"cid\":21,\"name\":\"s3\",\"hop\":"
    "\"1\"},{\"type\":\"eg\",\"ts\":\"2026-11-21T14:39:37.121812588Z\",\"kind\":1,\"cid\":16,\"name\":\"s2\","
    "\"hop\":\"2\"}]}";

QByteArray hopEvent(const QByteArray& server, const QByteArray& hop, const QByteArray& more = {})
{
    return "{\"server\":{\"name\":\"" + server + "\",\"id\":\"N" + server +
           "\",\"ver\":\"2.15.2\"},\"request\":{\"header\":{\"nats-trace-hop\":[\"" + hop +
           "\"]}},\"events\":[{\"type\":\"in\",\"ts\":\"2026-11-21T14:39:37.122Z\",\"kind\":1,\"cid\":15,"
           "\"name\":\"s1\",\"acc\":\"$G\",\"subj\":\"orders.eu.created\"}" +
           more + "]}";
}

TraceHop read(const QByteArray& json)
{
    const auto hop = readTraceEvent(json);
    return hop ? *hop : TraceHop{};
}

BrokerLook lookOf(const std::vector<std::pair<std::string, std::string>>& servers)
{
    BrokerLook look;
    for (const auto& [name, version] : servers) {
        SeenServer server;
        server.id = "N" + name;
        server.name = name;
        server.version = version;
        look.servers.push_back(std::move(server));
    }
    return look;
}

SeenLink linkTo(SeenLink::Kind kind, const std::string& id, const std::string& name)
{
    SeenLink link;
    link.kind = kind;
    link.remote = id;
    link.remoteName = name;
    link.address = "127.0.0.1:4222";
    return link;
}

} // namespace

class TestMessageTrace : public QObject
{
    Q_OBJECT
private slots:
    void readsAnEvent();
    void readsWhatWentWrong();
    void refusesWhatIsNoEvent_data();
    void refusesWhatIsNoEvent();
    void knowsWhoCanTrace_data();
    void knowsWhoCanTrace();
    void asksEveryServerThatIsKnown();
    void linksTheHops();
    void saysWhoDidNotTell();
};

void TestMessageTrace::readsAnEvent()
{
    const TraceHop hop = read(kFirst);
    QCOMPARE(hop.server, std::string("s1"));
    QCOMPARE(hop.serverId, std::string("NBEU"));
    QCOMPARE(hop.version, std::string("2.15.2"));
    QCOMPARE(hop.id, std::string());
    QCOMPARE(hop.kind, std::string("client"));
    QCOMPARE(hop.name, std::string("probe"));
    QCOMPARE(hop.account, std::string("$G"));
    QCOMPARE(hop.next, 2);
    QCOMPARE(formatRfc3339(hop.time), std::string("2026-11-21T14:39:37.121782876Z"));
    QCOMPARE(hop.mappings, (std::vector<std::string>{"mapped to orders.all"}));
    QVERIFY(hop.stream && hop.stream->name == "ORDERS" && hop.stream->subject == "orders.all");
    QCOMPARE(hop.egresses.size(), std::size_t{3});
    QCOMPARE(hop.egresses[0].name, std::string("ledger"));
    QCOMPARE(hop.egresses[0].subscription, std::string("orders.>"));
    QCOMPARE(hop.egresses[1].kind, std::string("route"));
    QCOMPARE(hop.egresses[1].hop, std::string("1"));
    QCOMPARE(hop.egresses[0].time - hop.time, Nanoseconds(11'184));
}

void TestMessageTrace::readsWhatWentWrong()
{
    const TraceHop hop =
        read(hopEvent("s2", "1.2",
                      ",{\"type\":\"eg\",\"ts\":\"2026-11-21T14:39:38Z\",\"kind\":4,\"cid\":9,\"name\":"
                      "\"old\",\"acc\":\"A\",\"error\":"
                      "\"Not delivered because remote does not support message "
                      "tracing\"},{\"type\":\"si\",\"acc\":\"B\",\"from\":"
                      "\"a\",\"to\":\"b\"},{\"type\":\"se\",\"acc\":\"C\",\"to\":\"c\"},{\"type\":\"new\"},{"
                      "\"type\":\"eg\",\"kind\":77},{"
                      "\"type\":\"js\",\"stream\":\"S\",\"nointerest\":true,\"error\":\"full\"}"));
    QCOMPARE(hop.id, std::string("1.2"));
    QCOMPARE(hop.egresses.size(), std::size_t{2});
    QCOMPARE(hop.egresses[0].kind, std::string("leaf node"));
    QVERIFY(hop.egresses[0].error.starts_with("Not delivered"));
    QCOMPARE(hop.egresses[1].kind, std::string("connection of kind 77"));
    QVERIFY(hop.egresses[1].time == kNoTime);
    QCOMPARE(hop.mappings,
             (std::vector<std::string>{"calls account B: a becomes b", "exported to account C as c",
                                       "something that this Weir does not know: new"}));
    QVERIFY(hop.stream->noInterest);
    QCOMPARE(hop.stream->error, std::string("full"));
}

void TestMessageTrace::refusesWhatIsNoEvent_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("half") << kFirst.left(200);
    QTest::newRow("HTML") << QByteArray("<html>");
    QTest::newRow("another object") << QByteArray("{\"server\":{}}");
    QTest::newRow("a list") << QByteArray("[1]");
}

void TestMessageTrace::refusesWhatIsNoEvent()
{
    QFETCH(QByteArray, json);
    const auto hop = readTraceEvent(json);
    QVERIFY(!hop);
    QCOMPARE(int(hop.error().code), int(ErrorCode::Format));
}

void TestMessageTrace::knowsWhoCanTrace_data()
{
    QTest::addColumn<QString>("version");
    QTest::addColumn<bool>("can");
    for (const char* version : {"2.11.0", "2.11.1-RC.1", "2.12.0-preview.1", "2.15.2", "3.0.0", "2.11.10"})
        QTest::newRow(version) << QString(version) << true;
    for (const char* version : {"2.10.29", "2.9.10", "2.11.0-preview.2", "", "2", "2.11", "unknown",
                                "1.99.99", "v2.11.0", "2.x.1", "99999999999999999999.1.1"})
        QTest::newRow(qPrintable(QString("not %1").arg(version))) << QString(version) << false;
}

void TestMessageTrace::knowsWhoCanTrace()
{
    QFETCH(QString, version);
    QFETCH(bool, can);
    QCOMPARE(canTrace(version.toStdString()), can);
}

void TestMessageTrace::asksEveryServerThatIsKnown()
{
    BrokerLook look = lookOf({{"s1", "2.15.2"}, {"s2", "2.11.0"}});
    QVERIFY(mayTrace(look));
    look.links = {linkTo(SeenLink::Kind::Route, "Ns2", "s2")};
    QVERIFY(mayTrace(look));
    BrokerLook old = lookOf({{"s1", "2.15.2"}, {"s2", "2.9.10"}});
    const auto refused = mayTrace(old);
    QVERIFY(!refused);
    QCOMPARE(int(refused.error().code), int(ErrorCode::Unsupported));
    QCOMPARE(refused.error().why,
             std::string("server s2 is of version 2.9.10, which would deliver the message for real"));
    // Behind a link there is a server that said nothing of itself.
    look.links = {linkTo(SeenLink::Kind::Leaf, "", "edge7")};
    QVERIFY(!mayTrace(look));
    QCOMPARE(mayTrace(look).error().why, std::string("server edge7 has not said its version"));
    look.links = {linkTo(SeenLink::Kind::OutboundGateway, "", "s2")}; // a cluster's name is no server's
    QVERIFY(!mayTrace(look));
    look.links = {linkTo(SeenLink::Kind::Leaf, "", "")};
    QCOMPARE(mayTrace(look).error().why, std::string("server 127.0.0.1:4222 has not said its version"));
}

void TestMessageTrace::linksTheHops()
{
    const std::vector<TraceHop> hops = {read(hopEvent("s2", "2")), read(hopEvent("s3", "1")), read(kFirst)};
    QVERIFY(isComplete(hops));
    const MessageWay way = wayOf("orders.eu.created", hops, 2s);
    QVERIFY(way.isWhole());
    QCOMPARE(way.hops.size(), std::size_t{3});
    QCOMPARE(way.hops[0].server, std::string("s1"));
    QCOMPARE(way.hops[1].server, std::string("s3"));
    QCOMPARE(way.hops[2].server, std::string("s2"));
    // Numbers, not letters.
    const MessageWay many =
        wayOf("a", {read(hopEvent("c", "1.10")), read(hopEvent("b", "1.9")), read(kFirst)}, 2s);
    QCOMPARE(many.hops[1].id, std::string("1.9"));
}

void TestMessageTrace::saysWhoDidNotTell()
{
    QVERIFY(!isComplete({}));
    QVERIFY(!isComplete({read(hopEvent("s3", "1"))}));
    QVERIFY(!isComplete({read(kFirst), read(hopEvent("s3", "1"))}));
    const MessageWay way = wayOf("a", {read(kFirst), read(hopEvent("s3", "1"))}, 2s);
    QVERIFY(!way.isWhole());
    QCOMPARE(way.lacks, (std::vector<std::string>{
                            "server s2, sent to by s1 over a route (hop 2), did not tell within 2000 ms"}));
    const MessageWay headless = wayOf("a", {read(hopEvent("s3", "1"))}, 500ms);
    QCOMPARE(headless.lacks, (std::vector<std::string>{
                                 "the server that the message was sent to did not tell within 500 ms"}));
    // What was not sent on for want of support owes no event.
    TraceHop refused = read(kFirst);
    refused.next = 1;
    refused.egresses[2].error = "Not delivered because remote does not support message tracing";
    QVERIFY(isComplete({refused, read(hopEvent("s3", "1"))}));
    // More servers than are named.
    TraceHop more = read(kFirst);
    more.next = 3;
    const std::vector<TraceHop> named = {more, read(hopEvent("s3", "1")), read(hopEvent("s2", "2"))};
    QVERIFY(!isComplete(named));
    QCOMPARE(wayOf("a", named, 2s).lacks,
             (std::vector<std::string>{"server s1 sent it on to 3 servers, of which it names 2"}));
}

QTEST_GUILESS_MAIN(TestMessageTrace)
#include "tst_MessageTrace.moc"
