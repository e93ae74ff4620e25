// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/ConnectionTest.h"
#include "tests/support/NatsServer.h"
#include "tests/support/NatsUser.h"
#include "tests/support/TestCertificates.h"

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

ConnectionProfile profileFor(const QString& url)
{
    ConnectionProfile profile;
    profile.urls = {url.toStdString()};
    profile.connectTimeout = std::chrono::milliseconds(1000);
    return profile;
}

/// The steps of one test; prints them, so that a reader of the log sees the words.
class Steps
{
public:
    explicit Steps(std::vector<TestStep> steps) : m_steps(std::move(steps))
    {
        for (const TestStep& step : m_steps)
            if (step.outcome != Outcome::Skipped)
                qInfo("%-14s %d %s (%s)", step.name.c_str(), int(step.outcome), step.detail.c_str(),
                      step.hint.c_str());
    }
    [[nodiscard]] Outcome outcome(const std::string& name) const { return find(name).outcome; }
    [[nodiscard]] QString detail(const std::string& name) const
    {
        return QString::fromStdString(find(name).detail);
    }
    [[nodiscard]] std::size_t count() const { return m_steps.size(); }

private:
    [[nodiscard]] TestStep find(const std::string& name) const
    {
        for (const TestStep& step : m_steps)
            if (step.name == name)
                return step;
        return {};
    }
    std::vector<TestStep> m_steps;
};

/// A TCP server that is not NATS; answers `answer` at once, or when spoken to. Its owner's loop must run.
class OtherServer
{
public:
    OtherServer(const QByteArray& answer, bool whenSpokenTo)
    {
        (void)m_server.listen(QHostAddress::LocalHost);
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this, answer, whenSpokenTo] {
            QTcpSocket* socket = m_server.nextPendingConnection();
            if (!whenSpokenTo)
                socket->write(answer);
            else
                QObject::connect(socket, &QTcpSocket::readyRead, socket,
                                 [socket, answer] { socket->write(answer); });
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
    void saysThatNobodyIsThere_data();
    void saysThatNobodyIsThere();
    void saysWhatIsWrongWithTls_data();
    void saysWhatIsWrongWithTls();
    void saysThatTlsIsNotOffered();
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
    const Steps steps(
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
    QTest::addColumn<bool>("whenSpokenTo");
    QTest::addColumn<QString>("says");
    QTest::newRow("HTTP") << QByteArray("HTTP/1.1 400 Bad Request\r\n\r\n") << true
                          << "it answered 'HTTP/1.1 400 Bad Request'";
    QTest::newRow("SSH") << QByteArray("SSH-2.0-OpenSSH_9.2\r\n") << false
                         << "it answered 'SSH-2.0-OpenSSH_9.2'";
    QTest::newRow("TLS") << QByteArray("\x15\x03\x01\x00\x02\x02\x16\n", 8) << true << "expects TLS";
    QTest::newRow("binary") << QByteArray("\x00\x01\xff\n", 4) << false << "not a NATS server";
    QTest::newRow("broken INFO") << QByteArray("INFO nonsense\r\n") << false << "not a NATS server";
    QTest::newRow("silence") << QByteArray() << false << "says nothing";
}

void TestConnectionTest::namesWhatIsNotNats()
{
    QFETCH(QByteArray, answer);
    QFETCH(bool, whenSpokenTo);
    QFETCH(QString, says);
    const OtherServer other(answer, whenSpokenTo);
    auto result =
        std::async(std::launch::async, [&other] { return testConnection(profileFor(other.url())); });
    QTRY_VERIFY(result.wait_for(std::chrono::seconds(0)) == std::future_status::ready);
    const Steps steps(result.get());
    QCOMPARE(steps.outcome("TCP"), Outcome::Ok);
    QCOMPARE(steps.outcome("NATS"), Outcome::Failed);
    QVERIFY2(steps.detail("NATS").contains(says), qPrintable(steps.detail("NATS")));
    QCOMPARE(steps.outcome("Authentication"), Outcome::Skipped);
}

void TestConnectionTest::namesAMonitoringPort()
{
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    const Steps steps(testConnection(profileFor(server.monitorUrl().replace("http:", "nats:"))));
    QCOMPARE(steps.outcome("NATS"), Outcome::Failed);
    QVERIFY(steps.detail("NATS").contains("HTTP/1.1 200 OK"));
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
    const Steps steps(testConnection(profileFor(url)));
    QCOMPARE(steps.outcome(step.toStdString()), Outcome::Failed);
    QCOMPARE(steps.outcome("NATS"), Outcome::Skipped);
}

void TestConnectionTest::saysWhatIsWrongWithTls_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<int>("days");
    QTest::addColumn<bool>("knownCa");
    QTest::addColumn<bool>("verify");
    QTest::addColumn<QString>("says");
    QTest::newRow("good") << "127.0.0.1" << 5 << true << true << "encrypted, the certificate is valid until";
    QTest::newRow("expired") << "127.0.0.1" << -2 << true << true << "expired (until 20";
    QTest::newRow("wrong name") << "nats.example.org" << 5 << true << true << "(it is for nats.example.org)";
    QTest::newRow("unknown CA") << "127.0.0.1" << 5 << false << true << "issuer certificate";
    QTest::newRow("not verified") << "nats.example.org" << -2 << false << false << "is not verified";
}

void TestConnectionTest::saysWhatIsWrongWithTls()
{
    QFETCH(QString, host);
    QFETCH(int, days);
    QFETCH(bool, knownCa);
    QFETCH(bool, verify);
    QFETCH(QString, says);
    const TestCertificates certificates;
    NatsServer server(TestCertificates::serverConfig(certificates.serverCertificate("server", host, days)));
    QVERIFY2(server.start(), qPrintable(server.error()));
    ConnectionProfile profile = profileFor(server.url());
    profile.caFile = knownCa ? certificates.caFile().toStdString() : "";
    profile.tlsVerify = verify;
    const Steps steps(testConnection(profile));
    QVERIFY2(steps.detail("TLS").contains(says), qPrintable(steps.detail("TLS")));
    const bool good = knownCa && host == "127.0.0.1" && days > 0;
    QCOMPARE(steps.outcome("TLS"), good ? Outcome::Ok : verify ? Outcome::Failed : Outcome::Warning);
    // nats.c must agree with what the probe found.
    QCOMPARE(steps.outcome("Authentication"), good || !verify ? Outcome::Ok : Outcome::Skipped);
}

void TestConnectionTest::saysThatTlsIsNotOffered()
{
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    const Steps steps(testConnection(profileFor(server.url().replace("nats:", "tls:"))));
    QCOMPARE(steps.outcome("TLS"), Outcome::Failed);
    QVERIFY(steps.detail("TLS").contains("does not offer"));
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
                                        << "uthorization";
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
    const Steps steps(testConnection(profile, {"a"}));
    if (step.isEmpty()) {
        QCOMPARE(steps.outcome("Permissions"), Outcome::Ok);
        return;
    }
    QCOMPARE(steps.outcome(step.toStdString()), Outcome::Failed);
    QVERIFY2(steps.detail(step.toStdString()).contains(says), qPrintable(steps.detail(step.toStdString())));
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
    const Steps steps(testConnection(profile, {"open.a", "secret.>", "open.b"}));
    QCOMPARE(steps.outcome("Credentials"), Outcome::Warning); // others may read the file
    QCOMPARE(steps.outcome("Permissions"), Outcome::Failed);
    QVERIFY(steps.detail("Permissions").endsWith("subscribe to secret.>"));
}

void TestConnectionTest::stopsWhenAsked()
{
    const auto stop = std::make_unique<std::stop_source>(); // on the stack GCC 12 warns of it at -Og
    stop->request_stop();
    const Steps steps(testConnection(profileFor("nats://127.0.0.1:1"), {"a"}, stop->get_token()));
    QCOMPARE(steps.count(), std::size_t{8});
    QCOMPARE(steps.outcome("Credentials"), Outcome::Skipped);
}

QTEST_GUILESS_MAIN(TestConnectionTest)
#include "tst_ConnectionTest.moc"
