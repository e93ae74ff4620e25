// SPDX-License-Identifier: GPL-3.0-or-later
// What looking at a busy nats-server costs it: its own CPU with and without, a real server with 2,000
// connections and 20,000 subscriptions, 1,000 messages a second and a client that comes and goes each second.
// Pairs of both, alternating; prints percent of a core.
//   bench_monitor [PAIRS [SECONDS [INTERVAL_MS]]]
#include "core/broker/NatsMonitor.h"
#include "tests/bench/Timing.h"
#include "tests/support/NatsServer.h"

#include <QCoreApplication>
#include <QFile>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

constexpr int kConnections = 2000;
constexpr int kSubscriptions = 10; ///< of each
constexpr auto kBeat = 100ms;
constexpr int kMessagesABeat = 100;
constexpr int kBeatsAVisit = 10;

[[noreturn]] void quit(const char* why)
{
    std::fprintf(stderr, "bench_monitor: %s\n", why);
    std::exit(1);
}

int connectTo(int port, const std::string& hello)
{
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
        quit("cannot connect: is the limit of open files high enough?");
    if (write(fd, hello.data(), hello.size()) != static_cast<ssize_t>(hello.size()))
        quit("cannot write");
    return fd;
}

/// The clients: raw sockets of one thread, which publishes, reads what comes, and lets one more come and go.
class Clients
{
public:
    explicit Clients(int port) : m_port(port), m_poll(epoll_create1(EPOLL_CLOEXEC))
    {
        for (int i = 0; i < kConnections; ++i) {
            std::string hello = "CONNECT {\"verbose\":false,\"name\":\"service-" + std::to_string(i) +
                                "\",\"lang\":\"go\",\"version\":\"1.16.0\"}\r\n";
            for (int j = 0; j < kSubscriptions; ++j)
                hello += "SUB app." + std::to_string(i) + ".topic" + std::to_string(j) + ".> " +
                         std::to_string(j + 1) + "\r\n";
            m_sockets.push_back(connectTo(port, hello));
            epoll_event event{};
            event.events = EPOLLIN;
            event.data.fd = m_sockets.back();
            if (epoll_ctl(m_poll, EPOLL_CTL_ADD, m_sockets.back(), &event) != 0)
                quit("cannot poll");
        }
        m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
    }
    ~Clients()
    {
        m_thread.request_stop();
        m_thread.join();
        for (const int fd : m_sockets)
            close(fd);
        close(m_poll);
    }
    Clients(const Clients&) = delete;
    Clients& operator=(const Clients&) = delete;

private:
    void run(const std::stop_token& stop)
    {
        int visitor = -1;
        for (std::uint64_t beat = 0; !stop.stop_requested(); ++beat) {
            const auto next = std::chrono::steady_clock::now() + kBeat;
            publish(beat);
            if (beat % kBeatsAVisit == 0) {
                if (visitor >= 0)
                    close(visitor);
                visitor = connectTo(m_port, "CONNECT {\"verbose\":false}\r\nSUB visit 1\r\n");
            }
            while (std::chrono::steady_clock::now() < next)
                drain(std::chrono::duration_cast<std::chrono::milliseconds>(
                    next - std::chrono::steady_clock::now() + 1ms));
        }
        if (visitor >= 0)
            close(visitor);
    }
    void publish(std::uint64_t beat)
    {
        std::string out;
        for (int i = 0; i < kMessagesABeat; ++i)
            out += "PUB app." +
                   std::to_string((beat * kMessagesABeat + static_cast<std::uint64_t>(i)) % kConnections) +
                   ".topic3.x 5\r\nhello\r\n";
        if (write(m_sockets[beat % kConnections], out.data(), out.size()) < 0)
            quit("the server closed a connection");
    }
    void drain(std::chrono::milliseconds patience)
    {
        std::array<epoll_event, 64> events{};
        const int ready = epoll_wait(m_poll, events.data(), static_cast<int>(events.size()),
                                     static_cast<int>(patience.count()));
        std::array<char, 65536> bytes{};
        for (int i = 0; i < ready; ++i) {
            if (read(events.at(static_cast<std::size_t>(i)).data.fd, bytes.data(), bytes.size()) <= 0)
                quit("the server closed a connection");
        }
    }

    const int m_port;
    const int m_poll;
    std::vector<int> m_sockets;
    std::jthread m_thread;
};

/// User and system time of a process, seconds (proc(5): utime and stime).
double cpuOf(qint64 pid)
{
    QFile stat(QString("/proc/%1/stat").arg(pid));
    if (!stat.open(QIODevice::ReadOnly))
        quit("the server is gone");
    const QByteArray line = stat.readAll();
    const QList<QByteArray> fields = line.mid(line.lastIndexOf(')') + 2).split(' ');
    return (fields.at(11).toDouble() + fields.at(12).toDouble()) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

/// Looks again and again, as the window does, on a thread of its own while it lives.
class Watcher
{
public:
    Watcher(const std::string& url, std::chrono::milliseconds interval)
        : m_thread([this, url, interval](const std::stop_token& stop) {
              NatsMonitor::Options options;
              options.urls = {url};
              options.interval = interval;
              NatsMonitor monitor(options, m_clock);
              while (!stop.stop_requested()) {
                  const auto look = monitor.glance(stop);
                  if (look && (*look)->connections.size() >= kConnections)
                      ++m_looks;
                  std::unique_lock lock(m_mutex);
                  m_pause.wait_for(lock, stop,
                                   std::max<Nanoseconds>(monitor.nextAt() - m_clock.steady(), 20ms),
                                   [] { return false; });
              }
          })
    {
    }
    [[nodiscard]] int finish()
    {
        m_thread.request_stop();
        m_thread.join();
        return m_looks;
    }

private:
    SystemClock m_clock;
    std::mutex m_mutex;
    std::condition_variable_any m_pause;
    int m_looks = 0; ///< the thread's until it is joined
    std::jthread m_thread;
};

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication app(argc, argv);
    const int pairs = argc > 1 ? std::atoi(argv[1]) : 3;
    const std::chrono::seconds length(argc > 2 ? std::atoi(argv[2]) : 60);
    const std::chrono::milliseconds interval(argc > 3 ? std::atoi(argv[3]) : 2000);
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    NatsServer server("ping_interval: \"1h\"");
    if (!server.start())
        quit(qPrintable(server.error()));
    const Clients clients(server.port());
    std::this_thread::sleep_for(3s);
    std::vector<double> added;
    const auto share = [&] {
        const double before = cpuOf(server.pid());
        const auto began = std::chrono::steady_clock::now();
        std::this_thread::sleep_for(length);
        return 100 * (cpuOf(server.pid()) - before) /
               std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    };
    for (int i = 0; i < pairs; ++i) {
        const double without = share();
        Watcher watcher(server.monitorUrl().toStdString(), interval);
        const double with = share();
        const int looks = watcher.finish();
        if (looks == 0)
            quit("no look showed all connections");
        added.push_back(with - without);
        std::printf("pair %d: %.2f %% of a core without, %.2f %% with %d looks: monitoring takes %.2f %%\n",
                    i + 1, without, with, looks, with - without);
        std::fflush(stdout);
    }
    std::printf(
        "monitoring %d connections with %d subscriptions takes %.2f %% of a core (median of %d pairs, %lld s "
        "each)\n",
        kConnections, kConnections * kSubscriptions, bench::median(added), pairs,
        static_cast<long long>(length.count()));
    return bench::median(added) <= 2 ? 0 : 1;
}
