// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace weir {

/// nats.c 3.4.1 does not time out after a server's greeting: its conn.c, _readProto, takes a timeout for a
/// byte and reads on, at a full core and with growing memory, until the PONG comes or the socket ends. So
/// while one of these lives, sockets to the servers' ports that were not there before, stand for longer than
/// `patience` and are no link's are shut down, which nats.c reports as closed.
class HandshakeWatch
{
public:
    HandshakeWatch(const std::vector<std::string>& urls, std::chrono::milliseconds patience);
    /// Ends the watch, before the connection is used.
    void stop();
    /// It shut a socket down. After stop().
    [[nodiscard]] bool intervened() const { return m_intervened; }

    /// A socket with this local port is a link's from now on, and no watch touches it. Any thread.
    static void adopt(std::uint16_t localPort);
    static void release(std::uint16_t localPort);

private:
    using Sockets = std::map<int, std::uint16_t>; ///< descriptor → local port

    void run(const std::stop_token& stop);
    [[nodiscard]] Sockets waiting() const;

    std::set<std::uint16_t> m_ports;
    Sockets m_others; ///< that were there before
    const std::chrono::milliseconds m_patience;
    bool m_intervened = false;
    std::jthread m_thread;
};

} // namespace weir
