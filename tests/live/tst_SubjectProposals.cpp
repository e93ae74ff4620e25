// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/NatsHandles.h"
#include "core/broker/SubjectProposals.h"
#include "tests/support/NatsServer.h"
#include "tests/support/RawPublisher.h"

#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <future>

using namespace weir;
using namespace weir::test;

namespace {

const SubjectProposal* find(const SubjectProposals& proposals, const std::string& subject)
{
    for (const SubjectProposal& one : proposals.subjects)
        if (one.subject == subject)
            return &one;
    return nullptr;
}

/// A client that subscribes to what a business would.
class Client
{
public:
    Client(const QString& url, const std::vector<const char*>& subjects, const char* name = "shop")
    {
        natsOptions* options = nullptr;
        (void)natsOptions_Create(&options);
        const NatsOptionsPtr owner(options);
        (void)natsOptions_SetURL(options, url.toUtf8().constData());
        (void)natsOptions_SetName(options, name);
        natsConnection* raw = nullptr;
        (void)natsConnection_Connect(&raw, options);
        m_connection.reset(raw);
        for (const char* subject : subjects) {
            natsSubscription* subscription = nullptr;
            (void)natsConnection_SubscribeSync(&subscription, raw, subject);
            m_subscriptions.emplace_back(subscription);
        }
        (void)natsConnection_Flush(raw);
    }
    [[nodiscard]] natsConnection* handle() const { return m_connection.get(); }

private:
    NatsConnectionPtr m_connection;
    std::vector<NatsSubscriptionPtr> m_subscriptions;
};

/// Looks for subjects while 500 orders and 100 readings a second are published.
SubjectProposals lookUnderLoad(const NatsServer& server, const ConnectionProfile& profile)
{
    RawPublisher publisher(server.port());
    QTimer timer;
    QElapsedTimer clock;
    clock.start();
    qint64 sent = 0;
    QObject::connect(&timer, &QTimer::timeout, &timer, [&] {
        for (; sent < clock.elapsed() / 2; ++sent) {
            publisher.publish("orders.eu.1", "0123456789");
            if (sent % 5 == 0)
                publisher.publish("telemetry.cpu", "x");
        }
        (void)publisher.flush();
    });
    timer.start(10);
    auto result = std::async(std::launch::async, [&profile] { return proposeSubjects(profile); });
    (void)QTest::qWaitFor(
        [&result] { return result.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }, 20'000);
    const Result<SubjectProposals> proposals = result.get();
    return proposals ? *proposals : SubjectProposals();
}

void print(const SubjectProposals& proposals)
{
    for (const SubjectProposal& one : proposals.subjects)
        qInfo("%-14s %-20s %7.1f/s  %s", one.subject.c_str(), one.origin.c_str(),
              one.messagesPerSecond.value_or(-1), one.basis.c_str());
    qInfo("all: %.1f/s, %s", proposals.serverMessagesPerSecond.value_or(-1), proposals.serverBasis.c_str());
    for (const std::string& note : proposals.notes)
        qInfo("note: %s", note.c_str());
}

} // namespace

class TestSubjectProposals : public QObject
{
    Q_OBJECT

private slots:
    void proposesStreamsAndSubscriptionsWithTheirRates();
    void readsTheMonitoringEndpointWhereTheAccountTellsNothing();
    void saysWhatItCannotRead();
    void saysWhyItCannotConnect();
};

void TestSubjectProposals::proposesStreamsAndSubscriptionsWithTheirRates()
{
    QTemporaryDir dir;
    NatsServer server(QString("jetstream { store_dir: \"%1\" }").arg(dir.path()));
    QVERIFY2(server.start(), qPrintable(server.error()));
    const Client client(server.url(),
                        {"orders.eu.*", "telemetry.cpu", "telemetry.>", ">", "*.x", "_INBOX.abc.*", "audit"});
    const Client observer(server.url(), {"telemetry.>", "weather.>"}, "weir");
    natsMsg* reply = nullptr;
    const char* config = R"({"name":"ORDERS","subjects":["orders.>"]})";
    QVERIFY(natsConnection_RequestString(&reply, client.handle(), "$JS.API.STREAM.CREATE.ORDERS", config,
                                         5000) == NATS_OK);
    natsMsg_Destroy(reply);
    ConnectionProfile profile;
    profile.urls = {server.url().toStdString()};
    const SubjectProposals proposals = lookUnderLoad(server, profile);
    print(proposals);

    // What another Weir observes is no traffic of its own.
    QVERIFY(find(proposals, "weather.>") == nullptr);
    QVERIFY(std::any_of(proposals.notes.begin(), proposals.notes.end(), [](const std::string& note) {
        return note.find("subscriptions of Weir itself are left out") != std::string::npos;
    }));

    const SubjectProposal* orders = find(proposals, "orders.>");
    QVERIFY(orders != nullptr && orders->isStream && orders->origin == "stream ORDERS");
    QVERIFY(orders->messagesPerSecond && *orders->messagesPerSecond > 350 &&
            *orders->messagesPerSecond < 650);
    QVERIFY(orders->bytesPerSecond && *orders->bytesPerSecond > 350 * 10);
    const SubjectProposal* telemetry = find(proposals, "telemetry.>");
    QVERIFY(telemetry != nullptr && !telemetry->isStream && telemetry->origin == "2 subscriptions");
    QVERIFY(telemetry->messagesPerSecond && *telemetry->messagesPerSecond > 60 &&
            *telemetry->messagesPerSecond < 140);
    QVERIFY(find(proposals, "audit") != nullptr);
    QCOMPARE(proposals.subjects.size(), std::size_t{3}); // neither >, nor *.x, nor inboxes
    QVERIFY(proposals.subjects.front().subject == "orders.>");
    QVERIFY(proposals.serverMessagesPerSecond && *proposals.serverMessagesPerSecond > 450);
    QVERIFY(proposals.serverBasis.find("this account") != std::string::npos);
}

void TestSubjectProposals::readsTheMonitoringEndpointWhereTheAccountTellsNothing()
{
    NatsServer server(
        "authorization { users: [ { user: u, password: p, permissions: { publish: { deny: [\"$SYS.>\"] } } },"
        " { user: w, password: w } ] }\nno_auth_user: w");
    QVERIFY2(server.start(), qPrintable(server.error()));
    const Client client(server.url(), {"orders.eu.*"});
    ConnectionProfile profile;
    profile.urls = {server.url().toStdString()};
    profile.user = "u";
    profile.password = SecretRef::inClear("p");
    profile.monitorUrl = server.monitorUrl().toStdString();
    const SubjectProposals proposals = lookUnderLoad(server, profile);
    print(proposals);
    const SubjectProposal* orders = find(proposals, "orders.>");
    QVERIFY(orders != nullptr);
    QVERIFY(orders->messagesPerSecond && *orders->messagesPerSecond > 350 &&
            *orders->messagesPerSecond < 650);
    QVERIFY(proposals.serverMessagesPerSecond && *proposals.serverMessagesPerSecond > 450);
    QVERIFY(proposals.serverBasis.find("this server") != std::string::npos);
}

void TestSubjectProposals::saysWhatItCannotRead()
{
    NatsServer server("authorization { users: [ { user: u, password: p, permissions: { publish: { deny: "
                      "[\"$SYS.>\"] } } } ] }");
    QVERIFY2(server.start(), qPrintable(server.error()));
    ConnectionProfile profile;
    profile.urls = {server.url().toStdString()};
    profile.user = "u";
    profile.password = SecretRef::inClear("p");
    const auto proposals = proposeSubjects(profile, {}, std::chrono::milliseconds(10));
    QVERIFY(proposals);
    print(*proposals);
    QVERIFY(proposals->subjects.empty());
    QVERIFY(!proposals->serverMessagesPerSecond);
    QVERIFY(QString::fromStdString(proposals->serverBasis).startsWith("unknown"));
    QCOMPARE(proposals->notes.size(), std::size_t{3}); // no streams, no connections; what is never seen
}

void TestSubjectProposals::saysWhyItCannotConnect()
{
    ConnectionProfile profile;
    profile.urls = {"nats://127.0.0.1:" + std::to_string(freePort())};
    const auto proposals = proposeSubjects(profile);
    QVERIFY(!proposals);
    QCOMPARE(int(proposals.error().code), int(ErrorCode::Network));
}

QTEST_GUILESS_MAIN(TestSubjectProposals)
#include "tst_SubjectProposals.moc"
