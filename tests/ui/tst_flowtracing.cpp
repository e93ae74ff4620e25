// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Clock.h"
#include "tests/support/NamedSubscriber.h"
#include "tests/support/NatsServer.h"
#include "tests/support/Program.h"
#include "tests/support/WarningFreeTest.h"
#include "tests/ui/VirtualHistory.h"
#include "ui/models/ViewState.h"
#include "ui/views/TopologyPage.h"
#include "ui/views/topology/FlowDetails.h"
#include "ui/views/topology/FlowTracing.h"

#include <QInputDialog>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace weir;
using weir::test::NamedSubscriber;
using weir::test::NatsServer;
using weir::test::Program;
using weir::test::VirtualHistory;

namespace {

constexpr int kPatience = 30'000; // ms, on a machine that has other things to do
constexpr int kBuildPatience = 600'000;
constexpr int kNoGo = 77;
constexpr std::uint64_t kMessages = 5000;

ConnectionProfile profileOf(const NatsServer& server)
{
    ConnectionProfile profile;
    profile.urls = {server.url().toStdString()};
    profile.monitorUrl = server.monitorUrl().toStdString();
    return profile;
}

FlowNode groupOf(const std::string& name)
{
    return {"subjects:" + name, FlowKind::SubjectGroup, name, {}};
}

QAction* offered(FlowTracing& tracing, QMenu& menu, const FlowNode& node, bool live = true)
{
    tracing.addTo(menu, node, live);
    return menu.findChild<QAction*>(QStringLiteral("flowTrace"));
}

} // namespace

/// Tracing a message's way from the flow. Current servers are built with Go, where it is.
class TestFlowTracing : public test::WarningFreeTest
{
    Q_OBJECT
private slots:
    void saysWhyItCannot();
    void isOfferedForSubjects();
    void asksForASubject();
    void drawsTheWay();
};

void TestFlowTracing::saysWhyItCannot()
{
    BrokerWatch broker(std::chrono::milliseconds(50));
    FlowTracing tracing(broker, nullptr);
    QVERIFY(tracing.whyNot(true).contains("no broker is observed now"));
    NatsServer server; // Debian's 2.9.10
    QVERIFY2(server.start(), qPrintable(server.error()));
    NamedSubscriber everything(server.port(), "everything", ">");
    broker.start(profileOf(server), {">"});
    QTRY_VERIFY_WITH_TIMEOUT(broker.known().now, kPatience);
    QVERIFY(tracing.whyNot(false).contains("no broker is observed now"));
    QMenu menu;
    const QAction* action = offered(tracing, menu, groupOf("orders.*"));
    QVERIFY(action && !action->isEnabled());
    QVERIFY2(action->text().contains("is of version 2.9.10, which would deliver"),
             qPrintable(action->text()));
    // Nor is it sent by any other way.
    QSignalSpy problems(&tracing, &FlowTracing::problem);
    tracing.trace("subjects:orders.*", "orders.eu");
    QTRY_COMPARE_WITH_TIMEOUT(problems.size(), 1, kPatience);
    QVERIFY(problems[0][0].toString().contains("2.9.10"));
    QVERIFY(!everything.flushed().contains("MSG"));
    broker.stop();
    QVERIFY(tracing.whyNot(true).contains("no broker is observed now"));
}

void TestFlowTracing::isOfferedForSubjects()
{
    BrokerWatch broker;
    FlowTracing tracing(broker, nullptr);
    QMenu menu;
    QVERIFY(!offered(tracing, menu, {"pop:FRA", FlowKind::Pop, "FRA", {}}));
    QVERIFY(!offered(tracing, menu, groupOf("")));
    QVERIFY(offered(tracing, menu, groupOf("orders.*")));
}

void TestFlowTracing::asksForASubject()
{
    BrokerWatch broker;
    ConnectionProfile nowhere;
    nowhere.urls = {"nats://127.0.0.1:1"};
    broker.start(nowhere, {">"});
    QWidget window;
    FlowTracing tracing(broker, &window);
    QMenu menu;
    QAction* action = offered(tracing, menu, groupOf("orders.*.created.>"));
    QVERIFY(action && action->isEnabled());
    action->trigger();
    auto* dialog = window.findChild<QInputDialog*>(QStringLiteral("flowTraceDialog"));
    QVERIFY(dialog);
    QCOMPARE(dialog->textValue(), QString("orders.x.created.x"));
    QSignalSpy problems(&tracing, &FlowTracing::problem);
    dialog->setTextValue("orders.*");
    dialog->accept();
    QTRY_COMPARE_WITH_TIMEOUT(problems.size(), 1, kPatience);
    QVERIFY2(problems[0][0].toString().contains("is no subject to publish to"),
             qPrintable(problems[0][0].toString()));
}

void TestFlowTracing::drawsTheWay()
{
    Program build(QStringLiteral(WEIR_SOURCE_DIR "/tests/lab/build-server"), {});
    const int code = build.exitCode(kBuildPatience);
    if (code == kNoGo)
        QSKIP("Go is not installed, so there is no nats-server newer than the packaged one");
    if (code != 0)
        QSKIP("no nats-server newer than the packaged one: Go could not build it");
    NatsServer::useProgram(QString::fromUtf8(build.output()).trimmed());
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    NamedSubscriber ledger(server.port(), "ledger", "orders.>");
    VirtualHistory traffic;
    traffic.setRate(1000);
    traffic.setStart(SystemClock().now() - std::chrono::seconds(kMessages / 1000));
    traffic.setCount(kMessages);
    ViewState state;
    BrokerWatch broker(std::chrono::milliseconds(50));
    TopologyPage page(state, broker, nullptr, [&](const std::filesystem::path&) { return traffic.open(); });
    page.resize(1200, 700);
    page.show();
    state.setHistory("h.db");
    broker.start(profileOf(server), {">"});
    QTRY_VERIFY_WITH_TIMEOUT(page.picture() && page.picture()->graph->find("client:$G/ledger"), kPatience);
    const auto& nodes = page.picture()->graph->nodes;
    const auto group = std::find_if(nodes.begin(), nodes.end(), [](const FlowNode& node) {
        return node.kind == FlowKind::SubjectGroup && node.name.starts_with("orders.");
    });
    QVERIFY(group != nodes.end());
    const std::string id = group->id;
    auto* tracing = page.findChild<FlowTracing*>();
    QVERIFY(tracing);
    QVERIFY2(tracing->whyNot(true).isEmpty(), qPrintable(tracing->whyNot(true)));
    QSignalSpy problems(&page, &Page::problem);
    tracing->trace(id, "orders.eu.created");
    const auto isTraced = [&] {
        const FlowGraph& graph = *page.picture()->graph;
        return std::any_of(graph.edges.begin(), graph.edges.end(), [&](const FlowEdge& edge) {
            return edge.basis == FlowBasis::Traced && graph.nodes[edge.from].id == id &&
                   graph.nodes[edge.to].id == "client:$G/ledger";
        });
    };
    QTRY_VERIFY_WITH_TIMEOUT(isTraced() || !problems.isEmpty(), kPatience);
    QVERIFY2(problems.isEmpty(), qPrintable(problems.value(0).value(0).toString()));
    auto* details = qobject_cast<FlowDetails*>(page.details());
    QVERIFY(details);
    const QString text = details->toPlainText();
    QVERIFY2(text.contains("The way of a probe") && text.contains("client ledger"), qPrintable(text));
    QVERIFY(!ledger.flushed().contains("MSG"));
    if (const QString dir = qEnvironmentVariable("WEIR_SCREENSHOT_DIR"); !dir.isEmpty()) {
        QVERIFY(page.grab().save(dir + "/flow-traced.png"));
        details->resize(420, 700);
        QVERIFY(details->grab().save(dir + "/flow-traced-details.png"));
    }
}

QTEST_MAIN(TestFlowTracing)
#include "tst_flowtracing.moc"
