// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/BrokerLook.h"
#include "core/topology/AccountWays.h"
#include "core/topology/Attribution.h"
#include "core/topology/FlowGraph.h"
#include "core/topology/PatternIndex.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// The part of the flow that a broker declares: subjects → streams → consumers, and subjects → queue groups →
/// clients, through the imports of accounts. Rates are of what was observed of the subjects, or of the
/// server's counters between two looks; where neither counts, there is none. One thread.
class FlowBroker
{
public:
    struct Options
    {
        /// Whose subjects the messages were observed in: an account's id.
        std::string account;
        /// What was subscribed to; a subscription outside it may well have traffic.
        std::vector<std::string> observed;
    };

    /// `before`: an earlier look at the same brokers, or null. Both must outlive this.
    FlowBroker(Options options, const BrokerLook& now, const BrokerLook* before);

    /// `messages`: the graph that messages show. Its nodes and edges, and the broker's.
    [[nodiscard]] FlowGraph join(const FlowGraph& messages);

private:
    struct Flow
    {
        double rate = 0;
        double bytesRate = 0;
        bool known = false;
        Timestamp first = kNoTime;
        Timestamp last = kNoTime;
    };

    struct Client
    {
        const SeenConnection* latest = nullptr;
        std::set<std::string> users;
    };

    void joinIdentities(const FlowGraph& messages);
    void joinPublisher(const FlowGraph& messages, const FlowEdge& edge);
    void indexSubscriptions();
    void measureGroups(const FlowGraph& messages);
    void joinGroup(const std::string& id, const std::string& group);
    [[nodiscard]] bool joinStreams(const std::string& id, const SubjectPlace& place, const Flow& flow);
    [[nodiscard]] bool joinSubscriptions(const std::string& id, const SubjectPlace& place, const Flow& flow);
    void joinConsumers();
    void joinConsumer(const SeenStream& stream, const SeenConsumer& consumer);
    void joinPull(const SeenStream& stream, const SeenConsumer& consumer, const std::string& id);
    void findIdleSubscriptions();
    void findSlowConsumers();
    void findFallingBehind(const SeenStream& stream, const SeenConsumer& consumer, const SeenConsumer& before,
                           const std::string& id);
    void addQueue(const SeenConnection& connection, const SeenSubscription& subscription);
    void addClient(const SeenConnection& connection);
    void joinCredentials();
    [[nodiscard]] std::string accountName(const std::string& id) const { return m_ways.nameOf(id); }
    [[nodiscard]] std::string streamId(const SeenStream& stream) const;
    [[nodiscard]] std::string clientId(const SeenConnection& connection) const;
    /// How it was at the look before; null where it was not there.
    [[nodiscard]] const SeenConsumer* earlier(const SeenStream& stream, const SeenConsumer& consumer) const;
    [[nodiscard]] const SeenStream* earlier(const SeenStream& stream) const;
    /// From its telling in the look before to the one now.
    [[nodiscard]] double secondsBetween(const SeenStream& stream) const;
    [[nodiscard]] bool isWhole() const;

    const Options m_options;
    const BrokerLook& m_now;
    const BrokerLook* m_before;
    const AccountWays m_ways;
    const Attribution m_attribution;
    FlowAssembly m_assembly;
    std::map<std::string, Flow> m_groups; ///< by node id
    using Subscribed = std::pair<const SeenConnection*, const SeenSubscription*>;
    std::map<std::string, PatternIndex<Subscribed>> m_subscribed; ///< by account
    std::set<std::string> m_present;                              ///< ids of clients that are connected
    std::map<std::string, Client> m_clients;                      ///< by node id
    std::vector<FlowFinding> m_findings;
    std::vector<std::string> m_notes;
    /// Consumers that nobody can say who takes from, by how many connected clients may.
    std::map<std::size_t, std::vector<std::string>> m_untaken;
};

} // namespace weir
