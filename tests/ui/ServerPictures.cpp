// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/ServerPictures.h"

#include <algorithm>
#include <array>
#include <random>

namespace weir::test {
namespace {

using Kind = SeenLink::Kind;

constexpr std::array<const char*, 6> kRegions{"eu-central", "us-east", "ap-south",
                                              "sa-east",    "us-west", "eu-north"};

/// Makes the look.
class Broker
{
public:
    explicit Broker(bool second) : m_second(second)
    {
        look.time = Timestamp(std::chrono::seconds(second ? 1'790'000'010 : 1'790'000'000));
    }

    std::string server(const std::string& name, const std::string& cluster)
    {
        SeenServer made;
        made.id = "N" + name;
        made.name = name;
        made.version = "2.10.22";
        made.cluster = cluster;
        made.host = "10.1.0." + std::to_string(look.servers.size() % 250) + ":4222";
        made.start = Timestamp(std::chrono::seconds(1'789'000'000));
        made.connections = m_random() % 400;
        made.subscriptions = made.connections * 9;
        made.inMessages = count(9000);
        made.outMessages = count(20000);
        made.inBytes = made.inMessages * 300;
        made.outBytes = made.outMessages * 300;
        look.servers.push_back(made);
        return made.id;
    }
    void link(Kind kind, const std::string& from, const std::string& to, const std::string& toName,
              Nanoseconds rtt)
    {
        SeenLink made;
        made.kind = kind;
        made.server = from;
        made.remote = to;
        made.remoteName = toName;
        made.address = "10.9." + std::to_string(look.links.size() / 250 % 250) + "." +
                       std::to_string(look.links.size() % 250) + ":6222";
        made.cid = look.links.size() + 1;
        made.inMessages = count(2000);
        made.outMessages = count(2000);
        made.rtt = rtt;
        look.links.push_back(std::move(made));
    }
    [[nodiscard]] Nanoseconds about(int micros)
    {
        return std::chrono::microseconds(micros +
                                         static_cast<int>(m_random() % static_cast<unsigned>(micros)));
    }

    BrokerLook look;

private:
    /// A counter that grew by up to `most` a second between the looks.
    std::uint64_t count(std::uint64_t most)
    {
        const std::uint64_t growth = m_random() % (most * 10);
        return 1'000'000 + (m_second ? growth : 0);
    }

    const bool m_second;
    std::mt19937 m_random{3};
};

void join(Broker& broker, const std::vector<std::string>& ids)
{
    for (const std::string& from : ids) {
        for (const std::string& to : ids) {
            if (from != to)
                broker.link(Kind::Route, from, to, to.substr(1), broker.about(300));
        }
    }
}

} // namespace

BrokerLook bigServers(std::size_t servers, bool second)
{
    Broker broker(second);
    const std::size_t clusters = std::max<std::size_t>(2, servers / 40);
    std::vector<std::vector<std::string>> ids(clusters);
    std::vector<std::string> names;
    for (std::size_t c = 0; c < clusters; ++c) {
        names.push_back(kRegions[c % kRegions.size()] + std::string("-") +
                        std::to_string(c / kRegions.size() + 1));
        const std::size_t size = c % 3 == 0 ? 3 : c % 3 == 1 ? 5 : 9;
        for (std::size_t s = 0; s < size; ++s)
            ids[c].push_back(broker.server("nats-" + names[c] + "-" + std::to_string(s), names[c]));
        join(broker, ids[c]);
    }
    for (std::size_t c = 0; c < clusters; ++c) {
        for (std::size_t other = 0; other < std::min<std::size_t>(clusters, 12); ++other) {
            if (c != other)
                broker.link(Kind::OutboundGateway, ids[c][other % ids[c].size()],
                            ids[other][c % ids[other].size()], names[other], broker.about(40'000));
        }
    }
    for (std::size_t leaf = 0; broker.look.servers.size() + leaf < servers; ++leaf) {
        const std::size_t c = leaf * 7 % clusters;
        broker.look.servers[0].leafHost = "10.1.0.0:7422";
        for (SeenServer& each : broker.look.servers)
            each.leafHost = each.host;
        broker.link(Kind::Leaf, ids[c][leaf % ids[c].size()], {}, "store-" + std::to_string(1000 + leaf),
                    broker.about(9000));
    }
    // Of a partner's cluster only the gateways of two servers tell.
    for (const std::size_t c : {0U, 1U})
        broker.link(Kind::OutboundGateway, ids[c][0], "Npartner-" + std::to_string(c), "partner",
                    broker.about(30'000));
    broker.link(Kind::InboundGateway, ids[0][1], "Npartner-2", "partner", broker.about(30'000));
    // The first cluster lacks a route; of the second one server was not reached, one is old, one route slow.
    std::erase_if(broker.look.links, [&](const SeenLink& link) {
        return (link.server == ids[0][0] && link.remote == ids[0][1]) ||
               (link.server == ids[0][1] && link.remote == ids[0][0]) || link.server == ids[1][4];
    });
    std::erase_if(broker.look.servers, [&](const SeenServer& server) { return server.id == ids[1][4]; });
    for (SeenServer& server : broker.look.servers) {
        if (server.id == ids[1][1])
            server.version = "2.9.10";
    }
    for (SeenLink& link : broker.look.links) {
        if (link.kind == Kind::Route && link.server == ids[1][0] && link.remote == ids[1][2])
            link.rtt = std::chrono::milliseconds(48);
    }
    return std::move(broker.look);
}

std::shared_ptr<const ServerPlan> bigPlan(std::size_t servers)
{
    const BrokerLook before = bigServers(servers, false);
    return planServers(std::make_shared<const ServerGraph>(serverGraph(bigServers(servers, true), &before)));
}

} // namespace weir::test
