// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/NatsLink.h"

#include <QElapsedTimer>
#include <QtTest>

#include <atomic>
#include <thread>

#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace weir;

namespace {

/// Greets as NATS does and, once told, leaves PINGs unanswered.
class FallingSilent
{
public:
    FallingSilent() : m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        (void)::bind(m_listener, reinterpret_cast<sockaddr*>(&address), size);
        (void)::listen(m_listener, 8);
        (void)::getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &size);
        m_port = ntohs(address.sin_port);
        m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
    }
    ~FallingSilent()
    {
        m_thread.request_stop();
        m_thread.join();
        ::close(m_listener);
    }

    [[nodiscard]] ConnectionProfile profile() const
    {
        ConnectionProfile profile;
        profile.urls = {"nats://127.0.0.1:" + std::to_string(m_port)};
        profile.connectTimeout = std::chrono::milliseconds(300);
        return profile;
    }
    std::atomic<bool> silent{false};

private:
    void run(const std::stop_token& stop)
    {
        std::vector<pollfd> all{{m_listener, POLLIN, 0}};
        while (!stop.stop_requested()) {
            if (::poll(all.data(), all.size(), 20) <= 0)
                continue;
            if (all[0].revents != 0) {
                const int client = ::accept(m_listener, nullptr, nullptr);
                say(client, "INFO "
                            "{\"server_id\":\"X\",\"version\":\"2.9.10\",\"headers\":true,\"max_payload\":"
                            "1048576}\r\n");
                all.push_back({client, POLLIN, 0});
            }
            for (std::size_t i = all.size(); --i > 0;) {
                if (all[i].revents != 0 && !answer(all[i].fd))
                    all.erase(all.begin() + static_cast<std::ptrdiff_t>(i));
            }
        }
        for (std::size_t i = 1; i < all.size(); ++i)
            ::close(all[i].fd);
    }

    [[nodiscard]] bool answer(int client) const
    {
        char bytes[4096];
        const ssize_t count = ::recv(client, bytes, sizeof bytes, 0);
        if (count <= 0) {
            ::close(client);
            return false;
        }
        if (!silent &&
            std::string_view(bytes, static_cast<std::size_t>(count)).find("PING") != std::string_view::npos)
            say(client, "PONG\r\n");
        return true;
    }

    static void say(int client, std::string_view text)
    {
        (void)::send(client, text.data(), text.size(), MSG_NOSIGNAL);
    }

    int m_listener;
    std::uint16_t m_port = 0;
    std::jthread m_thread;
};

double cpuSeconds()
{
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

} // namespace

/// A server that greets and then says nothing: the attempt ends, and nobody else's connection does.
class TestHandshakeWatch : public QObject
{
    Q_OBJECT
private slots:
    void endsAnAttemptThatTheServerLeavesHanging();
    void leavesEstablishedLinksAlone();
};

void TestHandshakeWatch::endsAnAttemptThatTheServerLeavesHanging()
{
    FallingSilent server;
    server.silent = true;
    const double before = cpuSeconds();
    const auto link = NatsLink::connect(server.profile(), {}, [] {});
    QVERIFY(!link);
    QCOMPARE(link.error().code, ErrorCode::Timeout);
    QVERIFY2(link.error().line().find("the server greeted, and then answered nothing for 300 ms") !=
                 std::string::npos,
             link.error().line().c_str());
    QVERIFY(cpuSeconds() - before < 2);
}

void TestHandshakeWatch::leavesEstablishedLinksAlone()
{
    FallingSilent server;
    const auto link = NatsLink::connect(server.profile(), {}, [] {});
    QVERIFY2(link.has_value(), link ? "" : link.error().line().c_str());
    server.silent = true;
    for (int i = 0; i < 2; ++i)
        QVERIFY(!NatsLink::connect(server.profile(), {}, [] {}));
    server.silent = false;
    QVERIFY((*link)->roundTrip(std::chrono::seconds(5)).has_value());
    QVERIFY(!(*link)->closed());
}

QTEST_GUILESS_MAIN(TestHandshakeWatch)
#include "tst_HandshakeWatch.moc"
