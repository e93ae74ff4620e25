// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/BrokerLook.h"
#include "core/topology/FlowGraph.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace weir {

/// Infers who published what no message says the publisher of: the last rung of the ladder (verified,
/// vouched, claimed, inferred, unknown). NATS does not tell; what is inferred is the only connected client
/// that may, or that did, publish there, and where there may be anybody else, nobody is named. One thread.
class Attribution
{
public:
    struct Verdict
    {
        std::string publisher; ///< its user, or its own name; empty: unknown
        std::string because;   ///< what that rests on, or why it is unknown
    };

    /// `account`: whose subjects were observed, an id. `before`: an earlier look, or null. Both outlive this.
    Attribution(const BrokerLook& now, const BrokerLook* before, std::string account);

    /// Messages of one group of subjects whose publisher nobody says.
    struct Observed
    {
        std::uint64_t messages = 0;
        Timestamp first = kNoTime;
        Timestamp last = kNoTime;
    };
    [[nodiscard]] Verdict publisherOf(const std::string& group, const Observed& observed) const;

private:
    struct Client
    {
        const SeenConnection* connection;
        std::uint32_t name;    ///< of m_names
        std::uint64_t counted; ///< messages that its server took from it between the looks
        bool hasLeft;          ///< and what it published last is not counted
    };
    /// Connections that a server accepted between the looks, and none of them has.
    struct Visitors
    {
        std::uint64_t count = 0;
        std::uint64_t ofOthers = 0;                ///< of them those that events told to be of other accounts
        std::map<std::string, std::uint64_t> told; ///< and of this one, by name
    };
    using Clients = std::vector<const Client*>;
    /// Who else could have published that is no connection of the account: empty where nobody could.
    [[nodiscard]] std::string otherWays(const std::string& group) const;
    [[nodiscard]] Clients clientsThatMay(const std::string& group) const;
    void addClients();
    [[nodiscard]] std::uint64_t countedOf(const SeenConnection& connection) const;
    [[nodiscard]] std::size_t distinctNames(const Clients& clients) const;
    /// Why the counters cannot tell who published none of messages of which the earliest came at `first`;
    /// else empty.
    [[nodiscard]] std::string countersMissing(Timestamp first) const;
    /// Why there may have been others between the looks, whoever published; else empty.
    [[nodiscard]] std::string findVisitors();
    [[nodiscard]] Visitors visitorsOf(const SeenServer& then, const SeenServer& now) const;
    /// Why it may have been another one than `publisher`, who was not seen; else empty.
    [[nodiscard]] std::string othersThan(const std::string& publisher) const;
    /// Which of the messages the counters may not count, in words; empty: they were read before and after.
    [[nodiscard]] std::string notCounted(const Observed& observed) const;

    const BrokerLook& m_now;
    const BrokerLook* m_before;
    const std::string m_account;
    const ConnectionIndex m_earlier;
    std::vector<std::string> m_names;          ///< of clients, each once
    std::vector<Client> m_clients;             ///< that could have published
    std::vector<const SeenConnection*> m_left; ///< that only the earlier look has
    std::vector<Visitors> m_visitors;          ///< of servers that had any
    std::string m_unseen;
};

/// Whether its permissions let a connection publish to one of the subjects that `pattern` matches; those that
/// are not known let it.
[[nodiscard]] bool mayPublish(const SeenConnection& connection, const std::string& pattern);

} // namespace weir
