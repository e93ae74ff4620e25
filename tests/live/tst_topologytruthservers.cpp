// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/LabTruth.h"

#include <QHash>
#include <QJsonArray>
#include <QTest>
#include <QUrl>

using namespace weir::test;

/// The lab's cluster of three against lab.json: its servers, routes and clients, and its flow, as monitoring
/// ports and as the system account tell them.
class TestTopologyTruthServers : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void drawsEachServerAndRoute_data();
    void drawsEachServerAndRoute();
    void drawsTheFlowThroughAllServers();
    void cleanupTestCase();

private:
    [[nodiscard]] QStringList systemCreds() const
    {
        return {"--system-creds", m_lab.described()["users"]["sys"]["creds"].toString()};
    }
    Lab m_lab;
};

namespace {

/// Connections that lab.json tells of: Workers', the gateway's, and each instance's of a service.
int clientsOf(const QJsonObject& topology)
{
    QSet<QString> edge;
    for (const QJsonValue& worker : topology["workers"].toArray())
        edge << worker["connection"].toString();
    int clients = static_cast<int>(edge.size());
    for (const QJsonValue& service : topology["services"].toArray())
        clients += service["instances"].toInt();
    return clients;
}

} // namespace

void TestTopologyTruthServers::initTestCase()
{
    QVERIFY2(m_lab.up({"--servers", "3", "--rate", "400"}), m_lab.error().constData());
}

void TestTopologyTruthServers::cleanupTestCase()
{
    QVERIFY(m_lab.down());
}

void TestTopologyTruthServers::drawsEachServerAndRoute_data()
{
    QTest::addColumn<bool>("throughSystem");
    QTest::newRow("monitoring ports") << false;
    QTest::newRow("system account") << true;
}

void TestTopologyTruthServers::drawsEachServerAndRoute()
{
    QFETCH(bool, throughSystem);
    Program topology = m_lab.weir(QStringList{"topology", "--picture", "servers", "--context", "lab",
                                              "--duration", "1s", "--format", "json"} +
                                  (throughSystem ? systemCreds() : m_lab.monitors()));
    QVERIFY2(topology.exitCode() == 0, topology.errors().constData());
    const QJsonObject graph = topology.json();
    QSet<QString> servers;
    QSet<QString> routes;
    for (const QJsonValue& server : m_lab.described()["servers"].toArray()) {
        servers << server["name"].toString() + " " + QUrl(server["url"].toString()).authority();
        for (const QJsonValue& other : m_lab.described()["servers"].toArray()) {
            if (server["name"].toString() < other["name"].toString())
                routes << server["name"].toString() + " - " + other["name"].toString();
        }
    }
    QCOMPARE(routes.size(), qsizetype{3});
    QSet<QString> drawn;
    QHash<QString, QString> names; // by node
    int clients = 0;
    for (const QJsonValue& node : graph["nodes"].toArray()) {
        if (node["kind"].toString() == "cluster") {
            QCOMPARE(node["servers"].toString(), QString("3"));
            continue;
        }
        QCOMPARE(node["kind"].toString(), QString("server"));
        names[node["id"].toString()] = node["name"].toString();
        drawn << node["name"].toString() + " " + node["address"].toString();
        clients += node["clients"].toString().toInt();
        QVERIFY(node["rate_in"].toDouble() > 0 && node["rate_out"].toDouble() > 0);
    }
    QCOMPARE(drawn, servers);
    QCOMPARE(clients, clientsOf(m_lab.topology()) + (throughSystem ? 1 : 0)); // Weir's own
    drawn.clear();
    for (const QJsonValue& edge : graph["edges"].toArray()) {
        QStringList ends{names[edge["from"].toString()], names[edge["to"].toString()]};
        ends.sort();
        drawn << ends.join(" - ");
        QCOMPARE(edge["evidence"].toString(), QString("declared"));
        QCOMPARE(edge["connections"].toInt(), 1);
        QVERIFY(edge["because"].toString().startsWith("route, "));
    }
    QCOMPARE(drawn, routes);
    QCOMPARE(graph["edges"].toArray().size(), qsizetype{3});
    QCOMPARE(graph["findings"].toArray().size(), qsizetype{0});
    QCOMPARE(graph["coverage"].toArray().size(), qsizetype{0});
}

/// Clients, queue groups and the stream are on different servers; no messages are counted twice for it.
void TestTopologyTruthServers::drawsTheFlowThroughAllServers()
{
    Program topology =
        m_lab.weir(QStringList{"topology", "--context", "lab", "--duration", "12s", "--format", "json"} +
                   Lab::subjects() + systemCreds());
    QVERIFY2(topology.exitCode(110'000) == 0, topology.errors().constData());
    const QJsonObject graph = topology.json();
    const QJsonObject truth = m_lab.topology();
    const QSet<QString> drawn = drawnIn(graph, truth);
    const QSet<QString> expected = expectedOf(truth, true);
    QVERIFY2((expected - drawn).isEmpty(), "missing:\n" + inWords(expected - drawn));
    QVERIFY2((drawn - expected).isEmpty(), "not there:\n" + inWords(drawn - expected));
    QCOMPARE(popsDrawn(graph) - popsOfWorkers(truth), QSet<QString>());
    QCOMPARE(popsMissing(graph, truth), QSet<QString>());
    QCOMPARE(graph["coverage"].toArray().size(), qsizetype{0});
    QCOMPARE(graph["findings"].toArray().size(), qsizetype{1});
    QCOMPARE(graph["findings"][0]["kind"].toString(), QString("falling_behind"));
}

QTEST_GUILESS_MAIN(TestTopologyTruthServers)
#include "tst_topologytruthservers.moc"
