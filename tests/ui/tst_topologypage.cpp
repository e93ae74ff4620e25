// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowPolicy.h"
#include "tests/core/history/HistoryFixture.h"
#include "tests/support/NamedSubscriber.h"
#include "tests/support/NatsServer.h"
#include "tests/support/Patience.h"
#include "tests/support/WarningFreeTest.h"
#include "tests/ui/PastTraffic.h"
#include "tests/ui/VirtualHistory.h"
#include "ui/models/BrokerWatch.h"
#include "ui/models/ViewState.h"
#include "ui/views/TopologyPage.h"
#include "ui/views/topology/FlowDetails.h"
#include "ui/views/topology/FlowDraft.h"
#include "ui/views/topology/FlowView.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QRegularExpression>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace weir;
using test::endNow;
using test::kLookPatience;
using test::kPastMessages;
using test::showPast;
using weir::test::NamedSubscriber;
using weir::test::NatsServer;
using weir::test::VirtualHistory;

namespace {

int count(const FlowGraph& graph, FlowKind kind)
{
    return static_cast<int>(std::count_if(graph.nodes.begin(), graph.nodes.end(),
                                          [kind](const FlowNode& node) { return node.kind == kind; }));
}

FlowPlace placeOf(const FlowPicture& picture, const std::string& id)
{
    return picture.places[*picture.graph->find(id)];
}

} // namespace

class TestTopologyPage : public test::WarningFreeTest
{
    Q_OBJECT
private slots:
    void drawsARangeOfThePast();
    void saysWhatIsKnownOfTheChoice();
    void saysWhatToDo();
    void leadsToLatency();
    void saysWhyItIsEmpty();
    void joinsWhatTheBrokerDeclares();
    void comparesWithAnEarlierRange();
    void drawsKindsTogetherAndKeepsPins();
    void findsStormsOfWhatIsDrawnTogether();
};

void TestTopologyPage::drawsARangeOfThePast()
{
    VirtualHistory traffic;
    ViewState state;
    BrokerWatch broker;
    TopologyPage page(state, broker, nullptr, [&](const std::filesystem::path&) { return traffic.open(); });
    showPast(traffic, state, page);
    QTRY_VERIFY_WITH_TIMEOUT(page.picture() && !page.picture()->graph->nodes.empty() && !page.isReading(),
                             20'000);
    const FlowGraph& graph = *page.picture()->graph;
    QCOMPARE(count(graph, FlowKind::Pop), 12);
    QCOMPARE(count(graph, FlowKind::Worker), 3);
    std::uint64_t passed = 0;
    for (const FlowEdge& edge : graph.edges) {
        if (graph.nodes[edge.to].kind == FlowKind::SubjectGroup)
            passed += edge.messages.value_or(0);
    }
    QCOMPARE(passed, kPastMessages);
    QCOMPARE(page.picture()->places.size(), graph.nodes.size());
    // Every view is a function of range and filter.
    state.setFilter(*Filter::parse("pop:GRU"));
    QTRY_VERIFY_WITH_TIMEOUT(page.picture() && count(*page.picture()->graph, FlowKind::Pop) == 1, 20'000);
    // What is exported of it says what it is of.
    QCOMPARE(page.picture()->graph->filter, std::string("pop:GRU"));
    const auto& coverage = page.picture()->graph->coverage;
    QVERIFY(std::count(coverage.begin(), coverage.end(),
                       "who consumed is not known: the broker was not looked at") == 1);
    auto* button = page.findChild<QAbstractButton*>("flowExport");
    QVERIFY(button && button->isEnabled());
}

void TestTopologyPage::saysWhatIsKnownOfTheChoice()
{
    VirtualHistory traffic;
    ViewState state;
    BrokerWatch broker;
    TopologyPage page(state, broker, nullptr, [&](const std::filesystem::path&) { return traffic.open(); });
    showPast(traffic, state, page);
    QTRY_VERIFY_WITH_TIMEOUT(page.picture() && page.picture()->graph->find("pop:GRU"), 20'000);
    auto* view = page.findChild<FlowView*>("flowView");
    auto* details = qobject_cast<FlowDetails*>(page.details());
    QVERIFY(view && details);
    view->select("pop:GRU");
    QVERIFY(details->toPlainText().contains("GRU"));
    QVERIFY(details->toPlainText().contains("Show its messages"));
    QSignalSpy wanted(&page, &Page::filterTermRequested);
    emit details->anchorClicked(QUrl("messages:pop%3AGRU"));
    QCOMPARE(wanted.value(0).value(0).toString(), QString("pop:GRU"));
    QVERIFY(Filter::parse(wanted.value(0).value(0).toString().toStdString()));
    // Enter on the chosen node narrows, too.
    view->setFocus();
    QTest::keyClick(view, Qt::Key_Return);
    QCOMPARE(wanted.size(), 2);
    const FlowGraph& graph = *page.picture()->graph;
    for (const FlowEdge& edge : graph.edges) {
        if (graph.nodes[edge.from].id == "pop:GRU") {
            details->showEdge("pop:GRU", graph.nodes[edge.to].id);
            QVERIFY(details->toPlainText().contains("messages that say so of themselves"));
            QVERIFY(details->toPlainText().contains("Latency p99"));
            QVERIFY(details->toPlainText().contains("Bytes"));
            return;
        }
    }
    QFAIL("GRU has no line");
}

/// Each finding: what it is, what it rests on, what to do; also of what is no part of the picture.
void TestTopologyPage::saysWhatToDo()
{
    auto graph = std::make_shared<FlowGraph>();
    graph->nodes.push_back({"pop:GRU", FlowKind::Pop, "GRU", {}});
    graph->findings = {{"no_listener", "pop:GRU", "what <1>", "evidence 1", "advice 1"},
                       {"slow_consumers", {}, "what 2", "evidence 2", "advice 2"},
                       {std::string(kAuthError), {}, "what 3", "evidence 3", "advice 3"}};
    FlowDetails details;
    details.setGraph(graph);
    const QString told = details.toPlainText();
    for (const FlowFinding& finding : graph->findings) {
        for (const std::string& part : {finding.what, finding.evidence, finding.advice})
            QVERIFY2(told.contains(QString::fromStdString(part)), qPrintable(told));
    }
    // Links lead somewhere: to the part, to who was not let in; what has no place has none.
    const QString html = details.toHtml();
    QVERIFY(html.contains("node:pop%3AGRU") && html.contains("href=\"credential:") &&
            !html.contains("href=\"node:\""));
    QSignalSpy nodes(&details, &FlowDetails::nodeChosen);
    QSignalSpy users(&details, &FlowDetails::credentialWanted);
    emit details.anchorClicked(QUrl("node:pop%3AGRU"));
    emit details.anchorClicked(QUrl("credential:"));
    QCOMPARE(nodes.size(), 1);
    QCOMPARE(users.size(), 1);
    details.showNode("pop:GRU");
    QVERIFY(details.toPlainText().contains("advice 1"));
}

/// A PoP leads to its line on the Latency page, others to the latency of their messages.
void TestTopologyPage::leadsToLatency()
{
    VirtualHistory traffic;
    ViewState state;
    BrokerWatch broker;
    TopologyPage page(state, broker, nullptr, [&](const std::filesystem::path&) { return traffic.open(); });
    showPast(traffic, state, page);
    QTRY_VERIFY_WITH_TIMEOUT(page.picture() && page.picture()->graph->find("pop:GRU"), 20'000);
    auto* view = page.findChild<FlowView*>("flowView");
    auto* details = qobject_cast<FlowDetails*>(page.details());
    QSignalSpy pages(&page, &Page::pageRequested);
    QSignalSpy terms(&page, &Page::filterTermRequested);
    const auto follow = [&](const std::string& id, const QString& scheme) {
        view->select(id);
        const QRegularExpression link("href=\"(" + scheme + ":[^\"]*)\"");
        const auto found = link.match(details->toHtml());
        if (found.hasMatch())
            emit details->anchorClicked(QUrl(found.captured(1)));
    };
    follow("pop:GRU", "latency");
    QCOMPARE(pages.value(0), QVariantList({"latency", "GRU"}));
    QCOMPARE(terms.size(), 0);
    for (const FlowNode& node : page.picture()->graph->nodes) {
        if (node.kind != FlowKind::Worker)
            continue;
        follow(node.id, "latencyof");
        QCOMPARE(pages.value(1), QVariantList({"latency", ""}));
        QCOMPARE(terms.value(0).value(0).toString(), QString("worker:" + QString::fromStdString(node.name)));
        return;
    }
    QFAIL("there is no Worker");
}

void TestTopologyPage::saysWhyItIsEmpty()
{
    VirtualHistory traffic;
    ViewState state;
    BrokerWatch broker;
    TopologyPage page(state, broker, nullptr, [&](const std::filesystem::path&) { return traffic.open(); });
    page.resize(800, 500);
    page.show();
    QSignalSpy connectWanted(&page, &Page::connectRequested);
    auto* action = page.findChild<QAbstractButton*>("emptyAction");
    QVERIFY(action);
    QTRY_VERIFY(action->isVisible());
    QTest::mouseClick(action, Qt::LeftButton);
    QCOMPARE(connectWanted.size(), 1);
}

void TestTopologyPage::joinsWhatTheBrokerDeclares()
{
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    VirtualHistory traffic;
    endNow(traffic);
    ViewState state;
    state.setRange({true, std::chrono::hours(1), kNoTime, kNoTime}); // longer than any wait for a look
    BrokerWatch broker(std::chrono::milliseconds(50));
    TopologyPage page(state, broker, nullptr, [&](const std::filesystem::path&) { return traffic.open(); });
    page.resize(1200, 700);
    page.show();
    state.setHistory("h.db");
    ConnectionProfile profile;
    profile.monitorUrl = server.monitorUrl().toStdString();
    broker.start(profile, {">"});
    QTRY_VERIFY_WITH_TIMEOUT(page.picture() && count(*page.picture()->graph, FlowKind::Pop) == 12, 20'000);
    QTRY_VERIFY_WITH_TIMEOUT(broker.known().now != nullptr, kLookPatience);
    QCOMPARE(count(*page.picture()->graph, FlowKind::Client), 0);
    const FlowPlace place = placeOf(*page.picture(), "pop:GRU");
    // Who subscribes while the picture is shown has its line at the next look.
    const NamedSubscriber ledger(server.port(), "ledger", "orders.>");
    QTRY_VERIFY_WITH_TIMEOUT(page.picture()->graph->find("client:$G/ledger"), kLookPatience);
    const FlowGraph& graph = *page.picture()->graph;
    const std::uint32_t client = *graph.find("client:$G/ledger");
    QVERIFY(std::any_of(graph.edges.begin(), graph.edges.end(), [&](const FlowEdge& edge) {
        return edge.to == client && edge.basis == FlowBasis::Declared &&
               graph.nodes[edge.from].name.starts_with("orders.");
    }));
    QCOMPARE(placeOf(*page.picture(), "pop:GRU"), place); // nothing jumped
    // The broker goes: the picture stays, and says so.
    server.stop();
    QTRY_VERIFY_WITH_TIMEOUT(!broker.known().problem.empty(), kLookPatience);
    QTRY_VERIFY_WITH_TIMEOUT(
        page.details() &&
            qobject_cast<FlowDetails*>(page.details())->toPlainText().contains("Connection refused"),
        20'000);
    QVERIFY(page.picture()->graph->find("client:$G/ledger"));
}

void TestTopologyPage::comparesWithAnEarlierRange()
{
    test::HistoryFixture history;
    QCOMPARE(history.open(), std::string());
    const Timestamp begin = history.clock.now();
    for (int i = 0; i < 120; ++i) {
        std::vector<Message> messages(i < 60 ? 10 : 40);
        for (Message& message : messages)
            message.time = history.clock.now();
        history.put(history.traffic->own(messages, "orders.kept"));
        history.put(history.traffic->own({messages.front()}, i < 60 ? "orders.old" : "orders.newer"));
        history.pass(std::chrono::seconds(1));
    }
    QCOMPARE(history.close(), std::string());
    ViewState state;
    BrokerWatch broker;
    TopologyPage page(state, broker);
    page.resize(1200, 700);
    page.show();
    state.setRange({false, {}, begin + std::chrono::minutes(1), begin + std::chrono::minutes(2)});
    state.setHistory(history.path());
    QTRY_VERIFY_WITH_TIMEOUT(page.picture() && page.picture()->graph->find("subjects:orders.newer"), 20'000);
    QVERIFY(!page.picture()->graph->against);
    QVERIFY(!page.picture()->graph->find("subjects:orders.old"));
    auto* compare = page.findChild<QComboBox*>("flowCompare");
    QVERIFY(compare);
    compare->setFocus();
    QTest::keyClick(compare, Qt::Key_Down); // since the range before
    QTRY_VERIFY_WITH_TIMEOUT(page.picture()->graph->against, 20'000);
    const FlowGraph& graph = *page.picture()->graph;
    QCOMPARE(graph.against->from, begin);
    const auto change = [&](const char* id) { return graph.nodes[graph.find(id).value()].change; };
    QCOMPARE(change("subjects:orders.old"), FlowChange::Vanished);
    QCOMPARE(change("subjects:orders.newer"), FlowChange::Appeared);
    QCOMPARE(change("subjects:orders.kept"), FlowChange::Same);
    const auto kept = graph.find("subjects:orders.kept").value();
    const auto edge = std::find_if(graph.edges.begin(), graph.edges.end(),
                                   [&](const FlowEdge& each) { return each.to == kept; });
    QCOMPARE(edge->change, FlowChange::Changed);
    QVERIFY(edge->rateBefore && qAbs(*edge->rateBefore - 10) < 0.5 && qAbs(*edge->rate - 40) < 2);
    auto* details = qobject_cast<FlowDetails*>(page.details());
    details->showNode(std::nullopt);
    const QString told = details->toPlainText();
    QVERIFY2(told.contains("vanished subjects orders.old") && told.contains("appeared subjects orders.newer"),
             qPrintable(told));
    QTest::keyClick(compare, Qt::Key_Up);
    QTRY_VERIFY_WITH_TIMEOUT(!page.picture()->graph->against, 20'000);
}

void TestTopologyPage::drawsKindsTogetherAndKeepsPins()
{
    const QTemporaryDir folder;
    QSettings settings(folder.filePath("weir.conf"), QSettings::IniFormat);
    VirtualHistory traffic;
    ViewState state;
    BrokerWatch broker;
    const auto open = [&](const std::filesystem::path&) { return traffic.open(); };
    {
        TopologyPage page(state, broker, nullptr, open, &settings);
        showPast(traffic, state, page);
        QTRY_VERIFY_WITH_TIMEOUT(page.picture() && page.picture()->graph->find("pop:GRU"), 20'000);
        const int pops = count(*page.picture()->graph, FlowKind::Pop);
        auto* view = page.findChild<FlowView*>("flowView");
        page.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&page));
        view->setFocus();
        view->select("pop:GRU");
        QTest::keyClick(view, Qt::Key_P);
        QVERIFY(view->look().isPinned(*page.picture()->graph->find("pop:GRU")));
        // All PoPs as one; what is pinned is one of them, and has its own place none the less.
        QTest::keyClick(view, Qt::Key_G);
        QTRY_VERIFY_WITH_TIMEOUT(page.picture()->graph->find("pop:(together)"), 20'000);
        const auto together = page.picture()->graph->find("pop:(together)");
        QCOMPARE(page.picture()->graph->nodes[*together].together, static_cast<std::uint64_t>(pops));
        QVERIFY(flowTerm(page.picture()->graph->nodes[*together]).isEmpty());
        view->select("pop:(together)");
        QTest::keyClick(view, Qt::Key_G);
        QTRY_VERIFY_WITH_TIMEOUT(!page.picture()->graph->find("pop:(together)"), 20'000);
        QCOMPARE(count(*page.picture()->graph, FlowKind::Pop), pops);
    }
    // Another window keeps the pin, also where nothing passes it.
    ViewState narrow;
    narrow.setFilter(Filter::parse("pop:FRA").value());
    TopologyPage page(narrow, broker, nullptr, open, &settings);
    page.resize(1200, 700);
    page.show();
    narrow.setRange(state.range());
    narrow.setHistory("h.db");
    QTRY_VERIFY_WITH_TIMEOUT(page.picture() && page.picture()->graph->find("pop:FRA"), 20'000);
    const auto pinned = page.picture()->graph->find("pop:GRU");
    QVERIFY(pinned);
    auto* view = page.findChild<FlowView*>("flowView");
    QTRY_VERIFY(view->look().isPinned(*page.picture()->graph->find("pop:GRU")));
    page.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&page));
    view->setFocus();
    view->select("pop:GRU");
    QTest::keyClick(view, Qt::Key_P);
    QTRY_VERIFY_WITH_TIMEOUT(!page.picture()->graph->find("pop:GRU"), 20'000);
}

void TestTopologyPage::findsStormsOfWhatIsDrawnTogether()
{
    test::HistoryFixture history;
    QCOMPARE(history.open(), std::string());
    const Timestamp begin = history.clock.now();
    const auto tracker = std::make_shared<FlowTracker>(std::chrono::minutes(1), false);
    for (int i = 0; i < 300; ++i) {
        for (const char* subject : {"orders.new", "orders.paid"}) {
            std::vector<Message> messages(i < 240 ? 5 : 50);
            for (Message& message : messages)
                message.time = history.clock.now();
            const auto batch = history.traffic->own(messages, subject);
            history.put(batch);
            if (i >= 240)
                tracker->consume(batch);
        }
        history.pass(std::chrono::seconds(1));
    }
    QCOMPARE(history.close(), std::string());
    FlowAsked asked;
    asked.tracker = tracker;
    asked.history = history.path();
    asked.from = begin + std::chrono::minutes(4);
    asked.to = begin + std::chrono::minutes(5);
    asked.grouping.kinds = {FlowKind::SubjectGroup};
    FlowDraft draft(&HistoryReader::open);
    QVERIFY(draft.draw(asked).isFirst);
    const auto picture = draft.draw(asked).picture;
    QVERIFY(picture);
    const auto& findings = picture->graph->findings;
    QCOMPARE(std::count_if(findings.begin(), findings.end(),
                           [](const FlowFinding& finding) {
                               return finding.kind == "storm" && finding.node == "subjects:orders.>";
                           }),
             2);
}

QTEST_MAIN(TestTopologyPage)
#include "tst_topologypage.moc"
