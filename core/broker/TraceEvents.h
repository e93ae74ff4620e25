// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/base/Time.h"

#include <QByteArray>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir {

/// What a connection is, in words: `client`, `route`, `gateway`, `leaf node`, … (nats-server,
/// server/client.go: the kinds' numbers are those of its connections).
[[nodiscard]] std::string traceKindName(int kind);

/// Whom a server handed the message to, or would have.
struct TraceEgress
{
    std::string kind;
    std::uint64_t cid = 0; ///< of the connection
    std::string name;      ///< of the client, or of the next server
    std::string account;   ///< id; empty: that of the ingress
    std::string subscription;
    std::string queue;
    std::string hop;   ///< of the next server's event; empty: it goes no further
    std::string error; ///< why it was not given it
    Timestamp time = kNoTime;
};

/// A stream that takes the message in.
struct TraceStream
{
    std::string name;
    std::string subject; ///< that it is stored under
    bool noInterest = false;
    std::string error;
    Timestamp time = kNoTime;
};

/// What one server says that it did with a traced message (NATS ADR-41, nats-server 2.11 and later,
/// server/msgtrace.go: MsgTraceEvent).
struct TraceHop
{
    std::string id;     ///< `1`, `1.2`: which server's egress led here; empty: the first server
    std::string server; ///< name
    std::string serverId;
    std::string cluster;
    std::string version;
    std::string kind;    ///< of the connection that it came in by
    std::string name;    ///< of it
    std::string account; ///< id
    std::string subject;
    std::string error; ///< why it went no further
    Timestamp time = kNoTime;
    int next = 0;                      ///< to how many servers it was sent on
    std::vector<std::string> mappings; ///< subjects mapped, accounts crossed, in words
    std::vector<TraceEgress> egresses;
    std::optional<TraceStream> stream;
};

[[nodiscard]] Result<TraceHop> readTraceEvent(const QByteArray& json);

} // namespace weir
