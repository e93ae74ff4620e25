// SPDX-License-Identifier: GPL-3.0-or-later
// Capture to disk at full blast against a bare nats.c subscriber that reads every header: the same publisher,
// the same server, in one run, alternating, median of several rounds. Prints one line a round and the ratios
// at the end.
//   bench_capture [ROUNDS [MESSAGES]]
#include "tests/support/NatsServer.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <fcntl.h>
#include <spawn.h>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

extern char** environ;

namespace {

constexpr const char* kSubject = "blast.>";

/// A child process with its stdout in a file; waits give the CPU that it used.
class Child
{
public:
    Child(const std::vector<std::string>& command, const std::string& out, const std::string& err)
    {
        std::vector<char*> argv;
        for (const std::string& word : command)
            argv.push_back(const_cast<char*>(word.c_str()));
        argv.push_back(nullptr);
        posix_spawn_file_actions_t files;
        posix_spawn_file_actions_init(&files);
        posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                         0600);
        posix_spawn_file_actions_addopen(&files, STDERR_FILENO, err.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                         0600);
        if (posix_spawn(&m_pid, argv[0], &files, nullptr, argv.data(), environ) != 0) {
            std::fprintf(stderr, "cannot start %s\n", argv[0]);
            std::exit(1);
        }
        posix_spawn_file_actions_destroy(&files);
    }
    /// CPU seconds, user and system.
    [[nodiscard]] double wait() const
    {
        int status = 0;
        rusage usage{};
        wait4(m_pid, &status, 0, &usage);
        if (status != 0 && WEXITSTATUS(status) != 3) {
            std::fprintf(stderr, "a child failed with status %d\n", status);
            std::exit(1);
        }
        const auto seconds = [](const timeval& time) {
            return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
        };
        return seconds(usage.ru_utime) + seconds(usage.ru_stime);
    }

private:
    pid_t m_pid = 0;
};

QByteArray contents(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

struct Round
{
    double rate;  // messages/s, first received to last received (bare) or committed (Weir)
    double cpu;   // µs a message
    double lost;  // share of the messages that did not arrive
    double bytes; // on disk a message
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
        return round({WEIR_BARE_SUBSCRIBER, url(), kSubject, std::to_string(m_messages)}, "ready");
    }
    Round weir()
    {
        const std::string history = m_dir.filePath(QString("h%1.db").arg(m_round)).toStdString();
        Round result = round({WEIR_BINARY, "record", "--server", url(), "--subject", kSubject, "--count",
                              std::to_string(m_messages), "--duration", "120s", "--max-rate", "0",
                              "--history", history, "--format", "json"},
                             "recording");
        QFile::remove(QString::fromStdString(history));
        return result;
    }

private:
    std::string url() const { return m_server.url().toStdString(); }

    Round round(const std::vector<std::string>& command, const QByteArray& readyWord)
    {
        ++m_round;
        const std::string out = m_dir.filePath("out").toStdString();
        const std::string err = m_dir.filePath("err").toStdString();
        QFile::remove(m_dir.filePath("err"));
        const Child subscriber(command, out, err);
        while (!contents(m_dir.filePath("err")).contains(readyWord))
            usleep(2000); // waiting for another process to say so on its stderr
        const Child blast({WEIR_BLAST, "--server", "127.0.0.1:" + std::to_string(m_server.port()), "--count",
                           std::to_string(m_messages), "--subjects", "1000"},
                          m_dir.filePath("blast").toStdString(), "/dev/null");
        (void)blast.wait();
        const double cpu = subscriber.wait();
        const QJsonObject result = QJsonDocument::fromJson(contents(m_dir.filePath("out"))).object();
        const double received = result["received"].toDouble();
        const double seconds = result["seconds"].toDouble();
        const double all = static_cast<double>(m_messages);
        return {received / seconds, 1e6 * cpu / received, 1.0 - received / all,
                result["bytes_on_disk"].toDouble() / received};
    }

    std::uint64_t m_messages;
    weir::test::NatsServer m_server;
    QTemporaryDir m_dir;
    int m_round = 0;
};

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
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
    for (int i = 0; i < rounds; ++i) {
        const Round bare = bench.bare();
        const Round weir = bench.weir();
        rates.push_back(weir.rate / bare.rate);
        costs.push_back(weir.cpu / bare.cpu);
        std::printf("bare %8.0f msg/s %5.2f µs/msg lost %.4f %%   weir %8.0f msg/s %5.2f µs/msg lost %.4f %% "
                    "%5.1f B/msg\n",
                    bare.rate, bare.cpu, 100 * bare.lost, weir.rate, weir.cpu, 100 * weir.lost, weir.bytes);
        std::fflush(stdout);
    }
    std::printf("capture to disk / bare subscriber: rate %.2f, CPU a message %.2f (median of %d)\n",
                median(rates), median(costs), rounds);
    return 0;
}
