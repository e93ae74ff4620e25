// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/NatsHandles.h"
#include "core/broker/NatsOptions.h"
#include "core/broker/NatsSource.h"
#include "tests/support/EventLog.h"
#include "tests/support/NatsServer.h"
#include "tests/support/NatsUser.h"
#include "tests/support/RawPublisher.h"
#include "tests/support/ServerVarz.h"
#include "tests/support/TestCertificates.h"

#include <QFile>
#include <QTcpServer>
#include <QTest>
#include <QTimer>

using namespace weir;
using namespace weir::test;

namespace {

NatsSource::Options optionsFor(const NatsServer& server, std::vector<std::string> subjects)
{
    NatsSource::Options options;
    options.profile.urls = {server.url().toStdString()};
    options.subjects = std::move(subjects);
    options.reconnect = quickReconnect();
    return options;
}

/// Makes the delivery thread slow: every message costs at least `cost`.
class SlowClock final : public Clock
{
public:
    explicit SlowClock(Nanoseconds cost) : m_cost(cost) {}
    Timestamp now() override
    {
        const Nanoseconds until = m_clock.steady() + m_cost;
        while (m_clock.steady() < until) {
        }
        return m_clock.now();
    }
    Nanoseconds steady() override { return m_clock.steady(); }

private:
    const Nanoseconds m_cost;
    SystemClock m_clock;
};

std::uint64_t total(const std::vector<TakenMessage>& messages)
{
    return messages.size();
}

} // namespace

class TestNatsSource : public QObject
{
    Q_OBJECT

private slots:
    void takesWhatIsPublished();
    void takesEachMessageOnceThoughSubjectsOverlap();
    void keepsHeadersByteForByte_data();
    void keepsHeadersByteForByte();
    void goesOnPastEmptyTokens();
    void takesLargePayloads();
    void countsWhatTheQueueRefuses();
    void comesBackAfterTheServerDoes();
    void saysWhyTheFirstConnectFails_data();
    void saysWhyTheFirstConnectFails();
    void saysWhatAnsweredInstead();
    void tellsOfTls();
    void waitsForAServerWhenAsked();
    void reportsARefusedSubject();
    void countsWhatTheClientLibraryDrops();
    void countsWhatWasPendingWhenTheServerDied();
    void looksLikeOneConnectionOnceItIsUp();
    void saysThatTheUserWasRevoked();
    void holdsTheObservationBudget();
};

void TestNatsSource::takesWhatIsPublished()
{
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    SystemClock clock;
    MessageQueue queue;
    EventLog events;
    NatsSource source(optionsFor(server, {"orders.>", "auth.*"}), clock);
    const Result<void> started = source.start(queue, events);
    QVERIFY2(started, started ? "" : started.error().line().c_str());
    QCOMPARE(events.lastStatus().phase, ConnectionPhase::Connected);

    RawPublisher publisher(server.port());
    for (int i = 0; i < 1000; ++i)
        publisher.publish("orders." + QByteArray::number(i), "payload " + QByteArray::number(i),
                          "NATS/1.0\r\nA: b\r\n\r\n", "answer.here");
    publisher.publish("auth.ok", "");
    publisher.publish("elsewhere", "not ours");
    QVERIFY(publisher.flush());
    const std::vector<TakenMessage> taken = takeMessages(queue, 1001);
    QCOMPARE(total(taken), 1001u);
    QTRY_VERIFY(events.lastStatus().serverVersion.starts_with("2."));
    QVERIFY(events.lastStatus().server.ends_with(" at " + server.url().toStdString()));
    QVERIFY(!events.lastStatus().tls && !events.lastStatus().tlsVerified);
    QVERIFY(events.lastStatus().roundTrip > Nanoseconds{0});
    QCOMPARE(QByteArray::fromStdString(taken[7].reply), QByteArray("answer.here"));
    QCOMPARE(QByteArray::fromStdString(taken[7].headers), QByteArray("NATS/1.0\r\nA: b\r\n\r\n"));
    source.stop();
    QVERIFY(events.gaps().empty());
    QCOMPARE(events.brokerDrops(), 0u);
    QVERIFY(events.lastStatus().phase == ConnectionPhase::Closed);
}

void TestNatsSource::takesEachMessageOnceThoughSubjectsOverlap()
{
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    SystemClock clock;
    MessageQueue queue;
    EventLog events;
    NatsSource source(optionsFor(server, {"orders.eu.*", "orders.>", "orders.us"}), clock);
    QVERIFY(source.start(queue, events));
    RawPublisher publisher(server.port());
    publisher.publish("orders.eu.1", "once");
    publisher.publish("orders.us", "once");
    QVERIFY(publisher.flush());
    QCOMPARE(total(takeMessages(queue, 3, std::chrono::milliseconds(300))), 2u);
}

void TestNatsSource::keepsHeadersByteForByte_data()
{
    QTest::addColumn<QByteArray>("subject");
    QTest::addColumn<QByteArray>("headers");
    QTest::addColumn<QByteArray>("reply");
    QTest::newRow("none") << QByteArray("h.a") << QByteArray() << QByteArray();
    QTest::newRow("one") << QByteArray("h.a") << QByteArray("NATS/1.0\r\nA: b\r\n\r\n") << QByteArray();
    QTest::newRow("with reply") << QByteArray("h.a") << QByteArray("NATS/1.0\r\nA: b\r\n\r\n")
                                << QByteArray("r.x");
    QTest::newRow("empty block") << QByteArray("h.a") << QByteArray("NATS/1.0\r\n\r\n") << QByteArray();
    QTest::newRow("duplicates in order")
        << QByteArray("h.a") << QByteArray("NATS/1.0\r\nB: 2\r\nA: 1\r\nB: 1\r\na: 3\r\n\r\n")
        << QByteArray();
    QTest::newRow("empty value") << QByteArray("h.a") << QByteArray("NATS/1.0\r\nA:\r\nB: \r\nC: x\r\n\r\n")
                                 << QByteArray();
    QTest::newRow("blanks") << QByteArray("h.a") << QByteArray("NATS/1.0\r\nA:   x  \r\nB:y\r\n\r\n")
                            << QByteArray();
    QTest::newRow("status") << QByteArray("h.a") << QByteArray("NATS/1.0 503 No one\r\nA: b\r\n\r\n")
                            << QByteArray();
    QTest::newRow("binary value") << QByteArray("h.a")
                                  << QByteArray("NATS/1.0\r\nA: \x01\xff\x00z\r\n\r\n", 21)
                                  << QByteArray("r");
    QTest::newRow("rubbish") << QByteArray("h.a") << QByteArray("\x00\xfe rubbish, no prefix", 21)
                             << QByteArray();
    QTest::newRow("rubbish with reply")
        << QByteArray("h.a") << QByteArray("GET / HTTP/1.1\r\n\r\n") << QByteArray("r");
    QTest::newRow("unended") << QByteArray("h.a") << QByteArray("NATS/1.0\r\nA: b") << QByteArray();
    QByteArray many = "NATS/1.0\r\n";
    for (int i = 0; i < 10'000; ++i)
        many += "X-Header-" + QByteArray::number(i) + ": value " + QByteArray::number(i) + "\r\n";
    QTest::newRow("10,000 headers") << QByteArray("h.a") << many + "\r\n" << QByteArray("r");
    QTest::newRow("NUL in the subject") << QByteArray("h.a\0b", 5) << QByteArray() << QByteArray();
    QTest::newRow("NUL in subject and reply")
        << QByteArray("h.a\0b", 5) << QByteArray("NATS/1.0\r\nA: b\r\n\r\n") << QByteArray("r");
}

void TestNatsSource::keepsHeadersByteForByte()
{
    QFETCH(QByteArray, subject);
    QFETCH(QByteArray, headers);
    QFETCH(QByteArray, reply);
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    SystemClock clock;
    MessageQueue queue;
    EventLog events;
    NatsSource source(optionsFor(server, {"h.>"}), clock);
    QVERIFY(source.start(queue, events));
    RawPublisher publisher(server.port());
    for (const QByteArray& payload : {QByteArray("payload\0x", 9), QByteArray()})
        publisher.publish(subject, payload, headers, reply);
    QVERIFY(publisher.flush());
    const std::vector<TakenMessage> taken = takeMessages(queue, 2, std::chrono::seconds(2));
    QCOMPARE(total(taken), 2u);
    QCOMPARE(QByteArray::fromStdString(taken[0].subject), subject);
    QCOMPARE(QByteArray::fromStdString(taken[0].reply), reply);
    QCOMPARE(QByteArray::fromStdString(taken[0].headers), headers);
    QCOMPARE(QByteArray::fromStdString(taken[0].payload), QByteArray("payload\0x", 9));
    QCOMPARE(QByteArray::fromStdString(taken[1].headers), headers);
    QCOMPARE(QByteArray::fromStdString(taken[1].payload), QByteArray());
}

void TestNatsSource::goesOnPastEmptyTokens()
{
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    SystemClock clock;
    MessageQueue queue;
    EventLog events;
    NatsSource source(optionsFor(server, {">"}), clock);
    QVERIFY(source.start(queue, events));
    // nats-server 2.9.10 accepts such a publication (pedantic off) and gives it to no subscription.
    RawPublisher publisher(server.port());
    for (const char* subject : {"h.a..b", ".h.a", "h.a.", "h.ok"})
        publisher.publish(subject, "x");
    QVERIFY(publisher.flush());
    QVERIFY(!publisher.answers().contains("-ERR"));
    const std::vector<TakenMessage> taken = takeMessages(queue, 4, std::chrono::milliseconds(300));
    QVERIFY(!taken.empty());
    QCOMPARE(QByteArray::fromStdString(taken.back().subject), QByteArray("h.ok"));
    QCOMPARE(events.lastStatus().phase, ConnectionPhase::Connected);
    // As a wish to subscribe it is a mistake, told before any server is asked.
    NatsSource wrong(optionsFor(server, {"h..b"}), clock);
    QCOMPARE(int(wrong.start(queue, events).error().code), int(ErrorCode::Usage));
}

void TestNatsSource::takesLargePayloads()
{
    NatsServer server("max_payload: 16MB");
    QVERIFY2(server.start(), qPrintable(server.error()));
    SystemClock clock;
    MessageQueue queue;
    EventLog events;
    NatsSource source(optionsFor(server, {"big"}), clock);
    QVERIFY(source.start(queue, events));
    QByteArray payload(8 << 20, 'x');
    for (int i = 0; i < payload.size(); i += 4097)
        payload[i] = static_cast<char>(i % 251);
    RawPublisher publisher(server.port());
    for (int i = 0; i < 3; ++i)
        publisher.publish("big", payload, "NATS/1.0\r\nN: 1\r\n\r\n");
    QVERIFY(publisher.flush());
    const std::vector<TakenMessage> taken = takeMessages(queue, 3);
    QCOMPARE(total(taken), 3u);
    for (const TakenMessage& message : taken)
        QVERIFY(QByteArray::fromStdString(message.payload) == payload);
}

void TestNatsSource::countsWhatTheQueueRefuses()
{
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    SystemClock clock;
    MessageQueue queue(std::size_t{1} << 20);
    EventLog events;
    NatsSource source(optionsFor(server, {"flood"}), clock);
    QVERIFY(source.start(queue, events));
    RawPublisher publisher(server.port());
    const QByteArray payload(1000, 'x');
    constexpr std::uint64_t kSent = 20'000;
    for (std::uint64_t i = 0; i < kSent; ++i)
        publisher.publish("flood", payload);
    QVERIFY(publisher.flush());
    source.stop();
    queue.close();
    const std::uint64_t taken = total(takeMessages(queue, kSent, std::chrono::milliseconds(0)));
    QVERIFY(taken > 0 && taken < kSent);
    QCOMPARE(taken + events.queueDrops() + events.brokerDrops(), kSent);
    QCOMPARE(events.gaps(GapCause::QueueFull).size(), std::size_t{1});
    QVERIFY(events.gaps(GapCause::QueueFull)[0].to != kNoTime);
}

void TestNatsSource::comesBackAfterTheServerDoes()
{
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    SystemClock clock;
    MessageQueue queue;
    EventLog events;
    NatsSource source(optionsFor(server, {"a"}), clock);
    QVERIFY(source.start(queue, events));
    server.stop();
    QTRY_VERIFY(events.lastStatus().phase == ConnectionPhase::Reconnecting);
    QVERIFY(events.gaps(GapCause::Disconnected).size() == 1);
    QTRY_VERIFY(events.lastStatus().attempts >= 2);
    QVERIFY2(server.start(), qPrintable(server.error()));
    QTRY_VERIFY(events.lastStatus().phase == ConnectionPhase::Connected);
    const Gap gap = events.gaps(GapCause::Disconnected).at(0);
    QVERIFY(gap.to != kNoTime && gap.to > gap.from);
    QVERIFY(!gap.detail.empty());
    RawPublisher publisher(server.port());
    publisher.publish("a", "again");
    QVERIFY(publisher.flush());
    QCOMPARE(total(takeMessages(queue, 1)), 1u);
}

void TestNatsSource::saysWhyTheFirstConnectFails_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("creds");
    QTest::addColumn<int>("code");
    QTest::newRow("nobody listens") << QString("nats://127.0.0.1:%1").arg(freePort()) << QString()
                                    << int(ErrorCode::Network);
    QTest::newRow("unknown host") << "nats://no-such-host.invalid:4222" << QString()
                                  << int(ErrorCode::Network);
    QTest::newRow("missing creds") << "nats://127.0.0.1:1"
                                   << "/nowhere/x.creds" << int(ErrorCode::NotFound);
    QTest::newRow("WebSocket") << "ws://127.0.0.1:1" << QString() << int(ErrorCode::Unsupported);
    QTest::newRow("not NATS") << "http://127.0.0.1:1" << QString() << int(ErrorCode::Usage);
}

void TestNatsSource::saysWhyTheFirstConnectFails()
{
    QFETCH(QString, url);
    QFETCH(QString, creds);
    QFETCH(int, code);
    SystemClock clock;
    MessageQueue queue;
    EventLog events;
    NatsSource::Options options;
    options.profile.urls = {url.toStdString()};
    options.profile.credsFile = creds.toStdString();
    options.subjects = {"a"};
    NatsSource source(options, clock);
    const Result<void> started = source.start(queue, events);
    QVERIFY(!started);
    qInfo("%s", started.error().line().c_str());
    QCOMPARE(int(started.error().code), code);
    QCOMPARE(events.lastStatus().phase, ConnectionPhase::Failed);
}

void TestNatsSource::saysWhatAnsweredInstead()
{
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    QTcpServer silent; // nobody accepts; the kernel does
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    const TestCertificates certificates;
    NatsServer expired(TestCertificates::serverConfig(certificates.serverCertificate("s", "127.0.0.1", -1)));
    QVERIFY2(expired.start(), qPrintable(expired.error()));
    const struct
    {
        QString url;
        ErrorCode code;
        const char* says;
    } cases[] = {
        {server.monitorUrl().replace("http:", "nats:"), ErrorCode::Format, "it answered 'HTTP/1.1"},
        {QString("nats://127.0.0.1:%1").arg(silent.serverPort()), ErrorCode::Timeout, "says nothing"},
        {expired.url(), ErrorCode::Tls, "expired"},
    };
    for (const auto& one : cases) {
        SystemClock clock;
        MessageQueue queue;
        EventLog events;
        NatsSource::Options options;
        options.profile.urls = {one.url.toStdString()};
        options.profile.caFile = one.code == ErrorCode::Tls ? certificates.caFile().toStdString() : "";
        options.profile.connectTimeout = std::chrono::milliseconds(500);
        options.subjects = {"a"};
        NatsSource source(options, clock);
        const Result<void> started = source.start(queue, events);
        QVERIFY(!started);
        qInfo("%s", started.error().line().c_str());
        QCOMPARE(int(started.error().code), int(one.code));
        QVERIFY(started.error().why.find(one.says) != std::string::npos);
    }
}

void TestNatsSource::tellsOfTls()
{
    const TestCertificates certificates;
    NatsServer server(TestCertificates::serverConfig(certificates.serverCertificate("s", "127.0.0.1")));
    QVERIFY2(server.start(), qPrintable(server.error()));
    for (const bool verify : {true, false}) {
        SystemClock clock;
        MessageQueue queue;
        EventLog events;
        NatsSource::Options options = optionsFor(server, {"a"});
        options.profile.tlsVerify = verify;
        options.profile.caFile = verify ? certificates.caFile().toStdString() : "";
        NatsSource source(options, clock);
        const Result<void> started = source.start(queue, events);
        QVERIFY2(started, started ? "" : started.error().line().c_str());
        QTRY_VERIFY(events.lastStatus().tls);
        QCOMPARE(events.lastStatus().tlsVerified, verify);
    }
}

void TestNatsSource::waitsForAServerWhenAsked()
{
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    server.stop();
    SystemClock clock;
    MessageQueue queue;
    EventLog events;
    NatsSource::Options options = optionsFor(server, {"a"});
    options.retryFirstConnect = true;
    NatsSource source(options, clock);
    QVERIFY(source.start(queue, events));
    QCOMPARE(events.gaps(GapCause::Disconnected).size(), std::size_t{1});
    QTRY_VERIFY(events.lastStatus().attempts >= 2);
    const ConnectionStatus status = events.lastStatus();
    QVERIFY(status.phase == ConnectionPhase::Connecting); // there was nothing yet to come back to
    QCOMPARE(QString::fromStdString(status.urls), server.url());
    QVERIFY2(status.detail.find("refused") != std::string::npos, status.detail.c_str());
    QVERIFY2(status.hint.find("check the port") != std::string::npos, status.hint.c_str());
    QVERIFY2(server.start(), qPrintable(server.error()));
    QTRY_VERIFY(events.lastStatus().phase == ConnectionPhase::Connected);
    QVERIFY(events.lastStatus().hint.empty());
}

void TestNatsSource::reportsARefusedSubject()
{
    NatsServer server("authorization { users: [ { user: u, password: \"p\\\"q\", permissions: { subscribe: "
                      "{ allow: [\"open.>\", \"_INBOX.>\"] } } } ] }");
    QVERIFY2(server.start(), qPrintable(server.error()));
    SystemClock clock;
    MessageQueue queue;
    EventLog events;
    NatsSource::Options options = optionsFor(server, {"open.>", "secret.>"});
    options.profile.user = "u";
    options.profile.password = SecretRef::inClear("p\"q");
    {
        NatsSource source(options, clock);
        const Result<void> started = source.start(queue, events);
        QVERIFY2(started, started ? "" : started.error().line().c_str());
        QCOMPARE(events.gaps(GapCause::Permission).size(), std::size_t{1});
        QVERIFY(events.gaps(GapCause::Permission)[0].detail.find("secret.>") != std::string::npos);
        QVERIFY(events.lastStatus().detail.find("secret.>") != std::string::npos);
    }
    options.subjects = {"secret.>"};
    NatsSource source(options, clock);
    const Result<void> started = source.start(queue, events);
    QVERIFY(!started);
    QCOMPARE(int(started.error().code), int(ErrorCode::Permission));
    options.profile.password = SecretRef::inClear("wrong");
    NatsSource stranger(options, clock);
    const Result<void> refused = stranger.start(queue, events);
    QVERIFY(!refused);
    QCOMPARE(int(refused.error().code), int(ErrorCode::Auth));
}

void TestNatsSource::countsWhatTheClientLibraryDrops()
{
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    SlowClock clock(std::chrono::microseconds(20));
    MessageQueue queue;
    EventLog events;
    NatsSource::Options options = optionsFor(server, {"flood"});
    options.pendingBytes = 0; // the smallest that there is: 1,024 messages
    NatsSource source(options, clock);
    QVERIFY(source.start(queue, events));
    RawPublisher publisher(server.port());
    constexpr std::uint64_t kSent = 100'000;
    for (std::uint64_t i = 0; i < kSent; ++i)
        publisher.publish("flood", "x");
    QVERIFY(publisher.flush());
    QTRY_VERIFY(events.brokerDrops() > 0);
    source.stop();
    queue.close();
    const std::uint64_t taken = total(takeMessages(queue, kSent, std::chrono::milliseconds(0)));
    QVERIFY(taken < kSent);
    QCOMPARE(taken + events.brokerDrops(), kSent);
    QVERIFY(!events.gaps(GapCause::SlowConsumer).empty());
    for (const Gap& gap : events.gaps())
        QVERIFY(gap.to != kNoTime && gap.from <= gap.to);
}

void TestNatsSource::countsWhatWasPendingWhenTheServerDied()
{
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    SlowClock clock(std::chrono::microseconds(50));
    MessageQueue queue;
    EventLog events;
    NatsSource source(optionsFor(server, {"flood"}), clock);
    QVERIFY(source.start(queue, events));
    RawPublisher publisher(server.port());
    constexpr std::uint64_t kSent = 50'000;
    for (std::uint64_t i = 0; i < kSent; ++i)
        publisher.publish("flood", "x");
    QVERIFY(publisher.flush());
    server.stop();
    QTRY_VERIFY(events.lastStatus().phase == ConnectionPhase::Reconnecting);
    source.stop();
    queue.close();
    const std::uint64_t taken = total(takeMessages(queue, kSent, std::chrono::milliseconds(0)));
    // nats.c throws away what it had received and not handed over; the rest never left the server.
    QVERIFY(events.brokerDrops() > 0);
    QVERIFY(taken + events.brokerDrops() <= kSent);
    QCOMPARE(events.gaps(GapCause::Disconnected).size(), std::size_t{1});
}

/// Who looks at the broker would take another one for a visitor's.
void TestNatsSource::looksLikeOneConnectionOnceItIsUp()
{
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    SystemClock clock;
    MessageQueue queue;
    EventLog events;
    NatsSource source(optionsFor(server, {"a"}), clock);
    QVERIFY(source.start(queue, events));
    const int connections = varzOf(server)["total_connections"].toInt();
    QVERIFY(connections > 0);
    QTRY_VERIFY(!events.lastStatus().serverVersion.empty());
    QCOMPARE(varzOf(server)["total_connections"].toInt(), connections);
}

void TestNatsSource::saysThatTheUserWasRevoked()
{
    const TestOperator root;
    NatsServer server(root.config());
    QVERIFY2(server.start(), qPrintable(server.error()));
    const QString path = server.dir() + "/u.creds";
    const auto write = [](const QString& file, const QByteArray& bytes) {
        QFile out(file);
        return out.open(QIODevice::WriteOnly) && out.write(bytes) == bytes.size();
    };
    const QByteArray old = root.userCreds("old");
    QVERIFY(write(path, old) && write(server.dir() + "/sys.creds", root.systemCreds()));
    SystemClock clock;
    MessageQueue queue;
    EventLog events;
    NatsSource::Options options = optionsFor(server, {"a"});
    options.profile.credsFile = path.toStdString();
    NatsSource source(options, clock);
    const Result<void> started = source.start(queue, events);
    QVERIFY2(started, started ? "" : started.error().line().c_str());

    ConnectionProfile system;
    system.urls = options.profile.urls;
    system.credsFile = (server.dir() + "/sys.creds").toStdString();
    const auto setup = natsOptionsFor(system);
    QVERIFY2(setup, setup ? "" : setup.error().line().c_str());
    natsConnection* rawConnection = nullptr;
    QVERIFY(connectNats(*setup, &rawConnection) == NATS_OK);
    const NatsConnectionPtr admin(rawConnection);
    const QByteArray subject = "$SYS.REQ.ACCOUNT." + root.account().publicKey() + ".CLAIMS.UPDATE";
    QVERIFY(natsConnection_PublishString(rawConnection, subject.constData(),
                                         root.accountWithout(old).constData()) == NATS_OK);

    QTRY_VERIFY(events.gaps(GapCause::Disconnected).size() == 1);
    QCOMPARE(QString::fromStdString(events.gaps()[0].detail).toLower(), "user authentication revoked");
    QTRY_VERIFY(events.lastStatus().attempts >= 2);
    // A new creds file in the same place heals it: it is read again for each attempt.
    QVERIFY(write(path, root.userCreds("new")));
    QTRY_VERIFY(events.lastStatus().phase == ConnectionPhase::Connected);
    QVERIFY(events.gaps()[0].to != kNoTime);
}

void TestNatsSource::holdsTheObservationBudget()
{
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    SystemClock clock;
    MessageQueue queue;
    EventLog events;
    NatsSource::Options options = optionsFor(server, {"flood.>"});
    options.profile.budget = {10'000, 0};
    NatsSource source(options, clock);
    QVERIFY(source.start(queue, events));
    RawPublisher publisher(server.port());
    std::uint64_t sent = 0;
    QTimer timer;
    const Nanoseconds begin = clock.steady();
    connect(&timer, &QTimer::timeout, this, [&] {
        // 60,000 a second by the clock, however late the timer is.
        const auto due = static_cast<std::uint64_t>(
            std::chrono::duration<double>(clock.steady() - begin).count() * 60'000);
        for (; sent < due; ++sent)
            publisher.publish("flood.a", "0123456789");
    });
    timer.start(2);
    QTRY_VERIFY_WITH_TIMEOUT(sent > 300'000, 20'000);
    // A cycle in which the machine was slow to publish asks for less; the feed is on and the next one finds
    // it.
    QTRY_VERIFY_WITH_TIMEOUT(events.lastStatus().sampleOneIn >= 6, 20'000);
    QVERIFY(events.lastStatus().detail.find("one message in") != std::string::npos);
    timer.stop();
    QVERIFY(publisher.flush());
    QTRY_VERIFY_WITH_TIMEOUT(events.lastStatus().sampleOneIn == 1, 20'000);
    source.stop();
    queue.close();
    const std::uint64_t taken = total(takeMessages(queue, sent, std::chrono::milliseconds(0)));
    const double known =
        static_cast<double>(taken + events.sampled() + events.queueDrops() + events.brokerDrops());
    qInfo("sent %llu, taken %llu, left out (estimated) %llu", static_cast<unsigned long long>(sent),
          static_cast<unsigned long long>(taken), static_cast<unsigned long long>(events.sampled()));
    // How close it keeps to the budget is tst_RateGovernor's, by its own clock: here the publisher comes in
    // bursts.
    QVERIFY(taken < sent / 3);
    QVERIFY(qAbs(known - static_cast<double>(sent)) < 0.5 * static_cast<double>(sent));
    QCOMPARE(events.gaps(GapCause::Sampled).size(), std::size_t{1});
    QVERIFY(events.gaps(GapCause::Sampled)[0].to != kNoTime);
}

QTEST_GUILESS_MAIN(TestNatsSource)
#include "tst_NatsSource.moc"
