// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/SubjectPattern.h"
#include "tests/support/Program.h"

#include <QDateTime>
#include <QFile>
#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

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
    [[nodiscard]] QString labFile(const QString& name) const { return m_dir.filePath("lab/" + name); }
    [[nodiscard]] Program weir(const QStringList& arguments) const
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("XDG_CONFIG_HOME", labFile("config"));
        return Program(WEIR_BINARY, arguments, environment);
    }
    /// Records with what the broker says of itself, into what is there; when that began, invalid: it failed.
    [[nodiscard]] QDateTime recordFor(const QString& history, int seconds);
    QTemporaryDir m_dir;
    QJsonObject m_lab;
};

namespace {

const QString kLab = QStringLiteral(WEIR_SOURCE_DIR "/tests/lab/lab");
const QStringList kSubjects{"orders.>", "auth.>", "telemetry.>", "media.>", "inventory.check"};

QStringList texts(const QJsonValue& list)
{
    QStringList found;
    for (const QJsonValue& each : list.toArray())
        found << each.toString();
    return found;
}

bool covers(const QString& pattern, const QString& subjects)
{
    return weir::patternCovers(pattern.toStdString(), subjects.toStdString());
}

/// The subjects that Workers and EdgeWorkers publish to, as lab.json writes them.
QStringList publishedIn(const QJsonObject& topology)
{
    QStringList published;
    for (const QJsonValue& worker : topology["workers"].toArray())
        published << texts(worker["subjects"]) << texts(worker["requests"]);
    return published;
}

/// The edges that the lab has, PoPs as one.
QSet<QString> expectedOf(const QJsonObject& topology, bool withBroker)
{
    QSet<QString> edges;
    const QStringList published = publishedIn(topology);
    for (const QJsonValue& value : topology["workers"].toArray()) {
        const QString worker = "worker:" + value["name"].toString();
        edges << "pop > " + worker;
        QString publisher = worker;
        if (value["identity"].isString()) {
            publisher = "identity:" + value["identity"].toString();
            edges << worker + " > " + publisher;
        }
        for (const QString& subject : texts(value["subjects"]) + texts(value["requests"]))
            edges << publisher + " > subjects:" + subject;
    }
    if (!withBroker)
        return edges;
    for (const QJsonValue& value : topology["streams"].toArray()) {
        const QString name = value["account"].toString() + "/" + value["name"].toString();
        for (const QString& subject : published) {
            for (const QString& taken : texts(value["subjects"])) {
                if (covers(taken, subject))
                    edges << "subjects:" + subject + " > stream:" + name;
            }
        }
        for (const QString& consumer : texts(value["consumers"]))
            edges << "stream:" + name + " > consumer:" + name + "/" + consumer;
    }
    for (const QJsonValue& value : topology["services"].toArray()) {
        const QString account = value["account"].toString() + "/";
        const QString name = value["name"].toString();
        QStringList clients;
        for (int i = 1; i <= value["instances"].toInt(); ++i)
            clients << "client:" + account +
                           (value["instances"].toInt() > 1 ? name + "-" + QString::number(i) : name);
        if (value["consumer"].isString()) {
            edges << "consumer:" + account + value["stream"].toString() + "/" + value["consumer"].toString() +
                         " > " + clients.first();
            continue;
        }
        const QString queue = "queue:" + account + value["queue"].toString();
        bool heard = false;
        for (const QString& subject : published) {
            const QStringList wanted = texts(value["subscribes"]);
            if (std::none_of(wanted.begin(), wanted.end(),
                             [&](const QString& each) { return covers(each, subject); }))
                continue;
            heard = true;
            edges << "subjects:" + subject + " > " + (value["queue"].isString() ? queue : clients.first());
        }
        for (const QString& client : value["queue"].isString() && heard ? clients : QStringList())
            edges << queue + " > " + client;
    }
    return edges;
}

/// The edges of a graph in the same words: PoPs as one, subjects as lab.json writes them.
QSet<QString> drawnIn(const QJsonObject& graph, const QJsonObject& topology)
{
    const QStringList published = publishedIn(topology);
    const auto word = [&](const QString& id) {
        if (id.startsWith("pop:"))
            return QString("pop");
        const auto truth = std::find_if(published.begin(), published.end(), [&](const QString& each) {
            return id.startsWith("subjects:") && covers(each, id.mid(9));
        });
        return truth == published.end() ? id : "subjects:" + *truth;
    };
    QSet<QString> edges;
    for (const QJsonValue& edge : graph["edges"].toArray())
        edges << word(edge["from"].toString()) + " > " + word(edge["to"].toString());
    return edges;
}

QByteArray inWords(const QSet<QString>& edges)
{
    QStringList sorted(edges.begin(), edges.end());
    sorted.sort();
    return sorted.join('\n').toUtf8();
}

QSet<QString> popsOf(const QJsonObject& graph)
{
    QSet<QString> pops;
    for (const QJsonValue& node : graph["nodes"].toArray()) {
        if (node["kind"].toString() == "pop")
            pops << node["name"].toString();
    }
    return pops;
}

} // namespace

void TestTopologyTruth::initTestCase()
{
    Program up(kLab, {"up", "--dir", labFile(""), "--rate", "800"});
    QVERIFY2(up.exitCode(120'000) == 0, up.errors().constData());
    QFile file(labFile("lab.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    m_lab = QJsonDocument::fromJson(file.readAll()).object();
}

void TestTopologyTruth::cleanupTestCase()
{
    Program down(kLab, {"down", "--dir", labFile("")});
    QCOMPARE(down.exitCode(), 0);
}

void TestTopologyTruth::drawsTheLabAndNothingElse()
{
    QStringList arguments{"topology", "--context", "lab", "--duration", "12s", "--format", "json"};
    for (const QString& subject : kSubjects)
        arguments << "--subject" << subject;
    for (const QString& url : texts(m_lab["monitor"]))
        arguments << "--monitor" << url;
    Program topology = weir(arguments);
    QVERIFY2(topology.exitCode(110'000) == 0, topology.errors().constData());
    const QJsonObject graph = topology.json();
    const QJsonObject truth = m_lab["topology"].toObject();
    const QSet<QString> drawn = drawnIn(graph, truth);
    const QSet<QString> expected = expectedOf(truth, true);
    QVERIFY2((expected - drawn).isEmpty(), "missing:\n" + inWords(expected - drawn));
    QVERIFY2((drawn - expected).isEmpty(), "not there:\n" + inWords(drawn - expected));
    QSet<QString> pops;
    for (const QJsonValue& pop : truth["pops"].toArray())
        pops << pop["code"].toString();
    QCOMPARE(popsOf(graph), pops);
    // The lagging reader of the stream is found, and nothing else is.
    QCOMPARE(graph["findings"].toArray().size(), 1);
    const QJsonObject finding = graph["findings"].toArray().first().toObject();
    QCOMPARE(finding["kind"].toString(), QString("falling_behind"));
    QCOMPARE(finding["node"].toString(), QString("consumer:EDGE/ORDERS/analytics"));
    for (const QJsonValue& edge : graph["edges"].toArray())
        QVERIFY2(!edge["because"].toString().isEmpty(), qPrintable(edge["from"].toString()));
}

QDateTime TestTopologyTruth::recordFor(const QString& history, int seconds)
{
    QStringList arguments{"record",    "--context", "lab", "--duration", QString("%1s").arg(seconds),
                          "--history", history};
    for (const QString& subject : kSubjects)
        arguments << "--subject" << subject;
    for (const QString& url : texts(m_lab["monitor"]))
        arguments << "--monitor" << url;
    Program record = weir(arguments);
    const bool begun = record.says("recording", 60'000);
    const QDateTime start = QDateTime::currentDateTimeUtc();
    return begun && record.exitCode(110'000) == 0 ? start : QDateTime();
}

/// Also who consumed: the recorder kept what the broker said of itself.
void TestTopologyTruth::drawsTheSameOfThePast()
{
    const QString history = m_dir.filePath("h.db");
    QVERIFY(recordFor(history, 9).isValid());
    Program topology = weir({"topology", "--history", history, "--format", "json"});
    QVERIFY2(topology.exitCode(30'000) == 0, topology.errors().constData());
    const QJsonObject truth = m_lab["topology"].toObject();
    const QSet<QString> drawn = drawnIn(topology.json(), truth);
    const QSet<QString> expected = expectedOf(truth, true);
    QVERIFY2((expected - drawn).isEmpty(), "missing:\n" + inWords(expected - drawn));
    QVERIFY2((drawn - expected).isEmpty(), "not there:\n" + inWords(drawn - expected));
}

/// A Worker falls silent: that, and nothing else, vanished.
void TestTopologyTruth::tellsWhatChanged()
{
    constexpr int kSeconds = 12;
    const QString history = m_dir.filePath("change.db");
    const QDateTime before = recordFor(history, kSeconds);
    Program silence(kLab,
                    {"incident", "silence", "--worker", "telemetry", "--for", "60", "--dir", labFile("")});
    QVERIFY2(silence.exitCode(30'000) == 0, silence.errors().constData());
    const QDateTime after = recordFor(history, kSeconds);
    QVERIFY(before.isValid() && after.isValid());
    const auto moment = [](const QDateTime& start, int second) {
        return start.addSecs(second).toString(Qt::ISODateWithMs);
    };
    Program topology = weir({"topology", "--history", history, "--format", "json", "--from", moment(after, 2),
                             "--to", moment(after, kSeconds - 1), "--against", moment(before, 2)});
    QVERIFY2(topology.exitCode(30'000) == 0, topology.errors().constData());
    QJsonObject graph = topology.json();
    QVERIFY(graph["against"].isObject());
    const QJsonObject truth = m_lab["topology"].toObject();
    const auto drawnWithout = [&](const QString& change) {
        QJsonObject part = graph;
        QJsonArray edges;
        for (const QJsonValue& edge : graph["edges"].toArray()) {
            if (edge["change"].toString() != change)
                edges.append(edge);
        }
        part["edges"] = edges;
        return drawnIn(part, truth);
    };
    QJsonObject silent = truth;
    QJsonArray workers;
    for (const QJsonValue& worker : truth["workers"].toArray()) {
        if (worker["name"].toString() != "telemetry")
            workers.append(worker);
    }
    silent["workers"] = workers;
    const QSet<QString> then = drawnWithout("appeared");
    const QSet<QString> now = drawnWithout("vanished");
    const QSet<QString> expectedThen = expectedOf(truth, true);
    const QSet<QString> expectedNow = expectedOf(silent, true);
    QVERIFY(expectedThen != expectedNow);
    QVERIFY2(then == expectedThen, "missing then:\n" + inWords(expectedThen - then) + "\nnot there then:\n" +
                                       inWords(then - expectedThen));
    QVERIFY2(now == expectedNow, "missing now:\n" + inWords(expectedNow - now) + "\nnot there now:\n" +
                                     inWords(now - expectedNow));
}

QTEST_GUILESS_MAIN(TestTopologyTruth)
#include "tst_topologytruth.moc"
