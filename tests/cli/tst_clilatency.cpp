// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/Shell.h"
#include "tests/core/history/HistoryFixture.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <algorithm>
#include <map>

using namespace weir;
using namespace weir::test;

/// What `weir latency` prints is what the messages that `weir query` prints add up to.
class TestCliLatency : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void addsUpWhatQueryPrints_data();
    void addsUpWhatQueryPrints();
    void stepsAreSeconds();
    void printsATableWorstFirst();
    void saysWhatIsMissing();
    void knowsWhatHasExpired();

private:
    [[nodiscard]] Said latency(const QStringList& more) const
    {
        return m_shell.weir(QStringList{"latency", "--history", path()} + more);
    }
    [[nodiscard]] QString path() const { return QString::fromStdString(m_history.path().string()); }

    Shell m_shell;
    HistoryFixture m_history;
};

void TestCliLatency::initTestCase()
{
    QCOMPARE(m_history.open(), std::string());
    for (int i = 0; i < 6; ++i) {
        m_history.put(m_history.traffic->next(500, m_history.clock.now(), std::chrono::milliseconds(1)));
        m_history.pass(std::chrono::milliseconds(700));
    }
    QCOMPARE(m_history.close(), std::string());
}

void TestCliLatency::addsUpWhatQueryPrints_data()
{
    QTest::addColumn<QString>("field");
    QTest::newRow("pop") << "pop";
    QTest::newRow("worker") << "worker";
}

void TestCliLatency::addsUpWhatQueryPrints()
{
    QFETCH(QString, field);
    std::map<QString, std::vector<qint64>> expected;
    for (const QJsonObject& message :
         m_shell.weir({"query", "--history", path(), "--format", "ndjson"}).lines())
        expected[message[field].toString()].push_back(message["latency_us"].toInteger());
    const Said said = latency({"--by", field, "--format", "ndjson"});
    QCOMPARE(said.code, 0);
    QCOMPARE(static_cast<std::size_t>(said.lines().size()), expected.size());
    for (const QJsonObject& row : said.lines()) {
        auto latencies = expected[row[field].toString()];
        std::sort(latencies.begin(), latencies.end());
        QCOMPARE(static_cast<std::size_t>(row["messages"].toInteger()), latencies.size());
        QCOMPARE(row["max_us"].toInteger(), latencies.back());
        const double median = static_cast<double>(latencies[(latencies.size() - 1) / 2]);
        QVERIFY(row["p50_us"].toDouble() >= median && row["p50_us"].toDouble() <= median * 1.008 + 1);
        QCOMPARE(row["errors"].toInteger(), 0);
    }
    const auto array = QJsonDocument::fromJson(latency({"--by", field, "--format", "json"}).out).array();
    QCOMPARE(static_cast<std::size_t>(array.size()), expected.size());
}

void TestCliLatency::stepsAreSeconds()
{
    qint64 messages = 0;
    QStringList starts;
    for (const QJsonObject& row : latency({"--by", "worker", "--step", "1s", "--format", "ndjson"}).lines()) {
        messages += row["messages"].toInteger();
        QVERIFY(row["from"].toString().endsWith(".000000000Z"));
        starts += row["from"].toString();
    }
    QCOMPARE(messages, 3000);
    QVERIFY(std::is_sorted(starts.begin(), starts.end()));
    starts.removeDuplicates();
    QVERIFY(starts.size() >= 3);
}

void TestCliLatency::printsATableWorstFirst()
{
    const Said said = latency({"--by", "subject"});
    QCOMPARE(said.code, 0);
    QCOMPARE(said.out.count('\n'), 2); // one group of subjects
    QVERIFY2(said.out.contains("orders.eu.*.placed") && said.out.contains("3,000"), said.all());
}

void TestCliLatency::saysWhatIsMissing()
{
    const Said said =
        latency({"--from", "2001-01-01T00:00:00Z", "--to", "2001-01-02T00:00:00Z", "--format", "json"});
    QCOMPARE(said.code, 3);
    QCOMPARE(said.out, QByteArray("[]\n"));
    QVERIFY2(said.err.contains("nothing was recorded before"), said.all());
    QCOMPARE(m_shell.weir({"latency", "--history", "no.db"}).code, 1);
    QCOMPARE(latency({"--by", "country"}).code, 2);
}

void TestCliLatency::knowsWhatHasExpired()
{
    HistoryFixture history;
    QCOMPARE(history.open(), std::string());
    for (int i = 0; i < 4; ++i) {
        history.put(100);
        history.pass(std::chrono::seconds(2));
    }
    QCOMPARE(history.close(), std::string());
    const QStringList command{"latency",
                              "--by",
                              "worker",
                              "--format",
                              "ndjson",
                              "--history",
                              QString::fromStdString(history.path().string())};
    const QByteArray before = m_shell.weir(command).out;
    HistoryWriter::Options options;
    options.keep.age = std::chrono::seconds(1);
    history.clock.advance(std::chrono::hours(1));
    QCOMPARE(history.open(options), std::string());
    for (int i = 0; i < 50 && history.sql("SELECT count(*) FROM block") > 0; ++i)
        history.pass(std::chrono::seconds(1));
    QCOMPARE(history.close(), std::string());
    QVERIFY(history.sql("SELECT count(*) FROM block") < 4);
    const Said said = m_shell.weir(command);
    QCOMPARE(said.out, before);
    QCOMPARE(said.code, 3); // the messages themselves are gone, and the hour is a gap
}

QTEST_GUILESS_MAIN(TestCliLatency)
#include "tst_clilatency.moc"
