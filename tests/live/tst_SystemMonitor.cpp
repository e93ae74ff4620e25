// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/LiveMonitor.h"
#include "core/broker/SystemMonitor.h"
#include "tests/support/NatsCluster.h"
#include "tests/support/NatsUser.h"
#include "tests/support/Patience.h"
#include "tests/support/RawPublisher.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <csignal>

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

/// The same look as over HTTP, through requests of the system account.
class TestSystemMonitor : public QObject
{
    Q_OBJECT

private slots:
    void tellsWhatTheMonitoringPortTells();
    void readsEveryPage();
    void usesTheSystemCredsOfAProfile();
    void saysWhenTheUserIsNotOfTheSystemAccount();
    void asksAllServersOfACluster();
    void saysWhichServerDidNotAnswer();
    void connectsAgain();

private:
    SystemClock m_clock;
};

namespace {

const char* const kAccounts = "accounts { SYS: { users: [{ user: sys, password: sys }] },\n"
                              "  APP: { users: [{ user: app, password: app }] } }\nsystem_account: SYS\n";
const char* const kApp = "\"verbose\":false,\"user\":\"app\",\"pass\":\"app\",\"name\":\"service\"";

ConnectionProfile profileOf(const std::string& url, const char* user)
{
    ConnectionProfile profile;
    profile.urls = {url};
    profile.user = user;
    profile.password = SecretRef::inClear(user);
    return profile;
}

NatsMonitor monitorOf(const NatsServer& server, Clock& clock, std::uint64_t pageSize = 256)
{
    SystemMonitor::Options options;
    options.profile = profileOf(server.url().toStdString(), "sys");
    options.pageSize = pageSize;
    options.between = 1ms;
    NatsMonitor::Options monitor;
    monitor.interval = 1ms;
    return {std::make_unique<SystemMonitor>(std::move(options), clock), monitor, clock};
}

std::vector<std::string> inWords(const BrokerLook& look)
{
    std::vector<std::string> lines;
    for (const SeenServer& each : look.servers)
        lines.push_back("server " + each.id + each.name + each.version + each.host);
    for (const SeenConnection& each : look.connections) {
        if (each.name == "weir")
            continue;
        lines.push_back("client " + each.name + each.account + each.user + each.address + each.kind);
        for (const SeenSubscription& subscription : each.subscriptions)
            lines.push_back("to " + subscription.subject + subscription.queue);
    }
    for (const SeenAccount& each : look.accounts)
        lines.push_back("account " + each.id + (each.isSystem ? " system" : ""));
    for (const SeenStream& each : look.streams)
        lines.push_back("stream " + each.account + each.name + std::to_string(each.messages));
    std::sort(lines.begin(), lines.end());
    return lines;
}

} // namespace

void TestSystemMonitor::tellsWhatTheMonitoringPortTells()
{
    const QTemporaryDir dir;
    NatsServer server(QString(kAccounts).replace("APP: {", "APP: { jetstream: enabled,") +
                      QString("jetstream { store_dir: \"%1\" }\n").arg(dir.path()));
    QVERIFY2(server.start(), qPrintable(server.error()));
    RawPublisher client(server.port(), kApp);
    client.publish("$JS.API.STREAM.CREATE.ORDERS", "{\"name\":\"ORDERS\",\"subjects\":[\"orders.>\"]}", {},
                   "here");
    QVERIFY(client.flush());
    client.publish("orders.1", "x");
    client.subscribe("a.>", "group");
    QVERIFY(client.flush());
    NatsMonitor system = monitorOf(server, m_clock);
    const auto look = system.look({});
    QVERIFY2(look, look ? "" : look.error().line().c_str());
    QVERIFY2((*look)->problems.empty(), (*look)->problems.empty() ? "" : (*look)->problems[0].c_str());
    NatsMonitor::Options http;
    http.urls = {server.monitorUrl().toStdString()};
    const auto same = NatsMonitor(http, m_clock).look({});
    QVERIFY(same);
    QCOMPARE(inWords(**look), inWords(**same));
    QCOMPARE((*look)->streams.size(), std::size_t{1});
    QCOMPARE((*look)->streams[0].messages, std::uint64_t{1});
    QCOMPARE(accountOfUser(**look, "sys"), std::string("SYS"));
}

void TestSystemMonitor::readsEveryPage()
{
    NatsServer server(kAccounts);
    QVERIFY2(server.start(), qPrintable(server.error()));
    std::vector<std::unique_ptr<RawPublisher>> clients;
    for (int i = 0; i < 7; ++i) {
        clients.push_back(std::make_unique<RawPublisher>(server.port(), kApp));
        QVERIFY(clients.back()->flush());
    }
    const auto look = monitorOf(server, m_clock, 3).look({});
    QVERIFY(look);
    QCOMPARE((*look)->connections.size(), std::size_t{8}); // and ours
    QCOMPARE((*look)->connectionsTotal, std::uint64_t{8});
}

void TestSystemMonitor::usesTheSystemCredsOfAProfile()
{
    const TestOperator keys;
    NatsServer server(keys.config());
    QVERIFY2(server.start(), qPrintable(server.error()));
    const QTemporaryDir dir;
    const auto write = [&](const char* name, const QByteArray& text) {
        QFile file(dir.filePath(name));
        return file.open(QIODevice::WriteOnly) && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) &&
               file.write(text) == text.size();
    };
    QVERIFY(write("user.creds", keys.userCreds("me")) && write("system.creds", keys.systemCreds()));
    ConnectionProfile profile;
    profile.urls = {server.url().toStdString()};
    profile.credsFile = dir.filePath("user.creds").toStdString();
    const auto refused = makeNatsMonitor(profile, {}, m_clock)->look({});
    QVERIFY(!refused && refused.error().code == ErrorCode::Unsupported);
    profile.systemCreds = dir.filePath("system.creds").toStdString();
    profile.token = SecretRef::inClear("not the system user's");
    const auto look = makeNatsMonitor(profile, {}, m_clock)->look({});
    QVERIFY2(look, look ? "" : look.error().line().c_str());
    QCOMPARE((*look)->servers.size(), std::size_t{1});
    QVERIFY(std::any_of((*look)->accounts.begin(), (*look)->accounts.end(), [&](const SeenAccount& account) {
        return account.id == keys.account().publicKey().toStdString() && !account.isSystem;
    }));
}

void TestSystemMonitor::saysWhenTheUserIsNotOfTheSystemAccount()
{
    NatsServer server(kAccounts);
    QVERIFY2(server.start(), qPrintable(server.error()));
    const auto monitor = makeNatsMonitor(profileOf(server.url().toStdString(), "app"), {}, m_clock);
    for (int i = 0; i < 2; ++i) { // and goes on saying it
        const auto look = monitor->look({});
        QVERIFY(!look);
        QVERIFY2(look.error().code == ErrorCode::Unsupported, look.error().line().c_str());
        QVERIFY(look.error().hint.find("monitoring URL") != std::string::npos);
    }
}

void TestSystemMonitor::asksAllServersOfACluster()
{
    NatsCluster cluster(kAccounts);
    QVERIFY(cluster.start());
    RawPublisher client(cluster.server(2).port(), kApp);
    QVERIFY(client.flush());
    NatsMonitor monitor = monitorOf(cluster.server(0), m_clock);
    NatsMonitor::Look look = std::make_shared<const BrokerLook>();
    const auto again = [&] {
        const auto next = monitor.look({});
        look = next ? *next : look;
        return look->servers.size();
    };
    QTRY_COMPARE_WITH_TIMEOUT(again(), std::size_t{3}, 30'000);
    QCOMPARE(look->connections.size(), std::size_t{2});
    QVERIFY2(look->problems.empty(), look->problems.empty() ? "" : look->problems[0].c_str());
    QVERIFY(std::all_of(look->links.begin(), look->links.end(),
                        [](const SeenLink& link) { return !link.remoteName.empty(); }));
}

void TestSystemMonitor::saysWhichServerDidNotAnswer()
{
    NatsCluster cluster(kAccounts);
    QVERIFY(cluster.start());
    SystemMonitor::Options options;
    options.profile = profileOf(cluster.server(0).url().toStdString(), "sys");
    options.between = 1ms;
    options.patience = 500ms;
    options.straggling = 500ms;
    NatsMonitor::Options every;
    every.interval = 1ms;
    NatsMonitor monitor(std::make_unique<SystemMonitor>(std::move(options), m_clock), every, m_clock);
    NatsMonitor::Look look = std::make_shared<const BrokerLook>();
    const auto again = [&] {
        const auto next = monitor.look({});
        look = next ? *next : look;
        return look->servers.size();
    };
    QTRY_COMPARE_WITH_TIMEOUT(again(), std::size_t{3}, 30'000);
    // It hangs: its connections stay.
    const auto hung = static_cast<pid_t>(cluster.server(2).pid());
    const auto name = std::find_if(look->servers.begin(), look->servers.end(), [&](const SeenServer& server) {
                          return cluster.server(2).url().endsWith(QString::fromStdString(server.host));
                      })->name;
    QCOMPARE(kill(hung, SIGSTOP), 0);
    QTRY_COMPARE_WITH_TIMEOUT(again(), std::size_t{2}, 30'000);
    (void)kill(hung, SIGCONT);
    const std::string line = look->problems.empty() ? "" : look->problems.back();
    QVERIFY2(line == "2 of 3 servers answered; no answer from " + name, line.c_str());
    QTRY_COMPARE_WITH_TIMEOUT(again(), std::size_t{3}, 30'000);
}

void TestSystemMonitor::connectsAgain()
{
    NatsServer server(kAccounts);
    QVERIFY2(server.start(), qPrintable(server.error()));
    NatsMonitor monitor = monitorOf(server, m_clock);
    QVERIFY(monitor.glance({}));
    server.stop();
    QVERIFY(!monitor.glance({}));
    QVERIFY2(server.start(), qPrintable(server.error()));
    NatsMonitor::Look look;
    const auto glance = [&] {
        const auto next = monitor.glance({});
        look = next ? *next : nullptr;
        return next.has_value();
    };
    QTRY_VERIFY_WITH_TIMEOUT(glance(), kLookPatience);
    QCOMPARE(look->notes.size(), std::size_t{1});
    QVERIFY(look->notes[0].find("began anew") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestSystemMonitor)
#include "tst_SystemMonitor.moc"
