// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/LabTruth.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace weir::test;

/// The graph of the lab against lab.json: every edge that the lab really has, none that it has not.
class TestTopologyTruth : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void drawsTheLabAndNothingElse();
    void drawsTheSameOfThePast();
    void tellsWhatChanged();
    void cleanupTestCase();

private:
    void compare(const QSet<QString>& drawn, const QSet<QString>& expected, const char* when) const;
    /// Records with what the broker says of itself, into what is there; when that began, invalid: it failed.
    [[nodiscard]] QDateTime recordFor(const QString& history, int seconds) const;
    QTemporaryDir m_dir;
    Lab m_lab;
};

namespace {

/// The edges that were there on one side of a comparison: those without `change`.
QSet<QString> drawnWithout(QJsonObject graph, const QString& change, const QJsonObject& truth)
{
    QJsonArray edges;
    for (const QJsonValue& edge : graph["edges"].toArray()) {
        if (edge["change"].toString() != change)
            edges.append(edge);
    }
    graph["edges"] = edges;
    return drawnIn(graph, truth);
}

QJsonObject edgeOf(const QJsonObject& graph, const QString& from, const QString& to)
{
    for (const QJsonValue& edge : graph["edges"].toArray()) {
        if (edge["from"].toString() == from && edge["to"].toString() == to)
            return edge.toObject();
    }
    return {};
}

} // namespace

void TestTopologyTruth::initTestCase()
{
    QVERIFY2(m_lab.up({"--rate", "800"}), m_lab.error().constData());
}

void TestTopologyTruth::cleanupTestCase()
{
    QVERIFY(m_lab.down());
}

void TestTopologyTruth::compare(const QSet<QString>& drawn, const QSet<QString>& expected,
                                const char* when) const
{
    QVERIFY2(drawn == expected, when + (": missing:\n" + inWords(expected - drawn)) + "\nnot there:\n" +
                                    inWords(drawn - expected));
}

void TestTopologyTruth::drawsTheLabAndNothingElse()
{
    Program topology =
        m_lab.weir(QStringList{"topology", "--context", "lab", "--duration", "12s", "--format", "json"} +
                   Lab::subjects() + m_lab.monitors());
    QVERIFY2(topology.exitCode(110'000) == 0, topology.errors().constData());
    const QJsonObject graph = topology.json();
    const QJsonObject truth = m_lab.topology();
    compare(drawnIn(graph, truth), expectedOf(truth, true), "now");
    QSet<QString> pops;
    for (const QJsonValue& pop : truth["pops"].toArray())
        pops << pop["code"].toString();
    QCOMPARE(popsOf(graph), pops);
    QCOMPARE(popsDrawn(graph) - popsOfWorkers(truth), QSet<QString>());
    QCOMPARE(popsMissing(graph, truth), QSet<QString>());
    // The lagging reader of the stream is found, and nothing else is.
    QCOMPARE(graph["findings"].toArray().size(), 1);
    const QJsonObject finding = graph["findings"].toArray().first().toObject();
    QCOMPARE(finding["kind"].toString(), QString("falling_behind"));
    QCOMPARE(finding["node"].toString(), QString("consumer:EDGE/ORDERS/analytics"));
    for (const QJsonValue& edge : graph["edges"].toArray())
        QVERIFY2(!edge["because"].toString().isEmpty(), qPrintable(edge["from"].toString()));
}

QDateTime TestTopologyTruth::recordFor(const QString& history, int seconds) const
{
    Program record = m_lab.weir(QStringList{"record", "--context", "lab", "--duration",
                                            QString("%1s").arg(seconds), "--history", history} +
                                Lab::subjects() + m_lab.monitors());
    const bool begun = record.says("recording", 60'000);
    const QDateTime start = QDateTime::currentDateTimeUtc();
    return begun && record.exitCode(110'000) == 0 ? start : QDateTime();
}

/// Also who consumed: the recorder kept what the broker said of itself.
void TestTopologyTruth::drawsTheSameOfThePast()
{
    const QString history = m_dir.filePath("h.db");
    QVERIFY(recordFor(history, 9).isValid());
    Program topology = m_lab.weir({"topology", "--history", history, "--format", "json"});
    QVERIFY2(topology.exitCode(30'000) == 0, topology.errors().constData());
    const QJsonObject graph = topology.json();
    const QJsonObject truth = m_lab.topology();
    compare(drawnIn(graph, truth), expectedOf(truth, true), "of the past");
    QCOMPARE(popsDrawn(graph) - popsOfWorkers(truth), QSet<QString>());
    QCOMPARE(popsMissing(graph, truth), QSet<QString>());
}

/// A Worker falls silent and a PoP becomes slow: that, and nothing else, vanished and changed. Looked at from
/// the other side the Worker appeared.
void TestTopologyTruth::tellsWhatChanged()
{
    constexpr int kSeconds = 12;
    const QString history = m_dir.filePath("change.db");
    const QDateTime before = recordFor(history, kSeconds);
    QVERIFY2(m_lab.incident({"silence", "--worker", "telemetry", "--for", "60"}), m_lab.error().constData());
    QVERIFY2(m_lab.incident({"slow-pop", "--pop", "IAD", "--for", "60"}), m_lab.error().constData());
    const QDateTime after = recordFor(history, kSeconds);
    QVERIFY(before.isValid() && after.isValid());
    const auto compared = [&](const QDateTime& one, const QDateTime& other) {
        const auto moment = [](const QDateTime& start, int second) {
            return start.addSecs(second).toString(Qt::ISODateWithMs);
        };
        Program topology =
            m_lab.weir({"topology", "--history", history, "--format", "json", "--from", moment(one, 2),
                        "--to", moment(one, kSeconds - 1), "--against", moment(other, 2)});
        return topology.exitCode(30'000) == 0 ? topology.json() : QJsonObject();
    };
    const QJsonObject graph = compared(after, before);
    QVERIFY(graph["against"].isObject());
    const QJsonObject truth = m_lab.topology();
    QJsonObject silent = truth;
    QJsonArray workers;
    for (const QJsonValue& worker : truth["workers"].toArray()) {
        if (worker["name"].toString() != "telemetry")
            workers.append(worker);
    }
    silent["workers"] = workers;
    const QSet<QString> all = expectedOf(truth, true);
    const QSet<QString> fewer = expectedOf(silent, true);
    QVERIFY(all != fewer);
    compare(drawnWithout(graph, "appeared", truth), all, "then");
    compare(drawnWithout(graph, "vanished", truth), fewer, "now");
    const QJsonObject slow = edgeOf(graph, "pop:IAD", "worker:checkout");
    const auto slowed = QJsonDocument(slow).toJson();
    QVERIFY2(slow["change"].toString() == "changed", slowed);
    const double slower = slow["latency_p99_us"].toDouble() / slow["latency_p99_before_us"].toDouble();
    QVERIFY2(slower > 3 && slower < 100, slowed);
    // The busiest sends as much as before, as far as a machine with other things to do lets it; what is told
    // is a change.
    const QJsonObject same = edgeOf(graph, "worker:checkout", "identity:worker:checkout@lab");
    const double rate = same["rate"].toDouble();
    const double more = same["rate_before"].isNull() ? 1 : rate / same["rate_before"].toDouble();
    QVERIFY2(rate > 0 && more > 0.3 && more < 3, qPrintable(QString::number(more)));

    const QJsonObject back = compared(before, after);
    compare(drawnWithout(back, "appeared", truth), fewer, "before it appeared");
    compare(drawnWithout(back, "vanished", truth), all, "after it appeared");
    QCOMPARE(edgeOf(back, "worker:telemetry", "identity:worker:telemetry@lab")["change"].toString(),
             QString("appeared"));
    QCOMPARE(edgeOf(back, "pop:IAD", "worker:checkout")["change"].toString(), QString("changed"));
}

QTEST_GUILESS_MAIN(TestTopologyTruth)
#include "tst_topologytruth.moc"
