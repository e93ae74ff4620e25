// SPDX-License-Identifier: GPL-3.0-or-later
// FlowBroker: streams, their consumers, and who takes from them.
#include "core/base/Wording.h"
#include "core/broker/SubjectPattern.h"
#include "core/topology/Attribution.h"
#include "core/topology/FlowBroker.h"

#include <algorithm>

namespace weir {
void FlowBroker::joinConsumers()
{
    for (const SeenStream& stream : m_now.streams) {
        FlowNode node;
        node.kind = FlowKind::Stream;
        node.name = stream.name;
        node.id = streamId(stream);
        node.facts.emplace_back("account", accountName(stream.account));
        node.facts.emplace_back("messages", std::to_string(stream.messages));
        m_assembly.node(std::move(node));
        for (const SeenConsumer& consumer : stream.consumers)
            joinConsumer(stream, consumer);
    }
    for (const auto& [may, consumers] : m_untaken) {
        const bool one = consumers.size() == 1;
        m_notes.push_back("who takes from " +
                          (one ? std::string("consumer ") : counted(consumers.size(), "consumer") + ", ") +
                          listed(consumers) + ", is not known: " +
                          (may == 0 ? "no connected client" : counted(may, "connected client")) + " may");
    }
}

void FlowBroker::joinConsumer(const SeenStream& stream, const SeenConsumer& consumer)
{
    const std::string account = accountName(stream.account);
    FlowNode node;
    node.kind = FlowKind::Consumer;
    node.name = consumer.name;
    node.id = "consumer:" + account + "/" + stream.name + "/" + consumer.name;
    node.facts.emplace_back("account", account);
    node.facts.emplace_back("stream", stream.name);
    if (!consumer.untold)
        node.facts.emplace_back("pending", std::to_string(consumer.pending));
    FlowEdge edge;
    edge.basis = FlowBasis::Declared;
    edge.because = "a consumer of the stream";
    // A counter that went back is of a consumer that was made anew.
    const SeenConsumer* last = earlier(stream, consumer);
    const bool bothTold = last != nullptr && !last->untold && !consumer.untold;
    if (bothTold && last->delivered <= consumer.delivered && secondsBetween(stream) > 0) {
        edge.basis = FlowBasis::Observed;
        edge.messages = consumer.delivered - last->delivered;
        edge.rate = static_cast<double>(*edge.messages) / secondsBetween(stream);
        edge.because = "the server gave it messages " + std::to_string(last->delivered) + " to " +
                       std::to_string(consumer.delivered);
        edge.firstSeen = m_before->time;
        edge.lastSeen = m_now.time;
        findFallingBehind(stream, consumer, *last, node.id);
    }
    m_assembly.edge(streamId(stream), node.id, edge);
    joinPull(stream, consumer, node.id);
    m_assembly.node(std::move(node));
}

/// Who takes from a consumer: its deliver subject's subscriber, or, of one that is pulled from, the only
/// connected client that may ask for its messages. Where several may, nobody can say.
void FlowBroker::joinPull(const SeenStream& stream, const SeenConsumer& consumer, const std::string& id)
{
    const std::string ask = "$JS.API.CONSUMER.MSG.NEXT." + stream.name + "." + consumer.name;
    std::vector<const SeenConnection*> takers;
    for (const SeenConnection& connection : m_now.connections) {
        if (connection.account != stream.account || isObserver(connection))
            continue;
        const auto takes = [&](const SeenSubscription& subscription) {
            return patternCovers(subscription.subject, consumer.deliverSubject);
        };
        const auto& subscriptions = connection.subscriptions;
        const bool isOne = consumer.deliverSubject.empty()
                               ? mayPublish(connection, ask)
                               : std::any_of(subscriptions.begin(), subscriptions.end(), takes);
        if (isOne)
            takers.push_back(&connection);
    }
    const auto sameName = [&](const SeenConnection* each) {
        return clientId(*each) == clientId(*takers.front());
    };
    const bool pulled = consumer.deliverSubject.empty();
    if (takers.empty() || (pulled && !std::all_of(takers.begin(), takers.end(), sameName))) {
        m_untaken[takers.size()].push_back(stream.name + "/" + consumer.name);
        return;
    }
    for (const SeenConnection* taker : takers) {
        FlowEdge edge;
        edge.basis = pulled ? FlowBasis::Inferred : FlowBasis::Declared;
        edge.because = pulled ? "the only connected client that may publish to " + ask
                              : "subscribed to the consumer's deliver subject " + consumer.deliverSubject;
        addClient(*taker);
        m_assembly.edge(id, clientId(*taker), edge);
    }
}

} // namespace weir
