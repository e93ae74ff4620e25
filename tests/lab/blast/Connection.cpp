// SPDX-License-Identifier: GPL-3.0-or-later
#include "Connection.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace weir::blast {
namespace {

constexpr int kPatienceMs = 30'000;
constexpr int kSendBufferBytes = 1024 * 1024;
constexpr std::string_view kPing = "PING\r\n";
constexpr std::string_view kPong = "PONG\r\n";

std::string because(const std::string& what)
{
    return what + ": " + std::strerror(errno);
}

std::string jsonText(std::string_view text)
{
    std::string json = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            json += '\\';
        json += c;
    }
    return json + '"';
}

} // namespace

Connection::~Connection()
{
    if (m_socket >= 0)
        ::close(m_socket);
}

Connection::Failure Connection::open(const Options& options)
{
    if (auto failure = connectSocket(options))
        return failure;
    if (auto failure = greet(options))
        return failure;
    return flush();
}

Connection::Failure Connection::connectSocket(const Options& options)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int error = ::getaddrinfo(options.host.c_str(), options.port.c_str(), &hints, &found);
        error != 0)
        return "cannot resolve " + options.host + ": " + ::gai_strerror(error);
    for (const addrinfo* entry = found; entry != nullptr && m_socket < 0; entry = entry->ai_next) {
        const int candidate =
            ::socket(entry->ai_family, entry->ai_socktype | SOCK_CLOEXEC, entry->ai_protocol);
        if (candidate >= 0 && ::connect(candidate, entry->ai_addr, entry->ai_addrlen) == 0)
            m_socket = candidate;
        else if (candidate >= 0)
            ::close(candidate);
    }
    ::freeaddrinfo(found);
    if (m_socket < 0)
        return because("cannot connect to " + options.host + ':' + options.port);
    const int on = 1;
    ::setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(m_socket, SOL_SOCKET, SO_SNDBUF, &kSendBufferBytes, sizeof kSendBufferBytes);
    return std::nullopt;
}

Connection::Failure Connection::greet(const Options& options)
{
    while (m_info.empty()) {
        if (auto failure = wait(POLLIN))
            return failure;
        if (auto failure = receive())
            return failure;
    }
    if (m_info.find("\"tls_required\":true") != std::string::npos)
        return "the server requires TLS, which weir-blast does not speak";
    std::string connect = R"(CONNECT {"verbose":false,"pedantic":false,"headers":true,"no_responders":true,)"
                          R"("echo":false,"protocol":1,"lang":"c++","version":"1.0.0","name":"weir-blast")";
    if (!options.user.empty())
        connect += ",\"user\":" + jsonText(options.user) + ",\"pass\":" + jsonText(options.pass);
    connect += "}\r\n";
    return send(connect);
}

Connection::Failure Connection::send(std::span<const char> bytes)
{
    for (;;) {
        if (auto failure = receive())
            return failure;
        if (bytes.empty() && m_pingsToAnswer == 0)
            return std::nullopt;
        if (bytes.empty()) {
            --m_pingsToAnswer; // only here, between two messages
            bytes = kPong;
        }
        const ssize_t sent = ::send(m_socket, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent > 0)
            bytes = bytes.subspan(static_cast<std::size_t>(sent));
        else if (errno != EAGAIN && errno != EINTR)
            return because("sending failed");
        if (!bytes.empty()) {
            if (auto failure = wait(POLLIN | POLLOUT))
                return failure;
        }
    }
}

Connection::Failure Connection::flush()
{
    const unsigned before = m_pongs;
    if (auto failure = send(kPing))
        return failure;
    while (m_pongs == before) {
        if (auto failure = wait(POLLIN))
            return failure;
        if (auto failure = send({}))
            return failure;
    }
    return std::nullopt;
}

Connection::Failure Connection::wait(short events)
{
    pollfd entry{m_socket, events, 0};
    const int ready = ::poll(&entry, 1, kPatienceMs);
    if (ready > 0 || (ready < 0 && errno == EINTR))
        return std::nullopt;
    return ready == 0 ? "the server did not move for 30 s" : because("poll failed");
}

Connection::Failure Connection::receive()
{
    std::array<char, 8192> buffer;
    const ssize_t got = ::recv(m_socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got == 0)
        return "the server closed the connection";
    if (got < 0)
        return errno == EAGAIN || errno == EINTR ? std::nullopt : Failure(because("receiving failed"));
    m_input.append(buffer.data(), static_cast<std::size_t>(got));
    std::size_t begin = 0;
    for (std::size_t end; (end = m_input.find("\r\n", begin)) != std::string::npos; begin = end + 2) {
        if (auto failure = handleLine(std::string_view(m_input).substr(begin, end - begin)))
            return failure;
    }
    m_input.erase(0, begin);
    return std::nullopt;
}

Connection::Failure Connection::handleLine(std::string_view line)
{
    if (line.starts_with("INFO "))
        m_info = line.substr(5);
    else if (line == "PING")
        ++m_pingsToAnswer;
    else if (line == "PONG")
        ++m_pongs;
    else if (line.starts_with("-ERR"))
        return "the server says " + std::string(line);
    return std::nullopt;
}

} // namespace weir::blast
