// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Time.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir {

/// What a user may do, as its JWT says. Where it allows nothing by name, its account or signing key says.
struct UserPermissions
{
    std::vector<std::string> publishAllow;
    std::vector<std::string> publishDeny;
    std::vector<std::string> subscribeAllow;
    std::vector<std::string> subscribeDeny;
};

struct SeenSubscription
{
    std::string subject;
    std::string queue;           ///< group; empty: none
    std::uint64_t delivered = 0; ///< not counted by the server where the subject is imported (2.9.10)
};

struct SeenConnection
{
    std::string server; ///< id
    std::uint64_t cid = 0;
    std::string name;                           ///< that the client gives itself
    std::string account;                        ///< id; `$G` where there are no accounts
    std::string user;                           ///< name, or public nkey
    std::string userName;                       ///< the name in its JWT
    std::optional<UserPermissions> permissions; ///< where a JWT tells them
    Timestamp issued = kNoTime;                 ///< its JWT
    Timestamp expires = kNoTime;                ///< its JWT; kNoTime: never, or it has none
    std::uint64_t inMessages = 0;               ///< published by it
    std::uint64_t inBytes = 0;
    std::uint64_t outMessages = 0; ///< delivered to it
    std::uint64_t outBytes = 0;
    std::uint64_t pendingBytes = 0; ///< not yet taken by it
    Nanoseconds rtt = kNoDuration;  ///< as the server measured it last
    Timestamp start = kNoTime;
    std::string address;      ///< ip:port
    std::string kind;         ///< `nats`, `websocket`, `mqtt`
    std::string library;      ///< "go 1.16.0"; empty: it does not say
    Timestamp told = kNoTime; ///< when its counters were read
    std::vector<SeenSubscription> subscriptions;
    /// It is there no more: the time of the last look that had it. Only where looks are put together.
    Timestamp gone = kNoTime;
};

struct SeenConsumer
{
    std::string name;
    std::string deliverSubject; ///< empty: it is pulled from
    std::vector<std::string> filters;
    std::uint64_t delivered = 0;  ///< consumer sequence
    std::uint64_t pending = 0;    ///< messages of the stream that it has not been given yet
    std::uint64_t ackPending = 0; ///< given, and not acknowledged yet
    std::uint64_t redelivered = 0;
    bool untold = false; ///< its leader told nothing: the counters are not known
};

struct SeenStream
{
    std::string account; ///< id
    std::string name;
    std::vector<std::string> subjects;
    std::uint64_t messages = 0;
    std::uint64_t lastSequence = 0;
    std::vector<SeenConsumer> consumers;
    Timestamp told = kNoTime; ///< when its counters and its consumers' were read
};

/// Messages of another account that an account takes in, or a service of another that it calls.
struct SeenImport
{
    bool service = false;
    std::string from;   ///< the exporting account's id
    std::string remote; ///< the subject there
    std::string local;  ///< and here
};

struct SeenAccount
{
    std::string id;
    std::string name; ///< empty: it has none
    bool isSystem = false;
    std::vector<SeenImport> imports;
};

struct SeenServer
{
    std::string id;
    std::string name;
    std::string version;
    std::string cluster;
    std::string host;     ///< ip or name, and port, that clients reach it at
    std::string leafHost; ///< the same for leaf nodes; empty: it takes none
    Timestamp start = kNoTime;
    std::uint64_t inMessages = 0;
    std::uint64_t inBytes = 0;
    std::uint64_t outMessages = 0;
    std::uint64_t outBytes = 0;
    std::uint64_t slowConsumers = 0;
    std::uint64_t connections = 0;
    std::uint64_t totalConnections = 0; ///< since its start
    std::uint64_t subscriptions = 0;
    std::uint64_t leafNodes = 0;
    std::uint64_t memory = 0; ///< bytes, resident
    std::uint64_t cores = 0;
    double cpu = 0; ///< percent of a core
    std::uint64_t routes = 0;
    std::uint64_t gateways = 0; ///< inbound and outbound
    bool jetStream = false;
    std::uint64_t jetStreamRequests = 0; ///< to JetStream's API
    Timestamp configured = kNoTime;      ///< when it read its configuration
    Timestamp told = kNoTime;            ///< when its counters were read
    Timestamp clock = kNoTime;           ///< its own, when it told them
    std::vector<std::string> tags;
    // Only where looks are put together:
    Timestamp gone = kNoTime; ///< it tells no more: the time of the last look that had it
    bool beganAnew = false;   ///< an earlier look has it under the id that it had before its start
};

/// A server's connection to another server, as one end tells it.
struct SeenLink
{
    enum class Kind : std::uint8_t {
        Route,           ///< to a server of its own cluster
        OutboundGateway, ///< to another cluster
        InboundGateway,  ///< from another cluster
        Leaf,            ///< a leaf node's, or a leaf node's to its hub
    };

    Kind kind = Kind::Route;
    std::string server;     ///< id of who tells
    std::string remote;     ///< the other's id, where it is said
    std::string remoteName; ///< a server's name; a gateway's: the other cluster's
    std::string account;    ///< a leaf node's: whose messages pass
    std::string address;    ///< ip:port of the other end
    std::uint64_t cid = 0;  ///< of the connection at who tells
    std::uint64_t inMessages = 0;
    std::uint64_t inBytes = 0;
    std::uint64_t outMessages = 0;
    std::uint64_t outBytes = 0;
    std::uint64_t pendingBytes = 0;
    std::uint64_t subscriptions = 0;
    Nanoseconds rtt = kNoDuration;
    Timestamp told = kNoTime; ///< when its counters were read
    Timestamp gone = kNoTime; ///< as SeenConnection's
};

/// A client that a server did not let in: of one user, address and reason, as often as it tried.
struct SeenAuthError
{
    std::string server; ///< id
    std::string user;   ///< that it claims to be; empty: it does not say
    std::string name;   ///< that the client gives itself
    std::string host;   ///< ip
    std::string reason; ///< the server's words
    std::uint64_t times = 0;
    Timestamp first = kNoTime;
    Timestamp last = kNoTime;
};

/// A connection that came and went between two looks at its server's connections, as events told it.
struct SeenVisit
{
    std::string server; ///< id
    std::uint64_t cid = 0;
    std::string account; ///< id
    std::string user;    ///< name, or public nkey
    std::string name;
    std::string host;   ///< ip
    std::string reason; ///< why it ended
    Timestamp start = kNoTime;
    Timestamp stop = kNoTime;
};

/// One look at what servers say of themselves, their clients, streams and accounts: counters since their
/// start. Not all of it need be read at one moment: each thing has the time when it was told, and a rate is
/// the growth between two tellings (growthRate). Immutable once made.
struct BrokerLook
{
    Timestamp time = kNoTime;
    std::vector<SeenServer> servers;
    std::vector<SeenLink> links;
    std::vector<SeenConnection> connections;
    std::vector<SeenStream> streams;
    std::vector<SeenAccount> accounts;
    std::uint64_t connectionsTotal = 0;    ///< that the servers have, also beyond what was read
    std::vector<SeenAuthError> authErrors; ///< as events told them, since looking began
    std::vector<SeenVisit> visits;         ///< the latest, as events told them
    std::uint64_t visitors = 0;        ///< connections that came and went between looks, since looking began
    std::vector<std::string> problems; ///< what could not be read, and why
    std::vector<std::string> notes;    ///< what else a reader should know: a server began anew
};

/// When a part of a look was told.
template<typename Part>
[[nodiscard]] Timestamp toldOf(const Part& part, const BrokerLook& look)
{
    return part.told == kNoTime ? look.time : part.told;
}

/// How much a counter grew a second from one telling to a later one; nothing where it began anew in between,
/// or was told but once.
[[nodiscard]] std::optional<double> growthRate(std::uint64_t before, Timestamp toldBefore, std::uint64_t now,
                                               Timestamp told);

/// Both together, nothing where one is not known; `first`: `b` alone.
[[nodiscard]] std::optional<double> both(const std::optional<double>& a, const std::optional<double>& b,
                                         bool first);

/// The server of this id; null: the look has none, or the id is empty.
[[nodiscard]] const SeenServer* serverOf(const BrokerLook& look, std::string_view id);

/// Connections by server and cid.
using ConnectionIndex = std::map<std::pair<std::string_view, std::uint64_t>, const SeenConnection*>;
/// Of a look that outlives it; null: of none.
[[nodiscard]] ConnectionIndex connectionsOf(const BrokerLook* look);

/// The account whose user is `user` (a name or a public nkey), as the looked-at connections tell; empty where
/// none does.
[[nodiscard]] std::string accountOfUser(const BrokerLook& look, std::string_view user);

} // namespace weir
