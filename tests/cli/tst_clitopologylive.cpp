// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/Shell.h"
#include "tests/support/NamedSubscriber.h"
#include "tests/support/NatsCluster.h"
#include "tests/support/Patience.h"
#include "tests/support/RawPublisher.h"

#include <QJsonArray>
#include <QTest>
#include <QXmlStreamReader>

#include <algorithm>
#include <csignal>

using namespace weir::test;

/// `weir topology --picture …` of brokers that are there.
class TestCliTopologyLive : public QObject
{
    Q_OBJECT
private slots:
    void serversOfARealCluster();
    void aClusterBehindAGateway();
    void saysWhichServersDidNotTell();
    void aLeafNodeAndItsHub();
    void worldOfARealBroker();

private:
    /// Ends by a signal, as nobody knows how long a loaded machine needs.
    [[nodiscard]] Said observe(const QStringList& arguments, const std::function<void()>& meanwhile,
                               const QByteArray& begun = "weir: observing ") const
    {
        const auto process = m_shell.start(QStringList{"topology", "--duration", "10min"} + arguments);
        QByteArray said;
        if (!waitFor(*process, begun, said))
            return {-1, {}, said};
        meanwhile();
        if (::kill(static_cast<pid_t>(process->processId()), SIGINT) != 0)
            return {-1, {}, said};
        return finish(*process, said);
    }
    Shell m_shell;
};

void TestCliTopologyLive::serversOfARealCluster()
{
    NatsCluster cluster;
    QVERIFY(cluster.start());
    QStringList ask{"topology",
                    "--picture",
                    "servers",
                    "--duration",
                    "300ms",
                    "--server",
                    QString::fromStdString(cluster.urls().front())};
    for (const std::string& url : cluster.monitorUrls())
        ask += {"--monitor", QString::fromStdString(url)};
    const Said json = m_shell.weir(ask + QStringList{"--format", "json"});
    QVERIFY2(json.code == 0, json.all());
    int servers = 0;
    for (const QJsonValue& node : json.json()["nodes"].toArray()) {
        if (node["kind"].toString() != "server")
            continue;
        ++servers;
        QVERIFY2(node["rate_in"].isDouble() && !node["version"].toString().isEmpty(), json.all());
    }
    QCOMPARE(servers, 3);
    const QJsonArray routes = json.json()["edges"].toArray();
    QCOMPARE(routes.size(), 3);
    for (const QJsonValue& route : routes)
        QVERIFY2(route["connections"].toInteger() > 0 && route["evidence"].toString() == "declared",
                 json.all());
    const Said svg = m_shell.weir(ask + QStringList{"--format", "svg"});
    QVERIFY2(svg.code == 0, svg.all());
    QXmlStreamReader xml(svg.out);
    while (!xml.atEnd())
        xml.readNext();
    QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
    QVERIFY2(svg.out.contains("Servers and what connects them"), svg.all());
    const Said text = m_shell.weir(ask);
    QCOMPARE(text.out.count("\nroute "), 3);
}

void TestCliTopologyLive::aClusterBehindAGateway()
{
    const int nearPort = freePort();
    const int farPort = freePort();
    const QString config("gateway { name: %1, listen: \"127.0.0.1:%2\", "
                         "gateways: [{ name: %3, urls: [\"nats://127.0.0.1:%4\"] }] }");
    NatsServer here(config.arg("near").arg(nearPort).arg("far").arg(farPort));
    NatsServer beyond(config.arg("far").arg(farPort).arg("near").arg(nearPort));
    QVERIFY2(here.start() && beyond.start(), qPrintable(here.error() + beyond.error()));
    const QStringList ask{"topology", "--picture", "servers",   "--duration",     "100ms",
                          "--server", here.url(),  "--monitor", here.monitorUrl()};
    Said text;
    QTRY_VERIFY2_WITH_TIMEOUT(
        (text = m_shell.weir(ask), text.out.contains("\ngateway far  not reached, 1 far end\n")), text.all(),
        kLookPatience);
    QVERIFY2(!text.out.contains("gateway near"), text.all());
    QVERIFY2(text.out.contains("cluster far, behind a gateway, was not reached"), text.all());
    const Said json = m_shell.weir(ask + QStringList{"--format", "json"});
    int gateways = 0;
    for (const QJsonValue& node : json.json()["nodes"].toArray()) {
        if (node["kind"].toString() != "gateway")
            continue;
        ++gateways;
        QCOMPARE(node["id"].toString(), QString("gateway:far"));
        QCOMPARE(node["far ends"].toString(), QString("127.0.0.1:%1").arg(farPort));
    }
    QVERIFY2(gateways == 1, json.all());
}

void TestCliTopologyLive::saysWhichServersDidNotTell()
{
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    const QStringList ask{"topology", "--picture", "servers",   "--duration",
                          "100ms",    "--server",  server.url()};
    const Said none = m_shell.weir(ask);
    QCOMPARE(none.code, 2);
    QVERIFY2(none.err.contains("only its monitoring ports tell of a broker's servers (give --monitor URL"),
             none.all());
    const Said dead = m_shell.weir(ask + QStringList{"--monitor", "http://127.0.0.1:1"});
    QCOMPARE(dead.code, 1);
    QCOMPARE(dead.out, QByteArray());
    // One of two answers: that is said, and the picture is not whole.
    const Said half =
        m_shell.weir(ask + QStringList{"--monitor", server.monitorUrl(), "--monitor", "http://127.0.0.1:1"});
    QVERIFY2(half.code == 3, half.all());
    const auto namesTheDead = [](const QByteArray& line) {
        return line.startsWith("coverage ") && line.contains("127.0.0.1:1/") && line.contains("refused");
    };
    const QList<QByteArray> lines = half.out.split('\n');
    QVERIFY2(std::count_if(lines.begin(), lines.end(), namesTheDead) == 1, half.all());
}

void TestCliTopologyLive::aLeafNodeAndItsHub()
{
    const int port = freePort();
    NatsServer hub(QString("leafnodes { listen: \"127.0.0.1:%1\" }").arg(port));
    NatsServer leaf(QString("leafnodes { remotes: [{ url: \"nats://127.0.0.1:%1\" }] }").arg(port));
    QVERIFY2(hub.start() && leaf.start(), qPrintable(hub.error() + leaf.error()));
    NamedSubscriber subscriber(hub.port(), "billing", "orders.>");
    RawPublisher publisher(leaf.port());
    // Until the leaf node knows who listens beyond its hub.
    QTRY_VERIFY_WITH_TIMEOUT((publisher.publish("orders.new", "x"), publisher.flush()) &&
                                 subscriber.flushed().contains("MSG orders.new"),
                             kLookPatience);
    const QStringList ask{"--picture", "servers",   "--format",       "json",      "--server",
                          hub.url(),   "--monitor", hub.monitorUrl(), "--monitor", leaf.monitorUrl()};
    Said json;
    QJsonObject edge;
    const auto look = [&] {
        json = observe(
            ask,
            [&] {
                for (int i = 0; i < 100; ++i)
                    publisher.publish("orders.new", "x");
                QVERIFY(publisher.flush());
                QTRY_VERIFY(subscriber.flushed().count("MSG orders.new") >= 100);
            },
            "weir: looking at the broker");
        edge = json.json()["edges"].toArray().first().toObject();
        return edge["rtt_us"].toDouble() > 0; // the servers ask each other for it, some time after they met
    };
    QVERIFY2(QTest::qWaitFor(look, kLookPatience), json.all());
    QVERIFY2(json.code == 0, json.all());
    QMap<QString, QJsonObject> nodes; // by kind
    for (const QJsonValue& node : json.json()["nodes"].toArray())
        nodes[node["kind"].toString()] = node.toObject();
    // The leaf node calls its cluster as it calls itself: it is of none.
    QVERIFY2(nodes.keys() == (QStringList{"leaf", "server"}), json.all());
    QCOMPARE(json.json()["nodes"].toArray().size(), 2);
    QCOMPARE(nodes["leaf"]["address"].toString(), leaf.url().mid(7));
    QCOMPARE(nodes["server"]["leaf nodes"].toString(), QString("1"));
    QCOMPARE(json.json()["edges"].toArray().size(), 1);
    QCOMPARE(edge["from"].toString(), nodes["leaf"]["id"].toString());
    QCOMPARE(edge["to"].toString(), nodes["server"]["id"].toString());
    QVERIFY2(edge["because"].toString().startsWith("leaf node, 1 connection, RTT "), json.all());
    QVERIFY2(edge["connections"].toInt() == 1, json.all());
    QVERIFY2(edge["rate_there"].toDouble() > edge["rate_back"].toDouble() && edge["rate_back"].isDouble(),
             json.all());
    QVERIFY2(nodes["leaf"]["rate_in"].toDouble() > 0 && nodes["server"]["rate_out"].toDouble() > 0,
             json.all());
    QVERIFY2(json.json()["findings"].toArray().isEmpty(), json.all());
}

void TestCliTopologyLive::worldOfARealBroker()
{
    NatsServer server("server_tags: [\"iata:FRA\"]");
    QVERIFY2(server.start(), qPrintable(server.error()));
    const QStringList ask{"--picture",         "world",     "--server", server.url(), "--monitor",
                          server.monitorUrl(), "--subject", "orders.>"};
    const auto publish = [&] {
        RawPublisher publisher(server.port());
        for (int i = 0; i < 30; ++i)
            publisher.publish("orders.new", "x",
                              i < 20 ? "NATS/1.0\r\nCf-Ray: 1-GRU\r\n\r\n"
                                     : "NATS/1.0\r\nCf-Ray: 2-QQ1\r\n\r\n");
        QVERIFY(publisher.flush());
    };
    const Said json = observe(ask + QStringList{"--format", "json"}, publish);
    QVERIFY2(json.code == 0, json.all());
    QMap<QString, qint64> messages;
    for (const QJsonValue& node : json.json()["nodes"].toArray())
        messages[node["id"].toString()] = node["messages"].toInteger();
    QCOMPARE(messages, (QMap<QString, qint64>{{"pop:GRU", 20}, {"pop:QQ1", 10}, {"region:FRA", 0}}));
    QCOMPARE(json.json()["edges"].toArray().size(), 1);
    const Said svg = observe(ask + QStringList{"--format", "svg"}, publish);
    QVERIFY2(svg.code == 0 && svg.out.contains("Not on the map") && svg.out.contains(">QQ1<"), svg.all());
}

QTEST_GUILESS_MAIN(TestCliTopologyLive)
#include "tst_clitopologylive.moc"
