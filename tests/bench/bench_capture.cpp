// SPDX-License-Identifier: GPL-3.0-or-later
// Capture to disk at full blast against a bare nats.c subscriber that reads every header, and against
// JetStream's file store of the same feed: the same publisher, in one run, alternating, median of several
// rounds. Then the same with a million distinct subjects. Prints one line a round and the ratios at the end.
//   bench_capture [ROUNDS [MESSAGES]]
#include "tests/bench/Child.h"
#include "tests/bench/Timing.h"
#include "tests/support/StreamBroker.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

using weir::bench::Child;
using weir::bench::contents;

namespace {

constexpr const char* kSubject = "blast.>";
constexpr int kFewSubjects = 1000;
constexpr int kManySubjects = 1'000'000;

struct Round
{
    double seconds; // first received to last received (bare), committed (Weir) or stored (JetStream)
    double rate;    // messages/s in them
    double cpu;     // µs a message
    double lost;    // share of the messages that did not arrive
    double bytes;   // on disk a message
    double memory;  // MiB
};

class Bench
{
public:
    explicit Bench(std::uint64_t messages)
        : m_messages(messages), m_server("max_payload: 1MB\nmax_pending: 256MB\n")
    {
    }

    bool start()
    {
        if (m_server.start())
            return true;
        std::fprintf(stderr, "%s\n", qPrintable(m_server.error()));
        return false;
    }

    Round bare()
    {
        return round({WEIR_BARE_SUBSCRIBER, url(), kSubject, std::to_string(m_messages)}, "ready",
                     kFewSubjects);
    }
    Round weir(int subjects)
    {
        const std::string history = m_dir.filePath(QString("h%1.db").arg(m_round)).toStdString();
        Round result = round({WEIR_BINARY, "record", "--server", url(), "--subject", kSubject, "--count",
                              std::to_string(m_messages), "--duration", "120s", "--max-rate", "0",
                              "--history", history, "--format", "json"},
                             "recording", subjects);
        QFile::remove(QString::fromStdString(history));
        return result;
    }
    /// A server of its own whose stream takes the feed; nobody subscribes.
    Round jetStream()
    {
        weir::test::StreamBroker broker;
        if (!broker.start("BLAST", kSubject)) {
            std::fprintf(stderr, "%s\n", qPrintable(broker.server().error()));
            std::exit(1);
        }
        blast(broker.server().port(), kFewSubjects);
        QJsonObject state;
        do { // asking takes as long as it takes; what counts are the stream's own times
            state = broker.api("STREAM.INFO.BLAST")["state"].toObject();
        } while (state["messages"].toDouble() < static_cast<double>(m_messages));
        const auto moment = [&state](const char* name) {
            return QDateTime::fromString(state[name].toString(), Qt::ISODateWithMs);
        };
        const double seconds = 1e-3 * static_cast<double>(moment("first_ts").msecsTo(moment("last_ts")));
        const double all = static_cast<double>(m_messages);
        return {seconds, all / seconds, 0, 0, state["bytes"].toDouble() / all, 0};
    }

private:
    std::string url() const { return m_server.url().toStdString(); }

    void blast(int port, int subjects) const
    {
        const Child blast({WEIR_BLAST, "--server", "127.0.0.1:" + std::to_string(port), "--count",
                           std::to_string(m_messages), "--subjects", std::to_string(subjects)},
                          m_dir.filePath("blast").toStdString(), "/dev/null");
        (void)blast.wait();
    }

    Round round(const std::vector<std::string>& command, const QByteArray& readyWord, int subjects)
    {
        ++m_round;
        const std::string out = m_dir.filePath("out").toStdString();
        const std::string err = m_dir.filePath("err").toStdString();
        QFile::remove(m_dir.filePath("err"));
        const Child subscriber(command, out, err);
        weir::bench::waitForWord(m_dir.filePath("err"), readyWord);
        blast(m_server.port(), subjects);
        const Child::Use use = subscriber.wait();
        const QJsonObject result = QJsonDocument::fromJson(contents(m_dir.filePath("out"))).object();
        const double received = result["received"].toDouble();
        const double seconds = result["seconds"].toDouble();
        const double all = static_cast<double>(m_messages);
        return {seconds,
                received / seconds,
                1e6 * use.cpu / received,
                1.0 - received / all,
                result["bytes_on_disk"].toDouble() / received,
                use.memory};
    }

    std::uint64_t m_messages;
    weir::test::NatsServer m_server;
    QTemporaryDir m_dir;
    int m_round = 0;
};

void print(const char* what, const Round& round)
{
    std::printf("%-18s %8.0f msg/s %5.2f µs/msg lost %.4f %% %6.1f B/msg %4.0f MiB\n", what, round.rate,
                round.cpu, 100 * round.lost, round.bytes, round.memory);
    std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 5;
    Bench bench(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 2'000'000);
    if (!bench.start())
        return 1;
    std::vector<double> rates;
    std::vector<double> costs;
    std::vector<double> times;
    std::vector<double> sizes;
    std::vector<double> growths;
    double memory = 0;
    for (int i = 0; i < rounds; ++i) {
        const Round bare = bench.bare();
        const Round weir = bench.weir(kFewSubjects);
        const Round jetStream = bench.jetStream();
        const Round many = bench.weir(kManySubjects);
        rates.push_back(weir.rate / bare.rate);
        costs.push_back(weir.cpu / bare.cpu);
        times.push_back(weir.seconds / jetStream.seconds);
        sizes.push_back(weir.bytes / jetStream.bytes);
        growths.push_back(many.cpu / weir.cpu);
        memory = std::max(memory, many.memory);
        print("bare", bare);
        print("weir", weir);
        print("JetStream", jetStream);
        print("weir, 1 M subjects", many);
    }
    std::printf("capture to disk / bare subscriber: rate %.2f, CPU a message %.2f (median of %d)\n",
                weir::bench::median(rates), weir::bench::median(costs), rounds);
    std::printf("capture to disk / JetStream's file store: time %.2f, bytes %.2f\n",
                weir::bench::median(times), weir::bench::median(sizes));
    std::printf("CPU a message, 1 M distinct subjects / 1 k: %.2f; resident at most %.0f MiB\n",
                weir::bench::median(growths), memory);
    return 0;
}
