// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/EdgeHistory.h"

#include "tests/ui/ServerPictures.h"
#include "tests/ui/WorldPictures.h"

#include <algorithm>
#include <array>
#include <random>

namespace weir::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* kEdge = "AEDGE";
constexpr const char* kCore = "ACORE";
constexpr std::array kDomains{"orders",  "payments",  "auth",      "telemetry", "inventory",
                              "search",  "catalogue", "sessions",  "media",     "shipping",
                              "returns", "pricing",   "customers", "loyalty",   "adverts",
                              "fraud",   "reviews",   "carts",     "tickets",   "notifications"};
constexpr std::array kVerbs{"created", "paid", "cancelled", "updated", "failed", "archived"};
constexpr std::array kRegions{"eu", "us", "ap", "sa", "af", "me"};
constexpr std::array kServices{"billing",       "fulfilment",          "analytics",
                               "risk-scoring",  "notification-mailer", "warehouse-sync",
                               "session-store", "search-indexer"};

std::string nameOf(const char* what, std::size_t index)
{
    return index == 0 ? std::string(what) : what + ("-" + std::to_string(index + 1));
}

std::string domainOf(std::size_t index)
{
    return nameOf(kDomains[index % kDomains.size()], index / kDomains.size());
}

/// `orders.eu.created`: each domain's one after the other.
std::string subjectOf(std::size_t index, std::size_t domains)
{
    const std::size_t of = index / domains;
    return domainOf(index % domains) + "." + kRegions[of / kVerbs.size() % kRegions.size()] + "." +
           kVerbs[of % kVerbs.size()];
}

/// Each domain's Worker has one identity; some only say so.
Evidence evidenceOf(std::size_t domain)
{
    return domain % 4 == 3 ? Evidence::Claimed : Evidence::Verified;
}

/// How many there are of each kind.
struct Sizes
{
    explicit Sizes(std::size_t nodes)
        : pops(std::max<std::size_t>(3, nodes * 15 / 100)),
          domains(std::max<std::size_t>(2, nodes / 25)),
          subjects(std::max<std::size_t>(4, nodes * 28 / 100)),
          consumers(std::max<std::size_t>(2, nodes * 9 / 100)),
          clients(std::max<std::size_t>(3, nodes * 25 / 100))
    {
    }
    std::size_t pops;
    std::size_t domains; ///< each has a Worker, an identity, a stream and a queue group
    std::size_t subjects;
    std::size_t consumers;
    std::size_t clients;
};

SeenConnection client(const std::string& server, std::uint64_t cid, const std::string& name)
{
    SeenConnection made;
    made.server = server;
    made.cid = cid;
    made.name = name;
    made.account = kCore;
    made.user = "U" + name;
    made.userName = name;
    made.address = "10.2.0.7:" + std::to_string(40'000 + cid % 20'000);
    made.library = "go 1.37.0";
    made.rtt = 400us;
    return made;
}

} // namespace

EdgeHistory::EdgeHistory(std::size_t nodes, Timestamp begin) : m_nodes(nodes)
{
    if (begin != kNoTime)
        m_file.clock.advance(begin - m_file.clock.now());
    m_problem = m_file.open();
    if (m_problem.empty())
        record();
}

BrokerLook EdgeHistory::look(bool second) const
{
    const Sizes sizes(m_nodes);
    BrokerLook look = bigServers(m_nodes, second);
    constexpr std::array kTags{"iata:FRA", "iata:IAD", "iata:SIN", "iata:GRU", "iata:AMS", "iata:ARN"};
    for (SeenServer& server : look.servers) {
        for (std::size_t region = 0; region < kTags.size(); ++region) {
            constexpr std::array kClusters{"eu-central", "us-east", "ap-south",
                                           "sa-east",    "us-west", "eu-north"};
            if (server.cluster.starts_with(kClusters[region]))
                server.tags = {kTags[region]};
        }
        server.jetStream = true;
    }
    look.accounts = {{kEdge, "EDGE", false, {}}, {kCore, "CORE", false, {}}};
    for (std::size_t i = 0; i < sizes.domains; ++i)
        look.accounts[1].imports.push_back({false, kEdge, domainOf(i) + ".>", domainOf(i) + ".>"});
    const std::uint64_t more = second ? 1 : 0;
    for (std::size_t i = 0; i < sizes.domains; ++i) {
        std::string name = domainOf(i);
        std::transform(name.begin(), name.end(), name.begin(),
                       [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
        if (i % 3 != 1)
            look.streams.push_back({kEdge, name, {domainOf(i) + ".>"}, 90'000, 100'000 + more * 6000, {}});
    }
    for (std::size_t i = 0; i < sizes.consumers; ++i) {
        SeenStream& stream = look.streams[i % look.streams.size()];
        const bool lags = i == 1;
        stream.consumers.push_back({nameOf(kServices[i % kServices.size()], i / kServices.size()),
                                    {},
                                    {},
                                    90'000 + more * (lags ? 900 : 6000),
                                    lags ? 4000 + more * 5100 : 20,
                                    12,
                                    0});
    }
    for (std::size_t i = 0; i < sizes.clients; ++i) {
        SeenConnection made = client(look.servers[i % look.servers.size()].id, i + 1,
                                     nameOf(kServices[i % kServices.size()], i / kServices.size()));
        const std::string domain = domainOf(i % sizes.domains);
        made.subscriptions = {{domain + ".>", i % 3 == 0 ? "" : domain + "-workers", 1000 + more * 500}};
        look.connections.push_back(std::move(made));
    }
    look.connectionsTotal = look.connections.size();
    return look;
}

void EdgeHistory::keepLook(bool second)
{
    BrokerLook seen = look(second);
    seen.time = m_file.clock.now();
    const auto tell = [&seen](auto& list) {
        for (auto& each : list)
            each.told = seen.time;
    };
    tell(seen.servers);
    tell(seen.links);
    tell(seen.streams);
    tell(seen.connections);
    m_file.writer->keepLook({std::make_shared<const BrokerLook>(std::move(seen)), kEdge, {">"}});
}

void EdgeHistory::record()
{
    const Sizes sizes(m_nodes);
    const auto names = m_file.writer->names();
    const std::vector<PopSum> pops = bigPops(sizes.pops);
    std::vector<IdentityId> identities;
    for (std::size_t i = 0; i < sizes.domains; ++i) {
        Identity who;
        who.name = "worker:" + domainOf(i) + "@edge";
        who.issuer = "https://id.example.org";
        who.evidence = evidenceOf(i);
        identities.push_back(names->identities.intern(who));
    }
    std::mt19937 random(17);
    const std::size_t rounds = std::max<std::size_t>(12, m_nodes / 40); // of every subject
    for (std::size_t round = 0; round < rounds; ++round) {
        if (round == 0 || round == rounds / 2)
            keepLook(round != 0);
        for (std::size_t subject = 0; subject < sizes.subjects; ++subject) {
            const std::size_t domain = subject % sizes.domains;
            std::vector<Message> batch(2 + 40 / (1 + domain));
            for (Message& message : batch) {
                const PopSum& pop = pops[std::min(random() % sizes.pops, random() % sizes.pops)];
                message.time = m_file.clock.now();
                const auto extra = 1us * static_cast<int>(random() % 4000);
                if (pop.latency.p50 != kNoDuration)
                    message.sent = message.time - pop.latency.p50 - extra;
                message.pop = names->pops.intern(pop.name);
                message.worker = names->workers.intern(domainOf(domain));
                message.identity = identities[domain];
                message.evidence = evidenceOf(domain);
                message.popName = names->pops.name(message.pop);
                message.workerName = names->workers.name(message.worker);
                message.payload = R"({"order":4711})";
            }
            m_file.put(m_file.traffic->own(std::move(batch), subjectOf(subject, sizes.domains)));
        }
        m_file.pass(60s / static_cast<int>(rounds));
    }
    m_problem = m_file.close();
}

} // namespace weir::test
