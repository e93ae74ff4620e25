// SPDX-License-Identifier: GPL-3.0-or-later
// What the live topology's pictures must reach, each figure beside its reach: how long a layout takes, how
// long the window ever stands still, frames a second, and how soon a new subscriber has its line. 1 where one
// is missed.
//   QT_QPA_PLATFORM=offscreen bench_picture
#include "app/Console.h"
#include "core/broker/NatsLink.h"
#include "core/broker/NatsOptions.h"
#include "core/topology/FlowOfHistory.h"
#include "core/topology/LooksOfRange.h"
#include "tests/bench/Beats.h"
#include "tests/bench/Reach.h"
#include "tests/bench/Timing.h"
#include "tests/core/topology/LayeredFlow.h"
#include "tests/support/NatsServer.h"
#include "tests/support/NatsUser.h"
#include "tests/ui/EdgeHistory.h"
#include "tests/ui/FlowPictures.h"
#include "tests/ui/PastTraffic.h"
#include "tests/ui/ServerPictures.h"
#include "tests/ui/ViewSteps.h"
#include "tests/ui/WorldPictures.h"
#include "ui/views/TopologyPage.h"
#include "ui/views/topology/FlowView.h"
#include "ui/views/topology/ServersView.h"
#include "ui/views/topology/TopologyPicture.h"
#include "ui/views/topology/WorldView.h"
#include "ui/window/MainWindow.h"

#include <QAbstractButton>
#include <QApplication>
#include <QFile>
#include <QLineEdit>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <cstdio>
#include <optional>

using namespace weir;
using namespace weir::test;
using bench::Reach;

namespace {

constexpr int kRuns = 5;
constexpr std::size_t kNodes = 1000;
constexpr int kPatience = 60'000; // ms

template<typename Condition>
bool comes(const Condition& condition)
{
    return QTest::qWaitFor(condition, kPatience);
}

/// Lateness of the event loop while `steps` run, in ms: the worst.
double worstStall(const std::function<void()>& steps)
{
    bench::Beats beats;
    QTimer beat;
    beat.setTimerType(Qt::PreciseTimer);
    QObject::connect(&beat, &QTimer::timeout, &beat, [&beats] { beats.beat(); });
    beat.start(bench::kBeat);
    QTest::qWait(50);
    steps();
    QTest::qWait(50);
    return beats.worst();
}

void layouts(Reach& reach, const EdgeHistory& history)
{
    const auto reader = HistoryReader::open(history.path()).value();
    const auto flow = FlowOfHistory::read(*reader, Timestamp::min(), Timestamp::max(), {}, {}).value();
    const RangeLooks looks = LooksOfRange().of(*reader, flow.from(), flow.to()).value();
    const auto edge = std::make_shared<const FlowGraph>(joinLooks(flow.graph(), looks));
    for (const auto& graph : {layeredFlow({60, 40, 60, 500, 20, 120, 50, 150}), edge}) {
        const double taken = bench::medianSeconds(kRuns, [&] { (void)FlowLayout().place(graph); });
        reach.atMost("first layout of " + std::to_string(graph->nodes.size()) + " nodes, " +
                         std::to_string(graph->edges.size()) + " lines, ms",
                     1000 * taken, 300);
    }
}

/// The window over the recording: laid out first, drawn each second as live, and with another filter. Of
/// several windows the median of what each stood still at worst: the machine does other things, too.
void stalls(Reach& reach, const EdgeHistory& history)
{
    std::vector<double> first;
    std::vector<double> live;
    std::vector<double> filtered;
    for (int run = 0; run < kRuns; ++run) {
        Console console;
        MainWindow& window = console.window();
        window.resize(1440, 900);
        console.openHistory(history.path());
        console.show();
        auto* page = window.findChild<TopologyPage*>();
        auto* filter = window.findChild<QLineEdit*>("filterLine");
        const auto drawn = [page] { return page->shown().hasContent() && !page->isReading(); };
        const auto graph = [page] { return page->shown().graph(); };
        first.push_back(worstStall([&] {
            window.showPage(3);
            (void)comes(drawn);
        }));
        live.push_back(worstStall([&] {
            window.findChild<QAbstractButton*>("liveButton")->click();
            for (int update = 0; update < 3; ++update) {
                const auto before = graph();
                (void)comes([&] { return drawn() && graph() != before; });
            }
        }));
        filtered.push_back(worstStall([&] {
            const std::size_t before = graph()->nodes.size();
            filter->setText("worker:orders");
            QTest::keyClick(filter, Qt::Key_Return);
            if (!comes([&] { return drawn() && graph()->nodes.size() < before; }))
                std::fprintf(stderr, "the filter did not show\n");
        }));
    }
    reach.atMost("stall while it is laid out first, ms", bench::median(first), 50);
    reach.atMost("stall while it is updated live, ms", bench::median(live), 50);
    reach.atMost("stall while its filter changes, ms", bench::median(filtered), 50);
}

/// At the worst of several zooms, by the clock; beside it by the processor's time, as nothing else would run.
void frames(Reach& reach, const std::string& what, GraphView& view, const std::vector<int>& zooms)
{
    view.resize(1440, 900);
    const QPoint middle(700, 450);
    std::vector<double> wall;
    std::vector<double> cpu;
    for (const int notches : zooms) {
        wheel(view, middle, notches);
        std::vector<double> wallHere;
        std::vector<double> cpuHere;
        for (int run = 0; run < kRuns; ++run) {
            const FrameRate rate = frameRateOf(view, middle);
            wallHere.push_back(rate.wall);
            cpuHere.push_back(rate.cpu);
        }
        wall.push_back(bench::median(wallHere));
        cpu.push_back(bench::median(cpuHere));
    }
    reach.atLeast("pan and zoom, " + what + ", frames/s", *std::min_element(wall.begin(), wall.end()), 30);
    std::printf("  by the processor's time: %.0f frames/s\n", *std::min_element(cpu.begin(), cpu.end()));
}

void allFrames(Reach& reach)
{
    FlowView flow;
    flow.setPicture(bigFlow(5000, 10'000));
    frames(reach, "flow of 5000 nodes and 10000 lines", flow, {0, 8, 4, 4, 4});
    WorldView world;
    world.setWorld(bigWorld(2000, 5));
    frames(reach, "world of 2000 PoPs", world, {0, 4, 4, 6, 8});
    ServersView servers;
    servers.setPlan(bigPlan(2000));
    frames(reach, "2000 servers", servers, {0, 3, 3, 3, 3});
}

/// A server in operator mode, and the page Topology over traffic of its subjects.
class NewSubscribers
{
public:
    explicit NewSubscribers(std::chrono::milliseconds interval) : m_watch(interval)
    {
        endNow(m_traffic);
        m_state.setRange({true, std::chrono::hours(1), kNoTime, kNoTime});
        m_page.resize(1200, 700);
        m_page.show();
        m_state.setHistory("h.db");
    }
    /// Until its line is drawn, in ms, for several, one after the other; empty: none came.
    [[nodiscard]] std::vector<double> measure(bool events);

private:
    [[nodiscard]] std::string file(const char* name, const QByteArray& text) const
    {
        QFile out(m_dir.filePath(name));
        const bool written = out.open(QIODevice::WriteOnly) &&
                             out.setPermissions(QFile::ReadOwner | QFile::WriteOwner) &&
                             out.write(text) == text.size();
        return written ? out.fileName().toStdString() : std::string();
    }
    [[nodiscard]] std::size_t linesToClients() const
    {
        const auto picture = m_page.picture();
        const auto isToClient = [&](const FlowEdge& edge) {
            return picture->graph->nodes[edge.to].kind == FlowKind::Client;
        };
        return picture ? static_cast<std::size_t>(std::count_if(picture->graph->edges.begin(),
                                                                picture->graph->edges.end(), isToClient))
                       : 0;
    }

    QTemporaryDir m_dir;
    const TestOperator m_keys;
    NatsServer m_server{m_keys.config()};
    VirtualHistory m_traffic;
    ViewState m_state;
    BrokerWatch m_watch;
    TopologyPage m_page{m_state, m_watch, nullptr,
                        [this](const std::filesystem::path&) { return m_traffic.open(); }};
};

using ConnectionPtr = std::unique_ptr<natsConnection, decltype(&natsConnection_Destroy)>;

/// A service of this name that subscribes; what is subscribed ends with the connection.
ConnectionPtr subscriber(const ConnectionProfile& profile, const char* subject)
{
    const auto setup = natsOptionsFor(profile);
    natsConnection* connection = nullptr;
    natsSubscription* subscription = nullptr;
    if (setup && natsOptions_SetName(setup->options.get(), subject) == NATS_OK &&
        connectNats(*setup, &connection) == NATS_OK &&
        natsConnection_SubscribeSync(&subscription, connection, subject) == NATS_OK)
        (void)natsConnection_Flush(connection);
    return {connection, &natsConnection_Destroy};
}

std::vector<double> NewSubscribers::measure(bool events)
{
    if (!m_server.start())
        return {};
    ConnectionProfile profile;
    profile.urls = {m_server.url().toStdString()};
    profile.credsFile = file("user.creds", m_keys.userCreds("me"));
    profile.monitorUrl = events ? std::string() : m_server.monitorUrl().toStdString();
    profile.systemCreds = events ? file("system.creds", m_keys.systemCreds()) : std::string();
    const auto observer = NatsLink::connect(profile, {}, [] {}); // whose account is that of the page
    if (!observer)
        return {};
    m_watch.start(profile, {">"});
    if (!comes([this] { return m_watch.known().now && !m_watch.known().account.empty(); }) ||
        !comes([this] { return m_page.picture() && !m_page.picture()->graph->nodes.empty(); }))
        return {};
    std::vector<double> taken;
    std::vector<ConnectionPtr> connections;
    for (const char* subject :
         {"orders.eu.created", "orders.us.paid", "auth.login.failed", "telemetry.page.web"}) {
        QTest::qWait(700); // at another moment between two looks each time
        const std::size_t before = linesToClients();
        const auto begin = bench::SteadyClock::now();
        connections.push_back(subscriber(profile, subject));
        if (!comes([&] { return linesToClients() > before; }))
            return {};
        taken.push_back(std::chrono::duration<double, std::milli>(bench::SteadyClock::now() - begin).count());
    }
    return taken;
}

void subscribers(Reach& reach)
{
    constexpr std::chrono::milliseconds kInterval{2000};
    for (const bool events : {true, false}) {
        const std::vector<double> taken = NewSubscribers(kInterval).measure(events);
        const double worst = taken.empty() ? kPatience : *std::max_element(taken.begin(), taken.end());
        reach.atMost(events ? "new subscriber to its line, with events, ms"
                            : "new subscriber to its line, a look every 2 s, ms",
                     worst, 2000);
    }
}

} // namespace

int main(int argc, char** argv)
{
    QTemporaryDir home;
    qputenv("XDG_CONFIG_HOME", home.path().toUtf8());
    QApplication application(argc, argv);
    QApplication::setOrganizationName("weir-bench");
    const EdgeHistory history(kNodes, SystemClock().now() - std::chrono::seconds(90));
    if (!history.problem().empty()) {
        std::fprintf(stderr, "%s\n", history.problem().c_str());
        return 1;
    }
    Reach reach;
    layouts(reach, history);
    allFrames(reach);
    stalls(reach, history);
    subscribers(reach);
    return reach.missed() ? 1 : 0;
}
