// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/Shell.h"
#include "tests/support/RawPublisher.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <csignal>

using namespace weir::test;

/// SQL over a history as an auditor has it: by weir sql, and in Debian's sqlite3 with the extension.
class TestCliSql : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void printsText();
    void printsJson();
    void printsCsv();
    void readsStdin();
    void onlyReads_data();
    void onlyReads();
    void exitsThreeWhenMessagesAreMissing();
    void exitsThreeWhenABlockIsDamaged();
    void endsOnInterrupt();
    void endsQuietlyWhenNobodyReads();
    void helpNamesTablesAndColumns();
    void loadsIntoSqlite3();
    void sqlite3NamesWhatIsWrong();
    void readsWhatIsBeingWritten();

private:
    [[nodiscard]] Said sql(const QString& text, const QStringList& more = {}) const
    {
        return m_shell.weir(QStringList{"sql", "--history", "h.db", text} + more);
    }
    /// Debian's sqlite3 on `history`, with the extension loaded.
    [[nodiscard]] Said sqlite3(const QString& history, const QStringList& statements) const;

    Shell m_shell;
    NatsServer m_server;
};

namespace {

constexpr int kMessages = 4;

void publishFour(int port)
{
    RawPublisher publisher(port);
    const auto head = [](const QByteArray& ray) {
        return "NATS/1.0\r\nCf-Ray: " + ray +
               "\r\nX-Edge-Worker: checkout\r\nX-Edge-Identity: alice\r\nX-Two: a\r\n"
               "X-Two: b\r\n\r\n";
    };
    publisher.publish("orders.eu.created", "{\"id\":1}", head("8f-FRA"), "reply.1");
    publisher.publish("orders.us.created", QByteArray("\xFF\x00\x01", 3), head("8f-ORD"));
    publisher.publish("evil.\x1B]0;owned\x07", "\x1B[2J", head("8f-FRA"));
    publisher.publish("a,\"b\"", QByteArray(300, 'x'));
    QVERIFY(publisher.flush());
}

} // namespace

void TestCliSql::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.error()));
    const Said said = record(m_shell, m_server, "h.db", kMessages, [this] { publishFour(m_server.port()); });
    QVERIFY2(said.code == 0, said.all().constData());
}

Said TestCliSql::sqlite3(const QString& history, const QStringList& statements) const
{
    return m_shell.script("weir=$1; shift; " WEIR_PRELOAD
                          " exec sqlite3 -batch \"$1\" \".load ${weir%/*}/weir\" \"${@:2}\"",
                          QStringList{history} + statements);
}

void TestCliSql::printsText()
{
    const Said said = sql("SELECT pop, count(*) AS n, sum(size) > 0 AS any FROM messages GROUP BY pop");
    QVERIFY2(said.code == 0, said.all().constData());
    QCOMPARE(said.out, QByteArray("pop  n  any\n-    1    1\nFRA  2    1\nORD  1    1\n"));
    const Said two = sql("SELECT subject, payload FROM messages; SELECT count(*) FROM gaps;");
    QCOMPARE(two.code, 0);
    QVERIFY2(!two.out.contains('\x1B'), two.out.constData());
    QVERIFY2(two.out.contains("evil.\\x1b]0;owned\\x07  \\x1b[2J\n"), two.out.constData());
    QVERIFY2(two.out.contains("  \\xff\\x00\\x01\n"), two.out.constData());
    QVERIFY2(two.out.contains("xxx\xE2\x80\xA6 (300 B)\n\ncount(*)\n       0\n"), two.out.constData());
}

void TestCliSql::printsJson()
{
    const Said said = sql("SELECT * FROM messages ORDER BY seq", {"--format", "ndjson"});
    QVERIFY2(said.code == 0, said.all().constData());
    const QList<QJsonObject> rows = said.lines();
    QCOMPARE(rows.size(), kMessages);
    QCOMPARE(rows[0]["subject"].toString(), QString("orders.eu.created"));
    QCOMPARE(rows[0]["evidence"].toString(), QString("claimed"));
    QCOMPARE(rows[0]["reply"].toString(), QString("reply.1"));
    QCOMPARE(QJsonDocument::fromJson(rows[0]["headers"].toString().toUtf8()).object()["X-Two"].toArray(),
             (QJsonArray{"a", "b"}));
    QCOMPARE(rows[1]["payload_base64"].toString(), QString("/wAB"));
    QVERIFY(rows[3]["pop"].isNull());
    const Said all = sql("SELECT seq FROM messages('pop:fra') ORDER BY seq DESC", {"--format", "json"});
    QCOMPARE(all.out, QByteArray("[\n{\"seq\":3},\n{\"seq\":1}\n]\n"));
    QCOMPARE(sql("SELECT 1 WHERE 0", {"--format", "json"}).out, QByteArray("[\n]\n"));
    QCOMPARE(sql("SELECT 1.5 AS a, 9e999 AS b", {"--format", "ndjson"}).out,
             QByteArray("{\"a\":1.5,\"b\":null}\n"));
}

void TestCliSql::printsCsv()
{
    const Said said = sql("SELECT seq, subject, pop FROM messages WHERE seq IN (2, 4); SELECT payload FROM "
                          "messages WHERE seq = 2",
                          {"--format", "csv"});
    QCOMPARE(said.code, 0);
    QCOMPARE(
        said.out,
        QByteArray(
            "seq,subject,pop\r\n2,orders.us.created,ORD\r\n4,\"a,\"\"b\"\"\",\r\npayload\r\nx'ff0001'\r\n"));
}

void TestCliSql::readsStdin()
{
    const Said said = m_shell.script("printf -- '-- how many?\nSELECT count(*)\nFROM messages;' | \"$@\"",
                                     {"sql", "--history", "h.db"});
    QCOMPARE(said.out, QByteArray("count(*)\n       4\n"));
    const Said wrong = m_shell.script("printf 'SELECT 1;\nSELECT \xC3\xA9, pup FROM messages' | \"$@\"",
                                      {"sql", "--history", "h.db"});
    QCOMPARE(wrong.code, 2);
    QVERIFY2(
        wrong.err.startsWith("weir: reading the SQL failed: line 2, column 8: no such column: \xC3\xA9 ("),
        wrong.err.constData());
}

void TestCliSql::onlyReads_data()
{
    QTest::addColumn<QByteArray>("error");
    const QByteArray denied = "weir: reading the SQL failed: only reading is allowed (SELECT from messages, "
                              "rollups, gaps, recordings and damage)\n";
    for (const char* text :
         {"ATTACH 'other.db' AS other", "PRAGMA journal_mode = DELETE", "CREATE TABLE x(y)", "VACUUM",
          "SELECT load_extension('x')", "BEGIN", "DROP TABLE messages"})
        QTest::newRow(text) << denied;
    const QByteArray help = " (weir sql --help names tables and columns)\n";
    QTest::newRow("DELETE FROM messages")
        << "weir: reading the SQL failed: table messages may not be modified" + help;
    QTest::newRow("SELECT * FROM block") << "weir: reading the SQL failed: no such table: block" + help;
    QTest::newRow("SELEC 1") << "weir: reading the SQL failed: column 1: near \"SELEC\": syntax error" + help;
    QTest::newRow("SELECT 1 FROM messages('pup:1')") << QByteArray(
        "weir: reading the filter failed: column 1: there is no field 'pup' (did you mean pop? to search "
        "for it as text, write \"pup\" in quotes)\n");
}

void TestCliSql::onlyReads()
{
    const QByteArray before = bytesOf(m_shell.file("h.db"));
    const Said said = sql(QTest::currentDataTag());
    QCOMPARE(said.code, 2);
    QTEST(said.err, "error");
    QCOMPARE(said.out, QByteArray());
    QCOMPARE(bytesOf(m_shell.file("h.db")), before);
    QVERIFY(!QFile::exists(m_shell.file("other.db")));
}

void TestCliSql::exitsThreeWhenMessagesAreMissing()
{
    for (int i = 0; i < 2; ++i)
        QCOMPARE(
            record(m_shell, m_server, "gap.db", kMessages, [this] { publishFour(m_server.port()); }).code, 0);
    const auto ask = [this](const QString& text) {
        return m_shell.weir({"sql", "--history", "gap.db", text});
    };
    const Said all = ask("SELECT count(*) FROM messages");
    QVERIFY2(all.code == 3, all.all().constData());
    QVERIFY2(all.err.startsWith("weir: 1 gap in this range: messages may be missing ("), all.err.constData());
    QCOMPARE(ask("SELECT seq FROM messages LIMIT 2").code, 0);
    QCOMPARE(ask("SELECT seq FROM messages ORDER BY seq DESC LIMIT 2").code, 0);
    QCOMPARE(ask("SELECT cause FROM gaps").out, QByteArray("cause\nnot_recording\n"));
    QCOMPARE(ask("SELECT cause FROM gaps").code, 0);
    const Said early = ask("SELECT count(*) FROM messages WHERE time < '2020-01-01'");
    QCOMPARE(early.code, 3);
    QVERIFY2(early.err.startsWith("weir: nothing was recorded before "), early.err.constData());
}

void TestCliSql::exitsThreeWhenABlockIsDamaged()
{
    QVERIFY(QFile::copy(m_shell.file("h.db"), m_shell.file("bad.db")));
    const Said broken =
        sqlite3("bad.db", {"UPDATE block_body SET body = x'00'", "SELECT count(*) FROM messages",
                           "SELECT count(pop) FROM messages", "SELECT what FROM damage"});
    QVERIFY2(broken.out == "4\n0\nreading block 1 (messages 1 to 4)\n", broken.all().constData());
    QVERIFY2(broken.err.startsWith("weir: reading block 1 (messages 1 to 4) failed: "),
             broken.err.constData());
    QCOMPARE(broken.err.count('\n'), 1);
    const Said said = m_shell.weir({"sql", "--history", "bad.db", "SELECT count(pop) FROM messages"});
    QVERIFY2(said.code == 3, said.all().constData());
    QCOMPARE(said.err, broken.err);
}

void TestCliSql::endsOnInterrupt()
{
    const QString endless =
        "SELECT 'begun'; SELECT count(*) FROM messages, (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
        "SELECT i + 1 FROM n) SELECT i FROM n)";
    const auto process = m_shell.start({"sql", "--history", "h.db", endless});
    QTRY_VERIFY(process->bytesAvailable() > 0 || process->state() == QProcess::NotRunning);
    QCOMPARE(::kill(static_cast<pid_t>(process->processId()), SIGINT), 0);
    const Said said = finish(*process);
    QCOMPARE(said.code, 1);
    QCOMPARE(said.out, QByteArray("'begun'\nbegun\n"));
    QCOMPARE(said.err, QByteArray("weir: running the SQL failed: it was interrupted\n"));
}

void TestCliSql::endsQuietlyWhenNobodyReads()
{
    for (const char* format : {"text", "json", "ndjson", "csv"}) {
        const Said said = m_shell.script("set -o pipefail; \"$@\" | head -n 1",
                                         {"sql", "--history", "h.db", "--format", format,
                                          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                                          "SELECT i, 'xxxxxxxxxxxxxxxx' FROM n"});
        QVERIFY2(said.code == 0, said.all().constData());
        QCOMPARE(said.err, QByteArray());
    }
    const Said full = m_shell.script("\"$@\" > /dev/full", {"sql", "--history", "h.db", "SELECT 1"});
    QCOMPARE(full.code, 1);
    QVERIFY(full.err.startsWith("weir: writing to stdout failed: "));
}

void TestCliSql::helpNamesTablesAndColumns()
{
    const Said said = m_shell.weir({"sql", "--help"});
    QCOMPARE(said.code, 0);
    const Said columns = sql("SELECT name FROM pragma_table_xinfo('messages')", {"--format", "csv"});
    QCOMPARE(columns.code, 0);
    QVERIFY(columns.out.count('\n') > 20);
    const QByteArrayList names = columns.out.split('\n');
    for (const QByteArray& name : names.mid(1, names.size() - 2))
        QVERIFY2(said.out.contains("\n  " + name.trimmed() + " "), name.constData());
    for (const char* table : {"Table gaps: from_time to_time cause ", "Table recordings: id started ",
                              "Table damage: what why\n"})
        QVERIFY2(said.out.contains(table), table);
}

void TestCliSql::loadsIntoSqlite3()
{
    const Said said = sqlite3("h.db", {"SELECT count(*), min(time) > '2020-01-01' FROM messages",
                                       "SELECT hex(payload) FROM messages WHERE filter = 'pop:ORD'",
                                       "SELECT count(*) FROM recordings", "SELECT sum(count) FROM block",
                                       "SELECT sum(messages) FROM rollups WHERE pop = 'FRA'"});
    QVERIFY2(said.code == 0, said.all().constData());
    QCOMPARE(said.out, QByteArray("4|1\nFF0001\n1\n4\n2\n"));
    QCOMPARE(said.err, QByteArray());
}

void TestCliSql::sqlite3NamesWhatIsWrong()
{
    const Said none = sqlite3(":memory:", {"SELECT 1 FROM messages"});
    QVERIFY2(none.err.contains("this connection has no file (begin with: sqlite3 HISTORY)"),
             none.err.constData());
    const Said other = sqlite3("other.db", {"CREATE TABLE a(b)", "SELECT 1 FROM messages"});
    QVERIFY2(other.err.contains("it is an SQLite database, but not a Weir history"), other.err.constData());
    const Said write = sqlite3("h.db", {"DELETE FROM messages"});
    QVERIFY2(write.err.contains("table messages may not be modified"), write.err.constData());
    const Said time = sqlite3("h.db", {"SELECT 1 FROM messages WHERE time > 'yesterday'"});
    QVERIFY2(time.err.contains("'yesterday' is not a time"), time.err.constData());
}

void TestCliSql::readsWhatIsBeingWritten()
{
    constexpr int kRounds = 5;
    const auto recorder =
        m_shell.start({"record", "--server", m_server.url(), "--subject", ">", "--history", "live.db",
                       "--count", QString::number(kRounds * kMessages), "--format", "json"});
    QByteArray said;
    QVERIFY(waitFor(*recorder, "recording", said));
    for (int round = 1; round <= kRounds; ++round) {
        publishFour(m_server.port());
        const QByteArray count = QByteArray::number(round * kMessages) + "\n";
        QTRY_COMPARE_WITH_TIMEOUT(sqlite3("live.db", {"SELECT count(*) FROM messages"}).out, count, 20'000);
        const Said both = sqlite3(
            "live.db", {"SELECT count(pop) + count(*) - count(pop) FROM messages", "PRAGMA quick_check"});
        QCOMPARE(both.out, count + "ok\n");
    }
    const Said end = finish(*recorder, said);
    QVERIFY2(end.code == 0, end.all().constData());
    QCOMPARE(end.json()["stored"].toInt(), kRounds * kMessages);
    QCOMPARE(sqlite3("live.db", {"SELECT count(*) FROM messages WHERE subject GLOB 'orders.*'"}).out,
             QByteArray::number(kRounds * 2) + "\n");
}

QTEST_GUILESS_MAIN(TestCliSql)
#include "tst_clisql.moc"
