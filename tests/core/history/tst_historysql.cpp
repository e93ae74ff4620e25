// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sql/MessageColumns.h"
#include "tests/core/filter/NaiveFilter.h"
#include "tests/core/history/HistoryFixture.h"
#include "tests/core/history/RandomSql.h"
#include "tests/core/history/SqlConnection.h"

#include <QRegularExpression>
#include <QtTest>

#include <random>

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

using namespace weir;
using namespace weir::test;

namespace {

/// Qt cuts long messages, so only the first lines that differ.
std::string firstDifference(const std::string& sql, const std::string& answer, const std::string& expected)
{
    const auto differ = std::mismatch(answer.begin(), answer.end(), expected.begin(), expected.end());
    const auto lines = std::count(answer.begin(), differ.first, '\n');
    const auto line = [lines](const std::string& text) {
        return QString::fromStdString(text)
            .section('\n', static_cast<int>(lines), static_cast<int>(lines))
            .toStdString();
    };
    return sql + "\nline " + std::to_string(lines) + " is\n" + line(answer) + "\nnot\n" + line(expected);
}

} // namespace

/// SQL over a history says what the messages say, however much of it the history answers by itself.
class HistorySql : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void showsEveryColumn();
    void answersAsAPlainTableDoes();
    void readsInTheOrderOfTime();
    void pushesDown_data();
    void pushesDown();
    void opensFewBlocks();
    void takesFiltersInTheirOwnWords();
    void comparesTimesAsMoments();
    void comparesLatenciesAsItShowsThem();
    void agreesWithItselfWhileItIsWritten();
    void keepsBytesAsTheyAre();
    void leavesDamageOutAndNamesIt();
    void endsWhenInterrupted();
    void tellsOfAnEmptyHistory();
    void tellsGapsAndRecordings();
    void rollupsAddUpTheMessages();
    void rollupsOutliveTheMessages();
    void keepsTheLocksOfItsProcess();

private:
    void put(const std::vector<SampleMessage>& messages);
    void putRandom(std::mt19937& random, int blocks);

    std::unique_ptr<HistoryFixture> m_history;
    std::unique_ptr<Sample> m_sample;
    std::size_t m_made = 0;
};

void HistorySql::init()
{
    m_made = 0;
    m_history = std::make_unique<HistoryFixture>();
    QCOMPARE(m_history->open(), std::string());
    m_sample = std::make_unique<Sample>(m_history->writer->names());
}

void HistorySql::cleanup()
{
    m_history.reset();
}

void HistorySql::put(const std::vector<SampleMessage>& messages)
{
    const std::size_t first = m_made;
    for (const SampleMessage& message : messages)
        m_sample->add(message);
    m_made += messages.size();
    m_history->put(std::make_shared<const Batch>(m_sample->batch(first, m_made)));
    m_history->pass(std::chrono::milliseconds(250));
    QTRY_COMPARE(m_history->ledger->snapshot().stored, m_made);
}

void HistorySql::putRandom(std::mt19937& random, int blocks)
{
    for (int block = 0; block < blocks; ++block) {
        std::vector<SampleMessage> messages(1, randomMessage(random));
        while (messages.size() < 5)
            messages.push_back(messages.size() == 4 ? randomMessage(random) : messages.front());
        put(messages);
    }
}

void HistorySql::showsEveryColumn()
{
    SampleMessage whole;
    whole.reply = "_INBOX.7";
    SampleMessage bare;
    bare.pop = bare.worker = bare.identity = bare.trace = bare.headers = bare.payload = "";
    bare.evidence = Evidence::Unknown;
    bare.latency = kNoDuration;
    put({whole, bare});
    SqlConnection sql(m_history->path());
    const std::string headers = "{\"X-Canary\":[\"1\"],\"x-canary\":[\"2\"],\"Note\":[\"the Note\"]}";
    const QByteArray expected =
        "i1|s2027-01-15T08:00:01.000000000Z|sorders.48213.created|sFRA|scheckout|scheckout@edge|sverified|"
        "sissuer|"
        "sEDGE|s4bf92f3577b34da6a3ce929d0e0e4736|i150000|i" +
        QByteArray::number(static_cast<qulonglong>(whole.headers.size() + whole.payload.size())) +
        "|s2027-01-15T08:00:00.850000000Z|n|n|n|s_INBOX.7|s" + headers.c_str() + "|s" +
        whole.payload.c_str() +
        "\ni2|s2027-01-15T08:00:02.000000000Z|sorders.48213.created|n|n|n|sunknown|n|n|n|n|i0|n|n|n|n|n|s{}|"
        "s\n";
    QCOMPARE(QByteArray::fromStdString(sql.ask("SELECT * FROM messages")), expected);
    QCOMPARE(sql.ask("SELECT rowid, time_ns, sent_ns, stored_ns, headers_raw FROM messages WHERE seq = 1"),
             "i1|i1800000001000000000|i1800000000850000000|n|b" + whole.headers + "\n");
    QCOMPARE(sql.ask("SELECT rowid FROM messages"), std::string("i1\ni2\n"));
    QCOMPARE(sql.ask("SELECT count(*) FROM messages"), std::string("i2\n"));
}

void HistorySql::answersAsAPlainTableDoes()
{
    std::mt19937 random(20261121);
    putRandom(random, 60);
    SqlConnection sql(m_history->path());
    std::string names;
    std::string columns;
    for (const auto& info : messageColumns()) {
        const bool first = info.column == MessageColumn::Seq; // the rowid
        if (info.column == MessageColumn::Filter)
            continue;
        names += (first ? "" : ", ") + std::string(info.name);
        columns += (first ? "" : ", ") + std::string(info.name) + " " + std::string(info.type) +
                   (first ? " PRIMARY KEY" : "");
    }
    QCOMPARE(sql.ask("CREATE TABLE plain(" + columns + ")"), std::string());
    QCOMPARE(sql.ask("INSERT INTO plain SELECT " + names + " FROM messages"), std::string());
    QCOMPARE(sql.ask("SELECT count(*) FROM plain"), std::string("i300\n"));
    int empty = 0;
    constexpr int kQueries = 1500;
    for (int i = 0; i < kQueries; ++i) {
        const std::string rest = " WHERE " + randomWhere(random, 3) + randomTail(random);
        const std::string what = oneOf(
            random, {"SELECT " + names, "SELECT seq", "SELECT pop, latency_us", "SELECT rowid, payload"});
        const std::string expected = sql.ask(what + " FROM plain" + rest);
        const std::string answer = sql.ask(what + " FROM messages" + rest);
        QVERIFY2(answer == expected, firstDifference(what + rest, answer, expected).c_str());
        const std::string count = "SELECT count(*) FROM ";
        const std::string where = rest.substr(0, rest.find(" ORDER BY"));
        QCOMPARE(sql.ask(count + "messages" + where), sql.ask(count + "plain" + where));
        empty += expected.empty() ? 1 : 0;
    }
    QVERIFY2(empty < kQueries / 2, std::to_string(empty).c_str());
    QCOMPARE(
        sql.ask("SELECT count(*), sum(a.seq) FROM messages a JOIN messages b ON a.trace = b.trace AND a.seq "
                "< b.seq"),
        sql.ask(
            "SELECT count(*), sum(a.seq) FROM plain a JOIN plain b ON a.trace = b.trace AND a.seq < b.seq"));
    QCOMPARE(sql.ask("SELECT p.seq FROM plain p LEFT JOIN messages m ON m.seq = p.seq AND m.pop = 'FRA' "
                     "WHERE m.seq IS NULL"),
             sql.ask("SELECT seq FROM plain WHERE pop IS NOT 'FRA'"));
}

void HistorySql::readsInTheOrderOfTime()
{
    const auto start = [this](Timestamp at) {
        std::vector<Message> messages(3);
        messages[0].time = at;
        messages[1].time = at + std::chrono::seconds(2); // not in their order
        messages[2].time = at + std::chrono::seconds(1);
        m_history->put(m_history->traffic->own(messages, "a"));
        m_history->pass(std::chrono::milliseconds(250));
    };
    start(fromUnixNanos(2'000'000'000'000'000'000));
    QTRY_COMPARE(m_history->ledger->snapshot().stored, 3U);
    SqlConnection sql(m_history->path());
    QVERIFY(sql.ask("EXPLAIN QUERY PLAN SELECT * FROM messages ORDER BY time").find("by-time") !=
            std::string::npos);
    QCOMPARE(sql.ask("SELECT seq FROM messages ORDER BY time"), std::string("i1\ni3\ni2\n"));
    QCOMPARE(sql.ask("SELECT seq FROM messages ORDER BY time DESC"), std::string("i2\ni3\ni1\n"));
    sqlite3_stmt* before = nullptr;
    QCOMPARE(sqlite3_prepare_v2(sql.handle(), "SELECT seq FROM messages ORDER BY time", -1, &before, nullptr),
             SQLITE_OK);
    start(fromUnixNanos(1'900'000'000'000'000'000)); // the clock was set back
    QTRY_COMPARE(m_history->ledger->snapshot().stored, 6U);
    QCOMPARE(sql.ask("SELECT seq FROM messages ORDER BY time"), std::string("i4\ni6\ni5\ni1\ni3\ni2\n"));
    QVERIFY(sql.ask("EXPLAIN QUERY PLAN SELECT * FROM messages ORDER BY time").find("by-time") ==
            std::string::npos);
    QCOMPARE(sqlite3_step(before), SQLITE_ROW); // planned before, and answers right
    QCOMPARE(sqlite3_column_int(before, 0), 4);
    sqlite3_finalize(before);
}

void HistorySql::pushesDown_data()
{
    QTest::addColumn<QString>("rest");
    QTest::addColumn<QString>("plan");
    const auto row = [](const char* rest, const char* plan) { QTest::newRow(rest) << rest << plan; };
    row("WHERE seq > 5 ORDER BY seq DESC", "newest-first seq>?");
    row("WHERE time >= '2026-11-20' AND time < '2026-11-21'", "oldest-first time>=? time<?");
    row("WHERE subject = 'a' AND pop IN ('FRA', 'LHR')", "oldest-first subject=? pop-in?");
    row("WHERE subject GLOB 'a.*' AND identity = 'i' AND trace = 't'",
        "oldest-first identity=? trace=? subject-glob?");
    row("WHERE subject LIKE 'a.%' ORDER BY time DESC LIMIT 5", "newest-first by-time subject-like?");
    row("WHERE latency_us > 100 AND size < 7", "oldest-first latency_us>? size<?");
    row("WHERE filter = 'pop:FRA'", "oldest-first filter=?");
    row("WHERE worker = 'w' COLLATE NOCASE", "oldest-first");
}

void HistorySql::pushesDown()
{
    QFETCH(const QString, rest);
    QFETCH(const QString, plan);
    put({SampleMessage()});
    SqlConnection sql(m_history->path());
    const QString answer =
        QString::fromStdString(sql.ask("EXPLAIN QUERY PLAN SELECT pop FROM messages " + rest.toStdString()));
    QVERIFY2(answer.endsWith(":" + plan + "\n"), qPrintable(answer));
}

void HistorySql::opensFewBlocks()
{
    for (int block = 0; block < 20; ++block) {
        SampleMessage message;
        message.subject = "orders." + std::to_string(block);
        put({message});
    }
    QCOMPARE(m_history->close(), std::string());
    // Whoever opened the others would find them damaged.
    m_history->sql("UPDATE block_body SET body = x'' WHERE first_seq <> 8");
    for (const char* where :
         {"seq = 8", "subject = 'orders.7'", "time = '2027-01-15T08:00:08Z'", "subject LIKE 'ORDERS.7%'",
          "filter = 'subject:orders.7'", "subject GLOB 'orders.7*' AND pop = 'FRA'"}) {
        SqlConnection sql(m_history->path());
        QCOMPARE(sql.ask(std::string("SELECT seq FROM messages WHERE ") + where), std::string("i8\n"));
        QVERIFY2(sql.history().damage().empty(), where);
    }
}

void HistorySql::takesFiltersInTheirOwnWords()
{
    SampleMessage far;
    far.pop = "GRU";
    put({SampleMessage(), far, SampleMessage()});
    SqlConnection sql(m_history->path());
    QCOMPARE(sql.ask("SELECT seq, filter FROM messages WHERE filter = 'pop:gru'"),
             std::string("i2|spop:gru\n"));
    QCOMPARE(sql.ask("SELECT count(*) FROM messages('NOT pop:GRU header.X-Canary:1')"), std::string("i2\n"));
    QCOMPARE(sql.ask("SELECT seq FROM messages WHERE filter IN ('pop:GRU', 'seq:1') ORDER BY seq"),
             std::string("i1\ni2\n"));
    QCOMPARE(sql.ask("SELECT seq FROM messages WHERE filter = 'pop:GRU' AND filter = 'seq:1'"),
             std::string());
    QCOMPARE(sql.ask("SELECT seq FROM messages WHERE filter = ''"), std::string("i1\ni2\ni3\n"));
    QCOMPARE(sql.ask("SELECT seq FROM messages WHERE filter = 'pup:GRU'"),
             std::string(
                 "failed: reading the filter failed: column 1: there is no field 'pup' (did you mean pop? to "
                 "search for it as text, write \"pup\" in quotes)"));
    const std::string answer = sql.ask("SELECT seq FROM messages WHERE NOT (filter = 'pop:GRU')");
    QVERIFY2(answer.find("it can only be used as filter") != std::string::npos, answer.c_str());
    QCOMPARE(sql.ask("SELECT m.seq FROM (SELECT 'pop:GRU' AS f) AS t, messages AS m WHERE m.filter = t.f"),
             std::string("i2\n"));
}

void HistorySql::comparesTimesAsMoments()
{
    put({SampleMessage(), SampleMessage(), SampleMessage()}); // 08:00:01, :02, :03 on 2027-01-15
    SqlConnection sql(m_history->path());
    for (const char* same :
         {"'2027-01-15T08:00:02Z'", "'2027-01-15 08:00:02'", "'2027-01-15T09:00:02.0+01:00'",
          "datetime(1800000002, 'unixepoch')", "strftime('%Y-%m-%dT%H:%M:%fZ', 1800000002, 'unixepoch')"}) {
        const std::string text(same);
        QCOMPARE(sql.ask("SELECT seq FROM messages WHERE time = " + text), std::string("i2\n"));
        QCOMPARE(sql.ask("SELECT seq FROM messages WHERE time > " + text), std::string("i3\n"));
        QCOMPARE(sql.ask("SELECT seq FROM messages WHERE +time <= " + text), std::string("i1\ni2\n"));
    }
    QCOMPARE(sql.ask("SELECT count(*) FROM messages WHERE time > '2027-01-15 08:00'"), std::string("i3\n"));
    QCOMPARE(
        sql.ask("SELECT count(*) FROM messages WHERE time > 'yesterday'"),
        std::string(
            "failed: comparing column time failed: 'yesterday' is not a time (write 2026-11-20T23:45:08Z, or "
            "datetime('now', '-15 minutes'))"));
    QVERIFY(sql.ask("SELECT count(*) FROM messages WHERE time > 1800000000")
                .starts_with("failed: comparing column time"));
}

void HistorySql::comparesLatenciesAsItShowsThem()
{
    for (const int nanos : {150'000'900, -1'500, 999, -999}) { // whole microseconds, towards 0
        SampleMessage message;
        message.latency = Nanoseconds(nanos);
        put({message});
    }
    SqlConnection sql(m_history->path());
    const auto seqs = [&](const std::string& where) {
        return sql.ask("SELECT seq FROM messages WHERE latency_us " + where);
    };
    QCOMPARE(sql.ask("SELECT latency_us FROM messages"), std::string("i150000\ni-1\ni0\ni0\n"));
    QCOMPARE(seqs("= 150000"), std::string("i1\n"));
    QCOMPARE(seqs("BETWEEN 150000 AND 150000"), std::string("i1\n"));
    QCOMPARE(seqs("= -1"), std::string("i2\n"));
    QCOMPARE(seqs("<= -1"), std::string("i2\n"));
    QCOMPARE(seqs(">= -1"), std::string("i1\ni2\ni3\ni4\n"));
    QCOMPARE(seqs("IN (0, 7)"), std::string("i3\ni4\n"));
}

void HistorySql::agreesWithItselfWhileItIsWritten()
{
    m_history->put(300);
    m_history->pass(std::chrono::milliseconds(250));
    QTRY_COMPARE(m_history->ledger->snapshot().stored, 300U);
    SqlConnection sql(m_history->path());
    sqlite3_stmt* all = nullptr;
    QCOMPARE(
        sqlite3_prepare_v2(sql.handle(),
                           "SELECT seq, (SELECT max(seq) FROM messages WHERE seq >= m.seq) FROM messages m",
                           -1, &all, nullptr),
        SQLITE_OK);
    QCOMPARE(sqlite3_step(all), SQLITE_ROW);
    m_history->put(700); // while the statement runs
    m_history->pass(std::chrono::milliseconds(250));
    QTRY_COMPARE(m_history->ledger->snapshot().stored, 1000U);
    int rows = 0;
    do {
        ++rows;
        QCOMPARE(sqlite3_column_int(all, 0), rows);
        QCOMPARE(sqlite3_column_int(all, 1), 300);
    } while (sqlite3_step(all) == SQLITE_ROW);
    QCOMPARE(rows, 300);
    sqlite3_finalize(all);
    QCOMPARE(sql.ask("SELECT count(*), max(seq), count(DISTINCT subject) > 1 FROM messages"),
             std::string("i1000|i1000|i1\n"));
}

void HistorySql::keepsBytesAsTheyAre()
{
    SampleMessage nul;
    nul.payload = std::string("a\0b", 3);
    SampleMessage bytes;
    bytes.payload = "\xFF\xFE";
    bytes.subject = "odd.\xFF";
    bytes.headers = "NATS/1.0\r\nA: \xFF\r\nno header\r\n\r\n";
    SampleMessage text;
    text.payload = "Zoë";
    put({nul, bytes, text});
    SqlConnection sql(m_history->path());
    QCOMPARE(sql.ask("SELECT hex(payload), length(payload), typeof(payload), payload = 'Zoë' FROM messages"),
             std::string("s610062|i3|sblob|i0\nsFFFE|i2|sblob|i0\ns5A6FC3AB|i3|stext|i1\n"));
    QCOMPARE(
        sql.ask("SELECT hex(subject), hex(headers_raw), json_valid(headers) FROM messages WHERE seq = 2"),
        std::string("s6F64642EFF|s4E4154532F312E300D0A413A20FF0D0A6E6F206865616465720D0A0D0A|i1\n"));
    QCOMPARE(sql.ask("SELECT seq FROM messages WHERE CAST(subject AS TEXT) GLOB 'odd.*'"),
             std::string("i2\n"));
    QCOMPARE(sql.ask("SELECT seq FROM messages WHERE payload = x'fffe' OR payload = x'610062'"),
             std::string("i1\ni2\n"));
}

void HistorySql::leavesDamageOutAndNamesIt()
{
    for (int block = 0; block < 3; ++block)
        put(std::vector<SampleMessage>(10));
    QCOMPARE(m_history->close(), std::string());
    m_history->sql("UPDATE block_body SET body = x'00' WHERE first_seq = 11");
    SqlConnection sql(m_history->path());
    QCOMPARE(sql.ask("SELECT count(*) FROM damage"), std::string("i0\n"));
    QCOMPARE(sql.ask("SELECT count(payload), sum(seq) FROM messages"), std::string("i20|i310\n"));
    QCOMPARE(sql.ask("SELECT count(pop) FROM messages"), std::string("i20\n"));
    const std::string damage = sql.ask("SELECT * FROM damage");
    QVERIFY2(damage.starts_with("sreading block 11 (messages 11 to 20)|s"), damage.c_str());
    QCOMPARE(std::count(damage.begin(), damage.end(), '\n'), 1);
}

void HistorySql::endsWhenInterrupted()
{
    m_history->put(20000);
    m_history->pass(std::chrono::milliseconds(250));
    QTRY_COMPARE(m_history->ledger->snapshot().stored, 20000U);
    SqlConnection sql(m_history->path());
    sqlite3_progress_handler(
        sql.handle(), 100,
        [](void* handle) {
            sqlite3_interrupt(static_cast<sqlite3*>(handle));
            return 0;
        },
        sql.handle());
    QCOMPARE(sql.ask("SELECT count(*) FROM messages a, messages b"), std::string("failed: interrupted"));
    sqlite3_progress_handler(sql.handle(), 0, nullptr, nullptr);
    QCOMPARE(sql.ask("SELECT count(*) FROM messages"), std::string("i20000\n"));
}

void HistorySql::tellsOfAnEmptyHistory()
{
    SqlConnection sql(m_history->path());
    QCOMPARE(sql.ask("SELECT count(*), max(seq) FROM messages"), std::string("i0|n\n"));
    QCOMPARE(sql.ask("SELECT * FROM messages WHERE pop = 'FRA' ORDER BY time DESC"), std::string());
    QCOMPARE(sql.ask("SELECT * FROM gaps"), std::string());
    SqlConnection nothing({});
    QCOMPARE(
        nothing.ask("SELECT 1 FROM messages"),
        std::string(
            "wrong: opening the history failed: this connection has no file (begin with: sqlite3 HISTORY)"));
    SqlConnection missing("/nowhere/h.db");
    QVERIFY(missing.ask("SELECT 1 FROM gaps").starts_with("wrong: opening history /nowhere/h.db failed: "));
}

void HistorySql::tellsGapsAndRecordings()
{
    put(std::vector<SampleMessage>(10));
    QCOMPARE(m_history->close(), std::string());
    m_history->clock.advance(std::chrono::minutes(5));
    HistoryWriter::Options options;
    options.source = "lab";
    QCOMPARE(m_history->open(options), std::string());
    SqlConnection sql(m_history->path());
    QCOMPARE(sql.ask("SELECT cause, messages, unixepoch(to_time) - unixepoch(from_time) FROM gaps"),
             std::string("snot_recording|n|i300\n"));
    QCOMPARE(sql.ask("SELECT id, source, ended IS NULL, stored, first_seq FROM recordings"),
             std::string("i1|n|i0|i10|i1\ni2|slab|i1|i0|i11\n"));
    QCOMPARE(sql.ask("SELECT count(*) FROM gaps g JOIN recordings r ON r.ended <= g.from_time"),
             std::string("i1\n"));
    QVERIFY(sql.ask("DELETE FROM gaps").starts_with("wrong: table gaps may not be modified"));
    QVERIFY(sql.ask("INSERT INTO messages(pop) VALUES('x')")
                .starts_with("wrong: table messages may not be modified"));
}

void HistorySql::rollupsAddUpTheMessages()
{
    std::mt19937 random(7);
    const std::string byMessages =
        "SELECT strftime('%Y-%m-%dT%H:%M:%S', time) AS second, pop, worker, identity, count(*), sum(size), "
        "sum(latency_us IS NULL), sum(coalesce(latency_us < 0, 0)), max(CASE WHEN latency_us >= 0 THEN "
        "latency_us END) "
        "FROM messages GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4, 5";
    const std::string bySums =
        "SELECT strftime('%Y-%m-%dT%H:%M:%S', from_time) AS second, pop, worker, identity, sum(messages), "
        "sum(bytes), sum(without_latency), sum(clock_skew), max(max_us) FROM rollups "
        "WHERE resolution = 'second' GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4, 5";
    SqlConnection sql(m_history->path());
    for (int round = 0; round < 4; ++round) { // while it is written
        putRandom(random, 12);
        const std::string wanted = sql.ask(byMessages);
        QVERIFY(std::count(wanted.begin(), wanted.end(), '\n') > 20);
        QVERIFY2(sql.ask(bySums) == wanted, firstDifference(bySums, sql.ask(bySums), wanted).c_str());
    }
    // Minutes unless seconds are asked for; each message once.
    const auto all = "i" + std::to_string(m_made) + "\n";
    QCOMPARE(sql.ask("SELECT sum(messages) FROM rollups"), all);
    QCOMPARE(sql.ask("SELECT DISTINCT resolution, unixepoch(to_time) - unixepoch(from_time) FROM rollups"),
             std::string("sminute|i60\n"));
    QCOMPARE(sql.ask("SELECT sum(messages) / 2 FROM rollups WHERE resolution IN ('second', 'minute')"), all);
    QCOMPARE(sql.ask("SELECT count(*) FROM rollups WHERE resolution = 'hour'"), std::string("i0\n"));
    // What narrows changes nothing but what is read.
    static const QRegularExpression compared("(\\w+) ([<>=]+)");
    for (const std::string where :
         {"pop = 'FRA'", "identity = 'checkout@edge'", "from_time = '2027-01-15T08:00:21Z'",
          "from_time > '2027-01-15 08:00:20.5' AND to_time <= '2027-01-15T09:01:00+01:00'",
          "to_time > '2027-01-15T08:00:30Z' AND from_time < '2027-01-15T08:00:40Z'", "pop = 7",
          "from_time >= 'never'", "from_time < '2027-01-15T08:00:10Z' OR pop = 'LHR'"}) {
        const std::string from = " FROM rollups WHERE resolution = 'second' AND ";
        const std::string plain = QString::fromStdString(where).replace(compared, "+\\1 \\2").toStdString();
        QCOMPARE(sql.ask("SELECT *" + from + "(" + where + ")"),
                 sql.ask("SELECT *" + from + "(" + plain + ")"));
    }
    QVERIFY(
        sql.ask("EXPLAIN QUERY PLAN SELECT * FROM rollups WHERE resolution = 'second' AND pop = 'FRA' AND "
                "from_time >= '2027-01-15'")
            .find("INDEX") != std::string::npos);
    QCOMPARE(sql.ask("SELECT count(*) FROM (SELECT 'second' AS r UNION SELECT 'minute') JOIN rollups ON "
                     "resolution = r"),
             sql.ask("SELECT count(*) FROM rollups WHERE resolution IN ('second', 'minute')"));
    QVERIFY(sql.ask("DELETE FROM rollups").starts_with("wrong: table rollups may not be modified"));
}

void HistorySql::rollupsOutliveTheMessages()
{
    std::mt19937 random(8);
    putRandom(random, 20);
    QCOMPARE(m_history->close(), std::string());
    const std::string all = "SELECT * FROM rollups WHERE resolution = 'second'";
    std::string before;
    {
        SqlConnection sql(m_history->path());
        before = sql.ask(all);
        QVERIFY(!before.empty());
    }
    m_history->clock.advance(std::chrono::hours(24 * 3650));
    HistoryWriter::Options options;
    options.keep.age = std::chrono::seconds(1);
    QCOMPARE(m_history->open(options), std::string());
    QVERIFY(QTest::qWaitFor(
        [&] {
            m_history->pass(std::chrono::seconds(1));
            return m_history->seqs().empty();
        },
        20000));
    SqlConnection sql(m_history->path());
    QCOMPARE(sql.ask("SELECT count(*) FROM messages"), std::string("i0\n"));
    QCOMPARE(sql.ask(all), before);
}

void HistorySql::keepsTheLocksOfItsProcess()
{
    put(std::vector<SampleMessage>(10));
    QCOMPARE(m_history->close(), std::string());
    sqlite3* other = nullptr;
    QCOMPARE(sqlite3_open(m_history->path().c_str(), &other), SQLITE_OK);
    QCOMPARE(sqlite3_exec(other, "SELECT count(*) FROM block", nullptr, nullptr, nullptr), SQLITE_OK);
    const int descriptor = ::open(m_history->path().c_str(), O_RDWR | O_CLOEXEC);
    QCOMPARE(::pwrite(descriptor, "\x00\x07", 2, 16), 2); // no size of a page
    SqlConnection sql(m_history->path());
    const std::string answer = sql.ask("SELECT count(*) FROM messages");
    QVERIFY2(answer.find("damaged or cut short") != std::string::npos, answer.c_str());
    struct flock shared = {};
    shared.l_type = F_WRLCK;
    shared.l_whence = SEEK_SET;
    shared.l_start = 0x40000002; // sqlite.org/fileformat2.html, 1.5: the lock bytes
    shared.l_len = 510;
    QCOMPARE(::fcntl(descriptor, F_OFD_GETLK, &shared), 0);
    QCOMPARE(static_cast<int>(shared.l_type), F_RDLCK);
    ::close(descriptor);
    sqlite3_close(other);
}

QTEST_GUILESS_MAIN(HistorySql)
#include "tst_historysql.moc"
