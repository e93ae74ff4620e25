// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/LiveMonitor.h"
#include "core/broker/NatsMonitor.h"
#include "tests/support/NatsServer.h"
#include "tests/support/Patience.h"
#include "tests/support/RawPublisher.h"
#include "tests/support/TestCertificates.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

/// Answers every request with the same bytes, one for `varz` with another answer where there is one, and may
/// keep the connection open for ever. Runs on the test's event loop, which NatsMonitor::look() spins.
class FakeMonitor
{
public:
    FakeMonitor(QByteArray answer, bool close, QByteArray varz = {})
        : m_answer(std::move(answer)), m_varz(std::move(varz)), m_close(close)
    {
        (void)m_server.listen(QHostAddress::LocalHost);
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] {
            QTcpSocket* socket = m_server.nextPendingConnection();
            QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket] {
                const QByteArray request = socket->readAll();
                if (!request.contains("\r\n\r\n"))
                    return;
                const bool isVarz = !m_varz.isEmpty() && request.startsWith("GET /varz ");
                socket->write(isVarz ? m_varz : m_answer);
                if (m_close)
                    socket->disconnectFromHost();
            });
        });
    }
    [[nodiscard]] std::string url() const
    {
        return "http://127.0.0.1:" + std::to_string(m_server.serverPort());
    }

private:
    QTcpServer m_server;
    const QByteArray m_answer;
    const QByteArray m_varz;
    const bool m_close;
};

QByteArray ok(const QByteArray& body)
{
    return "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + QByteArray::number(body.size()) +
           "\r\n\r\n" + body;
}

NatsMonitor::Options optionsFor(const std::string& url)
{
    NatsMonitor::Options options;
    options.urls = {url};
    return options;
}

} // namespace

class TestNatsMonitor : public QObject
{
    Q_OBJECT
private slots:
    void looksAtAServer();
    void readsOverTls_data();
    void readsOverTls();
    void readsEveryPage();
    void saysWhatAnsweredInstead_data();
    void saysWhatAnsweredInstead();
    void takesNoTwoHundredMegabytes();
    void saysWhatCannotBeRead();
    void saysOnceThatAServerBeganAnew();
    void countsWhoComesAndGoes();
    void oneBadServerCostsALine();
    void oneServerUnderTwoNames();
    void endsWhenStopped();
};

void TestNatsMonitor::looksAtAServer()
{
    const QTemporaryDir dir;
    NatsServer server(QString("jetstream { store_dir: \"%1\" }\n").arg(dir.path()));
    QVERIFY2(server.start(), qPrintable(server.error()));
    RawPublisher client(server.port(), "\"verbose\":false,\"name\":\"a \\u0001 name\",\"headers\":true");
    QVERIFY(client.flush());
    SystemClock clock;
    const auto look = NatsMonitor(optionsFor(server.monitorUrl().toStdString() + "/"), clock).look({});
    QVERIFY2(look, look ? "" : look.error().line().c_str());
    QVERIFY2((*look)->problems.empty(), (*look)->problems.empty() ? "" : (*look)->problems[0].c_str());
    QCOMPARE((*look)->servers.size(), std::size_t{1});
    QVERIFY((*look)->servers[0].name.starts_with("test-"));
    QCOMPARE((*look)->connections.size(), std::size_t{1});
    QCOMPARE((*look)->connections[0].name, std::string("a \x01 name"));
    QCOMPARE((*look)->connections[0].account, std::string("$G"));
    QCOMPARE((*look)->connectionsTotal, std::uint64_t{1});
    QVERIFY((*look)->time != kNoTime);
}

void TestNatsMonitor::readsOverTls_data()
{
    QTest::addColumn<QString>("host"); ///< that the certificate is for
    QTest::addColumn<int>("days");     ///< that it is valid yet
    QTest::addColumn<bool>("trusted"); ///< the profile names the CA
    QTest::addColumn<QString>("why");  ///< it is not read; empty: it is
    QTest::newRow("by a CA of the profile") << "127.0.0.1" << 1 << true << QString();
    QTest::newRow("by nobody's CA") << "127.0.0.1" << 1 << false << "name the CA";
    QTest::newRow("of another host") << "broker.example.org" << 1 << true << "it is for broker.example.org";
    QTest::newRow("over") << "127.0.0.1" << -1 << true << "the server needs a new certificate";
}

/// An https_port: its certificate is verified, whatever the profile says of the broker's.
void TestNatsMonitor::readsOverTls()
{
    QFETCH(QString, host);
    QFETCH(int, days);
    QFETCH(bool, trusted);
    QFETCH(QString, why);
    const TestCertificates certificates;
    NatsServer server(TestCertificates::serverConfig(certificates.serverCertificate("server", host, days)));
    server.monitorOverTls();
    QVERIFY2(server.start(), qPrintable(server.error()));
    QVERIFY(server.monitorUrl().startsWith("https://"));
    ConnectionProfile profile;
    profile.monitorUrl = server.monitorUrl().toStdString();
    profile.tlsVerify = false;
    if (trusted)
        profile.caFile = certificates.caFile().toStdString();
    SystemClock clock;
    const auto look = makeNatsMonitor(profile, {}, clock)->look({});
    if (why.isEmpty()) {
        QVERIFY2(look, look ? "" : look.error().line().c_str());
        QCOMPARE((*look)->servers.size(), std::size_t{1});
        return;
    }
    QVERIFY(!look);
    QVERIFY2(look.error().code == ErrorCode::Tls && QString::fromStdString(look.error().line()).contains(why),
             look.error().line().c_str());
    // A file that is not there is told as such.
    profile.caFile = "/nowhere/ca.pem";
    const auto none = makeNatsMonitor(profile, {}, clock)->look({});
    QVERIFY(!none);
    QVERIFY2(none.error().line().find("/nowhere/ca.pem") != std::string::npos, none.error().line().c_str());
}

void TestNatsMonitor::readsEveryPage()
{
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    std::vector<std::unique_ptr<RawPublisher>> clients;
    for (int i = 0; i < 7; ++i) {
        clients.push_back(std::make_unique<RawPublisher>(server.port()));
        QVERIFY(clients.back()->flush());
    }
    SystemClock clock;
    NatsMonitor::Options options = optionsFor(server.monitorUrl().toStdString());
    options.pageSize = 3;
    const auto look = NatsMonitor(options, clock).look({});
    QVERIFY(look);
    QCOMPARE((*look)->connections.size(), std::size_t{7});
    options.mostConnections = 4;
    const auto bounded = NatsMonitor(options, clock).look({});
    QVERIFY(bounded);
    QCOMPARE((*bounded)->connections.size(), std::size_t{6}); // whole pages
    QVERIFY((*bounded)->problems.back().starts_with("connections: 6 of 7 were read"));
}

void TestNatsMonitor::saysWhatAnsweredInstead_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<bool>("close");
    QTest::addColumn<QString>("why");
    QTest::newRow("401") << QByteArray("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n") << true
                         << "the server answered 401 Unauthorized";
    QTest::newRow("404") << QByteArray("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n") << true
                         << "the server answered 404 Not Found";
    QTest::newRow("redirect") << QByteArray("HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\n"
                                            "Content-Length: 0\r\n\r\n")
                              << true << "the server answered 302 Found";
    QTest::newRow("HTML") << ok("<html><body>Welcome</body></html>") << true << "a web page answered";
    QTest::newRow("no JSON") << ok("hello") << true << "it is not JSON";
    QTest::newRow("another JSON") << ok("{\"status\":\"ok\"}") << true << "it has no \"server_id\"";
    QTest::newRow("half a page") << QByteArray(
                                        "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"server_id\":")
                                 << true << "Connection closed";
    QTest::newRow("too large") << ok(QByteArray(200'000, ' ')) << true << "larger than 100 kB";
    QTest::newRow("never") << QByteArray() << false << "no whole answer within 300 ms";
    QTest::newRow("never the rest") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{") << false
                                    << "no whole answer within 300 ms";
}

void TestNatsMonitor::saysWhatAnsweredInstead()
{
    QFETCH(const QByteArray, answer);
    QFETCH(const bool, close);
    QFETCH(const QString, why);
    const FakeMonitor server(answer, close);
    SystemClock clock;
    NatsMonitor::Options options = optionsFor(server.url());
    options.largestPage = 100'000;
    options.patience = QByteArray(QTest::currentDataTag()).startsWith("never") ? 300ms : 20'000ms;
    const auto look = NatsMonitor(options, clock).look({});
    QVERIFY(!look);
    QVERIFY2(look.error().line().starts_with("reading " + server.url()), look.error().line().c_str());
    QVERIFY2(look.error().why.find(why.toStdString()) != std::string::npos, look.error().line().c_str());
}

void TestNatsMonitor::takesNoTwoHundredMegabytes()
{
    const FakeMonitor server(
        "HTTP/1.1 200 OK\r\nContent-Length: 200000000\r\n\r\n" + QByteArray(70'000'000, ' '), false);
    SystemClock clock;
    NatsMonitor::Options options = optionsFor(server.url());
    options.patience = 20'000ms;
    const auto look = NatsMonitor(options, clock).look({});
    QVERIFY(!look);
    QVERIFY2(look.error().why == "the answer is larger than 67108 kB", look.error().line().c_str());
}

/// A proxy that lets only some pages through.
void TestNatsMonitor::saysWhatCannotBeRead()
{
    const FakeMonitor server("HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
                             true,
                             ok("{\"server_id\":\"A\",\"server_name\":\"a\",\"jetstream\":{\"config\":{}}}"));
    SystemClock clock;
    const auto look = NatsMonitor(optionsFor(server.url()), clock).look({});
    QVERIFY2(look, look ? "" : look.error().line().c_str());
    QCOMPARE((*look)->servers[0].name, std::string("a"));
    QCOMPARE((*look)->problems.size(), std::size_t{4});
    for (const std::string& line : (*look)->problems)
        QVERIFY2(line.find("401 Unauthorized") != std::string::npos, line.c_str());
}

void TestNatsMonitor::saysOnceThatAServerBeganAnew()
{
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    SystemClock clock;
    NatsMonitor::Options options = optionsFor(server.monitorUrl().toStdString());
    options.interval = 1ms;
    NatsMonitor monitor(options, clock);
    {
        RawPublisher client(server.port());
        for (int i = 0; i < 1000; ++i)
            client.publish("a", "x");
        QVERIFY(client.flush());
        const auto before = monitor.look({});
        QVERIFY(before && (*before)->notes.empty());
        QCOMPARE((*before)->servers[0].inMessages, std::uint64_t{1000});
    }
    server.stop();
    QVERIFY2(server.start(), qPrintable(server.error()));
    NatsMonitor::Look look;
    const auto glance = [&] {
        const auto next = monitor.glance({});
        look = next ? *next : std::make_shared<const BrokerLook>();
    };
    QTRY_VERIFY_WITH_TIMEOUT((glance(), !look->notes.empty()), kLookPatience);
    glance();
    QCOMPARE(look->notes.size(), std::size_t{1});
    QVERIFY(look->notes[0].find("began anew") != std::string::npos);
    QCOMPARE(look->servers.size(), std::size_t{1});
    QVERIFY(look->servers[0].inMessages < 1000 && look->connections.empty());
}

void TestNatsMonitor::countsWhoComesAndGoes()
{
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    SystemClock clock;
    NatsMonitor::Options options = optionsFor(server.monitorUrl().toStdString());
    options.interval = 1ms;
    NatsMonitor monitor(options, clock);
    NatsMonitor::Look look;
    const auto glance = [&] {
        const auto next = monitor.glance({});
        look = next ? *next : std::make_shared<const BrokerLook>();
    };
    // It counts from the look on that follows the first reading of connections.
    RawPublisher stays(server.port());
    QVERIFY(stays.flush());
    QTRY_VERIFY_WITH_TIMEOUT((glance(), look->connections.size() == 1), kLookPatience);
    const Timestamp first = look->servers.at(0).told;
    QTRY_VERIFY_WITH_TIMEOUT((glance(), look->servers.at(0).told > first), kLookPatience);
    QCOMPARE(look->visitors, std::uint64_t{0});
    for (int i = 0; i < 3; ++i) {
        RawPublisher visitor(server.port());
        QVERIFY(visitor.flush());
    }
    // Who is still there when it is looked at is no visitor: the server must have noticed that they went.
    const auto present = [&] {
        const auto whole = NatsMonitor(optionsFor(server.monitorUrl().toStdString()), clock).look({});
        return whole ? (*whole)->connections.size() : 0;
    };
    QTRY_COMPARE_WITH_TIMEOUT(present(), std::size_t{1}, 20'000);
    QTRY_COMPARE_WITH_TIMEOUT((glance(), look->visitors), std::uint64_t{3}, kLookPatience);
    QCOMPARE(look->connections.size(), std::size_t{1});
    QVERIFY(look->notes.back().starts_with("3 connections came and went"));
}

void TestNatsMonitor::oneBadServerCostsALine()
{
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    SystemClock clock;
    NatsMonitor::Options options = optionsFor(server.monitorUrl().toStdString());
    options.urls.push_back("http://127.0.0.1:" + std::to_string(freePort()));
    options.urls.emplace_back("ftp://127.0.0.1");
    const auto look = NatsMonitor(options, clock).look({});
    QVERIFY(look);
    QCOMPARE((*look)->servers.size(), std::size_t{1});
    QCOMPARE((*look)->problems.size(), std::size_t{2});
    QVERIFY((*look)->problems[0].find("Connection refused") != std::string::npos);
    QVERIFY((*look)->problems[1].find("neither http:// nor https://") != std::string::npos);
}

void TestNatsMonitor::oneServerUnderTwoNames()
{
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    RawPublisher client(server.port());
    QVERIFY(client.flush());
    SystemClock clock;
    NatsMonitor::Options options = optionsFor(server.monitorUrl().toStdString());
    options.urls.push_back(server.monitorUrl().replace("127.0.0.1", "localhost").toStdString());
    const auto look = NatsMonitor(options, clock).look({});
    QVERIFY(look);
    QCOMPARE((*look)->servers.size(), std::size_t{1});
    QCOMPARE((*look)->connections.size(), std::size_t{1});
    QCOMPARE((*look)->connectionsTotal, std::uint64_t{1});
}

void TestNatsMonitor::endsWhenStopped()
{
    const FakeMonitor server({}, false);
    SystemClock clock;
    std::stop_source stop;
    stop.request_stop();
    const auto look = NatsMonitor(optionsFor(server.url()), clock).look(stop.get_token());
    QVERIFY(!look);
    QVERIFY(look.error().code == ErrorCode::Cancelled);
}

QTEST_GUILESS_MAIN(TestNatsMonitor)
#include "tst_natsmonitor.moc"
