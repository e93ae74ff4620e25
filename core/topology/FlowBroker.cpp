// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowBroker.h"

#include "core/broker/SubjectPattern.h"
#include "core/envelope/Names.h"
#include "core/topology/CredentialFacts.h"
#include "core/topology/FlowPolicy.h"

#include <algorithm>

namespace weir {
FlowBroker::FlowBroker(Options options, const BrokerLook& now, const BrokerLook* before)
    : m_options(std::move(options)),
      m_now(now),
      m_before(before),
      m_ways(now, m_options.account),
      m_attribution(now, before, m_options.account)
{
    for (const SeenConnection& connection : now.connections) {
        if (connection.gone == kNoTime)
            m_present.insert(clientId(connection));
    }
}

FlowGraph FlowBroker::join(const FlowGraph& messages)
{
    for (const FlowNode& node : messages.nodes) {
        if (node.kind != FlowKind::Identity || !node.name.empty()) // else: where it stays unknown
            m_assembly.node(node);
    }
    for (const FlowEdge& edge : messages.edges)
        joinPublisher(messages, edge);
    joinIdentities(messages);
    measureGroups(messages);
    indexSubscriptions();
    for (const FlowNode& node : messages.nodes) {
        if (node.kind == FlowKind::SubjectGroup && !node.name.empty())
            joinGroup(node.id, node.name);
    }
    joinConsumers();
    joinCredentials();
    findIdleSubscriptions();
    findSlowConsumers();
    FlowGraph graph = m_assembly.take();
    graph.from = messages.from;
    graph.to = messages.to;
    graph.filter = messages.filter;
    graph.coverage = messages.coverage;
    graph.coverage.insert(graph.coverage.end(), m_notes.begin(), m_notes.end());
    graph.coverage.insert(graph.coverage.end(), m_now.problems.begin(), m_now.problems.end());
    graph.findings = m_findings;
    for (FlowFinding& finding : policyFindings(messages, m_now, m_options.account))
        graph.findings.push_back(std::move(finding));
    return graph;
}

/// What the broker knows of the credentials of those who publish: of each name's latest connection.
void FlowBroker::joinIdentities(const FlowGraph& messages)
{
    for (const FlowNode& node : messages.nodes) {
        if (node.kind != FlowKind::Identity || node.name.empty())
            continue;
        const SeenConnection* latest = nullptr;
        for (const SeenConnection& connection : m_now.connections) {
            // Not by the name that a client gives itself: anybody may take it.
            const bool isIt = connection.userName == node.name || connection.user == node.name;
            if (connection.account == m_options.account && isIt &&
                (latest == nullptr || connection.start > latest->start))
                latest = &connection;
        }
        FlowNode known{node.id, node.kind, node.name, {}};
        if (latest != nullptr) {
            addCredential(*latest, known);
            m_assembly.node(std::move(known));
        }
    }
}

/// An edge of messages; of those that do not say who published them, from whom that can be inferred of.
void FlowBroker::joinPublisher(const FlowGraph& messages, const FlowEdge& edge)
{
    const FlowNode& from = messages.nodes[edge.from];
    const FlowNode& to = messages.nodes[edge.to];
    if (from.kind != FlowKind::Identity || !from.name.empty()) {
        m_assembly.edge(from.id, to.id, edge);
        return;
    }
    // When they were seen is told to the second.
    const Attribution::Verdict verdict = m_attribution.publisherOf(
        to.name, {edge.messages.value_or(0), std::max(edge.firstSeen, messages.from),
                  messages.to == kNoTime ? edge.lastSeen : std::min(edge.lastSeen, messages.to)});
    FlowEdge inferred = edge;
    if (verdict.publisher.empty()) {
        inferred.because += "; who published is not known: " + verdict.because;
        m_assembly.edge(from.id, to.id, std::move(inferred));
        m_assembly.node(from);
        return;
    }
    FlowNode publisher;
    publisher.kind = FlowKind::Identity;
    publisher.name = verdict.publisher;
    publisher.id = std::string(flowKindName(FlowKind::Identity)) + ":" + verdict.publisher;
    publisher.facts.emplace_back("evidence", evidenceName(Evidence::Inferred));
    inferred.basis = FlowBasis::Inferred;
    inferred.because = verdict.because;
    m_assembly.edge(publisher.id, to.id, std::move(inferred));
    m_assembly.node(std::move(publisher));
}

void FlowBroker::measureGroups(const FlowGraph& messages)
{
    for (const FlowEdge& edge : messages.edges) {
        Flow& flow = m_groups[messages.nodes[edge.to].id];
        flow.known = flow.known || edge.rate.has_value();
        flow.rate += edge.rate.value_or(0);
        flow.bytesRate += edge.bytesRate.value_or(0);
        if (edge.firstSeen != kNoTime)
            flow.first = flow.first == kNoTime ? edge.firstSeen : std::min(flow.first, edge.firstSeen);
        flow.last = std::max(flow.last, edge.lastSeen);
    }
}

void FlowBroker::indexSubscriptions()
{
    for (const SeenConnection& connection : m_now.connections) {
        if (isObserver(connection))
            continue;
        for (const SeenSubscription& subscription : connection.subscriptions)
            m_subscribed[connection.account].add(subscription.subject, {&connection, &subscription});
    }
}

void FlowBroker::joinGroup(const std::string& id, const std::string& group)
{
    const Flow& flow = m_groups[id];
    bool heard = false;
    for (const SubjectPlace& place : m_ways.placesOf(group, m_notes)) {
        heard = joinStreams(id, place, flow) || heard;
        heard = joinSubscriptions(id, place, flow) || heard;
    }
    if (heard || !isWhole())
        return;
    m_findings.push_back({"no_listener", id, "nobody listens to " + group,
                          "no stream takes it and no connected client subscribes to it; " +
                              std::to_string(m_now.connectionsTotal) + " connections were looked at",
                          "ask its publisher whether it is still needed"});
}

bool FlowBroker::joinStreams(const std::string& id, const SubjectPlace& place, const Flow& flow)
{
    bool any = false;
    for (const SeenStream& stream : m_now.streams) {
        if (stream.account != place.account)
            continue;
        for (const std::string& subject : stream.subjects) {
            if (!patternsMeet(subject, place.subject))
                continue;
            FlowEdge edge;
            edge.basis = FlowBasis::Declared;
            edge.because = "the stream takes " + subject;
            if (place.whole && patternCovers(subject, place.subject) && flow.known) {
                edge.rate = flow.rate;
                edge.bytesRate = flow.bytesRate;
                edge.because += "; the rate is that of its subjects";
            }
            edge.firstSeen = flow.first;
            edge.lastSeen = flow.last;
            m_assembly.edge(id, streamId(stream), edge);
            any = true;
            break;
        }
    }
    return any;
}

bool FlowBroker::joinSubscriptions(const std::string& id, const SubjectPlace& place, const Flow& flow)
{
    bool any = false;
    const auto subscribed = m_subscribed.find(place.account);
    if (subscribed == m_subscribed.end())
        return false;
    for (const auto& [seen, subscribes] : subscribed->second.near(place.subject)) {
        const SeenConnection& connection = *seen;
        const SeenSubscription& subscription = *subscribes;
        if (!patternsMeet(subscription.subject, place.subject))
            continue;
        FlowEdge edge;
        edge.basis = FlowBasis::Declared;
        edge.because =
            (place.because.empty() ? "" : place.because + "; ") + "subscription to " + subscription.subject;
        if (place.whole && patternCovers(subscription.subject, place.subject) && flow.known) {
            edge.rate = flow.rate;
            edge.bytesRate = flow.bytesRate;
            edge.because += "; the rate is that of its subjects";
        }
        edge.firstSeen = flow.first;
        edge.lastSeen = flow.last;
        addClient(connection);
        if (subscription.queue.empty()) {
            m_assembly.edge(id, clientId(connection), edge);
        } else {
            addQueue(connection, subscription);
            m_assembly.edge(id, "queue:" + accountName(connection.account) + "/" + subscription.queue, edge);
        }
        any = true;
    }
    return any;
}

void FlowBroker::addQueue(const SeenConnection& connection, const SeenSubscription& subscription)
{
    const std::string account = accountName(connection.account);
    FlowNode node;
    node.kind = FlowKind::QueueGroup;
    node.name = subscription.queue;
    node.id = "queue:" + account + "/" + subscription.queue;
    node.facts.emplace_back("account", account);
    FlowEdge edge;
    edge.basis = FlowBasis::Declared;
    edge.because = "a member of the queue group; the server does not say what each is given";
    m_assembly.edge(node.id, clientId(connection), edge);
    m_assembly.node(std::move(node));
}

void FlowBroker::addClient(const SeenConnection& connection)
{
    FlowNode node;
    node.kind = FlowKind::Client;
    node.name = connection.name.empty() ? "connection " + std::to_string(connection.cid) : connection.name;
    node.id = clientId(connection);
    node.facts.emplace_back("account", accountName(connection.account));
    Client& client = m_clients[node.id];
    client.users.insert(connection.user);
    if (client.latest == nullptr || connection.start > client.latest->start)
        client.latest = &connection;
    if (connection.gone != kNoTime && !m_present.contains(node.id))
        addGone(node, connection.gone);
    m_assembly.node(std::move(node));
}

/// A client's connections of one name are one node: what its latest came with stands there.
void FlowBroker::joinCredentials()
{
    for (const auto& [id, client] : m_clients) {
        FlowNode node{id, FlowKind::Client, {}, {}};
        addCredential(*client.latest, node);
        if (client.users.size() > 1)
            node.facts.emplace_back("credentials", "its connections came with " +
                                                       std::to_string(client.users.size()) +
                                                       " different ones; this is the latest's");
        m_assembly.node(std::move(node));
    }
}

std::string FlowBroker::streamId(const SeenStream& stream) const
{
    return "stream:" + accountName(stream.account) + "/" + stream.name;
}

std::string FlowBroker::clientId(const SeenConnection& connection) const
{
    return "client:" + accountName(connection.account) + "/" + clientOf(connection);
}

const SeenStream* FlowBroker::earlier(const SeenStream& stream) const
{
    if (m_before == nullptr)
        return nullptr;
    const auto found =
        std::find_if(m_before->streams.begin(), m_before->streams.end(), [&](const SeenStream& other) {
            return other.account == stream.account && other.name == stream.name;
        });
    return found == m_before->streams.end() ? nullptr : &*found;
}

const SeenConsumer* FlowBroker::earlier(const SeenStream& stream, const SeenConsumer& consumer) const
{
    const SeenStream* const before = earlier(stream);
    if (before == nullptr)
        return nullptr;
    const auto found = std::find_if(before->consumers.begin(), before->consumers.end(),
                                    [&](const SeenConsumer& other) { return other.name == consumer.name; });
    return found == before->consumers.end() ? nullptr : &*found;
}

double FlowBroker::secondsBetween(const SeenStream& stream) const
{
    const SeenStream* const before = earlier(stream);
    if (before == nullptr)
        return 0;
    const Timestamp told = toldOf(stream, m_now);
    const Timestamp toldBefore = toldOf(*before, *m_before);
    return std::chrono::duration<double>(told - toldBefore).count();
}

bool FlowBroker::isWhole() const
{
    return isWholeLook(m_now) && !m_options.account.empty();
}

} // namespace weir
