// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/NatsMonitor.h"

#include "core/base/Wording.h"
#include "core/broker/HttpMonitor.h"
#include "core/broker/MonitorReply.h"

#include <algorithm>
#include <set>

namespace weir {
namespace {

constexpr std::size_t kMostNotes = 20;

Error cancelled()
{
    return {ErrorCode::Cancelled, "looking at the broker", "it was stopped", {}};
}

std::unique_ptr<MonitorTransport> httpOf(const NatsMonitor::Options& options)
{
    return std::make_unique<HttpMonitor>(HttpMonitor::Options{options.urls, options.profile, options.patience,
                                                              options.largestPage, options.pageSize});
}

} // namespace

std::vector<std::string> monitorUrls(const ConnectionProfile& profile)
{
    std::vector<std::string> urls;
    const std::string& list = profile.monitorUrl;
    for (std::size_t at = 0; at < list.size();) {
        const std::size_t end = std::min(list.find(',', at), list.size());
        if (end > at)
            urls.push_back(list.substr(at, end - at));
        at = end + 1;
    }
    return urls;
}

NatsMonitor::NatsMonitor(const Options& options, Clock& clock) : NatsMonitor(httpOf(options), options, clock)
{
}

NatsMonitor::NatsMonitor(std::unique_ptr<MonitorTransport> transport, const Options& options, Clock& clock)
    : m_transport(std::move(transport)), m_options{options.interval, options.mostConnections}, m_clock(clock)
{
}

Result<void> NatsMonitor::findServers(const std::stop_token& stop)
{
    auto targets = m_transport->servers(stop);
    if (stop.stop_requested())
        return cancelled();
    if (!targets)
        return targets.error();
    m_order = std::move(*targets);
    for (const std::string& target : m_order)
        m_servers.try_emplace(target, target, *m_transport, m_clock, m_options);
    std::erase_if(m_servers, [this](const auto& each) {
        return std::find(m_order.begin(), m_order.end(), each.first) == m_order.end();
    });
    return {};
}

Result<NatsMonitor::Look> NatsMonitor::look(const std::stop_token& stop)
{
    if (const auto found = findServers(stop); !found)
        return found.error();
    for (const std::string& target : m_order)
        m_servers.at(target).readAll(stop);
    return stop.stop_requested() ? cancelled() : assemble();
}

Result<NatsMonitor::Look> NatsMonitor::glance(const std::stop_token& stop)
{
    if (const auto found = findServers(stop); !found)
        return found.error();
    for (const std::string& target : m_order)
        (void)m_servers.at(target).readDue(stop);
    return stop.stop_requested() ? cancelled() : assemble();
}

Nanoseconds NatsMonitor::nextAt() const
{
    Nanoseconds next = m_servers.empty() ? m_clock.steady() + m_options.interval : Nanoseconds::max();
    for (const auto& [target, server] : m_servers)
        next = std::min(next, server.nextAt());
    return next;
}

MonitoredServer* NatsMonitor::server(const std::string& id)
{
    for (auto& [target, server] : m_servers) {
        if (server.server() && server.server()->id == id)
            return &server;
    }
    return nullptr;
}

void NatsMonitor::expectStreams(const std::string& account)
{
    for (auto& [target, server] : m_servers)
        server.expectStreams(account);
}

void NatsMonitor::expectMuch()
{
    for (auto& [target, server] : m_servers)
        server.expectMuch();
}

Result<NatsMonitor::Look> NatsMonitor::assemble()
{
    auto look = std::make_shared<BrokerLook>();
    look->time = m_clock.now();
    std::set<std::string> ids;
    Error last{ErrorCode::NotFound, "looking at the broker", "no server answered", {}};
    for (const std::string& target : m_order) {
        const MonitoredServer& server = m_servers.at(target);
        // One server may be reached in two ways.
        if (server.server() && !server.failure() && ids.insert(server.server()->id).second)
            server.addTo(*look);
        if (!server.failure())
            continue;
        last = *server.failure();
        look->problems.push_back(last.line());
    }
    if (look->servers.empty())
        return last;
    nameLinks(*look);
    noteRestarts(*look);
    tellCoverage(*look);
    look->notes = m_notes;
    if (look->connections.size() < look->connectionsTotal)
        look->problems.push_back("connections: " + std::to_string(look->connections.size()) + " of " +
                                 std::to_string(look->connectionsTotal) + " were read");
    if (look->visitors > 0)
        look->notes.push_back(std::to_string(look->visitors) +
                              " connections came and went between two looks: what they did is not shown");
    return Look(look);
}

/// A server that starts again has another id, and counters from zero.
void NatsMonitor::noteRestarts(const BrokerLook& look)
{
    for (const SeenServer& server : look.servers) {
        const auto gone = std::find_if(m_seen.begin(), m_seen.end(), [&](const auto& each) {
            return each.second.name == server.name && each.second.start < server.start;
        });
        const bool isNew = !m_seen.contains(server.id);
        m_seen[server.id] = server;
        const bool twin = gone != m_seen.end() &&
                          std::any_of(look.servers.begin(), look.servers.end(), [&](const SeenServer& other) {
                              return other.id == gone->first && other.start == gone->second.start;
                          });
        if (gone == m_seen.end() || !isNew || twin)
            continue;
        m_notes.push_back("server " + server.name + " began anew at " + formatRfc3339(server.start) +
                          ": its counters start from zero");
        m_seen.erase(gone);
        if (m_notes.size() > kMostNotes)
            m_notes.erase(m_notes.begin());
    }
}

/// Servers that others have a link to, and that did not tell of themselves.
void NatsMonitor::tellCoverage(BrokerLook& look) const
{
    std::set<std::string> answered;
    for (const SeenServer& server : look.servers)
        answered.insert(server.id);
    std::set<std::string> ids;
    std::set<std::string> names;
    for (const SeenLink& link : look.links) {
        if (link.kind == SeenLink::Kind::Leaf || link.remote.empty() || answered.contains(link.remote))
            continue;
        if (!ids.insert(link.remote).second)
            continue;
        const auto seen = m_seen.find(link.remote);
        const bool isRoute = link.kind == SeenLink::Kind::Route && !link.remoteName.empty();
        names.insert(seen != m_seen.end() ? seen->second.name
                     : isRoute            ? link.remoteName
                                          : link.remote + " (" + link.address + ")");
    }
    const std::uint64_t all = std::max<std::uint64_t>(answered.size() + ids.size(), m_transport->expected());
    if (all == answered.size())
        return;
    look.problems.push_back(std::to_string(answered.size()) + " of " + std::to_string(all) +
                            " servers answered" +
                            (ids.empty() ? "" : "; " + m_transport->whyNotAsked() + " " + listed(names)));
}

} // namespace weir
