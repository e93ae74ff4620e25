// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/Shell.h"
#include "tests/core/history/HistoryFixture.h"
#include "tests/support/OperatorBroker.h"

#include <QJsonArray>
#include <QTest>

using namespace weir;
using namespace weir::test;

/// `weir credentials` of a real broker, and of what a history kept.
class TestCliCredentials : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void tellsOfARealBroker();
    void tellsOfThePast();
    void saysWhatIsMissing();

private:
    Shell m_shell;
    OperatorBroker m_broker;
};

namespace {

QJsonObject named(const QJsonArray& all, const QString& name)
{
    for (const QJsonValue& each : all) {
        if (each["name"].toString() == name)
            return each.toObject();
    }
    return {};
}

} // namespace

void TestCliCredentials::initTestCase()
{
    QVERIFY(m_broker.start());
}

void TestCliCredentials::tellsOfARealBroker()
{
    const qint64 end = QDateTime::currentSecsSinceEpoch() + 600;
    const QByteArray creds = m_broker.keys().userCreds("billing", R"("pub":{"allow":["bills.>"]})", end);
    const auto billing = m_broker.connect("billing-1", creds);
    QVERIFY(billing);
    const QString monitor = m_broker.server().monitorUrl();
    const QStringList ask{"credentials", "--server", m_broker.server().url(), "--duration", "200ms"};
    // Over the monitoring port, and through the system account.
    for (const QStringList& by :
         {QStringList{"--monitor", monitor},
          QStringList{"--system-creds", QString::fromStdString(m_broker.profile().systemCreds)}}) {
        const Said json = m_shell.weir(ask + by + QStringList{"--format", "json"});
        QVERIFY2(json.code == 0, json.all());
        const QJsonObject user = named(json.json()["credentials"].toArray(), "billing");
        QVERIFY2(user["state"].toString() == "ends soon", json.all());
        QCOMPARE(user["publish_allow"].toArray(), QJsonArray{"bills.>"});
        QCOMPARE(user["connected"].toInt(), 1);
        QCOMPARE(user["connections"][0]["client"].toString(), QString("billing-1"));
        QCOMPARE(user["nkey"].toString().size(), 56);
        QCOMPARE(
            QDateTime::fromString(user["expires"].toString().left(19) + "Z", Qt::ISODate).toSecsSinceEpoch(),
            end);
        // No secret of it: neither the seed nor the JWT itself.
        for (const QByteArray& line : creds.split('\n')) {
            if (line.startsWith("SU") || line.startsWith("ey"))
                QVERIFY2(!json.out.contains(line.left(20)), json.all());
        }
    }
    const Said text = m_shell.weir(ask + QStringList{"--monitor", monitor});
    QVERIFY2(text.code == 0 && text.out.startsWith("credential ") && text.out.contains("\nbilling "),
             text.all());
    const Said lines = m_shell.weir(ask + QStringList{"--monitor", monitor, "--format", "ndjson"});
    QVERIFY2(lines.lines().size() >= 2, lines.all()); // the observer's, too
    const Said csv = m_shell.weir(ask + QStringList{"--monitor", monitor, "--format", "csv"});
    QVERIFY2(csv.out.startsWith("name,nkey,account,state,") && csv.out.contains("\r\nbilling,U"), csv.all());
}

void TestCliCredentials::tellsOfThePast()
{
    HistoryFixture history;
    QCOMPARE(history.open(), std::string());
    auto look = std::make_shared<BrokerLook>();
    look->time = history.clock.now();
    look->servers.resize(1);
    look->servers[0].id = "S";
    look->connections.resize(1);
    look->connections[0].server = "S";
    look->connections[0].account = "A";
    look->connections[0].user = "edge\x1b[31m"; // nothing in it steers a terminal
    look->problems = {"1 of 2 servers answered"};
    look->visits.push_back({"S", 9, "A", "job", "job-1", "127.0.0.1", "Client Closed", look->time,
                            look->time + std::chrono::seconds(1)});
    history.writer->keepLook({look, "A", {">"}});
    history.put(1);
    history.pass(std::chrono::seconds(2));
    QCOMPARE(history.close(), std::string());
    const QStringList ask{"credentials", "--history", QString::fromStdString(history.path().string())};
    const Said json = m_shell.weir(ask + QStringList{"--format", "json"});
    QVERIFY2(json.code == 3, json.all()); // not all was told
    QCOMPARE(json.json()["coverage"].toArray().at(0).toString(), QString("1 of 2 servers answered"));
    const QJsonArray all = json.json()["credentials"].toArray();
    QCOMPARE(all.size(), 2);
    QCOMPARE(named(all, "job")["visits"].toArray().size(), 1);
    QCOMPARE(named(all, "job")["connected"].toInt(), 0);
    const Said text = m_shell.weir(ask);
    QVERIFY2(text.out.contains("\\x1b[31m") && !text.out.contains('\x1b'), text.all());
    // Before it, nobody had looked.
    const Said none = m_shell.weir(ask + QStringList{"--to", "1970-01-01"});
    QVERIFY2(none.code == 1 && none.err.contains("no look at the broker in this range"), none.all());
}

void TestCliCredentials::saysWhatIsMissing()
{
    const Said nothing = m_shell.weir({"credentials"});
    QVERIFY2(nothing.code == 1 && nothing.err.contains("loading the selected context failed"), nothing.all());
    const Said blind = m_shell.weir({"credentials", "--server", m_broker.server().url(), "--creds",
                                     QString::fromStdString(m_broker.profile().credsFile)});
    QVERIFY2(blind.code == 2 && blind.err.contains("give --monitor URL, or --system-creds FILE"),
             blind.all());
    const Said dead = m_shell.weir({"credentials", "--server", m_broker.server().url(), "--monitor",
                                    "http://127.0.0.1:1", "--duration", "1ms"});
    QVERIFY2(dead.code == 1 && dead.out.isEmpty() && dead.err.startsWith("weir: "), dead.all());
    const Said odd = m_shell.weir({"credentials", "--server", m_broker.server().url(), "--duration", "soon"});
    QVERIFY2(odd.code == 2, odd.all());
}

QTEST_GUILESS_MAIN(TestCliCredentials)
#include "tst_clicredentials.moc"
