// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowPolicy.h"

#include "core/base/Wording.h"
#include "core/topology/AccountWays.h"
#include "core/topology/Attribution.h"
#include "core/topology/CredentialFacts.h"
#include "core/topology/FlowText.h"
#include "core/topology/WorldGraph.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace weir {
namespace {

constexpr double kFar = 4000;            ///< km
constexpr double kFibreKmPerMilli = 200; ///< light in glass
constexpr std::size_t kMostPops = 12;    ///< named in one finding

/// PoPs that one server is the nearest of, and far from all the same.
class FarPops
{
public:
    void add(const FlowNode& pop, double distance, const std::string& tag)
    {
        m_names.push_back(pop.name);
        m_tag = tag;
        if (distance > m_farthest) {
            m_farthest = distance;
            m_node = pop.id;
            m_name = pop.name;
        }
    }
    [[nodiscard]] FlowFinding finding(const GeoPlace& nearest) const
    {
        const bool one = m_names.size() == 1;
        const std::string distance = std::to_string(std::llround(m_farthest / 100) * 100) + " km";
        return {"far_pop", m_node,
                one ? "PoP " + m_name + " is " + distance + " from the nearest server, in " + nearest.city
                    : counted(m_names.size(), "PoP") + " are far from the nearest server, in " +
                          nearest.city + ", the farthest is " + m_name + ", " + distance,
                (one ? "" : listed(m_names, kMostPops) + "; ") + "light needs " + (one ? "" : "up to ") +
                    std::to_string(std::llround(m_farthest / kFibreKmPerMilli)) +
                    " ms one way in glass; the server says " + m_tag,
                std::string("a server or a leaf node nearer to ") + (one ? "it" : "them") +
                    " takes that off each message"};
    }

private:
    std::vector<std::string> m_names;
    std::string m_node; ///< the farthest
    std::string m_name;
    std::string m_tag;
    double m_farthest = 0;
};

/// One policy after the other, over the same graph and look.
class Policies
{
public:
    Policies(const FlowGraph& messages, const BrokerLook& look, const std::string& account)
        : m_messages(messages), m_look(look), m_account(account)
    {
    }

    /// The server refuses such publishes: who is seen to do so is somebody else, or was allowed to then.
    void findForbidden()
    {
        for (const FlowEdge& edge : m_messages.edges) {
            const FlowNode& from = m_messages.nodes[edge.from];
            const FlowNode& to = m_messages.nodes[edge.to];
            if (from.kind != FlowKind::Identity || from.name.empty() || to.kind != FlowKind::SubjectGroup)
                continue;
            const SeenConnection* named = nullptr;
            bool may = false;
            for (const SeenConnection& connection : m_look.connections) {
                if (connection.account != m_account || !connection.permissions ||
                    !isNamed(connection, from.name))
                    continue;
                named = &connection;
                may = may || mayPublish(connection, to.name);
            }
            if (named == nullptr || may)
                continue;
            m_findings.push_back(
                {"not_permitted", from.id,
                 from.name + " publishes to " + to.name + ", which its credentials do not allow",
                 "they allow " +
                     rightsText(named->permissions->publishAllow, named->permissions->publishDeny) +
                     "; the messages name it, and " + flowRateText(edge.rate) + " came",
                 "somebody else may use its name, or its permissions have changed since"});
        }
    }

    void findSubscribers()
    {
        std::map<std::string, std::vector<std::string>> subjects; ///< by node id
        for (const FlowNode& node : m_messages.nodes) {
            if ((node.kind != FlowKind::Worker && node.kind != FlowKind::Identity) || node.name.empty() ||
                !isOfTheEdge(node))
                continue;
            for (const SeenConnection& connection : m_look.connections) {
                if (connection.account != m_account || isObserver(connection) ||
                    !isNamed(connection, node.name))
                    continue;
                for (const SeenSubscription& subscription : connection.subscriptions) {
                    if (!isSystemSubject(subscription.subject))
                        subjects[node.id].push_back(subscription.subject);
                }
            }
        }
        for (auto& [id, list] : subjects) {
            std::sort(list.begin(), list.end());
            list.erase(std::unique(list.begin(), list.end()), list.end());
            const FlowNode& node = m_messages.nodes[*m_messages.find(id)];
            m_findings.push_back({"edge_subscribes", id,
                                  "edge " + node.name + " subscribes to " + listed(list),
                                  "its connection says so; it publishes for a PoP",
                                  "an edge should only publish: take its right to subscribe away"});
        }
    }

    void findRefused()
    {
        for (const SeenAuthError& error : m_look.authErrors) {
            if (m_messages.from != kNoTime && error.last < m_messages.from)
                continue;
            const std::string who = !error.name.empty()   ? error.name
                                    : !error.user.empty() ? error.user
                                                          : "a client from " + error.host;
            m_findings.push_back({std::string(kAuthError),
                                  {},
                                  who + " was not let in",
                                  std::to_string(error.times) + " times, the last at " +
                                      formatRfc3339(error.last) + " from " + error.host + ": " + error.reason,
                                  "check its credentials: expired, revoked, or somebody else's"});
        }
    }

    void findFarPops(const PopPlaces& places)
    {
        std::vector<ServerPlace> servers;
        for (const SeenServer& server : m_look.servers) {
            const ServerPlace place = placeOf(server, places);
            if (place.place == nullptr)
                return; // one that does not say where it is may be near
            servers.push_back(place);
        }
        std::map<const GeoPlace*, FarPops> far; // by the nearest server's place
        for (const FlowNode& node : m_messages.nodes) {
            const GeoPlace* pop = node.kind == FlowKind::Pop ? places.find(node.name) : nullptr;
            if (pop == nullptr || servers.empty())
                continue;
            const auto nearest = std::min_element(
                servers.begin(), servers.end(), [&](const ServerPlace& a, const ServerPlace& b) {
                    return kilometresBetween(pop->at, a.place->at) < kilometresBetween(pop->at, b.place->at);
                });
            const double distance = kilometresBetween(pop->at, nearest->place->at);
            if (distance >= kFar)
                far[nearest->place].add(node, distance, nearest->tag);
        }
        for (const auto& [place, pops] : far)
            m_findings.push_back(pops.finding(*place));
    }

    [[nodiscard]] std::vector<FlowFinding> take() { return std::move(m_findings); }

private:
    /// Messages of a PoP come to it, straight or through a Worker.
    [[nodiscard]] bool isOfTheEdge(const FlowNode& node) const
    {
        const auto index = m_messages.find(node.id);
        return std::any_of(m_messages.edges.begin(), m_messages.edges.end(), [&](const FlowEdge& edge) {
            const FlowKind from = m_messages.nodes[edge.from].kind;
            return edge.to == *index && (from == FlowKind::Pop || from == FlowKind::Worker);
        });
    }

    const FlowGraph& m_messages;
    const BrokerLook& m_look;
    const std::string& m_account;
    std::vector<FlowFinding> m_findings;
};

} // namespace

std::vector<FlowFinding> policyFindings(const FlowGraph& messages, const BrokerLook& look,
                                        const std::string& account, const PopPlaces& places)
{
    Policies policies(messages, look, account);
    policies.findForbidden();
    policies.findSubscribers();
    policies.findRefused();
    policies.findFarPops(places);
    return policies.take();
}

} // namespace weir
