// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/ConnectionSteps.h"
#include "tests/support/NatsServer.h"
#include "tests/support/NatsUser.h"

#include <QFile>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <future>

using namespace weir;
using namespace weir::test;
using Outcome = TestStep::Outcome;

namespace {

enum class Speaks { First, WhenSpokenTo, AndCloses };

/// A TCP server that is not NATS, or only half. Its owner's loop must run.
class OtherServer
{
public:
    OtherServer(const QByteArray& answer, Speaks when)
    {
        (void)m_server.listen(QHostAddress::LocalHost);
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this, answer, when] {
            QTcpSocket* socket = m_server.nextPendingConnection();
            if (when == Speaks::WhenSpokenTo)
                QObject::connect(socket, &QTcpSocket::readyRead, socket,
                                 [socket, answer] { socket->write(answer); });
            else
                socket->write(answer);
            if (when == Speaks::AndCloses)
                socket->disconnectFromHost();
        });
    }
    [[nodiscard]] QString url() const { return QString("nats://127.0.0.1:%1").arg(m_server.serverPort()); }

private:
    QTcpServer m_server;
};

} // namespace

class TestConnectionTest : public QObject
{
    Q_OBJECT

private slots:
    void findsNothingWrong();
    void namesWhatIsNotNats_data();
    void namesWhatIsNotNats();
    void namesAMonitoringPort();
    void namesWhatGreetsAndCloses();
    void saysThatNobodyIsThere_data();
    void saysThatNobodyIsThere();
    void quotesTheServersRefusal_data();
    void quotesTheServersRefusal();
    void namesRefusedSubjects();
    void stopsWhenAsked();
};

void TestConnectionTest::findsNothingWrong()
{
    QTemporaryDir dir;
    NatsServer server(QString("jetstream { store_dir: \"%1\" }").arg(dir.path()));
    QVERIFY2(server.start(), qPrintable(server.error()));
    std::size_t told = 0;
    const ConnectionSteps steps(
        testConnection(profileFor(server.url()), {"orders.>"}, {}, [&told](const TestStep&) { ++told; }));
    QCOMPARE(steps.count(), std::size_t{8});
    QCOMPARE(told, std::size_t{8});
    for (const char* name :
         {"Credentials", "Name", "TCP", "NATS", "Authentication", "Permissions", "JetStream"})
        QCOMPARE(steps.outcome(name), Outcome::Ok);
    QCOMPARE(steps.outcome("TLS"), Outcome::Skipped);
    QVERIFY(steps.detail("NATS").contains("nats-server 2."));
}

void TestConnectionTest::namesWhatIsNotNats_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<Speaks>("when");
    QTest::addColumn<QString>("says");
    QTest::newRow("HTTP") << QByteArray("HTTP/1.1 400 Bad Request\r\n\r\n") << Speaks::WhenSpokenTo
                          << "it answered 'HTTP/1.1 400 Bad Request'";
    QTest::newRow("SSH") << QByteArray("SSH-2.0-OpenSSH_9.2\r\n") << Speaks::First
                         << "it answered 'SSH-2.0-OpenSSH_9.2'";
    QTest::newRow("TLS") << QByteArray("\x15\x03\x01\x00\x02\x02\x16\n", 8) << Speaks::WhenSpokenTo
                         << "expects TLS";
    QTest::newRow("binary") << QByteArray("\x00\x01\xff\n", 4) << Speaks::First << "not a NATS server";
    QTest::newRow("broken INFO") << QByteArray("INFO nonsense\r\n") << Speaks::First << "not a NATS server";
    QTest::newRow("silence") << QByteArray() << Speaks::First << "says nothing";
    QTest::newRow("closes at once") << QByteArray() << Speaks::AndCloses
                                    << "closed the connection without a word";
    QTest::newRow("says a word and closes")
        << QByteArray("220 mail ready\r\n") << Speaks::AndCloses << "it answered '220 mail ready'";
    QTest::newRow("cut INFO") << QByteArray("INFO {") << Speaks::AndCloses << "not a NATS server";
}

void TestConnectionTest::namesWhatIsNotNats()
{
    QFETCH(QByteArray, answer);
    QFETCH(Speaks, when);
    QFETCH(QString, says);
    const OtherServer other(answer, when);
    auto result =
        std::async(std::launch::async, [&other] { return testConnection(profileFor(other.url())); });
    QTRY_VERIFY(result.wait_for(std::chrono::seconds(0)) == std::future_status::ready);
    const ConnectionSteps steps(result.get());
    QCOMPARE(steps.outcome("TCP"), Outcome::Ok);
    QCOMPARE(steps.outcome("NATS"), Outcome::Failed);
    QVERIFY2(steps.detail("NATS").contains(says), qPrintable(steps.detail("NATS")));
    QCOMPARE(steps.outcome("Authentication"), Outcome::Skipped);
}

void TestConnectionTest::namesAMonitoringPort()
{
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    const ConnectionSteps steps(testConnection(profileFor(server.monitorUrl().replace("http:", "nats:"))));
    QCOMPARE(steps.outcome("NATS"), Outcome::Failed);
    QVERIFY(steps.detail("NATS").contains("HTTP/1.1 200 OK"));
}

/// It greets like a NATS server and then does not let us in: a proxy whose server is gone.
void TestConnectionTest::namesWhatGreetsAndCloses()
{
    const OtherServer other("INFO {\"server_id\":\"X\",\"version\":\"2.9.10\",\"headers\":true}\r\n",
                            Speaks::AndCloses);
    auto result =
        std::async(std::launch::async, [&other] { return testConnection(profileFor(other.url())); });
    QTRY_VERIFY(result.wait_for(std::chrono::seconds(0)) == std::future_status::ready);
    const ConnectionSteps steps(result.get());
    QCOMPARE(steps.outcome("NATS"), Outcome::Ok);
    QCOMPARE(steps.failed(), "Authentication");
    QVERIFY2(steps.detail("Authentication").contains("closed the connection"),
             qPrintable(steps.detail("Authentication")));
    QVERIFY(!steps.hint("Authentication").isEmpty());
}

void TestConnectionTest::saysThatNobodyIsThere_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("step");
    QTest::newRow("port") << QString("nats://127.0.0.1:%1").arg(freePort()) << "TCP";
    QTest::newRow("name") << "nats://no-such-host.invalid:4222"
                          << "Name";
    QTest::newRow("no host") << "nats://:0"
                             << "Name";
    QTest::newRow("scheme") << "wss://127.0.0.1:443"
                            << "Credentials";
}

void TestConnectionTest::saysThatNobodyIsThere()
{
    QFETCH(QString, url);
    QFETCH(QString, step);
    const ConnectionSteps steps(testConnection(profileFor(url)));
    QCOMPARE(steps.outcome(step.toStdString()), Outcome::Failed);
    QCOMPARE(steps.outcome("NATS"), Outcome::Skipped);
}

void TestConnectionTest::quotesTheServersRefusal_data()
{
    QTest::addColumn<QString>("who");
    QTest::addColumn<QString>("step");
    QTest::addColumn<QString>("says");
    QTest::newRow("good") << "user"
                          << ""
                          << "";
    QTest::newRow("of another account") << "stranger"
                                        << "Authentication"
                                        << "Authorization Violation"; // the server's own words
    QTest::newRow("expired") << "expired"
                             << "Credentials"
                             << "expired at";
    QTest::newRow("none") << "none"
                          << "Authentication"
                          << "uthorization";
    QTest::newRow("missing") << "missing"
                             << "Credentials"
                             << "No such file";
}

void TestConnectionTest::quotesTheServersRefusal()
{
    QFETCH(QString, who);
    QFETCH(QString, step);
    QFETCH(QString, says);
    const TestOperator root;
    NatsServer server(root.config());
    QVERIFY2(server.start(), qPrintable(server.error()));
    ConnectionProfile profile = profileFor(server.url());
    QFile creds(server.dir() + "/" + who + ".creds");
    if (who != "missing" && who != "none") {
        QVERIFY(creds.open(QIODevice::WriteOnly));
        creds.write(who == "user"      ? root.userCreds("u")
                    : who == "expired" ? root.userCreds("u", {}, 1'700'000'000)
                                       : root.strangerCreds());
        creds.close();
        creds.setPermissions(QFile::ReadOwner);
    }
    profile.credsFile = who == "none" ? "" : creds.fileName().toStdString();
    const ConnectionSteps steps(testConnection(profile, {"a"}));
    if (step.isEmpty()) {
        QCOMPARE(steps.outcome("Permissions"), Outcome::Ok);
        return;
    }
    QCOMPARE(steps.outcome(step.toStdString()), Outcome::Failed);
    QVERIFY2(steps.detail(step.toStdString()).contains(says), qPrintable(steps.detail(step.toStdString())));
    if (who == "stranger")
        QVERIFY2(steps.hint("Authentication").contains("account"), "what to do");
}

void TestConnectionTest::namesRefusedSubjects()
{
    const TestOperator root;
    NatsServer server(root.config());
    QVERIFY2(server.start(), qPrintable(server.error()));
    QFile creds(server.dir() + "/u.creds");
    QVERIFY(creds.open(QIODevice::WriteOnly));
    creds.write(root.userCreds("u", R"("sub":{"allow":["open.>","_INBOX.>"]},"pub":{"deny":["$JS.>"]})"));
    creds.close();
    ConnectionProfile profile = profileFor(server.url());
    profile.credsFile = creds.fileName().toStdString();
    const ConnectionSteps steps(testConnection(profile, {"open.a", "secret.>", "open.b"}));
    QCOMPARE(steps.outcome("Credentials"), Outcome::Warning); // others may read the file
    QCOMPARE(steps.outcome("Permissions"), Outcome::Failed);
    QVERIFY(steps.detail("Permissions").endsWith("subscribe to secret.>"));
}

void TestConnectionTest::stopsWhenAsked()
{
    const auto stop = std::make_unique<std::stop_source>(); // on the stack GCC 12 warns of it at -Og
    stop->request_stop();
    const ConnectionSteps steps(testConnection(profileFor("nats://127.0.0.1:1"), {"a"}, stop->get_token()));
    QCOMPARE(steps.count(), std::size_t{8});
    QCOMPARE(steps.outcome("Credentials"), Outcome::Skipped);
}

QTEST_GUILESS_MAIN(TestConnectionTest)
#include "tst_ConnectionTest.moc"
