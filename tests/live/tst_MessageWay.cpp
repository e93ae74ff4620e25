// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Clock.h"
#include "core/broker/MessageTrace.h"
#include "core/broker/NatsMonitor.h"
#include "tests/support/NamedSubscriber.h"
#include "tests/support/NatsCluster.h"
#include "tests/support/NatsUser.h"
#include "tests/support/Program.h"
#include "tests/support/RawPublisher.h"

#include <QFile>
#include <QJsonArray>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <array>

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
    void asksThroughTheSystemAccount();

private:
    QString m_current; ///< the program
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
    m_current = QString::fromUtf8(build.output()).trimmed();
    NatsServer::useProgram(m_current);
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

/// An old server of the same cluster that INFO does not name: only the system account tells of it.
void TestMessageWay::asksThroughTheSystemAccount()
{
    const TestOperator keys;
    const auto clustered = [&](int own, int other) {
        return keys.config() + QString("cluster { name: test, no_advertise: true, listen: \"127.0.0.1:%1\", "
                                       "routes: [\"nats-route://127.0.0.1:%2\"] }\n")
                                   .arg(own)
                                   .arg(other);
    };
    const std::array<int, 2> routes{freePort(), freePort()};
    NatsServer current(clustered(routes[0], routes[1]));
    QVERIFY2(current.start(), qPrintable(current.error()));
    NatsServer old(clustered(routes[1], routes[0]));
    NatsServer::useProgram("nats-server");
    const bool started = old.start();
    NatsServer::useProgram(m_current);
    QVERIFY2(started, qPrintable(old.error()));
    NatsMonitor::Options options;
    options.urls = {current.monitorUrl().toStdString()};
    SystemClock clock;
    const auto isJoined = [&] {
        const auto look = NatsMonitor(options, clock).look({});
        return look && !(*look)->links.empty();
    };
    QTRY_VERIFY_WITH_TIMEOUT(isJoined(), 60'000);
    const QTemporaryDir dir;
    const auto file = [&](const char* name, const QByteArray& text) {
        QFile out(dir.filePath(name));
        const bool written = out.open(QIODevice::WriteOnly) &&
                             out.setPermissions(QFile::ReadOwner | QFile::WriteOwner) &&
                             out.write(text) == text.size();
        return written ? out.fileName() : QString();
    };
    const QStringList arguments{"topology",
                                "--trace",
                                "orders.new",
                                "--server",
                                current.url(),
                                "--creds",
                                file("user.creds", keys.userCreds("me"))};
    Program alone(WEIR_BINARY, arguments);
    QVERIFY2(alone.exitCode() == 0, alone.errors().constData());
    Program asking(WEIR_BINARY,
                   arguments + QStringList{"--system-creds", file("system.creds", keys.systemCreds())});
    QCOMPARE(asking.exitCode(), 1);
    const QByteArray said = asking.errors();
    QVERIFY2(said.contains("-" + QByteArray::number(old.port())) && said.contains("2.11.0"),
             said.constData());
}

QTEST_GUILESS_MAIN(TestMessageWay)
#include "tst_MessageWay.moc"
