// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/Shell.h"
#include "tests/support/RawPublisher.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace weir::test;

/// What query and info print of a small history, for people and for machines.
class TestCliQuery : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void printsText();
    void neverSteersTheTerminal();
    void cutsBetweenCharacters();
    void printsNdjson();
    void printsJson();
    void printsCsv();
    void counts_data();
    void counts();
    void selects_data();
    void selects();
    void tellsWhatAHistoryHolds();
    void tellsOfAnEmptyHistory();
    void tellsGapsInTheRange();
    void endsQuietlyWhenNobodyReads();
    void saysThatStdoutIsFull_data();
    void saysThatStdoutIsFull();

private:
    [[nodiscard]] Said query(const QStringList& more = {}) const
    {
        return m_shell.weir(QStringList{"query", "--history", "h.db"} + more);
    }
    Shell m_shell;
    NatsServer m_server;
};

namespace {

const QByteArray kHead = "NATS/1.0\r\n";
constexpr int kMessages = 5;

/// Every control character but the line ends, DEL, C1 and what turns the direction of writing.
bool steers(const QByteArray& text)
{
    for (const QChar c : QString::fromUtf8(text)) {
        const char16_t code = c.unicode();
        if ((code < 0x20 && code != '\n') || (code >= 0x7F && code < 0xA0) || code == 0x202E)
            return true;
    }
    return false;
}

} // namespace

void TestCliQuery::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.error()));
    const Said said = record(m_shell, m_server, "h.db", kMessages, [this] {
        RawPublisher publisher(m_server.port());
        publisher.publish("orders.eu.created", "{\"id\":1}",
                          kHead + "Cf-Ray: 8f-FRA\r\nX-Edge-Worker: checkout\r\nX-Edge-Identity: alice\r\n"
                                  "X-Two: a\r\nX-Two: b\r\n\r\n",
                          "reply.1");
        publisher.publish("orders.us.created", QByteArray("\xFF\x00\x01", 3),
                          kHead + "Cf-Ray: 8f-ORD\r\n\r\n");
        publisher.publish("evil.\x1B]0;owned\x07",
                          "\x1B[2J\xC2\x9B"
                          "31m\xE2\x80\xAEgnp.exe",
                          kHead + "X-Edge-Worker: \x1B[31mred\r\n\r\n");
        publisher.publish("long", QByteArray("\xC3\xA9").repeated(100).prepend('x'));
        publisher.publish("a,\"b\"", "");
        QVERIFY(publisher.flush());
    });
    QVERIFY2(said.code == 0, said.all().constData());
    QCOMPARE(said.json()["stored"].toInt(), kMessages);
}

void TestCliQuery::printsText()
{
    const Said said = query();
    QVERIFY2(said.code == 0, said.all().constData());
    QCOMPARE(said.err, QByteArray());
    const QByteArrayList lines = said.out.split('\n');
    QCOMPARE(lines.size(), kMessages + 1);
    QVERIFY2(lines[0].contains("Z  orders.eu.created  FRA  checkout  alice (claimed)  "),
             lines[0].constData());
    QVERIFY2(lines[0].endsWith("  {\"id\":1}"), lines[0].constData());
    QVERIFY2(lines[1].contains("  orders.us.created  ORD  -  - (unknown)  "), lines[1].constData());
    QVERIFY2(lines[1].endsWith("\\xff\\x00\\x01"), lines[1].constData());
}

void TestCliQuery::neverSteersTheTerminal()
{
    const Said said = query();
    QVERIFY(!steers(said.out));
    QVERIFY2(said.out.contains("evil.\\x1b]0;owned\\x07"), said.out.constData());
    QVERIFY2(said.out.contains("\\x1b[2J\\xc2\\x9b31m\\xe2\\x80\\xaegnp.exe"), said.out.constData());
    const Said info = m_shell.weir({"info", "--history", "h.db", "--subjects", "--pops"});
    QVERIFY(!steers(info.out));
    QVERIFY2(info.out.contains("evil.\\x1b]0;owned\\x07"), info.out.constData());
    const Said wrong = query({"\x1B[31m:1"});
    QCOMPARE(wrong.code, 2);
    QVERIFY2(!steers(wrong.err), wrong.err.constData());
}

void TestCliQuery::cutsBetweenCharacters()
{
    const Said said = query({"subject:long"});
    const QByteArray cut = "x" + QByteArray("\xC3\xA9").repeated(59) + "\xE2\x80\xA6 (201 B)\n";
    QVERIFY2(said.out.endsWith("  " + cut), said.out.constData());
}

void TestCliQuery::printsNdjson()
{
    const Said said = query({"--format", "ndjson"});
    QCOMPARE(said.code, 0);
    const QList<QJsonObject> messages = said.lines();
    QCOMPARE(messages.size(), kMessages);
    const QJsonObject& first = messages[0];
    for (const char* key : {"time", "seq", "subject", "reply", "pop", "worker", "identity", "evidence",
                            "trace", "latency_us", "size", "headers", "payload"})
        QVERIFY2(first.contains(key), key);
    QCOMPARE(first["subject"].toString(), QString("orders.eu.created"));
    QCOMPARE(first["reply"].toString(), QString("reply.1"));
    QCOMPARE(first["pop"].toString(), QString("FRA"));
    QCOMPARE(first["identity"].toString(), QString("alice"));
    QCOMPARE(first["evidence"].toString(), QString("claimed"));
    QCOMPARE(first["payload"].toString(), QString("{\"id\":1}"));
    QCOMPARE(first["headers"].toObject()["X-Two"].toArray(), (QJsonArray{"a", "b"}));
    QCOMPARE(first["headers"].toObject()["Cf-Ray"].toArray(), QJsonArray{"8f-FRA"});
    QVERIFY(!messages[1].contains("payload"));
    QCOMPARE(messages[1]["payload_base64"].toString(), QString("/wAB"));
    QCOMPARE(messages[2]["subject"].toString(), QString("evil.\x1B]0;owned\x07"));
    QVERIFY(!said.out.contains('\x1B')); // JSON escapes it
    QCOMPARE(messages[4]["payload"].toString(), QString());
}

void TestCliQuery::printsJson()
{
    const Said said = query({"--format", "json"});
    const QJsonArray messages = QJsonDocument::fromJson(said.out).array();
    QCOMPARE(messages.size(), kMessages);
    for (int i = 0; i < kMessages; ++i)
        QCOMPARE(messages[i].toObject()["seq"].toInt(), i + 1);
    const Said none = query({"--format", "json", "subject:nothing"});
    QVERIFY(QJsonDocument::fromJson(none.out).isArray());
    QVERIFY(QJsonDocument::fromJson(none.out).array().isEmpty());
}

void TestCliQuery::printsCsv()
{
    const Said said = query({"--format", "csv"});
    const QByteArrayList lines = said.out.split('\n');
    QCOMPARE(lines.size(), kMessages + 2);
    QCOMPARE(lines[0], QByteArray("time,seq,subject,pop,worker,identity,evidence,trace,latency_us,size\r"));
    QVERIFY2(lines[1].contains(",1,orders.eu.created,FRA,checkout,alice,claimed,"), lines[1].constData());
    QVERIFY2(lines[5].contains(",5,\"a,\"\"b\"\"\",,,,unknown,,,"), lines[5].constData());
}

void TestCliQuery::counts_data()
{
    QTest::addColumn<QStringList>("more");
    QTest::addColumn<QByteArray>("out");
    QTest::newRow("text") << QStringList() << QByteArray("5\n");
    QTest::newRow("json") << QStringList{"--format", "json"} << QByteArray("{\"count\":5}\n");
    QTest::newRow("ndjson") << QStringList{"--format", "ndjson"} << QByteArray("{\"count\":5}\n");
    QTest::newRow("csv") << QStringList{"--format", "csv"} << QByteArray("count\r\n5\r\n");
    QTest::newRow("filter") << QStringList{"subject:orders.>"} << QByteArray("2\n");
    QTest::newRow("limit") << QStringList{"--limit", "3"} << QByteArray("3\n");
    QTest::newRow("nothing") << QStringList{"pop:XXX"} << QByteArray("0\n");
}

void TestCliQuery::counts()
{
    QFETCH(const QStringList, more);
    const Said said = query(QStringList{"--count"} + more);
    QCOMPARE(said.code, 0);
    QTEST(said.out, "out");
}

void TestCliQuery::selects_data()
{
    QTest::addColumn<QStringList>("more");
    QTest::addColumn<QList<int>>("seqs");
    QTest::newRow("limit") << QStringList{"--limit", "2"} << QList<int>{1, 2};
    QTest::newRow("newest") << QStringList{"--limit", "2", "--order", "newest"} << QList<int>{5, 4};
    QTest::newRow("limit 0") << QStringList{"--limit", "0"} << QList<int>{};
    QTest::newRow("two words") << QStringList{"subject:orders.>", "pop:ORD"} << QList<int>{2};
    QTest::newRow("not") << QStringList{"NOT subject:orders.>"} << QList<int>{3, 4, 5};
    QTest::newRow("header") << QStringList{"header.X-Two:b"} << QList<int>{1};
    QTest::newRow("age, from before it") << QStringList{"--from", "-15m"} << QList<int>{1, 2, 3, 4, 5};
    QTest::newRow("before it") << QStringList{"--to", "-1h"} << QList<int>{};
    QTest::newRow("after it") << QStringList{"--from", "2200-01-01"} << QList<int>{};
}

void TestCliQuery::selects()
{
    QFETCH(const QStringList, more);
    const Said said = query(QStringList{"--format", "ndjson"} + more);
    // What was never recorded is missing, and said to be.
    const QByteArray tag = QTest::currentDataTag();
    QVERIFY2(said.code == (tag.endsWith(" it") ? 3 : 0), said.all().constData());
    QCOMPARE(said.err.contains("nothing was recorded before "), tag.endsWith("before it"));
    QCOMPARE(said.err.contains("nothing was recorded after "), tag.endsWith("after it"));
    QList<int> seqs;
    for (const QJsonObject& message : said.lines())
        seqs.append(message["seq"].toInt());
    QTEST(seqs, "seqs");
}

void TestCliQuery::tellsWhatAHistoryHolds()
{
    const Said text = m_shell.weir({"info", "--history", "h.db", "--subjects", "--pops"});
    QCOMPARE(text.code, 0);
    for (const char* line : {"messages   5 in 1 block\n", "\nmissing    nothing\n", "\nschema     1\n",
                             "\nmessages per subject\n               1  a,\"b\"\n", "\nmessages per PoP\n",
                             "\n               3  (none)\n", " on disk, "})
        QVERIFY2(text.out.contains(line), (line + ("\n" + text.out)).constData());
    const Said json = m_shell.weir({"info", "--history", "h.db", "--subjects", "--pops", "--format", "json"});
    QCOMPARE(json.code, 0);
    const QJsonObject told = json.json();
    QCOMPARE(told["messages"].toInt(), kMessages);
    QCOMPARE(told["first_seq"].toInt(), 1);
    QCOMPARE(told["last_seq"].toInt(), kMessages);
    QCOMPARE(told["gaps"].toArray().size(), 0);
    QCOMPARE(told["being_written"].toBool(true), false);
    QCOMPARE(told["pops"].toObject()["FRA"].toInt(), 1);
    QCOMPARE(told["subjects"].toObject()["a,\"b\""].toInt(), 1);
    QVERIFY(told["first_time"].toString().endsWith('Z'));
}

void TestCliQuery::tellsOfAnEmptyHistory()
{
    const Said recorded = m_shell.weir({"record", "--server", m_server.url(), "--subject", "a", "--history",
                                        "empty.db", "--duration", "10ms"});
    QVERIFY2(recorded.code == 0, recorded.all().constData());
    QVERIFY2(recorded.out.startsWith("recorded   nothing: no message came\nsize       "),
             recorded.out.constData());
    const Said text = m_shell.weir({"info", "--history", "empty.db"});
    QCOMPARE(text.code, 0);
    QVERIFY2(text.out.startsWith("messages   0 in 0 blocks\nsize       "), text.out.constData());
    const Said json = m_shell.weir({"info", "--history", "empty.db", "--format", "json"});
    QCOMPARE(json.json()["messages"].toInt(-1), 0);
    QVERIFY(json.json()["first_time"].isNull());
    QCOMPARE(m_shell.weir({"query", "--history", "empty.db"}).out, QByteArray());
    QCOMPARE(m_shell.weir({"query", "--history", "empty.db", "--count"}).out, QByteArray("0\n"));
    QCOMPARE(m_shell.weir({"query", "--history", "empty.db", "--format", "json"}).out, QByteArray("[\n]\n"));
}

void TestCliQuery::tellsGapsInTheRange()
{
    for (int i = 0; i < 2; ++i) {
        const Said said = record(m_shell, m_server, "gap.db", 1, [this] {
            RawPublisher publisher(m_server.port());
            publisher.publish("a", "1");
            QVERIFY(publisher.flush());
        });
        QCOMPARE(said.code, 0);
    }
    const QStringList all{"query", "--history", "gap.db", "--format", "ndjson"};
    const Said whole = m_shell.weir(all);
    QVERIFY2(whole.code == 3, whole.all().constData());
    QCOMPARE(whole.lines().size(), 2);
    QVERIFY2(whole.err.startsWith("weir: 1 gap in this range: messages may be missing ("),
             whole.err.constData());
    for (const char* order : {"newest", "oldest"})
        QCOMPARE(m_shell.weir(all + QStringList{"--limit", "1", "--order", order}).code, 0);
    const Said info = m_shell.weir({"info", "--history", "gap.db"});
    QCOMPARE(info.code, 3);
    QVERIFY2(info.out.contains("failed, 1 gap\ngap        "), info.out.constData());
    QVERIFY2(info.out.contains("Z  not recording, number unknown\n           nothing was recorded between"),
             info.out.constData());
}

void TestCliQuery::endsQuietlyWhenNobodyReads()
{
    constexpr int kMany = 3000; // more than a pipe holds
    const Said recorded = record(m_shell, m_server, "many.db", kMany, [this] {
        RawPublisher publisher(m_server.port());
        for (int i = 0; i < kMany; ++i)
            publisher.publish("many", QByteArray(200, 'x'));
        QVERIFY(publisher.flush());
    });
    QVERIFY2(recorded.code == 0, recorded.all().constData());
    for (const char* format : {"text", "json", "ndjson", "csv"}) {
        const Said said = m_shell.script("set -o pipefail; \"$@\" | head -n 1",
                                         {"query", "--history", "many.db", "--format", format});
        QVERIFY2(said.code == 0, said.all().constData());
        QCOMPARE(said.err, QByteArray());
        QCOMPARE(said.out.count('\n'), 1);
    }
}

void TestCliQuery::saysThatStdoutIsFull_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("query") << QStringList{"query", "--history", "h.db"};
    QTest::newRow("much") << QStringList{"query", "--history", "many.db"};
    QTest::newRow("count") << QStringList{"query", "--history", "h.db", "--count"};
    QTest::newRow("info") << QStringList{"info", "--history", "h.db"};
    QTest::newRow("help") << QStringList{"--help"};
}

void TestCliQuery::saysThatStdoutIsFull()
{
    QFETCH(const QStringList, arguments);
    const Said said = m_shell.script("\"$@\" > /dev/full", arguments);
    QCOMPARE(said.code, 1);
    QCOMPARE(
        said.err,
        QByteArray("weir: writing to stdout failed: No space left on device (the output is not whole)\n"));
}

QTEST_GUILESS_MAIN(TestCliQuery)
#include "tst_cliquery.moc"
