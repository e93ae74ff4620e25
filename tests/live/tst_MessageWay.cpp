// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Clock.h"
#include "core/broker/MessageTrace.h"
#include "core/broker/NatsMonitor.h"
#include "tests/live/TraceSteps.h"
#include "tests/support/NatsCluster.h"
#include "tests/support/Program.h"
#include "tests/support/RawPublisher.h"

#include <QJsonArray>
#include <QSet>
#include <QTest>

#include <algorithm>

using namespace weir;
using namespace weir::test;

namespace {

const QString kBuild = QStringLiteral(WEIR_SOURCE_DIR "/tests/lab/build-server");
constexpr int kBuildPatience = 600'000; // ms
constexpr int kNoGo = 77;

/// Whom a way reached, in words.
QSet<QString> reachedBy(const MessageWay& way)
{
    QSet<QString> reached;
    for (const TraceHop& hop : way.hops) {
        for (const TraceEgress& egress : hop.egresses) {
            if (egress.kind == "client")
                reached << QString::fromStdString(egress.queue.empty() ? egress.name
                                                                       : "queue " + egress.queue);
        }
        if (hop.stream)
            reached << QString::fromStdString("stream " + hop.stream->name);
    }
    return reached;
}

Result<MessageWay> trace(const NatsServer& server, const std::string& subject)
{
    ConnectionProfile profile;
    profile.urls = {server.url().toStdString()};
    TraceProbe probe;
    probe.subject = subject;
    probe.patience = std::chrono::seconds(20); // on a machine that has other things to do
    return traceMessage(profile, probe);
}

} // namespace

/// The way of a message through current servers, which Go builds.
class TestMessageWay : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void followsAMessageThroughACluster();
    void findsStreamsAndDeliversNothing();
    void tellsInATerminal();
    void refusesBesideAnOldServer();
};

void TestMessageWay::initTestCase()
{
    Program build(kBuild, {});
    const int code = build.exitCode(kBuildPatience);
    if (code == kNoGo)
        QSKIP("Go is not installed, so there is no nats-server newer than the packaged one");
    if (code != 0)
        QSKIP("no nats-server newer than the packaged one: Go could not build it"); // says the same as the
                                                                                    // lab's
    NatsServer::useProgram(QString::fromUtf8(build.output()).trimmed());
}

void TestMessageWay::followsAMessageThroughACluster()
{
    NatsCluster cluster;
    QVERIFY(cluster.start());
    const NamedSubscriber ledger(cluster.server(0).port(), "ledger", "orders.>");
    const NamedSubscriber one(cluster.server(1).port(), "one", "orders.*.created", "workers");
    const NamedSubscriber two(cluster.server(1).port(), "two", "orders.*.created", "workers");
    NamedSubscriber audit(cluster.server(2).port(), "audit", "orders.>");
    const NamedSubscriber other(cluster.server(2).port(), "other", "media.>");
    // Routes need a moment to tell of subscriptions.
    const QSet<QString> all{"ledger", "audit", "queue workers"};
    Result<MessageWay> way = trace(cluster.server(0), "orders.eu.created");
    QTRY_VERIFY_WITH_TIMEOUT((way = trace(cluster.server(0), "orders.eu.created")) &&
                                 reachedBy(*way) == all && way->hops.size() == 3,
                             60'000);
    QVERIFY2(way->isWhole(), way->lacks.empty() ? "" : way->lacks.front().c_str());
    QCOMPARE(way->hops.front().kind, std::string("client"));
    QCOMPARE(way->hops.front().name, std::string("weir"));
    for (std::size_t i = 1; i < way->hops.size(); ++i) {
        QCOMPARE(way->hops[i].kind, std::string("route"));
        QCOMPARE(way->hops[i].id, std::to_string(i));
        QVERIFY(way->hops[i].time != kNoTime);
        QVERIFY(canTrace(way->hops[i].version));
    }
    // With what the monitoring ports say it is the same.
    NatsMonitor::Options options;
    options.urls = cluster.monitorUrls();
    SystemClock clock;
    const auto look = NatsMonitor(options, clock).look({});
    QVERIFY(look);
    QVERIFY(mayTrace(**look));
    QVERIFY(!audit.flushed().contains("MSG"));
}

void TestMessageWay::findsStreamsAndDeliversNothing()
{
    NatsServer server;
    NatsServer streams(QString("jetstream { store_dir: \"%1/js\" }").arg(server.dir()));
    QVERIFY2(streams.start(), qPrintable(streams.error()));
    NamedSubscriber taker(streams.port(), "taker", "orders.>");
    RawPublisher admin(streams.port());
    admin.publish("$JS.API.STREAM.CREATE.ORDERS", "{\"name\":\"ORDERS\",\"subjects\":[\"orders.>\"]}", {},
                  "nobody");
    QVERIFY(admin.flush());
    Result<MessageWay> way = trace(streams, "orders.eu.created");
    QTRY_VERIFY_WITH_TIMEOUT((way = trace(streams, "orders.eu.created")) && way->hops.front().stream, 60'000);
    QCOMPARE(reachedBy(*way), (QSet<QString>{"taker", "stream ORDERS"}));
    QCOMPARE(way->hops.front().stream->subject, std::string("orders.eu.created"));
    QVERIFY(!taker.flushed().contains("MSG"));
    // Nobody takes it: that is an answer, too.
    const auto nobody = trace(streams, "media.up");
    QVERIFY(nobody && nobody->isWhole());
    QCOMPARE(nobody->hops.size(), std::size_t{1});
    QVERIFY(reachedBy(*nobody).isEmpty());
}

void TestMessageWay::tellsInATerminal()
{
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    const NamedSubscriber ledger(server.port(), "ledger", "orders.>");
    const QStringList arguments{"topology", "--trace", "orders.eu.created", "--server", server.url()};
    Program text(WEIR_BINARY, arguments + QStringList{"--monitor", server.monitorUrl()});
    QVERIFY2(text.exitCode() == 0, text.errors().constData());
    const QByteArray said = text.output();
    QVERIFY2(said.contains("client ledger, subscription orders.>"), said.constData());
    Program json(WEIR_BINARY, arguments + QStringList{"--format", "json"});
    QCOMPARE(json.exitCode(), 0);
    const QJsonObject way = json.json();
    QCOMPARE(way["subject"].toString(), QString("orders.eu.created"));
    QCOMPARE(way["hops"][0]["egresses"][0]["name"].toString(), QString("ledger"));
    QVERIFY(way["coverage"].toArray().isEmpty());
}

/// A new server that the probe would reach, an old one that is known beside it.
void TestMessageWay::refusesBesideAnOldServer()
{
    NatsServer current;
    QVERIFY2(current.start(), qPrintable(current.error()));
    NamedSubscriber everything(current.port(), "everything", ">");
    ConnectionProfile profile;
    profile.urls = {current.url().toStdString()};
    BrokerLook look;
    look.servers.resize(2);
    look.servers[0].version = "2.15.2";
    look.servers[1].version = "2.10.29";
    look.servers[1].name = "old";
    TraceProbe probe;
    probe.subject = "orders";
    probe.look = std::make_shared<const BrokerLook>(look);
    const auto way = traceMessage(profile, probe);
    QVERIFY(!way);
    QVERIFY2(way.error().why.find("server old is of version 2.10.29") != std::string::npos,
             way.error().line().c_str());
    QVERIFY(!everything.flushed().contains("MSG"));
}

QTEST_GUILESS_MAIN(TestMessageWay)
#include "tst_MessageWay.moc"
