// SPDX-License-Identifier: GPL-3.0-or-later
// What a real nats-server does with Nats-Request-Info: the ground on which EnvelopeReader says "vouched".
#include "ReadMessage.h"
#include "tests/support/NatsServer.h"

#include <QTcpSocket>
#include <QTest>

using namespace weir;

namespace {

constexpr const char* kConfig = R"(
accounts {
  CORE { users: [{user: core, password: x}], exports: [{service: "svc.>"}] }
  EDGE { users: [{user: shop, password: x}], imports: [{service: {account: CORE, subject: "svc.>"}, share: true}] }
}
)";

/// A client that writes the NATS protocol itself, as a forger would.
class WireClient
{
public:
    WireClient(int port, const QByteArray& user)
    {
        m_socket.connectToHost("127.0.0.1", static_cast<quint16>(port));
        m_socket.waitForConnected(5000);
        m_socket.write(R"(CONNECT {"verbose":false,"headers":true,"user":")" + user +
                       "\",\"pass\":\"x\"}\r\n");
        sync();
    }
    void subscribe(const QByteArray& subject)
    {
        m_socket.write("SUB " + subject + " 1\r\n");
        sync();
    }
    void publish(const QByteArray& subject, const QByteArray& block)
    {
        const QByteArray size = QByteArray::number(block.size());
        m_socket.write("HPUB " + subject + " " + size + " " + size + "\r\n" + block + "\r\n");
        sync();
    }
    /// The header block of the next message; empty when none comes.
    QByteArray nextBlock()
    {
        while (true) {
            const qsizetype at = m_read.indexOf("HMSG ");
            const qsizetype line = at < 0 ? -1 : m_read.indexOf("\r\n", at);
            if (line >= 0) {
                const QList<QByteArray> words = m_read.mid(at, line - at).split(' ');
                const qsizetype size = words.at(words.size() - 2).toLongLong();
                if (m_read.size() >= line + 2 + size) {
                    const QByteArray block = m_read.mid(line + 2, size);
                    m_read.remove(0, line + 2 + size);
                    return block;
                }
            }
            if (!m_socket.waitForReadyRead(5000))
                return {};
            m_read += m_socket.readAll();
        }
    }

private:
    void sync()
    {
        m_socket.write("PING\r\n");
        while (!m_read.contains("PONG\r\n") && m_socket.waitForReadyRead(5000))
            m_read += m_socket.readAll();
        m_read.replace("PONG\r\n", "");
    }

    QTcpSocket m_socket;
    QByteArray m_read;
};

} // namespace

class TestRequestInfo : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void forgeries_data();
    void forgeries();
    void aPlainPublishKeepsAForgedHeader();

private:
    test::NatsServer m_server{kConfig};
    EnvelopeRules m_rules;
};

void TestRequestInfo::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.error()));
    const auto rules =
        EnvelopeRules::parse(R"({"identity":[{"request_info":"Nats-Request-Info","vouched_on":"svc.>"}]})",
                             "test", EnvelopeRules::defaults());
    QVERIFY(rules);
    m_rules = *rules;
}

void TestRequestInfo::forgeries_data()
{
    QTest::addColumn<QByteArray>("block");
    QTest::addColumn<bool>("vouched");
    const QByteArray forged = R"(Nats-Request-Info: {"acc":"CORE","user":"admin"})";
    QTest::newRow("honest") << QByteArray("NATS/1.0\r\nA: 1\r\n\r\n") << true;
    QTest::newRow("forged once") << "NATS/1.0\r\n" + forged + "\r\n\r\n" << true;
    QTest::newRow("forged twice") << "NATS/1.0\r\n" + forged + "\r\n" + forged + "\r\n\r\n" << false;
    QTest::newRow("other case") << "NATS/1.0\r\n" + forged.toLower() + "\r\n\r\n" << false;
    QTest::newRow("name in a value first") << "NATS/1.0\r\nX: Nats-Request-Info\r\n" + forged + "\r\n\r\n"
                                           << false;
    QTest::newRow("block without an end") << "NATS/1.0\r\n" + forged + "\r\n" + forged + "\r\nX: yz" << false;
}

/// However a publisher forges, he is never vouched for as somebody else.
void TestRequestInfo::forgeries()
{
    QFETCH(QByteArray, block);
    QFETCH(bool, vouched);
    WireClient service(m_server.port(), "core");
    service.subscribe("svc.>");
    WireClient edge(m_server.port(), "shop");
    edge.publish("svc.pay", block);
    const QByteArray received = service.nextBlock();
    QVERIFY2(received.contains(R"("user":"shop")"), received);
    test::Envelope envelope(m_rules);
    const Message message = envelope.read(received.toStdString(), "svc.pay");
    QVERIFY2(message.evidence == (vouched ? Evidence::Vouched : Evidence::Claimed), received);
    if (vouched)
        QVERIFY(envelope.names->identities.at(message.identity).name == "shop");
    test::Envelope byDefault;
    QVERIFY(byDefault.read(received.toStdString(), "svc.pay").evidence == Evidence::Claimed);
}

void TestRequestInfo::aPlainPublishKeepsAForgedHeader()
{
    const QByteArray block = "NATS/1.0\r\nNats-Request-Info: {\"acc\":\"EDGE\",\"user\":\"admin\"}\r\n\r\n";
    WireClient observer(m_server.port(), "core");
    observer.subscribe("orders.>");
    WireClient forger(m_server.port(), "core");
    forger.publish("orders.new", block);
    QCOMPARE(observer.nextBlock(), block);
}

QTEST_GUILESS_MAIN(TestRequestInfo)
#include "tst_requestinfo.moc"
