// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/broker/BrokerLook.h"

#include <QByteArray>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir {

// What the documents of nats-server's monitoring say (server/monitor.go of v2.9.10), added to a look. Format
// errors say what else it was; a look is unchanged then.

/// Through the system account they come in an envelope, which is opened here, too.
[[nodiscard]] Result<void> readVarz(const QByteArray& json, BrokerLook& into);

/// A server's STATSZ, as it answers `$SYS.REQ.SERVER.PING`.
struct ServerSign
{
    std::string id;
    std::string name;
    std::uint64_t activeServers = 0; ///< that it knows of, with itself
};
[[nodiscard]] Result<ServerSign> readStatsz(const QByteArray& json);

/// A page of CONNZ with `subs=detail` and `auth=1`; the offset of the next page, if there is one.
[[nodiscard]] Result<std::optional<std::uint64_t>> readConnz(const QByteArray& json, BrokerLook& into);

/// A page of JSZ with `consumers` and `config`; the next page's offset (of accounts). Servers of a cluster
/// tell of the same streams: each is taken once.
[[nodiscard]] Result<std::optional<std::uint64_t>> readJsz(const QByteArray& json, BrokerLook& into);

/// Servers of a cluster tell of the same streams, and all of the same accounts: each is taken once, as the
/// one tells that knows more.
void mergeStreams(std::vector<SeenStream> from, std::vector<SeenStream>& into);
void mergeAccounts(const std::vector<SeenAccount>& from, std::vector<SeenAccount>& into);

/// The links that ROUTEZ, GATEWAYZ and LEAFZ name. The routes of 2.10 and later come in pools: those to one
/// server are one link.
[[nodiscard]] Result<void> readRoutez(const QByteArray& json, BrokerLook& into);
[[nodiscard]] Result<void> readGatewayz(const QByteArray& json, BrokerLook& into);
[[nodiscard]] Result<void> readLeafz(const QByteArray& json, BrokerLook& into);

/// Says of links who is at their other end, as far as the servers that were looked at tell: the name where an
/// id is known, the id where a name is (of one server only). 2.9.10 does not name leaf nodes: the hub is who
/// takes leaf nodes at that address, and its leaf node the only server that names it so.
void nameLinks(BrokerLook& look);

/// ACCOUNTZ without an account: the ids of all.
struct AccountList
{
    std::vector<std::string> accounts;
    std::string system;
};
[[nodiscard]] Result<AccountList> readAccountz(const QByteArray& json);

/// ACCOUNTZ of one account.
[[nodiscard]] Result<void> readAccount(const QByteArray& json, BrokerLook& into);

} // namespace weir
