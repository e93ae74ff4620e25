// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/Shell.h"
#include "tests/support/NatsCluster.h"
#include "tests/support/Patience.h"

#include <QJsonArray>
#include <QSet>
#include <QTest>

#include <algorithm>
#include <csignal>

using namespace weir::test;

/// `weir topology --picture servers --history F` of a range in which a server of a real cluster was started
/// anew, or stopped for good.
class TestCliTopologyRestart : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void aServerThatBeganAnewIsOneNode();
    void aServerThatWentAwayIsSaidToBeGone();

private:
    [[nodiscard]] QStringList broker() const;
    /// Of now, as soon as `servers` answer and each pair of them has its route; empty: they never did.
    [[nodiscard]] QSet<QString> whole(int servers) const;
    /// Records until the history's picture has all of `servers`.
    void keepLooks(const QSet<QString>& servers) const;
    [[nodiscard]] QStringList past() const
    {
        return {"topology", "--picture", "servers", "--history", m_history};
    }
    Shell m_shell;
    std::unique_ptr<NatsCluster> m_cluster;
    QString m_history;
};

namespace {

QJsonArray nodesOf(const QJsonObject& graph, const QString& kind)
{
    QJsonArray nodes;
    for (const QJsonValue& node : graph["nodes"].toArray()) {
        if (node["kind"].toString() == kind)
            nodes.append(node);
    }
    return nodes;
}

QSet<QString> serversOf(const QJsonObject& graph)
{
    QSet<QString> ids;
    for (const QJsonValue& node : nodesOf(graph, "server"))
        ids << node["id"].toString();
    return ids;
}

QStringList findingsOf(const QJsonObject& graph)
{
    QStringList kinds;
    for (const QJsonValue& finding : graph["findings"].toArray())
        kinds << finding["kind"].toString();
    return kinds;
}

} // namespace

void TestCliTopologyRestart::init()
{
    m_cluster = std::make_unique<NatsCluster>();
    QVERIFY(m_cluster->start());
    m_history = m_shell.file(QString(QTest::currentTestFunction()) + ".db");
}

QStringList TestCliTopologyRestart::broker() const
{
    QStringList options{"--server", QString::fromStdString(m_cluster->urls().front())};
    for (const std::string& url : m_cluster->monitorUrls())
        options += {"--monitor", QString::fromStdString(url)};
    return options;
}

QSet<QString> TestCliTopologyRestart::whole(int servers) const
{
    QSet<QString> ids;
    const auto look = [&] {
        const Said said = m_shell.weir(
            QStringList{"topology", "--picture", "servers", "--duration", "1ms", "--format", "json"} +
            broker());
        ids = serversOf(said.json());
        return ids.size() == servers &&
               said.json()["edges"].toArray().size() == servers * (servers - 1) / 2 &&
               findingsOf(said.json()).isEmpty();
    };
    return QTest::qWaitFor(look, kLookPatience) ? ids : QSet<QString>();
}

void TestCliTopologyRestart::keepLooks(const QSet<QString>& servers) const
{
    const auto record = m_shell.start(
        QStringList{"record", "--subject", "orders.>", "--duration", "10min", "--history", m_history} +
        broker());
    QByteArray said;
    QVERIFY2(waitFor(*record, "recording", said), said);
    const auto kept = [&] {
        return serversOf(m_shell.weir(past() + QStringList{"--format", "json"}).json()).contains(servers);
    };
    QVERIFY(QTest::qWaitFor(kept, kLookPatience));
    QCOMPARE(::kill(static_cast<pid_t>(record->processId()), SIGINT), 0);
    const Said end = finish(*record, said);
    QVERIFY2(end.code == 0, end.all());
}

void TestCliTopologyRestart::aServerThatBeganAnewIsOneNode()
{
    const QSet<QString> before = whole(3);
    QCOMPARE(before.size(), 3);
    keepLooks(before);
    m_cluster->server(2).stop();
    QVERIFY2(m_cluster->server(2).start(), qPrintable(m_cluster->server(2).error()));
    const QSet<QString> after = whole(3);
    QCOMPARE((after - before).size(), 1);
    keepLooks(after);
    const Said json = m_shell.weir(past() + QStringList{"--format", "json"});
    QVERIFY2(json.code == 0, json.all());
    QVERIFY2(serversOf(json.json()) == after, json.all());
    QVERIFY2(findingsOf(json.json()).isEmpty(), json.all());
    for (const QJsonValue& node : nodesOf(json.json(), "server")) {
        const bool isNew = !before.contains(node["id"].toString());
        QVERIFY2(node["began anew"].isString() == isNew && node["gone"].isUndefined(), json.all());
    }
    QCOMPARE(nodesOf(json.json(), "cluster").first()["servers"].toString(), QString("3"));
    const QJsonArray routes = json.json()["edges"].toArray();
    QVERIFY2(routes.size() == 3, json.all());
    for (const QJsonValue& route : routes)
        QVERIFY2(route["connections"].toInt() == 1, json.all());
    const Said text = m_shell.weir(past());
    QVERIFY2(text.out.count("\nserver ") == 3 && text.out.count("\nroute ") == 3, text.all());
}

void TestCliTopologyRestart::aServerThatWentAwayIsSaidToBeGone()
{
    const QSet<QString> before = whole(3);
    QCOMPARE(before.size(), 3);
    keepLooks(before);
    m_cluster->server(2).stop();
    const QSet<QString> after = whole(2);
    QCOMPARE(after.size(), 2);
    keepLooks(after);
    const QString gone = *(before - after).begin();
    // The looks of both recordings, and nothing of the present.
    const Said json = m_shell.weir(past() + QStringList{"--format", "json"});
    QVERIFY2(json.code == 0 || json.code == 3, json.all());
    QCOMPARE(serversOf(json.json()), before);
    for (const QJsonValue& node : nodesOf(json.json(), "server"))
        QVERIFY2(node["gone"].toString().startsWith("last seen ") == (node["id"].toString() == gone),
                 json.all());
    QCOMPARE(findingsOf(json.json()), QStringList{"gone"});
    QCOMPARE(json.json()["findings"].toArray().first()["node"].toString(), gone);
    QCOMPARE(nodesOf(json.json(), "cluster").first()["servers"].toString(), QString("2"));
    for (const QJsonValue& route : json.json()["edges"].toArray()) {
        const bool there = route["from"].toString() != gone && route["to"].toString() != gone;
        QVERIFY2(route["because"].toString().contains("gone, last seen") != there, json.all());
    }
    const Said text = m_shell.weir(past());
    QVERIFY2(text.out.contains("  of cluster test, ") && text.out.count(", gone, last seen ") == 1,
             text.all());
    QVERIFY2(text.out.startsWith("cluster test  2 servers"), text.all());
}

QTEST_GUILESS_MAIN(TestCliTopologyRestart)
#include "tst_clitopologyrestart.moc"
