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
    void refusesWhatItCannotDo();
    void tracingAsksTheSystemAccountFirst();

private:
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
        m_history.put(m_history.traffic->next(500, m_history.clock.now(), std::chrono::milliseconds(1)));
        m_history.pass(std::chrono::milliseconds(700));
    }
    QCOMPARE(m_history.close(), std::string());
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

void TestCliTopology::refusesWhatItCannotDo()
{
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
    QVERIFY2(format.err.contains("text|json|dot|svg|cytoscape"), format.all());
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
