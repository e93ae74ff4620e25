// SPDX-License-Identifier: GPL-3.0-or-later
// What the live topology costs beside the capture that it draws: 200,000 messages a second on 100,000
// subjects of 1,000 groups are recorded by one process, while this one follows the history as a page does:
// Topology, which joins at its own pace what messages show with a look at 2,000 connections with 20,000
// subscriptions, and lays it out; then Subjects, which keeps their tree. Prints the CPU a message, and each
// page's ratio to the capture's, median of several rounds; 1 where one is above a tenth.
//   bench_topology [ROUNDS [SECONDS]]
#include "core/history/HistoryFollower.h"
#include "core/topology/SubjectTree.h"
#include "tests/bench/Child.h"
#include "tests/bench/Reach.h"
#include "tests/bench/Timing.h"
#include "tests/support/NatsServer.h"
#include "ui/views/topology/FlowDraft.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

using namespace weir;
using weir::bench::Child;

namespace {

constexpr int kRate = 200'000;
constexpr int kSubjects = 100'000;
constexpr int kGroups = 1'000;
constexpr int kConnections = 2'000;
constexpr int kSubscriptions = 10; ///< of each

/// As weir-blast names them.
std::string groupOf(int number)
{
    std::string word(3, 'a');
    for (std::size_t i = word.size(); i-- > 0; number /= 26)
        word[i] = static_cast<char>('a' + number % 26);
    return "blast" + word;
}

std::shared_ptr<const BrokerLook> lookAt(Timestamp time)
{
    auto look = std::make_shared<BrokerLook>();
    look->time = time;
    look->accounts = {{"A", "blast", false, {}}};
    for (int i = 0; i < kConnections; ++i) {
        SeenConnection connection;
        connection.server = "S";
        connection.account = "A";
        connection.cid = static_cast<std::uint64_t>(i) + 1;
        connection.name = "client-" + std::to_string(i);
        for (int k = 0; k < kSubscriptions; ++k)
            connection.subscriptions.push_back({k == 0
                                                    ? groupOf(i % kGroups) + ".>"
                                                    : "other." + std::to_string(i) + "." + std::to_string(k),
                                                {},
                                                0});
        look->connections.push_back(std::move(connection));
    }
    look->connectionsTotal = look->connections.size();
    return look;
}

double cpuOfThisProcess()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return bench::secondsOf(usage);
}

struct Round
{
    double capture = 0;  ///< µs of CPU a message
    double topology = 0; ///< likewise
    double drawn = 0;    ///< pictures
    double rate = 0;
};

class Bench
{
public:
    explicit Bench(int seconds) : m_seconds(seconds), m_server("max_payload: 1MB\nmax_pending: 256MB\n") {}

    [[nodiscard]] bool start()
    {
        if (m_server.start())
            return true;
        std::fprintf(stderr, "%s\n", qPrintable(m_server.error()));
        return false;
    }

    /// Of the last picture.
    [[nodiscard]] std::size_t nodes() const { return m_nodes; }

    enum class Page { None, Topology, Subjects };

    [[nodiscard]] Round round(Page page)
    {
        const QString history = m_dir.filePath(QString("h%1.db").arg(++m_round));
        const std::string count = std::to_string(kRate * m_seconds);
        const std::string out = m_dir.filePath("out").toStdString();
        QFile::remove(m_dir.filePath("err"));
        const Child record({WEIR_BINARY, "record", "--server", m_server.url().toStdString(), "--subject", ">",
                            "--count", count, "--max-rate", "0", "--history", history.toStdString(),
                            "--format", "json", "--duration", "120s"},
                           out, m_dir.filePath("err").toStdString());
        bench::waitForWord(m_dir.filePath("err"), "recording");
        const Child blast({WEIR_BLAST, "--server", "127.0.0.1:" + std::to_string(m_server.port()), "--count",
                           count, "--rate", std::to_string(kRate), "--subjects", std::to_string(kSubjects),
                           "--groups", std::to_string(kGroups)},
                          m_dir.filePath("blast").toStdString(), "/dev/null");
        Round made;
        SystemClock clock;
        std::vector<std::shared_ptr<const BrokerLook>> looks; // what they cost, bench_monitor measures
        for (int second = 0; page == Page::Topology && second <= m_seconds; ++second)
            looks.push_back(lookAt(clock.now() + std::chrono::seconds(second)));
        const double before = cpuOfThisProcess();
        if (page == Page::Topology)
            made.drawn = draw(history, looks);
        else if (page == Page::Subjects)
            made.drawn = list(history);
        const double used = cpuOfThisProcess() - before;
        (void)blast.wait();
        const Child::Use use = record.wait();
        const QJsonObject result = QJsonDocument::fromJson(bench::contents(m_dir.filePath("out"))).object();
        const double received = result["received"].toDouble();
        made.capture = 1e6 * use.cpu / received;
        made.topology = 1e6 * used / received;
        made.rate = received / result["seconds"].toDouble();
        QFile::remove(history);
        return made;
    }

private:
    /// As the page Topology does: fed by the follower, drawn as often as a picture's time allows.
    [[nodiscard]] double draw(const QString& history,
                              const std::vector<std::shared_ptr<const BrokerLook>>& looks)
    {
        SystemClock clock;
        FlowAsked asked;
        asked.tracker = std::make_shared<FlowTracker>(std::chrono::minutes(5), true);
        asked.history = history.toStdString();
        asked.live = true;
        HistoryFollower::Options options;
        options.path = asked.history;
        HistoryFollower follower(options, clock, {asked.tracker}, [] {});
        follower.start();
        FlowDraft draft(&HistoryReader::open);
        double drawn = 0;
        const Nanoseconds end = clock.steady() + std::chrono::seconds(m_seconds);
        std::chrono::milliseconds pause = drawnAgainAfter({});
        while (clock.steady() < end) {
            usleep(static_cast<useconds_t>(std::chrono::microseconds(pause).count()));
            const Nanoseconds begin = clock.steady();
            asked.to = clock.now();
            asked.from = asked.to - std::chrono::minutes(5);
            const auto now = std::find_if(looks.rbegin(), looks.rend() - 1,
                                          [&](const auto& look) { return look->time <= asked.to; });
            asked.broker = {*now, looks.front(), "A", {">"}, {}};
            const FlowDrawn done = draft.draw(asked);
            pause = drawnAgainAfter(clock.steady() - begin);
            drawn += done.picture ? 1 : 0;
            m_nodes = done.picture ? done.picture->graph->nodes.size() : m_nodes;
            if (!done.picture)
                std::fprintf(stderr, "%s\n", qPrintable(done.problem));
        }
        return drawn;
    }

    /// As the page Subjects does: its first rows twice a second.
    [[nodiscard]] double list(const QString& history)
    {
        SystemClock clock;
        const auto tree = std::make_shared<SubjectTree>();
        HistoryFollower::Options options;
        options.path = history.toStdString();
        HistoryFollower follower(options, clock, {tree}, [] {});
        follower.start();
        double listed = 0;
        for (int half = 0; half < 2 * m_seconds; ++half) {
            usleep(500'000);
            listed += tree->children(tree->root().id, SubjectSort::Rate, 0, 4096).nodes.empty() ? 0 : 1;
        }
        return listed;
    }

    const int m_seconds;
    test::NatsServer m_server;
    QTemporaryDir m_dir;
    int m_round = 0;
    std::size_t m_nodes = 0;
};

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 3;
    Bench bench(argc > 2 ? std::max(3, std::atoi(argv[2])) : 15);
    if (!bench.start())
        return 1;
    std::vector<double> flow;
    std::vector<double> subjects;
    std::vector<double> beside;
    for (int i = 0; i < rounds; ++i) {
        const Round alone = bench.round(Bench::Page::None);
        const Round drawn = bench.round(Bench::Page::Topology);
        const Round listed = bench.round(Bench::Page::Subjects);
        std::printf("%.0f msg/s, %d subjects: capture alone %.2f µs/msg, beside the topology %.2f; topology "
                    "%.2f µs/msg, %.0f pictures; subjects %.2f µs/msg, %.0f times listed\n",
                    drawn.rate, kSubjects, alone.capture, drawn.capture, drawn.topology, drawn.drawn,
                    listed.topology, listed.drawn);
        std::fflush(stdout);
        flow.push_back(drawn.topology / alone.capture);
        subjects.push_back(listed.topology / alone.capture);
        beside.push_back(drawn.capture / alone.capture);
    }
    std::printf("%zu nodes; capture beside it / alone: %.2f (median of %d)\n", bench.nodes(),
                bench::median(beside), rounds);
    bench::Reach reach;
    reach.atMost("Topology / capture, CPU a message", bench::median(flow), 0.10);
    reach.atMost("Subjects / capture, CPU a message", bench::median(subjects), 0.10);
    return reach.missed() ? 1 : 0;
}
