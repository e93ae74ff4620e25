// SPDX-License-Identifier: GPL-3.0-or-later
// MonitoredServer: the dear pages, and what events ask for.
#include "core/broker/MonitorReply.h"
#include "core/broker/MonitoredServer.h"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

using Page = MonitorQuestion::Page;
using namespace std::chrono_literals;

constexpr Nanoseconds kSoon = 250ms; ///< a client subscribes a moment after it connected
constexpr Nanoseconds kLater = 1200ms;
constexpr int kMostPages = 1000; ///< of one answer, whatever the server says of its size
constexpr std::size_t kMostAccounts = 1000;
constexpr std::size_t kMostSoon = 50; ///< connections; with more of them all are read

template<typename Seen>
void tell(std::vector<Seen>& all, Timestamp when)
{
    for (Seen& each : all)
        each.told = when;
}

} // namespace

void MonitoredServer::readConnections(bool details, const std::stop_token& stop)
{
    Part& into = part(Topic::Connections);
    BrokerLook fresh;
    const auto readPages = [&]() -> Result<void> {
        MonitorQuestion question{Page::Connz, details, 0, 0, {}};
        std::optional<std::uint64_t> next = 0;
        for (int i = 0; next && i < kMostPages && fresh.connections.size() < m_options.mostConnections; ++i) {
            question.offset = *next;
            const auto page = ask(question, m_pace, stop);
            const auto read =
                page ? readConnz(*page, fresh) : Result<std::optional<std::uint64_t>>(page.error());
            if (!read)
                return read.error();
            next = *read;
        }
        return {};
    };
    const auto done = readPages();
    if (!done)
        into.problem = "connections: " + done.error().line();
    if (!done && !m_connections.all().empty())
        return; // what was known is better than the beginning of it
    tell(fresh.connections, m_clock.now());
    if (!details) {
        m_newcomers = !m_connections.refresh(std::move(fresh.connections), fresh.connectionsTotal);
        return;
    }
    m_connections.replace(std::move(fresh.connections), fresh.connectionsTotal);
    m_newcomers = false;
    m_detailed = *m_server;
    m_detailedAt = m_clock.steady();
}

void MonitoredServer::readStreams(const std::stop_token& stop)
{
    Part& into = part(Topic::Streams);
    BrokerLook fresh;
    MonitorQuestion question{Page::Jsz, true, 0, 0, {}};
    std::optional<std::uint64_t> next = 0;
    for (int i = 0; next && i < kMostPages && m_server->jetStream; ++i) {
        const auto page = ask(question, m_pace, stop);
        const auto read = page ? readJsz(*page, fresh) : Result<std::optional<std::uint64_t>>(page.error());
        if (!read) {
            into.problem = "streams: " + read.error().line();
            break;
        }
        next = *read;
        question.offset += next.value_or(0);
    }
    if (!into.problem.empty() && !into.told.streams.empty())
        return;
    tell(fresh.streams, m_clock.now());
    into.told = std::move(fresh);
}

void MonitoredServer::readLinks(const std::stop_token& stop)
{
    constexpr std::pair<Page, Result<void> (*)(const QByteArray&, BrokerLook&)> kPages[] = {
        {Page::Routez, readRoutez}, {Page::Gatewayz, readGatewayz}, {Page::Leafz, readLeafz}};
    Part& into = part(Topic::Links);
    BrokerLook fresh;
    for (const auto& [page, readPage] : kPages) {
        const auto got = ask({page, false, 0, 0, {}}, m_pace, stop);
        const auto done = got ? readPage(*got, fresh) : Result<void>(got.error());
        if (!done)
            into.problem = "links of servers: " + done.error().line();
    }
    tell(fresh.links, m_clock.now());
    into.told = std::move(fresh);
}

void MonitoredServer::readAccounts(const std::stop_token& stop)
{
    Part& into = part(Topic::Accounts);
    const auto page = ask({Page::Accountz, false, 0, 0, {}}, m_pace, stop);
    const auto list = page ? readAccountz(*page) : Result<AccountList>(page.error());
    if (!list) {
        into.problem = "accounts: " + list.error().line();
        return;
    }
    BrokerLook fresh;
    if (list->accounts.size() > kMostAccounts)
        into.problem = "accounts: " + std::to_string(kMostAccounts) + " of " +
                       std::to_string(list->accounts.size()) + " were read";
    for (std::size_t i = 0; i < std::min(list->accounts.size(), kMostAccounts); ++i) {
        const std::string& id = list->accounts[i];
        const auto account = ask({Page::Accountz, false, 0, 0, id}, m_pace, stop);
        if (!account && (stop.stop_requested() || account.error().code == ErrorCode::Timeout)) {
            into.problem = "accounts: " + account.error().line();
            return; // the others would be waited for as long
        }
        const auto done = account ? readAccount(*account, fresh) : Result<void>(account.error());
        if (!done)
            into.problem = "account " + id + ": " + done.error().line();
    }
    into.told = std::move(fresh);
}

void MonitoredServer::expectConnection(std::uint64_t cid)
{
    if (m_soon.size() >= kMostSoon) {
        expectMuch();
        m_soon.clear();
        m_later.clear();
    }
    const Nanoseconds now = m_clock.steady();
    m_soon[cid] = now + kSoon;
    m_later[cid] = now + kLater;
}

bool MonitoredServer::forgetConnection(std::uint64_t cid)
{
    m_soon.erase(cid);
    m_later.erase(cid);
    return m_connections.remove(cid);
}

void MonitoredServer::expectStreams(const std::string& account)
{
    if (m_server && m_server->jetStream)
        m_changed.insert(account);
}

bool MonitoredServer::readExpected(const std::stop_token& stop)
{
    bool asked = false;
    const auto mayAsk = [&] { return m_urgent.mayAsk(m_clock.steady()) && !stop.stop_requested(); };
    for (auto* expected : {&m_soon, &m_later}) {
        for (auto it = expected->begin(); it != expected->end() && mayAsk();) {
            if (it->second > m_clock.steady()) {
                ++it;
                continue;
            }
            readConnection(it->first, stop);
            it = expected->erase(it);
            asked = true;
        }
    }
    while (!m_changed.empty() && mayAsk()) {
        readStreamsOf(*m_changed.begin(), stop);
        m_changed.erase(m_changed.begin());
        asked = true;
    }
    return asked;
}

void MonitoredServer::readConnection(std::uint64_t cid, const std::stop_token& stop)
{
    BrokerLook fresh;
    const auto page = ask({Page::Connz, true, 0, cid, {}}, m_urgent, stop);
    const auto read = page ? readConnz(*page, fresh) : Result<std::optional<std::uint64_t>>(page.error());
    if (!read) {
        m_newcomers = true; // the page of all will tell, or tell why not
        return;
    }
    tell(fresh.connections, m_clock.now());
    for (SeenConnection& each : fresh.connections) {
        if (each.cid == cid)
            m_connections.put(std::move(each));
    }
}

void MonitoredServer::readStreamsOf(const std::string& account, const std::stop_token& stop)
{
    Part& into = part(Topic::Streams);
    BrokerLook fresh;
    const auto page = ask({Page::Jsz, true, 0, 0, account}, m_urgent, stop);
    const auto read = page ? readJsz(*page, fresh) : Result<std::optional<std::uint64_t>>(page.error());
    if (!read) {
        into.at = kNever;
        return;
    }
    tell(fresh.streams, m_clock.now());
    std::vector<SeenStream>& streams = into.told.streams;
    std::erase_if(streams, [&](const SeenStream& each) { return each.account == account; });
    mergeStreams(std::move(fresh.streams), streams);
}

Nanoseconds MonitoredServer::nextAt() const
{
    Nanoseconds next = m_failure ? m_glanceAt : std::min(m_glanceAt, newcomersAt());
    for (const auto* expected : {&m_soon, &m_later}) {
        for (const auto& [cid, at] : *expected)
            next = std::min(next, std::max(at, m_urgent.nextAt()));
    }
    return m_changed.empty() ? next : std::min(next, m_urgent.nextAt());
}

void MonitoredServer::addTo(BrokerLook& look) const
{
    if (!m_server || m_failure)
        return;
    look.servers.push_back(*m_server);
    const BrokerLook& links = part(Topic::Links).told;
    look.links.insert(look.links.end(), links.links.begin(), links.links.end());
    const std::vector<SeenConnection>& connections = m_connections.all();
    look.connections.insert(look.connections.end(), connections.begin(), connections.end());
    look.connectionsTotal += m_connections.total();
    look.visitors += m_connections.visitors();
    mergeStreams(part(Topic::Streams).told.streams, look.streams);
    mergeAccounts(part(Topic::Streams).told.accounts, look.accounts);
    mergeAccounts(part(Topic::Accounts).told.accounts, look.accounts);
    for (const Part& each : m_parts) {
        if (!each.problem.empty())
            look.problems.push_back(each.problem);
    }
}

} // namespace weir
