// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/BrokerLook.h"
#include "core/topology/FlowGraph.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>
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
    struct Candidate
    {
        const SeenConnection* connection;
        std::string name;
    };
    /// Who else could have published that is no connection of the account: empty where nobody could.
    [[nodiscard]] std::string otherWays(const std::string& group) const;
    [[nodiscard]] std::vector<Candidate> candidatesFor(const std::string& group) const;
    /// Leaves out those whose counters say that they published nothing; why that cannot be said, else empty.
    [[nodiscard]] std::string leaveOutIdle(std::vector<Candidate>& candidates, Timestamp first) const;
    [[nodiscard]] const SeenConnection* earlier(const SeenConnection& connection) const;
    [[nodiscard]] std::string unseenVisitors() const;

    const BrokerLook& m_now;
    const BrokerLook* m_before;
    const std::string m_account;
    std::map<std::pair<std::string_view, std::uint64_t>, const SeenConnection*>
        m_earlier; ///< by server and cid
};

/// Whether its permissions let a connection publish to one of the subjects that `pattern` matches; those that
/// are not known let it.
[[nodiscard]] bool mayPublish(const SeenConnection& connection, const std::string& pattern);

} // namespace weir
