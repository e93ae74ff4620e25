// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/history/HistoryFixture.h"
#include "tests/support/OperatorBroker.h"
#include "tests/support/Patience.h"
#include "tests/support/WarningFreeTest.h"
#include "tests/ui/PastTraffic.h"
#include "ui/models/BrokerWatch.h"
#include "ui/theme/Theme.h"
#include "ui/views/CredentialsPage.h"
#include "ui/views/EmptyState.h"
#include "ui/views/TopologyPage.h"
#include "ui/views/credentials/CredentialDetails.h"
#include "ui/views/topology/FlowDetails.h"
#include "ui/views/topology/FlowView.h"
#include "ui/window/MainWindow.h"

#include <QAbstractButton>
#include <QDir>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QSettings>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace weir;
using namespace std::chrono_literals;
using test::kLookPatience;

namespace {

int rowNamed(const CredentialsModel& model, const char* name)
{
    for (int row = 0; row < model.rowCount(); ++row) {
        if (model.use(row).name == name)
            return row;
    }
    return -1;
}

/// What a page says that has nothing to show.
QString emptyTitle(const QWidget& page)
{
    for (const EmptyState* empty : page.findChildren<EmptyState*>()) {
        if (empty->isVisible())
            return empty->title();
    }
    return {};
}

/// What a broker told when the fixture's clock stood at `time`.
BrokerLook lookAt(Timestamp time)
{
    BrokerLook look;
    look.time = time;
    look.servers.resize(1);
    look.servers[0].id = "S1";
    look.servers[0].name = "eu-1";
    for (int i = 0; i < 30; ++i) {
        SeenConnection connection;
        connection.server = "S1";
        connection.cid = static_cast<std::uint64_t>(i) + 1;
        connection.account = "A1";
        connection.userName = "edge-" + std::to_string(i);
        connection.user = "U" + std::string(54, 'B') + static_cast<char>('A' + i % 26);
        connection.user[1] = static_cast<char>('A' + i / 26);
        connection.name = i == 3 ? "\u202e" + std::string(300, 'n') : "worker-" + std::to_string(i);
        connection.permissions = UserPermissions{{"orders.>"}, {}, {}, {}};
        connection.issued = time - 11h;
        connection.expires = i == 7 ? time + 20min : i == 8 ? time - 5min : time + std::chrono::hours(20 + i);
        connection.start = time - 3h;
        connection.told = time;
        look.connections.push_back(connection);
    }
    look.connectionsTotal = look.connections.size();
    look.authErrors.push_back({"S1", look.connections[11].user, "worker-11", "203.0.113.9",
                               "Authentication Expired", 14, time - 3s, time});
    return look;
}

} // namespace

class TestCredentialsPage : public test::WarningFreeTest
{
    Q_OBJECT
private slots:
    void tellsOfARealBroker();
    void isLedToFromTheTopology();
    void showsTheSameOfThePast();
    void saysWhyItIsEmpty();
    void looksRight();
};

void TestCredentialsPage::tellsOfARealBroker()
{
    test::OperatorBroker server;
    QVERIFY(server.start());
    test::VirtualHistory traffic;
    test::endNow(traffic);
    ViewState state;
    state.setRange({true, std::chrono::hours(1), kNoTime, kNoTime});
    BrokerWatch broker(50ms);
    CredentialsPage page(state, broker, nullptr,
                         [&](const std::filesystem::path&) { return traffic.open(); });
    page.resize(1000, 500);
    page.show();
    state.setHistory("h.db");
    broker.start(server.profile(), {">"});
    const QByteArray limits = R"("pub":{"allow":["orders.>"]},"sub":{"allow":["_INBOX.>"]})";
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    const auto checkout = server.connect("checkout", server.keys().userCreds("checkout", limits));
    const auto billing = server.connect("billing", server.keys().userCreds("billing", limits, now + 600));
    QVERIFY(checkout && billing);
    const CredentialsModel& model = page.model();
    QTRY_VERIFY_WITH_TIMEOUT(rowNamed(model, "checkout") >= 0 && rowNamed(model, "billing") >= 0,
                             kLookPatience);
    // What ends within its last tenth stands first; the servers' own account is told apart.
    QVERIFY(rowNamed(model, "billing") < rowNamed(model, "checkout"));
    const CredentialUse use = model.use(rowNamed(model, "checkout"));
    QCOMPARE(use.state, CredentialState::NeverEnds);
    QCOMPARE(use.permissions.publishAllow, std::vector<std::string>{"orders.>"});
    QVERIFY(std::abs((use.issued - SystemClock().now()).count()) < Nanoseconds(1h).count());
    QCOMPARE(model.use(rowNamed(model, "billing")).state, CredentialState::EndsSoon);
    // A click tells all of it.
    auto* table = page.findChild<QTableView*>("credentialTable");
    auto* details = qobject_cast<CredentialDetails*>(page.details());
    QVERIFY(table && details);
    const auto click = [&](const char* name) {
        const QRect cell = table->visualRect(model.index(rowNamed(model, name), 0));
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, cell.center());
    };
    click("billing");
    const QString told = details->toPlainText();
    for (const char* part : {"billing", "ends soon", "orders.>", "_INBOX.>", "127.0.0.1:", "Connections"})
        QVERIFY2(told.contains(part), qPrintable(told));
    QSignalSpy pages(&page, &Page::pageRequested);
    QSignalSpy terms(&page, &Page::filterTermRequested);
    emit details->anchorClicked(QUrl("messages:billing"));
    QCOMPARE(terms.value(0).value(0).toString(), QString("identity:billing"));
    QCOMPARE(pages.value(0).value(0).toString(), QString("messages"));
    emit details->anchorClicked(QUrl("topology:billing"));
    QCOMPARE(pages.value(1), QVariantList({"topology", "billing"}));
    // Who came and went between two looks, and who was not let in.
    QVERIFY(!server.connect("stranger", server.keys().strangerCreds()));
    const auto refused = [&] {
        for (int row = 0; row < model.rowCount(); ++row) {
            if (model.use(row).state == CredentialState::Refused)
                return row;
        }
        return -1;
    };
    QTRY_VERIFY_WITH_TIMEOUT(refused() == 0, kLookPatience);
    QVERIFY(model.use(0).accountId.empty() && model.use(0).connections.empty());
    const QByteArray visitor = server.keys().userCreds("visitor", limits);
    const auto visited = [&] {
        (void)server.connect("visitor", visitor); // a look may have seen those before
        for (int row = 0; row < model.rowCount(); ++row) {
            if (!model.use(row).visits.empty() && model.use(row).present == 0)
                return true;
        }
        return false;
    };
    QTRY_VERIFY_WITH_TIMEOUT(visited(), kLookPatience);
    // What was chosen stays so, wherever it went.
    QCOMPARE(model.use(table->currentIndex().row()).name, std::string("billing"));
}

/// A window with both pages: an identity's node leads to what the broker tells of its credential.
void TestCredentialsPage::isLedToFromTheTopology()
{
    test::OperatorBroker server;
    QVERIFY(server.start());
    const QTemporaryDir folder;
    QSettings settings(folder.filePath("weir.conf"), QSettings::IniFormat);
    Theme theme(*qApp, settings);
    SystemClock clock;
    test::VirtualHistory traffic;
    test::endNow(traffic);
    ViewState state;
    state.setRange({true, std::chrono::hours(1), kNoTime, kNoTime});
    BrokerWatch broker(50ms);
    const auto open = [&](const std::filesystem::path&) { return traffic.open(); };
    std::vector<std::unique_ptr<Page>> pages;
    auto made = std::make_unique<TopologyPage>(state, broker, nullptr, open);
    TopologyPage& topology = *made;
    pages.push_back(std::move(made));
    auto last = std::make_unique<CredentialsPage>(state, broker, nullptr, open);
    CredentialsPage& credentials = *last;
    pages.push_back(std::move(last));
    MainWindow window({state, theme, clock, settings, open}, std::move(pages));
    window.resize(1280, 800);
    window.show();
    state.setHistory("h.db");
    broker.start(server.profile(), {">"});
    const auto ledger = server.connect("ledger", server.keys().userCreds("ledger"));
    QVERIFY(ledger);
    natsSubscription* raw = nullptr;
    QCOMPARE(natsConnection_SubscribeSync(&raw, ledger.get(), "orders.>"), NATS_OK);
    const NatsSubscriptionPtr subscription(raw);
    QCOMPARE(natsConnection_Flush(ledger.get()), NATS_OK);
    const auto client = [&]() -> const FlowNode* {
        if (!topology.picture())
            return nullptr;
        for (const FlowNode& node : topology.picture()->graph->nodes) {
            if (node.kind == FlowKind::Client && credentialOf(node).size() == 56)
                return &node;
        }
        return nullptr;
    };
    QTRY_VERIFY_WITH_TIMEOUT(client() != nullptr, kLookPatience);
    topology.findChild<FlowView*>("flowView")->select(client()->id);
    auto* details = qobject_cast<FlowDetails*>(topology.details());
    QVERIFY2(details->toPlainText().contains("Show its credential"), qPrintable(details->toPlainText()));
    emit details->anchorClicked(QUrl("credential:" + credentialOf(*client())));
    QVERIFY(credentials.isVisible());
    auto* table = credentials.findChild<QTableView*>("credentialTable");
    QTRY_VERIFY_WITH_TIMEOUT(table->currentIndex().isValid(), 20'000);
    QCOMPARE(credentials.model().use(table->currentIndex().row()).name, std::string("ledger"));
    QVERIFY(qobject_cast<CredentialDetails*>(credentials.details())->toPlainText().contains("ledger"));
    // And back: the topology is searched for it.
    emit qobject_cast<CredentialDetails*>(credentials.details())->anchorClicked(QUrl("topology:ledger"));
    QVERIFY(topology.isVisible());
    QCOMPARE(topology.findChild<QLineEdit*>("flowSearch")->text(), QString("ledger"));
}

void TestCredentialsPage::showsTheSameOfThePast()
{
    test::HistoryFixture history;
    QCOMPARE(history.open(), std::string());
    const Timestamp begin = history.clock.now();
    history.pass(10s);
    history.writer->keepLook({std::make_shared<const BrokerLook>(lookAt(history.clock.now())), "A1", {">"}});
    history.put(3);
    history.pass(10s);
    QCOMPARE(history.close(), std::string());
    ViewState state;
    BrokerWatch broker;
    CredentialsPage page(state, broker);
    page.resize(1100, 600);
    page.show();
    state.setRange({false, {}, begin, begin + 20s});
    state.setHistory(history.path());
    const CredentialsModel& model = page.model();
    QTRY_COMPARE_WITH_TIMEOUT(model.rowCount(), 30, 20'000);
    QCOMPARE(model.use(0).name, std::string("edge-11"));
    QCOMPARE(model.use(0).reason, std::string("not let in 14 times: Authentication Expired"));
    QCOMPARE(model.use(1).state, CredentialState::Ended);
    QCOMPARE(model.use(2).state, CredentialState::EndsSoon);
    QCOMPARE(model.index(2, static_cast<int>(CredentialColumn::Ends)).data().toString(),
             QString("in 20 min"));
    QCOMPARE(model.index(2, static_cast<int>(CredentialColumn::Issued)).data().toString(),
             QString("11 h ago"));
    auto* note = page.findChild<QLabel*>("pageNote");
    QVERIFY2(note->text().startsWith("30 credentials, 3 ask for a look · as of "), qPrintable(note->text()));
    // Nothing is chosen: what asks for a look stands there, and what all of it rests on.
    auto* details = qobject_cast<CredentialDetails*>(page.details());
    QVERIFY(details->toPlainText().contains("edge-8: ended") &&
            details->toPlainText().contains("What it rests on"));
    // By keys, and by a header.
    auto* table = page.findChild<QTableView*>("credentialTable");
    table->setFocus();
    QTest::keyClick(table, Qt::Key_Home, Qt::ControlModifier);
    QTest::keyClick(table, Qt::Key_Down);
    QVERIFY(details->toPlainText().contains("its time is over"));
    const std::string chosen = model.use(table->currentIndex().row()).name;
    QHeaderView* header = table->horizontalHeader();
    const auto press = [&] {
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {},
                          {header->sectionViewportPosition(0) + 20, header->height() / 2});
    };
    press();
    QCOMPARE(model.use(0).name, std::string("edge-0"));
    press();
    QCOMPARE(model.use(0).name, std::string("edge-9"));
    QCOMPARE(model.use(table->currentIndex().row()).name, chosen);
    // A search narrows by what clients call themselves, too; one that finds nothing says so.
    auto* search = page.findChild<QLineEdit*>("credentialSearch");
    QTest::keyClicks(search, "WORKER-2");
    QCOMPARE(model.rowCount(), 11);
    QTest::keyClicks(search, "zz");
    QCOMPARE(model.rowCount(), 0);
    QVERIFY(!table->isVisible());
    for (QAbstractButton* all : page.findChildren<QAbstractButton*>("emptyAction")) {
        if (all->isVisible())
            QTest::mouseClick(all, Qt::LeftButton);
    }
    QCOMPARE(model.rowCount(), 30);
    // A name of anybody's does no harm.
    page.showItem("edge-3");
    const QString told = details->toPlainText();
    QVERIFY2(told.contains("edge-3") && !told.contains(QChar(0x202e)), qPrintable(told));
    // The filter is of messages, and that is said.
    state.setFilter(*Filter::parse("pop:FRA"));
    QTRY_VERIFY_WITH_TIMEOUT(note->text().contains("the filter is of messages"), 20'000);
    QCOMPARE(model.rowCount(), 30);
    // Before the look nobody knows.
    state.setRange({false, {}, begin, begin + 5s});
    QTRY_VERIFY_WITH_TIMEOUT(model.rowCount() == 0, 20'000);
    QTRY_COMPARE_WITH_TIMEOUT(emptyTitle(page), QString("No server was looked at in this range"), 20'000);
}

void TestCredentialsPage::saysWhyItIsEmpty()
{
    test::VirtualHistory traffic;
    test::endNow(traffic);
    ViewState state;
    BrokerWatch broker(50ms);
    CredentialsPage page(state, broker, nullptr,
                         [&](const std::filesystem::path&) { return traffic.open(); });
    page.resize(800, 500);
    page.show();
    state.setHistory("h.db");
    QTRY_COMPARE_WITH_TIMEOUT(emptyTitle(page), QString("No server is looked at"), 20'000);
    ConnectionProfile profile;
    profile.monitorUrl = "http://127.0.0.1:1";
    broker.start(profile, {">"});
    QTRY_COMPARE_WITH_TIMEOUT(emptyTitle(page), QString("The broker's connections cannot be looked at"),
                              20'000);
}

/// For people: written where WEIR_SCREENSHOT_DIR says.
void TestCredentialsPage::looksRight()
{
    const QTemporaryDir folder;
    QSettings settings(folder.filePath("weir.conf"), QSettings::IniFormat);
    Theme theme(*qApp, settings);
    test::HistoryFixture history;
    QCOMPARE(history.open(), std::string());
    const Timestamp begin = history.clock.now();
    history.pass(10s);
    history.writer->keepLook({std::make_shared<const BrokerLook>(lookAt(history.clock.now())), "A1", {">"}});
    history.put(3);
    history.pass(10s);
    QCOMPARE(history.close(), std::string());
    for (const bool dark : {false, true}) {
        theme.setMode(dark ? ThemeMode::Dark : ThemeMode::Light);
        for (const QSize& size : {QSize(1440, 900), QSize(1024, 640)}) {
            ViewState state;
            SystemClock clock;
            BrokerWatch broker;
            std::vector<std::unique_ptr<Page>> pages;
            pages.push_back(std::make_unique<CredentialsPage>(state, broker));
            auto& page = static_cast<CredentialsPage&>(*pages.front());
            MainWindow window({state, theme, clock, settings}, std::move(pages));
            window.resize(size);
            window.show();
            state.setRange({false, {}, begin, begin + 20s});
            state.setHistory(history.path());
            QTRY_COMPARE_WITH_TIMEOUT(page.model().rowCount(), 30, 20'000);
            page.showItem("edge-11");
            auto* table = page.findChild<QTableView*>("credentialTable");
            // No figure is cut off.
            for (int column = 0; column < kCredentialColumns; ++column) {
                if (table->isColumnHidden(column) || column == static_cast<int>(CredentialColumn::Name))
                    continue;
                const QString text = page.model().index(2, column).data().toString();
                QVERIFY2(table->fontMetrics().horizontalAdvance(text) + 14 <= table->columnWidth(column),
                         qPrintable(text));
            }
            if (const QString to = qEnvironmentVariable("WEIR_SCREENSHOT_DIR"); !to.isEmpty())
                QVERIFY(window.grab().save(QDir(to).filePath(
                    QString("credentials-%1-%2.png").arg(dark ? "dark" : "light").arg(size.width()))));
        }
    }
}

QTEST_MAIN(TestCredentialsPage)
#include "tst_credentialspage.moc"
