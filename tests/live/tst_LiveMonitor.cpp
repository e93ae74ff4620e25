// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/LiveMonitor.h"
#include "core/broker/NatsLink.h"
#include "tests/support/NatsServer.h"
#include "tests/support/NatsUser.h"
#include "tests/support/Patience.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

/// A real server in operator mode whose events ask for looks. Looks of themselves are too far apart to be the
/// reason for anything here.
class TestLiveMonitor : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void aNewSubscriberIsSeenSoon();
    void hearsAsSoonAsItMay();
    void aNewSubscriberIsSeenInAPollWithoutEvents();
    void aStreamIsSeenSoon();
    void whoWasRefusedIsTold();
    void whoCameAndWentIsTold();
    void hearsAgainAfterTheServerWasAway();
    void noticesThatEventsEnded();

private:
    [[nodiscard]] std::unique_ptr<NatsLink> connect(const std::string& creds) const;
    [[nodiscard]] std::string file(const char* name, const QByteArray& text) const;

    QTemporaryDir m_dir;
    const TestOperator m_keys;
    NatsServer m_server{m_keys.config() + QString("jetstream { store_dir: \"%1\" }\n").arg(m_dir.path())};
    ConnectionProfile m_profile;
    std::string m_systemCreds;
};

namespace {

/// Looks on a thread of its own whenever it is time or an event asks for it, as the window does.
class Watch
{
public:
    Watch(ConnectionProfile profile, Nanoseconds interval)
        : m_thread([this, profile = std::move(profile), interval](const std::stop_token& stop) {
              NatsMonitor::Options options;
              options.interval = interval;
              LiveMonitor monitor(
                  profile, options,
                  [this] {
                      const std::unique_lock lock(m_mutex);
                      m_woken = true;
                      m_wake.notify_all();
                  },
                  m_clock);
              while (!stop.stop_requested()) {
                  const auto look = monitor.glance(stop);
                  std::unique_lock lock(m_mutex);
                  m_problem = look ? "" : look.error().line();
                  if (look)
                      m_look = *look;
                  m_account = monitor.account();
                  m_hearsClients = monitor.hearsClients();
                  m_hearsStreams = monitor.hearsStreams();
                  m_wake.wait_for(lock, stop, monitor.nextAt() - m_clock.steady(),
                                  [this] { return m_woken; });
                  m_woken = false;
              }
          })
    {
    }
    [[nodiscard]] NatsMonitor::Look look() const
    {
        const std::unique_lock lock(m_mutex);
        return m_look;
    }
    [[nodiscard]] std::string problem() const
    {
        const std::unique_lock lock(m_mutex);
        return m_problem;
    }
    [[nodiscard]] std::string account() const
    {
        const std::unique_lock lock(m_mutex);
        return m_account;
    }
    [[nodiscard]] bool subscribed(const char* subject) const
    {
        const NatsMonitor::Look now = look();
        const auto has = [&](const SeenConnection& connection) {
            return std::any_of(connection.subscriptions.begin(), connection.subscriptions.end(),
                               [&](const SeenSubscription& each) { return each.subject == subject; });
        };
        return std::any_of(now->connections.begin(), now->connections.end(), has);
    }
    [[nodiscard]] bool hearsClients() const
    {
        const std::unique_lock lock(m_mutex);
        return m_hearsClients;
    }
    [[nodiscard]] bool hearsStreams() const
    {
        const std::unique_lock lock(m_mutex);
        return m_hearsStreams;
    }

private:
    SystemClock m_clock;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_wake;
    bool m_woken = false;
    NatsMonitor::Look m_look = std::make_shared<const BrokerLook>();
    std::string m_problem;
    std::string m_account;
    bool m_hearsClients = false;
    bool m_hearsStreams = false;
    std::jthread m_thread;
};

NatsSubscriptionPtr subscribe(const NatsLink& link, const char* subject)
{
    natsSubscription* raw = nullptr;
    (void)natsConnection_SubscribeSync(&raw, link.handle(), subject);
    (void)natsConnection_Flush(link.handle());
    return NatsSubscriptionPtr(raw);
}

} // namespace

std::string TestLiveMonitor::file(const char* name, const QByteArray& text) const
{
    QFile out(m_dir.filePath(name));
    const bool written = out.open(QIODevice::WriteOnly) &&
                         out.setPermissions(QFile::ReadOwner | QFile::WriteOwner) &&
                         out.write(text) == text.size();
    return written ? out.fileName().toStdString() : std::string();
}

std::unique_ptr<NatsLink> TestLiveMonitor::connect(const std::string& creds) const
{
    ConnectionProfile profile = m_profile;
    profile.credsFile = creds;
    auto link = NatsLink::connect(profile, {}, [] {});
    return link ? std::move(*link) : nullptr;
}

void TestLiveMonitor::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.error()));
    m_profile.urls = {m_server.url().toStdString()};
    m_profile.credsFile = file("user.creds", m_keys.userCreds("me"));
    m_systemCreds = file("system.creds", m_keys.systemCreds());
    QVERIFY(!m_profile.credsFile.empty() && !m_systemCreds.empty());
}

void TestLiveMonitor::aNewSubscriberIsSeenSoon()
{
    ConnectionProfile profile = m_profile;
    profile.systemCreds = m_systemCreds;
    const Watch watch(profile, 1h);
    QTRY_VERIFY2_WITH_TIMEOUT(watch.hearsClients(), watch.problem().c_str(), kLookPatience);
    const std::string creds = file("other.creds", m_keys.userCreds("other"));
    QElapsedTimer timer;
    timer.start();
    const auto link = connect(creds);
    QVERIFY(link);
    const auto subscription = subscribe(*link, "orders.>");
    QTRY_VERIFY_WITH_TIMEOUT(watch.subscribed("orders.>"), kLookPatience);
    qInfo("a new subscriber was seen after %lld ms, with events", timer.elapsed());
    // One that takes its time to subscribe is looked at once more.
    const auto late = connect(creds);
    QVERIFY(late);
    QTRY_COMPARE_WITH_TIMEOUT(
        std::count_if(watch.look()->connections.begin(), watch.look()->connections.end(),
                      [](const SeenConnection& each) { return each.subscriptions.empty(); }),
        1, kLookPatience);
    const auto slow = subscribe(*late, "late.>");
    QTRY_VERIFY_WITH_TIMEOUT(watch.subscribed("late.>"), kLookPatience);
}

/// However long it is until the next look.
void TestLiveMonitor::hearsAsSoonAsItMay()
{
    ConnectionProfile profile = m_profile;
    profile.monitorUrl = m_server.monitorUrl().toStdString();
    profile.systemCreds = m_dir.filePath("late.creds").toStdString();
    const Watch watch(profile, 1h);
    const auto isRefused = [&] {
        const NatsMonitor::Look look = watch.look();
        const auto& notes = look->notes;
        return std::any_of(notes.begin(), notes.end(),
                           [](const std::string& note) { return note.starts_with("events do not come"); });
    };
    QTRY_VERIFY2_WITH_TIMEOUT(isRefused(), watch.problem().c_str(), kLookPatience);
    QVERIFY(!file("late.creds", m_keys.systemCreds()).empty());
    QTRY_VERIFY2_WITH_TIMEOUT(watch.hearsClients(), watch.problem().c_str(), kLookPatience);
}

void TestLiveMonitor::aNewSubscriberIsSeenInAPollWithoutEvents()
{
    ConnectionProfile profile = m_profile;
    profile.monitorUrl = m_server.monitorUrl().toStdString();
    const Watch watch(profile, 2s);
    QTRY_VERIFY2_WITH_TIMEOUT(!watch.look()->servers.empty(), watch.problem().c_str(), kLookPatience);
    QElapsedTimer timer;
    timer.start();
    const auto link = connect(m_profile.credsFile);
    QVERIFY(link);
    const auto subscription = subscribe(*link, "polled.>");
    QTRY_VERIFY_WITH_TIMEOUT(watch.subscribed("polled.>"), kLookPatience);
    qInfo("a new subscriber was seen after %lld ms, looking every 2000 ms", timer.elapsed());
}

void TestLiveMonitor::aStreamIsSeenSoon()
{
    const auto link = connect(m_profile.credsFile); // so that our account is known
    QVERIFY(link);
    ConnectionProfile profile = m_profile;
    profile.systemCreds = m_systemCreds;
    const Watch watch(profile, 1h);
    QTRY_VERIFY_WITH_TIMEOUT(
        watch.hearsClients() && watch.account() == m_keys.account().publicKey().toStdString(), kLookPatience);
    QTRY_VERIFY_WITH_TIMEOUT(watch.hearsStreams(), kLookPatience);
    const QByteArray body = "{\"name\":\"ORDERS\",\"subjects\":[\"orders.>\"],\"storage\":\"memory\"}";
    QElapsedTimer timer;
    timer.start();
    natsMsg* raw = nullptr;
    QCOMPARE(natsConnection_Request(&raw, link->handle(), "$JS.API.STREAM.CREATE.ORDERS", body.constData(),
                                    static_cast<int>(body.size()), 5000),
             NATS_OK);
    const NatsMsgPtr answer(raw);
    QTRY_COMPARE_WITH_TIMEOUT(watch.look()->streams.size(), std::size_t{1}, kLookPatience);
    qInfo("a new stream was seen after %lld ms", timer.elapsed());
    QCOMPARE(natsConnection_RequestString(&raw, link->handle(), "$JS.API.STREAM.DELETE.ORDERS", "", 5000),
             NATS_OK);
    const NatsMsgPtr deleted(raw);
    QTRY_VERIFY_WITH_TIMEOUT(watch.look()->streams.empty(), kLookPatience);
}

void TestLiveMonitor::whoWasRefusedIsTold()
{
    ConnectionProfile profile = m_profile;
    profile.systemCreds = m_systemCreds;
    const Watch watch(profile, 1h);
    QTRY_VERIFY2_WITH_TIMEOUT(watch.hearsClients(), watch.problem().c_str(), kLookPatience);
    const std::string stranger = file("stranger.creds", m_keys.strangerCreds());
    for (int i = 0; i < 3; ++i)
        QVERIFY(!connect(stranger));
    const auto times = [&] {
        const NatsMonitor::Look look = watch.look();
        return look->authErrors.empty() ? 0 : look->authErrors[0].times;
    };
    QTRY_VERIFY_WITH_TIMEOUT(times() >= 3, kLookPatience);
    const NatsMonitor::Look look = watch.look();
    QCOMPARE(look->authErrors.size(), std::size_t{1});
    const SeenAuthError& error = look->authErrors[0];
    QCOMPARE(error.reason, std::string("Authentication Failure"));
    QCOMPARE(error.host, std::string("127.0.0.1"));
    QCOMPARE(error.server, look->servers.at(0).id);
    QCOMPARE(error.name, std::string("weir"));
    QVERIFY(error.first != kNoTime && error.first < error.last);
}

void TestLiveMonitor::whoCameAndWentIsTold()
{
    ConnectionProfile profile = m_profile;
    profile.systemCreds = m_systemCreds;
    const Watch watch(profile, 1h);
    QTRY_VERIFY2_WITH_TIMEOUT(watch.hearsClients(), watch.problem().c_str(), kLookPatience);
    for (int i = 0; i < 3; ++i)
        QVERIFY(connect(m_profile.credsFile));
    QTRY_COMPARE_WITH_TIMEOUT(watch.look()->visits.size(), std::size_t{3}, kLookPatience);
    const SeenVisit visit = watch.look()->visits.back();
    QCOMPARE(visit.account, m_keys.account().publicKey().toStdString());
    QCOMPARE(visit.host, std::string("127.0.0.1"));
    QVERIFY(!visit.reason.empty() && visit.start < visit.stop && visit.cid > 0);
}

void TestLiveMonitor::hearsAgainAfterTheServerWasAway()
{
    ConnectionProfile profile = m_profile;
    profile.systemCreds = m_systemCreds;
    const Watch watch(profile, 100ms);
    QTRY_VERIFY2_WITH_TIMEOUT(watch.hearsClients(), watch.problem().c_str(), kLookPatience);
    m_server.stop();
    QTRY_VERIFY_WITH_TIMEOUT(!watch.problem().empty(), kLookPatience);
    QVERIFY2(m_server.start(), qPrintable(m_server.error()));
    QTRY_VERIFY_WITH_TIMEOUT(watch.problem().empty() && watch.hearsClients(), kLookPatience);
    const auto link = connect(m_profile.credsFile);
    QVERIFY(link);
    const auto subscription = subscribe(*link, "again.>");
    QTRY_VERIFY_WITH_TIMEOUT(watch.subscribed("again.>"), kLookPatience);
    QCOMPARE(watch.look()->notes.size(), std::size_t{1}); // it began anew
}

/// However rare looks are.
void TestLiveMonitor::noticesThatEventsEnded()
{
    ConnectionProfile profile = m_profile;
    profile.monitorUrl = m_server.monitorUrl().toStdString();
    profile.systemCreds = m_systemCreds;
    const Watch watch(profile, 1h);
    QTRY_VERIFY2_WITH_TIMEOUT(watch.hearsClients(), watch.problem().c_str(), kLookPatience);
    m_server.stop();
    QTRY_VERIFY_WITH_TIMEOUT(!watch.hearsClients(), kLookPatience);
    QVERIFY2(m_server.start(), qPrintable(m_server.error()));
    QTRY_VERIFY_WITH_TIMEOUT(watch.hearsClients(), kLookPatience);
}

QTEST_GUILESS_MAIN(TestLiveMonitor)
#include "tst_LiveMonitor.moc"
