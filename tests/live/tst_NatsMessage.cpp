// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/NatsHandles.h"
#include "core/broker/NatsMessage.h"
#include "tests/support/NatsServer.h"
#include "tests/support/RawPublisher.h"

#include <QMap>
#include <QTest>

using namespace weir;
using namespace weir::test;

namespace {

using Headers = QMap<QByteArray, QByteArrayList>;

/// Name → values in their order, of a well-formed block.
Headers parsed(const QByteArray& block)
{
    Headers headers;
    for (const QByteArray& line : block.mid(block.indexOf("\r\n") + 2).split('\n')) {
        if (const auto colon = line.indexOf(':'); colon > 0)
            headers[line.left(colon)] += line.mid(colon + 1).trimmed();
    }
    return headers;
}

} // namespace

/// The header bytes that are read from where they lie, against what nats.c itself makes of them.
class TestNatsMessage : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithTheParsedHeaders_data()
    {
        QTest::addColumn<QByteArray>("headers");
        QTest::newRow("one") << QByteArray("NATS/1.0\r\nA: b\r\n\r\n");
        QTest::newRow("duplicates") << QByteArray("NATS/1.0\r\nB: 2\r\nA: 1\r\nB: 1\r\nb: 3\r\n\r\n");
        QTest::newRow("blanks") << QByteArray("NATS/1.0\r\nA:   x y  \r\nB:z\r\n\r\n");
        QTest::newRow("colons") << QByteArray("NATS/1.0\r\nA: x: y\r\nUrl: http://a:1/\r\n\r\n");
        // Few names: with thousands, nats.c 3.4.1 takes some for others (X-10 for X-1024).
        QByteArray many = "NATS/1.0\r\n";
        for (int i = 0; i < 10'000; ++i)
            many += "X-" + QByteArray::number(i % 50) + ": " + QByteArray::number(i) + "\r\n";
        QTest::newRow("10,000") << many + "\r\n";
    }

    void agreesWithTheParsedHeaders()
    {
        QVERIFY2(knowsMessageLayout(), nats_GetVersion());
        QFETCH(QByteArray, headers);
        NatsServer server;
        QVERIFY2(server.start(), qPrintable(server.error()));
        natsConnection* rawConnection = nullptr;
        QVERIFY(natsConnection_ConnectTo(&rawConnection, server.url().toUtf8().constData()) == NATS_OK);
        const NatsConnectionPtr connection(rawConnection);
        natsSubscription* rawSubscription = nullptr;
        QVERIFY(natsConnection_SubscribeSync(&rawSubscription, rawConnection, "a") == NATS_OK);
        const NatsSubscriptionPtr subscription(rawSubscription);
        QVERIFY(natsConnection_Flush(rawConnection) == NATS_OK);
        RawPublisher publisher(server.port());
        publisher.publish("a", "payload", headers, "r");
        QVERIFY(publisher.flush());
        natsMsg* rawMessage = nullptr;
        QVERIFY(natsSubscription_NextMsg(&rawMessage, rawSubscription, 5000) == NATS_OK);
        const NatsMsgPtr message(rawMessage);

        std::string rebuilt;
        const RawMessage raw = readNatsMessage(rawMessage, rebuilt);
        const QByteArray bytes(raw.headers.data(), qsizetype(raw.headers.size()));
        QVERIFY(rebuilt.empty());
        QCOMPARE(bytes, headers);
        // Only now: parsing changes the bytes.
        QCOMPARE(parsed(QByteArray::fromStdString(rebuildHeaders(rawMessage))), parsed(headers));
    }
};

QTEST_GUILESS_MAIN(TestNatsMessage)
#include "tst_NatsMessage.moc"
