// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/MessageTrace.h"
#include "tests/support/NamedSubscriber.h"
#include "tests/support/NatsCluster.h"

#include <QTest>

using namespace weir;
using namespace weir::test;

/// Debian's nats-server 2.9.10 would deliver what only newer ones trace: it is never sent anything.
class TestTraceRefusal : public QObject
{
    Q_OBJECT
private slots:
    void neverSendsToAnOldServer();
    void refusesWildcards();
};

void TestTraceRefusal::neverSendsToAnOldServer()
{
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    NamedSubscriber everything(server.port(), "everything", ">");
    ConnectionProfile profile;
    profile.urls = {server.url().toStdString()};
    for (const bool withLook : {false, true}) {
        TraceProbe probe;
        probe.subject = "orders.eu.created";
        BrokerLook look; // of newer ones: the connected server is asked all the same
        look.servers.resize(1);
        look.servers.front().version = "2.15.2";
        if (withLook)
            probe.look = std::make_shared<const BrokerLook>(look);
        const auto way = traceMessage(profile, probe);
        QVERIFY(!way);
        QCOMPARE(int(way.error().code), int(ErrorCode::Unsupported));
        const std::string line = way.error().line();
        QVERIFY2(line.find("is of version 2.9.10, which would deliver the message for real") !=
                     std::string::npos,
                 line.c_str());
        QVERIFY2(line.find("server test-") != std::string::npos, line.c_str()); // its name
        QVERIFY2(line.find("2.11.0") != std::string::npos, line.c_str());
    }
    const QByteArray given = everything.flushed();
    QVERIFY2(!given.contains("MSG"), given.constData());
}

void TestTraceRefusal::refusesWildcards()
{
    for (const char* subject : {"", "orders.*", "orders.>", "a b", ".a", "a..b", "a\r\nPUB x 0"}) {
        TraceProbe probe;
        probe.subject = subject;
        const auto way = traceMessage({}, probe);
        QVERIFY(!way);
        QCOMPARE(int(way.error().code), int(ErrorCode::Usage));
    }
}

QTEST_GUILESS_MAIN(TestTraceRefusal)
#include "tst_TraceRefusal.moc"
