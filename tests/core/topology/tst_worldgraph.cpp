// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowText.h"
#include "core/topology/WorldGraph.h"

#include <QTest>

#include <algorithm>

using namespace weir;
using namespace std::chrono_literals;

namespace {

PopSum popOf(const std::string& name, std::uint64_t messages, Nanoseconds p99)
{
    PopSum pop;
    pop.name = name;
    pop.isCode = name != "no PoP";
    pop.messages = messages;
    pop.rate = static_cast<double>(messages) / 60;
    pop.latency = {messages, 0, 0, p99 / 4, p99 / 3, p99 / 2, p99, p99};
    return pop;
}

BrokerLook lookWith(const std::vector<std::vector<std::string>>& tags)
{
    BrokerLook look;
    for (const auto& each : tags) {
        SeenServer server;
        server.name = "n" + std::to_string(look.servers.size() + 1);
        server.id = "N" + server.name;
        server.cluster = "eu";
        server.tags = each;
        look.servers.push_back(server);
    }
    return look;
}

const FlowEdge* lineFrom(const WorldGraph& world, const std::string& pop)
{
    const auto found =
        std::find_if(world.graph.edges.begin(), world.graph.edges.end(),
                     [&](const FlowEdge& edge) { return world.graph.nodes[edge.from].id == "pop:" + pop; });
    return found == world.graph.edges.end() ? nullptr : &*found;
}

QString notes(const WorldGraph& world)
{
    QStringList lines;
    for (const std::string& line : world.graph.coverage)
        lines += QString::fromStdString(line);
    return lines.join('\n');
}

} // namespace

class TestWorldGraph : public QObject
{
    Q_OBJECT
private slots:
    void linesGoToTheOnlyRegion();
    void linesGoToTheNearestOfSeveral();
    void noPlaceNoLine_data();
    void noPlaceNoLine();
    void unknownCodesStay();
    void serversSayWhereTheyStand_data();
    void serversSayWhereTheyStand();
    void judgesAsLatencyDoes();
    void farTrafficIsFound();
    void exports();
};

void TestWorldGraph::linesGoToTheOnlyRegion()
{
    const BrokerLook look = lookWith({{"iata:fra"}, {"region:eu-central-1"}});
    const WorldGraph world = worldGraph({popOf("FRA", 60, 9ms), popOf("GRU", 6, 90ms)}, &look);
    QCOMPARE(world.graph.nodes.size(), std::size_t{3});
    const std::uint32_t region = *world.graph.find("region:FRA");
    QCOMPARE(world.graph.nodes[region].name, std::string("Frankfurt"));
    QCOMPARE(world.places[region]->code, std::string("FRA"));
    const FlowEdge* line = lineFrom(world, "GRU");
    QVERIFY(line && line->to == region && line->basis == FlowBasis::Declared);
    QCOMPARE(line->messages, std::optional<std::uint64_t>(6));
    QCOMPARE(line->p99, Nanoseconds(90ms));
    QVERIFY(world.graph.coverage.empty());
    const auto& facts = world.graph.nodes[*world.graph.find("pop:GRU")].facts;
    QVERIFY(std::find(facts.begin(), facts.end(),
                      std::pair<std::string, std::string>("longitude", "-46.47")) != facts.end());
}

void TestWorldGraph::linesGoToTheNearestOfSeveral()
{
    const BrokerLook look = lookWith({{"iata:FRA"}, {"iata:IAD"}, {}});
    const WorldGraph world = worldGraph({popOf("LHR", 60, 9ms), popOf("YUL", 60, 9ms)}, &look);
    QCOMPARE(lineFrom(world, "LHR")->to, *world.graph.find("region:FRA"));
    QCOMPARE(lineFrom(world, "YUL")->to, *world.graph.find("region:IAD"));
    QCOMPARE(lineFrom(world, "YUL")->basis, FlowBasis::Inferred);
    QVERIFY(QString::fromStdString(lineFrom(world, "YUL")->because).contains("the nearest of 2 regions"));
    QVERIFY(notes(world).contains("where n3 stands is not known"));
    QVERIFY(!notes(world).contains("No lines"));
    // One alone, but not all say so: who knows.
    const BrokerLook one = lookWith({{"iata:FRA"}, {}});
    QCOMPARE(lineFrom(worldGraph({popOf("LHR", 60, 9ms)}, &one), "LHR")->basis, FlowBasis::Inferred);
}

void TestWorldGraph::noPlaceNoLine_data()
{
    QTest::addColumn<int>("servers"); // -1: none was looked at
    QTest::addColumn<QString>("why");
    QTest::newRow("no tags") << 3 << "No lines: where n1, n2, n3 stand is not known; a tag such as iata:FRA";
    QTest::newRow("many") << 9 << "n5 and 4 more";
    QTest::newRow("nobody answers") << 0 << "No lines: no server was reached";
    QTest::newRow("not watched") << -1 << "No lines: who serves is not known";
}

void TestWorldGraph::noPlaceNoLine()
{
    QFETCH(int, servers);
    QFETCH(QString, why);
    const BrokerLook look = lookWith(
        std::vector<std::vector<std::string>>(static_cast<std::size_t>(std::max(servers, 0)), {{"prod"}}));
    const WorldGraph world = worldGraph({popOf("FRA", 60, 9ms)}, servers < 0 ? nullptr : &look);
    QCOMPARE(world.graph.nodes.size(), std::size_t{1});
    QVERIFY(world.graph.edges.empty());
    QVERIFY2(notes(world).contains(why), qPrintable(notes(world)));
}

void TestWorldGraph::unknownCodesStay()
{
    const BrokerLook look = lookWith({{"iata:FRA"}});
    const WorldGraph world =
        worldGraph({popOf("QQQ", 60, 9ms), popOf("no PoP", 60, 9ms), popOf("FRA", 60, 9ms)}, &look);
    QCOMPARE(world.places[*world.graph.find("pop:QQQ")], static_cast<const GeoPlace*>(nullptr));
    QCOMPARE(world.sums[*world.graph.find("pop:QQQ")].messages, std::uint64_t{60});
    QVERIFY(lineFrom(world, "QQQ") == nullptr);
    QVERIFY(world.graph.find("pops:no PoP"));
    QVERIFY(notes(world).contains("1 PoP has a code that no place is known for"));
    // A header may say so, too: two things, and the messages of both are there.
    PopSum claimed = popOf("no PoP", 7, 9ms);
    claimed.isCode = true;
    const WorldGraph both = worldGraph({claimed, popOf("no PoP", 60, 9ms)}, &look);
    QCOMPARE(both.sums[*both.graph.find("pop:no PoP")].messages, std::uint64_t{7});
    QCOMPARE(both.sums[*both.graph.find("pops:no PoP")].messages, std::uint64_t{60});
}

void TestWorldGraph::serversSayWhereTheyStand_data()
{
    QTest::addColumn<QStringList>("tags");
    QTest::addColumn<QString>("code");
    QTest::newRow("iata") << QStringList{"prod", "iata:lhr"} << "LHR";
    QTest::newRow("region of a provider") << QStringList{"region:europe-west4"} << "GRQ";
    QTest::newRow("region by code") << QStringList{"region:fra"} << "FRA";
    QTest::newRow("zone") << QStringList{"az:eu-west-1c"} << "DUB";
    QTest::newRow("first that says a place") << QStringList{"region:dc2", "az:us-east-2a"} << "CMH";
    QTest::newRow("nothing of it") << QStringList{"region:dc2", "fra", "iata:", ":", "iata"} << "";
}

void TestWorldGraph::serversSayWhereTheyStand()
{
    QFETCH(QStringList, tags);
    QFETCH(QString, code);
    SeenServer server;
    for (const QString& tag : tags)
        server.tags.push_back(tag.toStdString());
    const ServerPlace place = placeOf(server, PopPlaces::builtIn());
    QCOMPARE(place.place ? QString::fromStdString(place.place->code) : QString(), code);
    QVERIFY(place.tag.empty() == code.isEmpty());
}

void TestWorldGraph::judgesAsLatencyDoes()
{
    std::vector<PopSum> pops;
    for (const char* name : {"FRA", "LHR", "CDG", "AMS", "GRU"})
        pops.push_back(popOf(name, 1000, std::string(name) == "GRU" ? 900ms : 20ms));
    pops.push_back(popOf("SYD", 20, 900ms)); // too few for a p99: its p50 is judged
    const WorldGraph world = worldGraph(pops, nullptr);
    const auto& slow = world.slow[*world.graph.find("pop:GRU")];
    QVERIFY(slow && slow->which == Percentile::P99 && slow->times >= 40);
    QCOMPARE(world.slow[*world.graph.find("pop:SYD")]->which, Percentile::P50);
    QVERIFY(!world.slow[*world.graph.find("pop:FRA")]);
    QCOMPARE(world.graph.findings.size(), std::size_t{2});
    QCOMPARE(world.graph.findings[0].kind, std::string("slow_pop"));
    QVERIFY(QString::fromStdString(world.graph.findings[0].evidence).contains("of 6 PoPs"));
}

void TestWorldGraph::farTrafficIsFound()
{
    const BrokerLook look = lookWith({{"iata:FRA"}});
    const WorldGraph world =
        worldGraph({popOf("GRU", 90, 90ms), popOf("SYD", 3, 90ms), popOf("LHR", 900, 9ms)}, &look);
    QCOMPARE(world.graph.findings.size(), std::size_t{1}); // SYD is farther, and little
    const FlowFinding& finding = world.graph.findings[0];
    QCOMPARE(finding.node, std::string("pop:GRU"));
    const QString evidence = QString::fromStdString(finding.evidence);
    QVERIFY2(evidence.startsWith("9 % of all messages come 98"), qPrintable(evidence));
    QVERIFY2(evidence.endsWith("km: light in fibre alone needs 49 ms one way"), qPrintable(evidence));
}

void TestWorldGraph::exports()
{
    const BrokerLook look = lookWith({{"iata:FRA"}});
    const WorldGraph world = worldGraph({popOf("GRU", 90, 90ms)}, &look);
    const std::string json = flowJson(world.graph);
    QVERIFY(json.find("\"kind\":\"pop-region\"") != std::string::npos);
    QVERIFY(json.find("\"latitude\":\"-23.4") != std::string::npos);
    QVERIFY(flowDot(world.graph).find("\"region:FRA\"") != std::string::npos);
}

QTEST_APPLESS_MAIN(TestWorldGraph)
#include "tst_worldgraph.moc"
