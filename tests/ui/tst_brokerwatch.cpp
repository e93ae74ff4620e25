// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/NatsServer.h"
#include "tests/support/Patience.h"
#include "tests/support/RawPublisher.h"
#include "tests/support/WarningFreeTest.h"
#include "tests/ui/VirtualHistory.h"
#include "ui/models/BrokerWatch.h"
#include "ui/views/topology/FlowDraft.h"

#include <QTcpSocket>
#include <QTest>

using namespace weir;
using weir::test::kLookPatience;
using weir::test::NatsServer;
using weir::test::RawPublisher;

namespace {

/// A client that subscribes, and then takes nothing off its socket.
class Sleeper
{
public:
    Sleeper(int port, const QByteArray& subject)
    {
        m_socket.connectToHost("127.0.0.1", static_cast<quint16>(port));
        if (!m_socket.waitForConnected())
            return;
        m_socket.setSocketOption(QAbstractSocket::ReceiveBufferSizeSocketOption, 16'384);
        m_socket.write("CONNECT {\"verbose\":false,\"name\":\"sleeper\"}\r\nSUB " + subject +
                       " 1\r\nPING\r\n");
        QByteArray answers;
        while (!answers.contains("PONG") && m_socket.waitForReadyRead())
            answers += m_socket.readAll();
        m_subscribed = answers.contains("PONG");
        m_socket.setReadBufferSize(1);
    }
    [[nodiscard]] bool isSubscribed() const { return m_subscribed; }

private:
    QTcpSocket m_socket;
    bool m_subscribed = false;
};

bool findsSlowConsumers(const FlowGraph& graph)
{
    return std::any_of(graph.findings.begin(), graph.findings.end(),
                       [](const FlowFinding& finding) { return finding.kind == "slow_consumers"; });
}

} // namespace

class TestBrokerWatch : public test::WarningFreeTest
{
    Q_OBJECT
private slots:
    void comparesServersWithTheLastSeconds();
    void findsASlowConsumerWithoutJetStream();
};

/// Also of a server that has neither streams nor clients.
void TestBrokerWatch::comparesServersWithTheLastSeconds()
{
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    BrokerWatch broker(std::chrono::milliseconds(50));
    ConnectionProfile profile;
    profile.monitorUrl = server.monitorUrl().toStdString();
    broker.start(profile, {">"});
    QTRY_VERIFY_WITH_TIMEOUT(broker.known().before != nullptr, kLookPatience);
    const Timestamp first = broker.known().before->time;
    QTRY_VERIFY_WITH_TIMEOUT(broker.known().before->time > first, kLookPatience);
    const BrokerWatch::Known& known = broker.known();
    QVERIFY(known.before->servers.at(0).told < known.now->servers.at(0).told);
}

void TestBrokerWatch::findsASlowConsumerWithoutJetStream()
{
    NatsServer server("max_pending: 1MB\nwrite_deadline: \"1s\"\n");
    QVERIFY2(server.start(), qPrintable(server.error()));
    BrokerWatch broker(std::chrono::milliseconds(50));
    test::VirtualHistory none;
    FlowDraft draft([&](const std::filesystem::path&) { return none.open(); });
    FlowAsked asked;
    asked.tracker = std::make_shared<FlowTracker>(std::chrono::minutes(1), true);
    asked.history = "h.db";
    asked.to = none.timeOf(1);
    asked.from = asked.to - std::chrono::minutes(1);
    asked.live = true;
    bool everFound = false;
    bool isFound = false;
    connect(&broker, &BrokerWatch::looked, this, [&] {
        asked.broker = broker.known();
        const FlowDrawn drawn = draft.draw(asked);
        isFound = drawn.picture && findsSlowConsumers(*drawn.picture->graph);
        everFound = everFound || isFound;
    });
    ConnectionProfile profile;
    profile.monitorUrl = server.monitorUrl().toStdString();
    broker.start(profile, {">"});
    QTRY_VERIFY_WITH_TIMEOUT(broker.known().before != nullptr, kLookPatience);
    QVERIFY(!everFound);
    {
        const Sleeper sleeper(server.port(), "orders.>");
        QVERIFY(sleeper.isSubscribed());
        RawPublisher publisher(server.port());
        const QByteArray payload(65'536, 'x');
        for (int i = 0; i < 500; ++i)
            publisher.publish("orders.new", payload);
        QVERIFY(publisher.flush());
        QTRY_VERIFY_WITH_TIMEOUT(everFound, kLookPatience);
    }
    // It is a finding of the last looks, not of all that ever was.
    QTRY_VERIFY_WITH_TIMEOUT(!isFound, kLookPatience);
    QVERIFY(broker.known().before->servers.at(0).slowConsumers > 0);
}

QTEST_MAIN(TestBrokerWatch)
#include "tst_brokerwatch.moc"
