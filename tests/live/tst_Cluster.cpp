// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/NatsSource.h"
#include "tests/support/ConnectionSteps.h"
#include "tests/support/EventLog.h"
#include "tests/support/NatsCluster.h"
#include "tests/support/RawPublisher.h"

#include <QTcpSocket>
#include <QTest>

using namespace weir;
using namespace weir::test;
using Outcome = TestStep::Outcome;

/// A profile that names several servers of one cluster.
class TestCluster : public QObject
{
    Q_OBJECT

private slots:
    void goesOnAtAnotherServer();
    void findsServersThatTheClusterNames();
    void testsPastADeadServer();
    void saysThatEveryServerIsDead();
};

namespace {

bool isElsewhere(NatsCluster& cluster, const ConnectionStatus& status, const NatsServer& than)
{
    const NatsServer* const there = cluster.at(status.server);
    return status.phase == ConnectionPhase::Connected && there != nullptr && there != &than;
}

NatsSource::Options optionsFor(std::vector<std::string> urls)
{
    NatsSource::Options options;
    options.profile.urls = std::move(urls);
    options.profile.connectTimeout = std::chrono::milliseconds(1000);
    options.subjects = {"a"};
    options.reconnect = quickReconnect();
    return options;
}

/// Publishes through `server` until the source has a message: a route may need a moment to know of it.
bool flows(NatsServer& server, MessageQueue& queue)
{
    RawPublisher publisher(server.port());
    for (int i = 0; i < 100; ++i) {
        publisher.publish("a", "x");
        if (!publisher.flush())
            return false;
        if (!takeMessages(queue, 1, std::chrono::milliseconds(100)).empty())
            return true;
    }
    return false;
}

} // namespace

void TestCluster::goesOnAtAnotherServer()
{
    NatsCluster cluster;
    QVERIFY(cluster.start());
    SystemClock clock;
    MessageQueue queue;
    EventLog events;
    NatsSource source(optionsFor(cluster.urls()), clock);
    const Result<void> started = source.start(queue, events);
    QVERIFY2(started, started ? "" : started.error().line().c_str());
    QVERIFY(flows(cluster.server(1), queue));
    for (std::size_t ended = 1; ended <= 2; ++ended) {
        const std::string before = events.lastStatus().server;
        NatsServer* const here = cluster.at(before);
        QVERIFY2(here != nullptr, before.c_str());
        here->stop();
        QTRY_COMPARE(events.gaps(GapCause::Disconnected).size(), ended);
        QTRY_VERIFY(isElsewhere(cluster, events.lastStatus(), *here));
        NatsServer* const there = cluster.at(events.lastStatus().server);
        const Gap gap = events.gaps(GapCause::Disconnected).back();
        QVERIFY(gap.from < gap.to && !gap.detail.empty());
        QVERIFY(flows(*there, queue));
    }
}

/// A profile with one URL: the others are known from the cluster itself.
void TestCluster::findsServersThatTheClusterNames()
{
    NatsCluster cluster;
    QVERIFY(cluster.start());
    SystemClock clock;
    MessageQueue queue;
    EventLog events;
    // Two more are known once each server has a route to each other one.
    const auto known = [&cluster] {
        QTcpSocket socket;
        socket.connectToHost("127.0.0.1", static_cast<quint16>(cluster.server(0).port()));
        (void)socket.waitForReadyRead(5000);
        return socket.readAll().contains(QByteArray::number(cluster.server(1).port()));
    };
    QTRY_VERIFY(known());
    NatsSource source(optionsFor({cluster.server(0).url().toStdString()}), clock);
    QVERIFY(source.start(queue, events));
    cluster.server(0).stop();
    QTRY_COMPARE(events.gaps(GapCause::Disconnected).size(), std::size_t{1});
    QTRY_VERIFY(isElsewhere(cluster, events.lastStatus(), cluster.server(0)));
    QVERIFY(flows(*cluster.at(events.lastStatus().server), queue));
}

void TestCluster::testsPastADeadServer()
{
    NatsServer dead;
    NatsServer living;
    QVERIFY(dead.start() && living.start());
    dead.stop();
    ConnectionProfile profile = profileFor(dead.url());
    profile.urls.push_back(living.url().toStdString());
    const ConnectionSteps steps(testConnection(profile, {"a"}));
    QCOMPARE(steps.failed(), QString());
    QCOMPARE(steps.outcome("TCP"), Outcome::Warning);
    QVERIFY(steps.detail("TCP").startsWith(living.url().mid(7) + " answers"));
    QVERIFY(steps.detail("TCP").contains(dead.url().mid(7)));
    QCOMPARE(steps.outcome("Permissions"), Outcome::Ok);
    // What the test promises, a capture holds.
    SystemClock clock;
    MessageQueue queue;
    EventLog events;
    NatsSource source(optionsFor(profile.urls), clock);
    const Result<void> started = source.start(queue, events);
    QVERIFY2(started, started ? "" : started.error().line().c_str());
    QVERIFY(flows(living, queue));
}

void TestCluster::saysThatEveryServerIsDead()
{
    const QString first = QString("nats://127.0.0.1:%1").arg(freePort());
    ConnectionProfile profile = profileFor(first);
    profile.urls.push_back(QString("nats://127.0.0.1:%1").arg(freePort()).toStdString());
    const ConnectionSteps steps(testConnection(profile));
    QCOMPARE(steps.failed(), "TCP");
    QVERIFY(steps.detail("TCP").contains("refused"));
}

QTEST_GUILESS_MAIN(TestCluster)
#include "tst_Cluster.moc"
