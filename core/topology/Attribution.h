// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/BrokerLook.h"
#include "core/topology/FlowGraph.h"

#include <cstdint>
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

    /// Of the messages of one group of subjects in the range of the looks; `messages`: how many were observed
    /// whose publisher nobody says, `first`: the earliest.
    [[nodiscard]] Verdict publisherOf(const std::string& group, std::uint64_t messages,
                                      Timestamp first) const;

private:
    struct Client
    {
        const SeenConnection* connection;
        std::uint32_t name;    ///< of m_names
        std::uint64_t counted; ///< messages that its server took from it between the looks
    };
    using Clients = std::vector<const Client*>;
    /// Who else could have published that is no connection of the account: empty where nobody could.
    [[nodiscard]] std::string otherWays(const std::string& group) const;
    [[nodiscard]] Clients clientsThatMay(const std::string& group) const;
    [[nodiscard]] std::uint64_t countedOf(const SeenConnection& connection) const;
    [[nodiscard]] std::size_t distinctNames(const Clients& clients) const;
    /// Why the counters cannot tell who published none of messages of which the earliest came at `first`;
    /// else empty.
    [[nodiscard]] std::string countersMissing(Timestamp first) const;
    [[nodiscard]] std::string unseenVisitors() const;

    const BrokerLook& m_now;
    const BrokerLook* m_before;
    const std::string m_account;
    const ConnectionIndex m_earlier;
    std::vector<std::string> m_names; ///< of clients, each once
    std::vector<Client> m_clients;    ///< that could have published
    std::string m_unseen;             ///< why there may have been others between the looks
};

/// Whether its permissions let a connection publish to one of the subjects that `pattern` matches; those that
/// are not known let it.
[[nodiscard]] bool mayPublish(const SeenConnection& connection, const std::string& pattern);

} // namespace weir
