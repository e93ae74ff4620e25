// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/NatsLink.h"

#include "core/base/Clock.h"
#include "core/broker/CredsFile.h"
#include "core/broker/NkeySeed.h"
#include "tests/support/NatsUser.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <thread>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace weir;
using namespace weir::test;

namespace {

/// Greets each client with the next of its nonces, and lets in who signed it.
class NonceServer
{
public:
    explicit NonceServer(std::vector<std::string> nonces)
        : m_nonces(std::move(nonces)), m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        (void)::bind(m_listener, reinterpret_cast<sockaddr*>(&address), size);
        (void)::listen(m_listener, 8);
        (void)::getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &size);
        m_port = ntohs(address.sin_port);
        m_thread = std::jthread([this] { run(); });
    }
    ~NonceServer()
    {
        ::shutdown(m_listener, SHUT_RDWR);
        m_thread.join();
        ::close(m_listener);
        for (const int client : m_clients)
            ::close(client);
    }
    [[nodiscard]] std::string url() const { return "nats://127.0.0.1:" + std::to_string(m_port); }
    /// How many came; once a client was let in.
    [[nodiscard]] std::size_t greeted() const { return m_clients.size(); }

private:
    void run()
    {
        for (const std::string& nonce : m_nonces) {
            const int client = ::accept(m_listener, nullptr, nullptr);
            if (client < 0)
                return;
            m_clients.push_back(client);
            say(client,
                "INFO {\"server_id\":\"X\",\"version\":\"2.9.10\",\"headers\":true,\"max_payload\":1048576,"
                "\"auth_required\":true,\"nonce\":\"" +
                    nonce + "\"}\r\n");
            std::string said;
            char bytes[4096];
            for (ssize_t count = 1; count > 0 && said.find("PING") == std::string::npos;) {
                count = ::recv(client, bytes, sizeof bytes, 0);
                said.append(bytes, static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
            }
            if (said.find("PING") != std::string::npos)
                say(client, said.find("\"sig\":\"") != std::string::npos
                                ? "PONG\r\n"
                                : "-ERR 'Authorization Violation'\r\n");
        }
    }
    static void say(int client, const std::string& text)
    {
        (void)::send(client, text.data(), text.size(), MSG_NOSIGNAL);
    }

    const std::vector<std::string> m_nonces;
    const int m_listener;
    std::uint16_t m_port = 0;
    std::vector<int> m_clients;
    std::jthread m_thread;
};

} // namespace

/// A link's beginning where the server's choice decides.
class TestNatsLink : public QObject
{
    Q_OBJECT
private slots:
    void isLetInWhateverTheSignature();
};

void TestNatsLink::isLetInWhateverTheSignature()
{
    const QByteArray creds = TestOperator().userCreds("u");
    const QTemporaryDir dir;
    QFile file(dir.filePath("u.creds"));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(creds) == creds.size() && file.flush());
    const auto user = CredsFile::read(file.fileName().toStdString(), SystemClock().now());
    QVERIFY2(user, user ? "" : user.error().line().c_str());
    std::vector<std::string> leadingZero;
    std::string other;
    for (int i = 0; leadingZero.size() < 2; ++i) {
        const std::string nonce = "nonce" + std::to_string(i);
        const auto signature = nkeySign(user->seed(), nonce);
        QVERIFY2(signature, signature ? "" : signature.error().line().c_str());
        if (signature->front() == '\0')
            leadingZero.push_back(nonce);
        else
            other = nonce;
    }
    NonceServer server({leadingZero[0], leadingZero[1], other});
    ConnectionProfile profile;
    profile.urls = {server.url()};
    profile.credsFile = file.fileName().toStdString();
    const auto link = NatsLink::connect(profile, {}, [] {});
    QVERIFY2(link, link ? "" : link.error().line().c_str());
    QCOMPARE(server.greeted(), std::size_t{3});
}

QTEST_APPLESS_MAIN(TestNatsLink)
#include "tst_NatsLink.moc"
