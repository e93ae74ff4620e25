// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/NatsCluster.h"
#include "tests/support/NatsServer.h"
#include "tests/support/Patience.h"
#include "tests/support/WarningFreeTest.h"
#include "tests/ui/PastTraffic.h"
#include "tests/ui/VirtualHistory.h"
#include "ui/models/BrokerWatch.h"
#include "ui/models/ViewState.h"
#include "ui/views/EmptyState.h"
#include "ui/views/LatencyPage.h"
#include "ui/views/TopologyPage.h"
#include "ui/views/topology/FlowDetails.h"
#include "ui/views/topology/ServersView.h"
#include "ui/views/topology/TopologyPicture.h"
#include "ui/views/topology/WorldView.h"

#include <QAbstractButton>
#include <QLabel>
#include <QLineEdit>
#include <QSettings>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

using namespace weir;
using test::endNow;
using test::kLookPatience;
using test::kPastMessages;
using test::showPast;
using weir::test::NatsCluster;
using weir::test::NatsServer;
using weir::test::VirtualHistory;

namespace {

QString detailsOf(TopologyPage& page)
{
    return qobject_cast<FlowDetails*>(page.details())->toPlainText();
}

} // namespace

/// The pictures of the page Topology, in it.
class TestTopologyPictures : public test::WarningFreeTest
{
    Q_OBJECT
private slots:
    void switchesByMouseAndKey();
    void remembersThePicture();
    void worldOfThePast();
    void worldIsLargeInANarrowWindow();
    void worldSaysWhereServersStand();
    void leadsToMessagesAndLatency();
    void emptyPicturesCanBeLeft();
    void fitsASmallWindow();
    void serversOfARealCluster();
    void serversSayWhyThereAreNone();
};

void TestTopologyPictures::switchesByMouseAndKey()
{
    VirtualHistory traffic;
    ViewState state;
    BrokerWatch broker;
    TopologyPage page(state, broker, nullptr, [&](const std::filesystem::path&) { return traffic.open(); });
    showPast(traffic, state, page);
    QTRY_VERIFY_WITH_TIMEOUT(page.shown().hasContent() && !page.isReading(), 20'000);
    QCOMPARE(page.shown().name(), QStringLiteral("flow"));
    auto* world = page.findChild<QAbstractButton*>("picture-world");
    auto* flow = page.findChild<QAbstractButton*>("picture-flow");
    QVERIFY(world && flow && flow->isChecked() && !world->isChecked());
    QVERIFY(!world->accessibleName().isEmpty());
    QTest::mouseClick(world, Qt::LeftButton);
    QCOMPARE(page.shown().name(), QStringLiteral("world"));
    QCOMPARE(page.findChild<EmptyState*>()->title(), QStringLiteral("Drawing")); // not that there is nothing
    QVERIFY(!page.findChild<QWidget*>("flowHops")->isVisible());                 // ways are the flow's
    auto* view = page.findChild<WorldView*>("worldView");
    QTRY_VERIFY_WITH_TIMEOUT(view->isVisible(), 20'000);
    page.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&page));
    QTest::keyClick(&page, Qt::Key_1, Qt::AltModifier);
    QTRY_COMPARE(page.shown().name(), QStringLiteral("flow"));
    flow->setFocus();
    QTest::keyClick(flow, Qt::Key_Right);
    QCOMPARE(page.shown().name(), QStringLiteral("world"));
    QVERIFY(world->hasFocus());
    // What was searched is searched here, too.
    page.findChild<QLineEdit*>("flowSearch")->setText("GRU");
    QTRY_COMPARE_WITH_TIMEOUT(view->matches(), 1, 20'000);
}

void TestTopologyPictures::remembersThePicture()
{
    QTemporaryDir dir;
    QSettings settings(dir.filePath("s.ini"), QSettings::IniFormat);
    ViewState state;
    BrokerWatch broker;
    {
        TopologyPage page(state, broker, nullptr, &HistoryReader::open, &settings);
        QCOMPARE(page.shown().name(), QStringLiteral("flow"));
        page.findChild<QAbstractButton*>("picture-world")->click();
    }
    TopologyPage page(state, broker, nullptr, &HistoryReader::open, &settings);
    QCOMPARE(page.shown().name(), QStringLiteral("world"));
    QVERIFY(page.findChild<QAbstractButton*>("picture-world")->isChecked());
}

void TestTopologyPictures::worldOfThePast()
{
    VirtualHistory traffic;
    ViewState state;
    BrokerWatch broker;
    TopologyPage page(state, broker, nullptr, [&](const std::filesystem::path&) { return traffic.open(); });
    page.showPicture(1);
    showPast(traffic, state, page);
    auto* view = page.findChild<WorldView*>("worldView");
    QTRY_VERIFY_WITH_TIMEOUT(!view->scene().isEmpty() && view->isVisible(), 20'000);
    const auto graph = page.shown().graph();
    QCOMPARE(graph->nodes.size(), std::size_t{12});
    view->select("pop:GRU");
    QVERIFY2(detailsOf(page).contains("São Paulo"), qPrintable(detailsOf(page)));
    for (const char* known : {"Latency p99", "Messages", "First seen", "GRU is slow", "Show its latency"})
        QVERIFY2(detailsOf(page).contains(known), known);
    QTRY_VERIFY(page.findChild<QLabel*>("pageNote")->text().startsWith("12 PoPs, 1 slow"));
    // All are on the map: nothing stands beside it.
    QVERIFY(!page.findChild<QTreeWidget*>("unplacedPops")->isVisible());
    state.setFilter(*Filter::parse("pop:GRU"));
    QTRY_VERIFY_WITH_TIMEOUT(page.shown().graph()->nodes.size() == 1, 20'000);
    state.setFilter(*Filter::parse("pop:XXX"));
    QTRY_VERIFY_WITH_TIMEOUT(
        !view->isVisible() && page.findChild<QAbstractButton*>("emptyAction")->isVisible(), 20'000);
}

/// What is not on the map never takes the map's place, whatever the window's shape.
void TestTopologyPictures::worldIsLargeInANarrowWindow()
{
    VirtualHistory traffic;
    for (const char* name : {"edge-lab", "QQ1", "no such place"})
        traffic.addPop(name);
    ViewState state;
    BrokerWatch broker;
    TopologyPage page(state, broker, nullptr, [&](const std::filesystem::path&) { return traffic.open(); });
    page.showPicture(1);
    showPast(traffic, state, page);
    auto* view = page.findChild<WorldView*>("worldView");
    auto* list = page.findChild<QTreeWidget*>("unplacedPops");
    QTRY_VERIFY_WITH_TIMEOUT(view->isVisible() && list->topLevelItemCount() == 3, 20'000);
    constexpr int kBeside = 230;
    for (const QSize& size : {QSize(540, 500), QSize(1300, 500), QSize(860, 620), QSize(540, 500)}) {
        page.resize(size);
        QTRY_COMPARE(page.size(), size);
        QVERIFY(view->isVisible() && list->isVisible());
        const QRect map(view->mapTo(&page, QPoint(0, 0)), view->size());
        const QRect rows(list->mapTo(&page, QPoint(0, 0)), list->size());
        QVERIFY(page.rect().contains(map) && page.rect().contains(rows) && !map.intersects(rows));
        QCOMPARE(rows.top() > map.bottom(), size.width() < 1300);
        const double beside = view->scaleIn({size.width() - kBeside, map.height()});
        QVERIFY2(view->camera().scale() >= (size.width() < 600 ? 1.4 : 1.0) * beside,
                 qPrintable(QString::number(view->camera().scale())));
        for (int row = 0; row < 3; ++row)
            QVERIFY(list->viewport()->rect().contains(list->visualItemRect(list->topLevelItem(row))));
    }
    list->setFocus();
    QTest::keyClick(list, Qt::Key_Down);
    QVERIFY(view->selectedNode() && list->currentItem() != nullptr);
    QVERIFY(detailsOf(page).contains(list->currentItem()->text(0)));
}

void TestTopologyPictures::worldSaysWhereServersStand()
{
    NatsServer server("server_tags: [\"iata:FRA\"]");
    QVERIFY2(server.start(), qPrintable(server.error()));
    VirtualHistory traffic;
    endNow(traffic);
    ViewState state;
    state.setRange({true, std::chrono::hours(1), kNoTime, kNoTime}); // longer than any wait for a look
    BrokerWatch broker(std::chrono::milliseconds(50));
    TopologyPage page(state, broker, nullptr, [&](const std::filesystem::path&) { return traffic.open(); });
    page.showPicture(1);
    page.resize(1200, 700);
    page.show();
    state.setHistory("h.db");
    QTRY_VERIFY_WITH_TIMEOUT(page.shown().graph()->nodes.size() == 12, 20'000);
    QVERIFY(page.shown().graph()->edges.empty());
    QTRY_VERIFY(page.findChild<QLabel*>("pageNote")->text().contains("no lines"));
    ConnectionProfile profile;
    profile.monitorUrl = server.monitorUrl().toStdString();
    broker.start(profile, {">"});
    QTRY_VERIFY_WITH_TIMEOUT(page.shown().graph()->edges.size() == 12, kLookPatience);
    QVERIFY(page.shown().graph()->find("region:FRA"));
    broker.stop();
}

void TestTopologyPictures::leadsToMessagesAndLatency()
{
    VirtualHistory traffic;
    ViewState state;
    BrokerWatch broker;
    const auto open = [&](const std::filesystem::path&) { return traffic.open(); };
    TopologyPage page(state, broker, nullptr, open);
    LatencyPage latency(state, nullptr, open);
    page.showPicture(1);
    showPast(traffic, state, page);
    auto* view = page.findChild<WorldView*>("worldView");
    QTRY_VERIFY_WITH_TIMEOUT(!view->scene().isEmpty(), 20'000);
    view->select("pop:GRU");
    QSignalSpy pages(&page, &Page::pageRequested);
    QSignalSpy terms(&page, &Page::filterTermRequested);
    auto* details = qobject_cast<FlowDetails*>(page.details());
    emit details->anchorClicked(QUrl("latency:GRU"));
    QCOMPARE(pages.value(0), (QList<QVariant>{"latency", "GRU"}));
    QVERIFY(terms.isEmpty());
    emit details->anchorClicked(QUrl("messages:pop%3AGRU"));
    QCOMPARE(pages.value(1).value(0).toString(), QStringLiteral("messages"));
    QCOMPARE(terms.value(0).value(0).toString(), QStringLiteral("pop:GRU"));
    // The page that was asked for chooses it as soon as it has it.
    latency.showItem("GRU");
    latency.resize(900, 600);
    latency.show();
    QCOMPARE(latency.name(), QStringLiteral("latency"));
    auto* table = latency.findChild<QTableView*>("latencyTable");
    QTRY_COMPARE_WITH_TIMEOUT(table->currentIndex().data(static_cast<int>(LatencyRole::Name)).toString(),
                              QStringLiteral("GRU"), 20'000);
}

void TestTopologyPictures::emptyPicturesCanBeLeft()
{
    VirtualHistory traffic;
    ViewState state;
    BrokerWatch broker;
    TopologyPage page(state, broker, nullptr, [&](const std::filesystem::path&) { return traffic.open(); });
    page.resize(900, 500);
    page.show();
    for (const char* name : {"picture-world", "picture-flow"}) {
        auto* button = page.findChild<QAbstractButton*>(name);
        QTRY_VERIFY(button->isVisible());
        QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(button->isChecked());
        QVERIFY(page.findChild<QAbstractButton*>("emptyAction")->isVisible());
    }
}

void TestTopologyPictures::fitsASmallWindow()
{
    VirtualHistory traffic;
    ViewState state;
    BrokerWatch broker;
    TopologyPage page(state, broker, nullptr, [&](const std::filesystem::path&) { return traffic.open(); });
    showPast(traffic, state, page);
    QTRY_VERIFY_WITH_TIMEOUT(page.shown().hasContent(), 20'000);
    for (const std::size_t picture : {0U, 1U, 2U}) {
        page.showPicture(picture);
        // A window of 900 with the rail and the details beside it.
        QVERIFY2(page.minimumSizeHint().width() <= 560,
                 qPrintable(QString::number(page.minimumSizeHint().width())));
        const QString folder = qEnvironmentVariable("WEIR_SCREENSHOT_DIR");
        if (picture < 2)
            QTRY_VERIFY_WITH_TIMEOUT(page.shown().hasContent(), 20'000);
        for (const QSize& size : {QSize(560, 460), QSize(1000, 740)}) {
            page.resize(size);
            QCOMPARE(page.size(), size);
            const QString name = QStringLiteral("page-%1-%2.png").arg(page.shown().name()).arg(size.width());
            QVERIFY(folder.isEmpty() || page.grab().save(folder + QLatin1Char('/') + name));
        }
    }
}

void TestTopologyPictures::serversOfARealCluster()
{
    NatsCluster cluster;
    QVERIFY(cluster.start());
    VirtualHistory traffic;
    endNow(traffic);
    ViewState state;
    state.setRange({true, std::chrono::hours(1), kNoTime, kNoTime}); // longer than any wait for a look
    BrokerWatch broker(std::chrono::milliseconds(50));
    TopologyPage page(state, broker, nullptr, [&](const std::filesystem::path&) { return traffic.open(); });
    page.showPicture(2);
    page.resize(1200, 700);
    page.show();
    state.setHistory("h.db");
    QStringList urls;
    for (const std::string& url : cluster.monitorUrls())
        urls += QString::fromStdString(url);
    ConnectionProfile profile;
    profile.monitorUrl = urls.join(',').toStdString();
    broker.start(profile, {">"});
    const auto graph = [&] { return page.shown().graph(); };
    QTRY_VERIFY_WITH_TIMEOUT(graph()->edges.size() == 3 && graph()->nodes.size() == 4, kLookPatience);
    QVERIFY(graph()->findings.empty());
    QTRY_VERIFY(page.findChild<QLabel*>("pageNote")->text().startsWith("3 servers"));
    auto* view = page.findChild<ServersView*>("serversView");
    QTRY_VERIFY(view->isVisible());
    const std::string chosen = "server:" + broker.known().now->servers[1].id;
    QTest::mouseClick(view, Qt::LeftButton, {}, view->boxOf(*graph()->find(chosen)).center().toPoint());
    QCOMPARE(view->selectedNode(), std::optional(chosen));
    QTRY_VERIFY_WITH_TIMEOUT(detailsOf(page).contains("/s"), kLookPatience); // of two looks
    for (const char* known : {"version", "clients", "Route", "Messages in", "s out"})
        QVERIFY2(detailsOf(page).contains(known), known);
    // One dies: the others know it, and nobody reaches it.
    cluster.server(0).stop();
    QTRY_VERIFY_WITH_TIMEOUT(
        graph()->nodes.size() == 3 ||
            std::any_of(graph()->findings.begin(), graph()->findings.end(),
                        [](const FlowFinding& each) { return each.kind == "not_reached"; }) ||
            !graph()->coverage.empty(),
        kLookPatience);
    broker.stop();
}

void TestTopologyPictures::serversSayWhyThereAreNone()
{
    VirtualHistory traffic;
    ViewState state;
    BrokerWatch broker(std::chrono::milliseconds(50));
    TopologyPage page(state, broker, nullptr, [&](const std::filesystem::path&) { return traffic.open(); });
    page.showPicture(2);
    endNow(traffic);
    page.resize(1000, 600);
    page.show();
    state.setHistory("h.db");
    const auto* empty = page.findChild<EmptyState*>();
    QTRY_COMPARE(empty->title(), QStringLiteral("No server is looked at"));
    QVERIFY(empty->isVisible());
    ConnectionProfile profile;
    profile.monitorUrl = "http://127.0.0.1:1";
    broker.start(profile, {">"});
    QTRY_COMPARE_WITH_TIMEOUT(empty->title(), QStringLiteral("The servers cannot be looked at"),
                              kLookPatience);
    QVERIFY(page.findChild<QLabel*>("emptyHint")->text().contains("Connection refused"));
    state.setRange({false, {}, traffic.timeOf(1), traffic.timeOf(kPastMessages) + Nanoseconds(1)});
    QTRY_COMPARE_WITH_TIMEOUT(empty->title(), QStringLiteral("No server was looked at in this range"),
                              20'000);
    // The other pictures have what there is.
    page.findChild<QAbstractButton*>("picture-world")->click();
    QTRY_VERIFY_WITH_TIMEOUT(page.shown().hasContent() && !empty->isVisible(), 20'000);
    broker.stop();
}

QTEST_MAIN(TestTopologyPictures)
#include "tst_topologypictures.moc"
