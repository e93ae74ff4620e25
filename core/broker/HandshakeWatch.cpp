// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/HandshakeWatch.h"

#include "core/broker/ServerProbe.h"

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <system_error>

#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>

namespace weir {
namespace {

constexpr std::chrono::milliseconds kLeastPatience{100};

struct Adopted
{
    std::mutex mutex;
    std::multiset<std::uint16_t> localPorts; // guarded by mutex
};

Adopted& adopted()
{
    static Adopted all;
    return all;
}

/// The port at one end of a TCP socket; 0 for every other descriptor.
template<typename AskEnd>
std::uint16_t portOf(int descriptor, AskEnd&& askEnd)
{
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (askEnd(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        return 0;
    if (address.ss_family == AF_INET)
        return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
    if (address.ss_family == AF_INET6)
        return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
    return 0;
}

} // namespace

HandshakeWatch::HandshakeWatch(const std::vector<std::string>& urls, std::chrono::milliseconds patience)
    : m_patience(std::max(patience, kLeastPatience))
{
    for (const std::string& url : urls) {
        if (const auto place = hostPortOf(url))
            m_ports.insert(place->port);
    }
    m_others = waiting();
    m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
    pthread_setname_np(m_thread.native_handle(), "handshake");
}

void HandshakeWatch::stop()
{
    m_thread.request_stop();
    m_thread.join();
}

void HandshakeWatch::adopt(std::uint16_t localPort)
{
    const std::unique_lock lock(adopted().mutex);
    adopted().localPorts.insert(localPort);
}

void HandshakeWatch::release(std::uint16_t localPort)
{
    const std::unique_lock lock(adopted().mutex);
    if (const auto found = adopted().localPorts.find(localPort); found != adopted().localPorts.end())
        adopted().localPorts.erase(found);
}

void HandshakeWatch::run(const std::stop_token& stop)
{
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    Sockets before;
    while (!never.wait_for(lock, stop, m_patience, [] { return false; }) && !stop.stop_requested()) {
        Sockets now = waiting();
        for (const auto& [descriptor, localPort] : before) {
            const auto still = now.find(descriptor);
            if (still == now.end() || still->second != localPort)
                continue;
            ::shutdown(descriptor, SHUT_RDWR);
            m_intervened = true;
        }
        before = std::move(now);
    }
}

HandshakeWatch::Sockets HandshakeWatch::waiting() const
{
    Sockets found;
    std::error_code code;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", code)) {
        const int descriptor = std::atoi(entry.path().filename().c_str());
        if (m_ports.contains(portOf(descriptor, ::getpeername)))
            found.emplace(descriptor, portOf(descriptor, ::getsockname));
    }
    const std::unique_lock lock(adopted().mutex);
    std::erase_if(found, [this](const auto& one) {
        const auto other = m_others.find(one.first);
        return adopted().localPorts.contains(one.second) ||
               (other != m_others.end() && other->second == one.second);
    });
    return found;
}

} // namespace weir
