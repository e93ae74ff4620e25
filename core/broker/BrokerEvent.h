// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/base/Time.h"

#include <QByteArray>

#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

/// That a client came, went or was not let in, as a server publishes it in the system account (nats-server
/// v2.9.10 events.go, ConnectEventMsg and DisconnectEventMsg). Connections of the global account have none.
struct ClientEvent
{
    std::string server; ///< id
    std::uint64_t cid = 0;
    std::string account; ///< id
    std::string user;    ///< name, or public nkey
    std::string name;    ///< that the client gives itself
    std::string host;    ///< ip
    std::string reason;  ///< why it went; empty: it came
    Timestamp time = kNoTime;
    Timestamp start = kNoTime;
};

[[nodiscard]] Result<ClientEvent> readClientEvent(const QByteArray& json);

enum class BrokerEventKind : std::uint8_t {
    Connect,
    Disconnect,
    AuthError,
    StreamChange, ///< a stream or consumer was made, changed or removed, or has another leader
    Other,
};

/// What an event is about, as its subject tells.
[[nodiscard]] BrokerEventKind brokerEventKind(std::string_view subject);

} // namespace weir
