// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/history/HistoryFixture.h"
#include "tests/support/NamedSubscriber.h"
#include "tests/support/NatsServer.h"
#include "tests/support/Patience.h"
#include "tests/support/WarningFreeTest.h"
#include "tests/ui/PastTraffic.h"
#include "ui/dialogs/CompareDialog.h"
#include "ui/dialogs/MomentField.h"
#include "ui/models/BrokerWatch.h"
#include "ui/models/ViewState.h"
#include "ui/views/TopologyPage.h"
#include "ui/views/topology/FlowView.h"

#include <QApplication>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <set>

using namespace weir;
using test::kLookPatience;
using test::NamedSubscriber;
using test::NatsServer;
using test::VirtualHistory;

/// What of the flow is drawn, and how strong, as its tools and its menu let it be chosen.
class TestTopologyChoices : public test::WarningFreeTest
{
    Q_OBJECT
private slots:
    void init();
    void drawsStrongWhatIsNearTheChoice();
    void drawsAnAccountAsOne();
    void comparesWithAnyEarlierTime();
    void cleanup();

private:
    void begin(HistoryFollower::Opener open);
    [[nodiscard]] const FlowGraph& graph() const { return *m_page->picture()->graph; }
    [[nodiscard]] bool has(const char* id) const { return m_page->picture() && graph().find(id); }
    [[nodiscard]] std::set<std::string> strong() const;
    /// The nodes at most so many lines up the way from `id`, or down it.
    [[nodiscard]] std::set<std::string> near(const std::string& id, int hops) const;
    /// Opens the menu of the chosen node by key, and takes what begins so.
    [[nodiscard]] bool take(const QString& entry);

    VirtualHistory m_traffic;
    std::unique_ptr<ViewState> m_state;
    std::unique_ptr<BrokerWatch> m_broker;
    std::unique_ptr<TopologyPage> m_page;
    FlowView* m_view = nullptr;
};

void TestTopologyChoices::init()
{
    begin([this](const std::filesystem::path&) { return m_traffic.open(); });
}

void TestTopologyChoices::begin(HistoryFollower::Opener open)
{
    m_state = std::make_unique<ViewState>();
    m_broker = std::make_unique<BrokerWatch>(std::chrono::milliseconds(50));
    m_page.reset();
    m_page = std::make_unique<TopologyPage>(*m_state, *m_broker, nullptr, std::move(open));
    m_view = m_page->findChild<FlowView*>("flowView");
    QVERIFY(m_view != nullptr);
}

void TestTopologyChoices::cleanup()
{
    m_page.reset();
    m_broker.reset();
    m_state.reset();
}

std::set<std::string> TestTopologyChoices::strong() const
{
    std::set<std::string> ids;
    for (std::uint32_t node = 0; node < graph().nodes.size(); ++node) {
        if (!m_view->look().isFaint(node))
            ids.insert(graph().nodes[node].id);
    }
    return ids;
}

std::set<std::string> TestTopologyChoices::near(const std::string& id, int hops) const
{
    std::set<std::string> all{id};
    for (const bool onward : {false, true}) {
        std::set<std::string> reached{id};
        for (int hop = 0; hop < hops; ++hop) {
            std::set<std::string> next = reached;
            for (const FlowEdge& edge : graph().edges) {
                const std::string& from = graph().nodes[onward ? edge.from : edge.to].id;
                if (reached.contains(from))
                    next.insert(graph().nodes[onward ? edge.to : edge.from].id);
            }
            reached = std::move(next);
        }
        all.merge(reached);
    }
    return all;
}

bool TestTopologyChoices::take(const QString& entry)
{
    bool found = false;
    QTimer::singleShot(0, this, [&] {
        auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        if (menu == nullptr)
            return;
        const QList<QAction*> actions = menu->actions();
        const auto wanted = std::find_if(actions.begin(), actions.end(), [&](const QAction* action) {
            return action->text().startsWith(entry);
        });
        found = wanted != actions.end();
        if (!found)
            return void(menu->close());
        menu->setActiveAction(*wanted);
        QTest::keyClick(menu, Qt::Key_Return);
    });
    QContextMenuEvent event(QContextMenuEvent::Keyboard, {}, m_view->mapToGlobal(QPoint()));
    QApplication::sendEvent(m_view, &event);
    return found;
}

void TestTopologyChoices::drawsStrongWhatIsNearTheChoice()
{
    test::showPast(m_traffic, *m_state, *m_page);
    QTRY_VERIFY_WITH_TIMEOUT(has("pop:GRU") && !m_page->isReading(), 20'000);
    m_page->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    m_view->select("pop:GRU");
    const std::size_t all = graph().nodes.size();
    QCOMPARE(strong().size(), all);
    auto* hops = m_page->findChild<QComboBox*>("flowHops");
    QVERIFY(hops && hops->isVisible());
    hops->setFocus();
    for (const int many : {1, 2, 7}) {
        QTest::keyClick(hops, Qt::Key_Down);
        QCOMPARE(strong(), near("pop:GRU", many));
    }
    QVERIFY(strong().size() > 3 && strong().size() < all); // not the other PoPs
    // It goes with the choice.
    m_view->select("pop:FRA");
    QCOMPARE(strong(), near("pop:FRA", 7));
    QTest::keyClick(hops, Qt::Key_Home);
    QCOMPARE(strong().size(), all);
}

void TestTopologyChoices::drawsAnAccountAsOne()
{
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    test::endNow(m_traffic);
    m_state->setRange({true, std::chrono::hours(1), kNoTime, kNoTime});
    m_page->resize(1200, 700);
    m_page->show();
    m_state->setHistory("h.db");
    ConnectionProfile profile;
    profile.monitorUrl = server.monitorUrl().toStdString();
    m_broker->start(profile, {">"});
    const NamedSubscriber ledger(server.port(), "ledger", "orders.>");
    const NamedSubscriber audit(server.port(), "audit", "auth.>", "audits");
    QTRY_VERIFY_WITH_TIMEOUT(has("client:$G/ledger") && has("queue:$G/audits"), kLookPatience);
    m_view->select("client:$G/ledger");
    QVERIFY(take("Draw account $G as one"));
    QTRY_VERIFY_WITH_TIMEOUT(has("account:$G"), 20'000);
    QVERIFY(!has("client:$G/ledger") && !has("client:$G/audit") && !has("queue:$G/audits"));
    // Its lines are those of its parts.
    const std::uint32_t account = *graph().find("account:$G");
    std::set<std::string> from;
    for (const FlowEdge& edge : graph().edges) {
        if (edge.to == account)
            from.insert(graph().nodes[edge.from].name.substr(0, 5));
    }
    QCOMPARE(from, (std::set<std::string>{"auth.", "order"}));
    m_view->select("account:$G");
    QVERIFY(!take("Draw account $G as one"));
    QVERIFY(take("Draw the parts of account $G"));
    QTRY_VERIFY_WITH_TIMEOUT(has("client:$G/ledger") && has("queue:$G/audits"), 20'000);
    QVERIFY(!has("account:$G"));
}

/// Of four minutes, the last is compared with the first.
void TestTopologyChoices::comparesWithAnyEarlierTime()
{
    test::HistoryFixture history;
    QCOMPARE(history.open(), std::string());
    const Timestamp begun = history.clock.now();
    for (int i = 0; i < 240; ++i) {
        std::vector<Message> messages(i < 180 ? 10 : 40);
        for (Message& message : messages)
            message.time = history.clock.now();
        history.put(history.traffic->own(messages, "orders.kept"));
        if (i < 60)
            history.put(history.traffic->own({messages.front()}, "orders.old"));
        history.pass(std::chrono::seconds(1));
    }
    QCOMPARE(history.close(), std::string());
    begin(&HistoryReader::open);
    m_page->resize(1200, 700);
    m_page->show();
    const TimeRange last{false, {}, begun + std::chrono::minutes(3), begun + std::chrono::minutes(4)};
    m_state->setRange(last);
    m_state->setHistory(history.path());
    QTRY_VERIFY_WITH_TIMEOUT(has("subjects:orders.kept") && !m_page->isReading(), 20'000);
    auto* compare = m_page->findChild<QComboBox*>("flowCompare");
    const auto ask = [&] {
        compare->setFocus();
        QTest::keyClick(compare, Qt::Key_Home);
        QTest::keyClick(compare, Qt::Key_End);
        return m_page->window()->findChild<CompareDialog*>("compareDialog");
    };
    const auto isAway = [&] {
        return m_page->window()->findChild<CompareDialog*>("compareDialog") == nullptr;
    };
    // Thought better of it.
    CompareDialog* dialog = ask();
    QVERIFY(dialog != nullptr);
    auto* since = dialog->findChild<QLineEdit*>("compareSince");
    QCOMPARE(*readMoment(since->text(), begun), begun + std::chrono::minutes(2)); // the range before
    QTest::keyClick(dialog, Qt::Key_Escape);
    QTRY_VERIFY(isAway());
    QCOMPARE(compare->currentIndex(), 0);
    QVERIFY(!graph().against);
    // What cannot be is said.
    dialog = ask();
    since = dialog->findChild<QLineEdit*>("compareSince");
    auto* button = dialog->findChild<QPushButton*>("compareShow");
    const auto write = [&](Timestamp time) {
        since->selectAll();
        QTest::keyClicks(since, QString::fromStdString(formatRfc3339(time)));
    };
    write(begun + std::chrono::minutes(3));
    QVERIFY(!button->isEnabled());
    auto* message = dialog->findChild<QLabel*>("compareMessage");
    QVERIFY2(message->text().startsWith("It must begin before the shown range"), qPrintable(message->text()));
    write(begun);
    QVERIFY(button->isEnabled());
    dialog->findChild<QDoubleSpinBox*>("compareFactor")->setValue(2);
    QTest::mouseClick(button, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(graph().against && isAway(), 20'000);
    QCOMPARE(graph().against->from, begun);
    QCOMPARE(graph().against->to, begun + std::chrono::minutes(1));
    const auto kept = [&] {
        return std::find_if(graph().edges.begin(), graph().edges.end(), [&](const FlowEdge& edge) {
            return graph().nodes[edge.to].id == "subjects:orders.kept";
        });
    };
    QCOMPARE(kept()->change, FlowChange::Changed);
    QCOMPARE(graph().nodes[*graph().find("subjects:orders.old")].change, FlowChange::Vanished);
    QVERIFY(compare->currentText().startsWith("Changes since "));
    // A factor that is not reached.
    dialog = ask();
    QVERIFY(dialog != nullptr);
    QCOMPARE(*readMoment(dialog->findChild<QLineEdit*>("compareSince")->text(), begun), begun);
    dialog->findChild<QDoubleSpinBox*>("compareFactor")->setValue(5);
    QTest::keyClick(dialog, Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(graph().against && kept()->change == FlowChange::Same, 20'000);
    // A range before it has nothing to be compared with.
    m_state->setRange({false, {}, begun, begun + std::chrono::minutes(1)});
    QTRY_VERIFY_WITH_TIMEOUT(has("subjects:orders.old") && !graph().against, 20'000);
    QCOMPARE(compare->currentIndex(), 0);
}

QTEST_MAIN(TestTopologyChoices)
#include "tst_topologychoices.moc"
