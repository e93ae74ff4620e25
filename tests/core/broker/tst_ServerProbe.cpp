// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/ServerProbe.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <future>
#include <memory>
#include <thread>

using namespace weir;

/// What a server's greeting says, and what answers that is no NATS server.
class TestServerProbe : public QObject
{
    Q_OBJECT

    /// Greets one client with `line`, on a thread of its own.
    static std::jthread greeter(QByteArray line, std::promise<quint16>& port)
    {
        return std::jthread([line = std::move(line), &port] {
            QTcpServer server;
            server.listen(QHostAddress::LocalHost);
            port.set_value(server.serverPort());
            if (!server.waitForNewConnection(5000))
                return;
            const std::unique_ptr<QTcpSocket> client(server.nextPendingConnection());
            client->write(line);
            client->waitForBytesWritten(5000);
            client->waitForDisconnected(5000);
        });
    }

private slots:
    void readsTheGreeting_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("name"); // "!": no greeting
        QTest::newRow("named") << QByteArray("INFO {\"server_id\":\"NDX62\",\"server_name\":\"n1\"}\r\n")
                               << "n1";
        QTest::newRow("its id for a name")
            << QByteArray("INFO {\"server_id\":\"NDX62\",\"server_name\":\"NDX62\"}\r\n") << "";
        QTest::newRow("neither") << QByteArray("INFO {\"version\":\"2.9.10\"}\r\n") << "";
        QTest::newRow("a mail server") << QByteArray("220 mail ESMTP\r\n") << "!";
    }

    void readsTheGreeting()
    {
        QFETCH(QByteArray, line);
        QFETCH(QString, name);
        std::promise<quint16> port;
        const std::jthread server = greeter(line, port);
        ServerProbe probe({"127.0.0.1", port.get_future().get()});
        QVERIFY(probe.connect().has_value());
        const auto greeting = probe.greeting();
        QCOMPARE(greeting ? QString::fromStdString(greeting->name) : QStringLiteral("!"), name);
    }
};

QTEST_MAIN(TestServerProbe)
#include "tst_ServerProbe.moc"
