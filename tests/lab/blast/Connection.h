// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "Options.h"

namespace weir::blast {

/**
 * One client connection to a nats-server over a plain socket: answers PING, notices -ERR, sends with the
 * server's own backpressure. Not thread-safe. Every call returns an error in words, or nothing when it went
 * well.
 */
class Connection
{
public:
    using Failure = std::optional<std::string>;

    Connection() = default;
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /** Connects, reads INFO, sends CONNECT, and waits for the PONG that says it was accepted. */
    Failure open(const Options& options);

    /** Sends all bytes; reads what the server says meanwhile, so that neither side waits for the other for
     * ever. */
    Failure send(std::span<const char> bytes);

    /** PING and its PONG: the server has processed everything sent before. */
    Failure flush();

private:
    Failure connectSocket(const Options& options);
    Failure greet(const Options& options);
    Failure wait(short events);
    Failure receive();
    Failure handleLine(std::string_view line);

    int m_socket = -1;
    std::string m_input; // bytes of a line that is not whole yet
    std::string m_info;
    unsigned m_pingsToAnswer = 0;
    unsigned m_pongs = 0;
};

} // namespace weir::blast
