// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/Shell.h"
#include "tests/core/history/HistoryFixture.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>
#include <QXmlStreamReader>

#include <map>

using namespace weir;
using namespace weir::test;

/// What `weir topology` prints of a history is what the messages that `weir query` prints add up to, in every
/// format the same graph.
class TestCliTopology : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void addsUpWhatQueryPrints_data();
    void addsUpWhatQueryPrints();
    void isTheSameInEveryFormat();
    void comparesTwoRanges();
    void printsEachPictureOfThePast_data();
    void printsEachPictureOfThePast();
    void worldAddsUpWhatQueryPrints();
    void serversOfThePast();
    void refusesWhatItCannotDo();
    void tracingAsksTheSystemAccountFirst();

private:
    void putLook(HistoryFixture& history, std::uint64_t messages) const;
    [[nodiscard]] Said topology(const QStringList& more) const
    {
        return m_shell.weir(QStringList{"topology", "--history", path()} + more);
    }
    [[nodiscard]] QString path() const { return QString::fromStdString(m_history.path().string()); }

    Shell m_shell;
    HistoryFixture m_history;
};

void TestCliTopology::initTestCase()
{
    QCOMPARE(m_history.open(), std::string());
    for (int i = 0; i < 6; ++i) {
        putLook(m_history, 1000 * static_cast<std::uint64_t>(i));
        m_history.put(m_history.traffic->next(500, m_history.clock.now(), std::chrono::milliseconds(1)));
        m_history.pass(std::chrono::milliseconds(700));
    }
    QCOMPARE(m_history.close(), std::string());
}

/// Two servers with a route between them, each of which had so many messages.
void TestCliTopology::putLook(HistoryFixture& history, std::uint64_t messages) const
{
    auto look = std::make_shared<BrokerLook>();
    look->time = history.clock.now();
    for (const char* name : {"alpha", "beta"}) {
        SeenServer server;
        server.id = std::string("ID-") + name;
        server.name = name;
        server.cluster = "eu";
        server.version = "2.10.22";
        server.tags = {"iata:FRA"};
        server.start = Timestamp(std::chrono::seconds(1));
        server.inMessages = messages;
        look->servers.push_back(server);
    }
    SeenLink route;
    route.server = "ID-alpha";
    route.remote = "ID-beta";
    route.remoteName = "beta";
    route.address = "127.0.0.1:6222";
    route.rtt = std::chrono::microseconds(420);
    look->links.push_back(route);
    history.writer->keepLook({look, "A", {">"}});
}

void TestCliTopology::addsUpWhatQueryPrints_data()
{
    QTest::addColumn<QString>("filter");
    QTest::newRow("all") << QString();
    QTest::newRow("one PoP") << QString("pop:FRA");
    QTest::newRow("none") << QString("pop:NOWHERE");
}

void TestCliTopology::addsUpWhatQueryPrints()
{
    QFETCH(QString, filter);
    const QStringList words = filter.isEmpty() ? QStringList() : QStringList{filter};
    std::map<QString, qint64> expected;
    for (const QJsonObject& message :
         m_shell.weir(QStringList{"query", "--history", path(), "--format", "ndjson"} + words).lines()) {
        if (!message["pop"].isNull())
            ++expected[message["pop"].toString()];
    }
    QCOMPARE(expected.empty(), filter.endsWith("NOWHERE"));
    const Said said = topology(words + QStringList{"--format", "json"});
    QVERIFY2(said.code == 0, said.all());
    const QJsonObject graph = said.json();
    QCOMPARE(graph["filter"].toString(), filter);
    std::map<QString, qint64> drawn;
    for (const QJsonValue& edge : graph["edges"].toArray()) {
        if (edge["from"].toString().startsWith("pop:"))
            drawn[edge["from"].toString().mid(4)] += edge["messages"].toInteger();
    }
    QCOMPARE(drawn, expected);
}

void TestCliTopology::isTheSameInEveryFormat()
{
    const QStringList filter{"pop:FRA"};
    const QJsonObject graph = topology(filter + QStringList{"--format", "json"}).json();
    const auto nodes = graph["nodes"].toArray().size();
    const auto edges = graph["edges"].toArray().size();
    QVERIFY(nodes > 3 && edges >= 3);
    const Said dot = topology(filter + QStringList{"--format", "dot"});
    QCOMPARE(dot.out.count(" -> "), edges);
    QCOMPARE(dot.out.count("shape="), nodes);
    const QJsonObject cytoscape = topology(filter + QStringList{"--format", "cytoscape"}).json();
    QCOMPARE(cytoscape["elements"]["nodes"].toArray().size(), nodes);
    QCOMPARE(cytoscape["elements"]["edges"].toArray().size(), edges);
    const Said svg = topology(filter + QStringList{"--format", "svg"});
    QCOMPARE(svg.code, 0);
    QXmlStreamReader xml(svg.out);
    qsizetype boxes = 0;
    while (!xml.atEnd()) {
        if (xml.readNext() == QXmlStreamReader::StartElement && xml.attributes().hasAttribute("rx"))
            ++boxes;
    }
    QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
    QCOMPARE(boxes, nodes);
    QVERIFY(svg.out.contains("filter pop:FRA"));
}

void TestCliTopology::comparesTwoRanges()
{
    HistoryFixture history;
    QCOMPARE(history.open(), std::string());
    const Timestamp begin = history.clock.now();
    for (int i = 0; i < 120; ++i) {
        std::vector<Message> messages(10);
        for (Message& message : messages)
            message.time = history.clock.now();
        history.put(history.traffic->own(messages, "orders.new"));
        history.put(history.traffic->own({messages.front()}, i < 60 ? "orders.old" : "orders.newer"));
        history.pass(std::chrono::seconds(1));
    }
    QCOMPARE(history.close(), std::string());
    const QString from = QString::fromStdString(formatRfc3339(begin + std::chrono::minutes(1)));
    const QStringList compare{
        "topology", "--history", QString::fromStdString(history.path().string()), "--from",
        from,       "--against", QString::fromStdString(formatRfc3339(begin))};
    const Said text = m_shell.weir(compare);
    QVERIFY2(text.code == 0, text.all());
    QVERIFY2(text.out.contains("vanished  subjects orders.old\n"), text.all());
    QVERIFY2(text.out.contains("appeared  subjects orders.newer\n"), text.all());
    QVERIFY2(!text.out.contains("orders.new\n"), text.all());
    const QJsonObject json = m_shell.weir(compare + QStringList{"--format", "json"}).json();
    QCOMPARE(json["against"]["from"].toString(), QString::fromStdString(formatRfc3339(begin)));
    QStringList changes;
    for (const QJsonValue& node : json["nodes"].toArray())
        changes << node["name"].toString() + " " + node["change"].toString();
    QVERIFY2(changes.contains("orders.old vanished") && changes.contains("orders.newer appeared") &&
                 changes.contains("orders.new same"),
             qPrintable(changes.join(", ")));
    const Said filtered = m_shell.weir(compare + QStringList{"subject:orders.new"});
    QVERIFY2(filtered.out.contains("nothing appeared, vanished or changed"), filtered.all());
}

void TestCliTopology::printsEachPictureOfThePast_data()
{
    QTest::addColumn<QString>("picture");
    QTest::addColumn<QString>("word"); ///< that each format has
    QTest::newRow("flow") << "flow"
                          << "FRA";
    QTest::newRow("subjects") << "subjects"
                              << "orders";
    QTest::newRow("world") << "world"
                           << "FRA";
    QTest::newRow("servers") << "servers"
                             << "alpha";
}

/// The same nodes and lines in each format.
void TestCliTopology::printsEachPictureOfThePast()
{
    QFETCH(QString, picture);
    QFETCH(QString, word);
    const auto print = [&](const char* format) {
        return topology({"--picture", picture, "--format", QLatin1String(format)});
    };
    const QJsonObject graph = print("json").json();
    const auto nodes = graph["nodes"].toArray().size();
    const auto edges = graph["edges"].toArray().size();
    QVERIFY(nodes >= 3 && edges >= 1);
    for (const char* format : {"text", "json", "dot", "svg", "graphviz", "cytoscape"}) {
        const Said said = print(format);
        QVERIFY2(said.code == 0, said.all());
        QVERIFY2(said.out.contains(word.toUtf8()) && said.out.endsWith('\n'), said.all());
    }
    const Said dot = print("dot");
    QCOMPARE(dot.out.count(" -> "), edges);
    const QJsonObject shaped = print("graphviz").json();
    QCOMPARE(shaped["objects"].toArray().size(), nodes);
    QCOMPARE(shaped["edges"].toArray().size(), edges);
    const QJsonObject elements = print("cytoscape").json()["elements"].toObject();
    QCOMPARE(elements["nodes"].toArray().size(), nodes);
    QCOMPARE(elements["edges"].toArray().size(), edges);
    for (const QJsonValue& node : elements["nodes"].toArray())
        QVERIFY(node["position"].isObject());
    QXmlStreamReader xml(print("svg").out);
    QVERIFY(xml.readNextStartElement());
    QCOMPARE(xml.name(), QStringLiteral("svg"));
    while (!xml.atEnd())
        xml.readNext();
    QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
    // Without --picture it is the flow.
    QCOMPARE(topology({"--format", "json"}).out == print("json").out, picture == "flow");
}

void TestCliTopology::worldAddsUpWhatQueryPrints()
{
    std::map<QString, qint64> expected;
    for (const QJsonObject& message :
         m_shell.weir({"query", "--history", path(), "--format", "ndjson", "pop:FRA,GRU"}).lines())
        ++expected[message["pop"].toString()];
    QVERIFY(!expected.empty());
    const QJsonObject graph = topology({"--picture", "world", "--format", "json", "pop:FRA,GRU"}).json();
    QCOMPARE(graph["filter"].toString(), QString("pop:FRA,GRU"));
    std::map<QString, qint64> drawn;
    for (const QJsonValue& node : graph["nodes"].toArray()) {
        if (node["kind"].toString() == "pop")
            drawn[node["name"].toString()] = node["messages"].toInteger();
    }
    QCOMPARE(drawn, expected);
    for (const QJsonValue& edge : graph["edges"].toArray())
        QCOMPARE(edge["to"].toString(), QString("region:FRA"));
    const Said text = topology({"--picture", "world", "pop:FRA,GRU"});
    QVERIFY2(text.out.contains("pop FRA  Frankfurt, Germany, ") &&
                 text.out.contains("region Frankfurt, 0 km, declared"),
             text.all());
}

void TestCliTopology::serversOfThePast()
{
    const Said text = topology({"--picture", "servers"});
    QVERIFY2(text.code == 0, text.all());
    QVERIFY2(text.out.contains("cluster eu  2 servers, 2.10.22, "), text.all());
    QVERIFY2(text.out.contains("server alpha  of cluster eu, 2.10.22, 0 clients, "), text.all());
    QVERIFY2(text.out.contains("route alpha – beta  RTT 420 µs, "), text.all());
    const QJsonObject graph = topology({"--picture", "servers", "--format", "json"}).json();
    double rate = 0;
    for (const QJsonValue& node : graph["nodes"].toArray()) {
        if (node["name"].toString() == "alpha")
            rate = node["rate_in"].toDouble();
    }
    // A thousand each 0.7 s, from the first look that was kept to the last.
    QVERIFY2(rate > 1300 && rate < 1500, qPrintable(QString::number(rate)));
    QCOMPARE(graph["edges"][0]["rtt_us"].toInteger(), 420);
    // A range in which nobody looked.
    HistoryFixture unseen;
    QCOMPARE(unseen.open(), std::string());
    unseen.put(unseen.traffic->next(10, unseen.clock.now(), std::chrono::milliseconds(1)));
    QCOMPARE(unseen.close(), std::string());
    const QStringList ask{"topology", "--history", QString::fromStdString(unseen.path().string()),
                          "--picture"};
    const Said none = m_shell.weir(ask + QStringList{"servers"});
    QCOMPARE(none.code, 1);
    QCOMPARE(none.out, QByteArray());
    QVERIFY2(none.err.startsWith(
                 "weir: drawing the servers failed: the history has no look at the broker in this range ("),
             none.all());
    const Said world = m_shell.weir(ask + QStringList{"world"});
    QVERIFY2(world.code == 0 && world.out.contains("No lines: who serves is not known"), world.all());
}

void TestCliTopology::refusesWhatItCannotDo()
{
    for (const QStringList& wrong :
         {QStringList{"--picture", "world", "--from", "2026-01-01", "--against", "2025-01-01"},
          QStringList{"--picture", "servers", "pop:FRA"}, QStringList{"--picture", "map"}}) {
        const Said said = topology(wrong);
        QVERIFY2(said.code == 2 && said.err.startsWith("weir: "), said.all());
    }
    const Said noFilter = topology({"latency>much"});
    QCOMPARE(noFilter.code, 2);
    QVERIFY2(noFilter.err.startsWith("weir: "), noFilter.all());
    const Said live =
        m_shell.weir({"topology", "--server", "nats://127.0.0.1:1", "--subject", "a", "--against", "-1h"});
    QCOMPARE(live.code, 2);
    QVERIFY2(live.err.contains("--against compares two ranges of a history"), live.all());
    for (const QStringList& wrong :
         {QStringList{"--against", "-1h"}, QStringList{"--from", "-2h", "--against", "yesterday"},
          QStringList{"--from", "2026-01-01", "--against", "2025-01-01", "--factor", "1"}}) {
        const Said said = topology(wrong);
        QVERIFY2(said.code == 2 && said.err.startsWith("weir: "), said.all());
    }
    const Said format = topology({"--format", "gif"});
    QCOMPARE(format.code, 2);
    QVERIFY2(format.err.contains("text|json|dot|svg|graphviz|cytoscape"), format.all());
}

/// Through which all servers tell their versions, not only the connected one.
void TestCliTopology::tracingAsksTheSystemAccountFirst()
{
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    const QString missing = m_shell.file("missing.creds");
    const Said said = m_shell.weir(
        {"topology", "--trace", "orders.new", "--server", server.url(), "--system-creds", missing});
    QCOMPARE(said.code, 1);
    QVERIFY2(said.err.contains(missing.toUtf8()), said.all().constData());
}

QTEST_GUILESS_MAIN(TestCliTopology)
#include "tst_clitopology.moc"
