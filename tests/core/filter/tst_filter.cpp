// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/filter/Filter.h"
#include "tests/core/filter/FilterSample.h"

#include <QTest>

#include <numeric>

using namespace weir;
using weir::test::Sample;
using weir::test::SampleMessage;

class TestFilter : public QObject
{
    Q_OBJECT
private slots:
    void matches_data();
    void matches();
    void unknownsMatchNoComparison();
    void streamComesFromAckSubjectOrHeader();
    void evidenceFollowsTheVerdict();
    void errorsNamePlaceAndExpectation_data();
    void errorsNamePlaceAndExpectation();
    void columnsCountCharacters();
    void columnsNeeded_data();
    void columnsNeeded();
    void relativeTimes();
    void hostileMessagesDoNotMatchOrCrash_data();
    void hostileMessagesDoNotMatchOrCrash();
    void boundsHold();
    void selectAgreesWithMatches();
};

void TestFilter::matches_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("expected");
    const auto row = [](const char* text, bool expected) {
        QTest::addRow("%s", text) << QString(text) << expected;
    };
    row("", true);
    row("  \t ", true);
    row("subject:orders.>", true);
    row("subject:orders.*.created", true);
    row("subject:orders.*", false);
    row("subject!=orders.*", true);
    row("subject:auth.>,orders.>", true);
    row("subject~^orders\\.\\d+\\.(created|paid)$", true);
    row("subject~\"^orders\\.\\d{4,5}\\.\"", true);
    row("pop:FRA", true);
    row("pop:fra", true);
    row("pop:LHR, FRA", true);
    row("pop:LHR", false);
    row("pop!=LHR,FRA", false);
    row("POP = FRA", true);
    row("pop:\"\"", false);
    row("worker:checkout", true);
    row("worker:Checkout", false);
    row("identity:\"checkout@edge\"", true);
    row("identity~@edge$", true);
    row("account:EDGE", true);
    row("account:CORE", false);
    row("evidence:verified", true);
    row("evidence:claimed,inferred", false);
    row("evidence>=vouched", true);
    row("evidence<claimed", false);
    row("trace:4BF92F3577B34DA6A3CE929D0E0E4736", true);
    row("size>0.1kB", true);
    row("size<1MB size>=1", true);
    row("latency>100ms", true);
    row("latency>=150ms latency<=150ms", true);
    row("latency:150ms,1s", true);
    row("latency!=150ms", false);
    row("latency<1s", true);
    row("latency<150us", false);
    row("time>2026-11-20T23:45:08Z", true);
    row("time>=2027-01-15T08:00:01Z time<2027-01-15T08:00:02Z", true);
    row("seq:1", true);
    row("seq>1", false);
    row("header.X-Canary:1", true);
    row("header.x-CANARY:2", true);
    row("header.X-Canary:3", false);
    row("header.X-Canary!=1", false);
    row("header.Absent!=1", true);
    row("header.note~\"^the\"", true);
    row("header.\"note\":\"the Note\"", true);
    row("payload:48213", true);
    row("payload:\"\\\"id\\\":48213\"", true);
    row("payload!=48213", false);
    row("payload~v.p", true);
    row("json./id:48213", true);
    row("json./id:48213.0", true);
    row("json./id:48214", false);
    row("json./amount>12 json./amount<=12.5", true);
    row("json./tags/1:eu", true);
    row("json./tags/01:eu", false);
    row("json./tags/2:eu", false);
    row("json./tags:eu", false);
    row("json./name:Zoë", true);
    row("json./name>1", false);
    row("json./ok:true", true);
    row("json./none:null", true);
    row("json./absent:null", false);
    row("json./absent!=1", true);
    row("json./id~^48", true);
    row("\"vip\"", true);
    row("\"the Note\"", true);
    row("\"NATS/1.0\"", false);
    row("NOT \"vip\"", false);
    row("NOT NOT \"vip\"", true);
    row("not(pop:LHR)", true);
    row("pop:LHR OR worker:checkout", true);
    row("pop:LHR or pop:FRA and worker:nobody", false);
    row("(pop:LHR OR pop:FRA) worker:checkout", true);
    row("pop:FRA AND NOT header.X-Canary:7", true);
    row("subject:orders.> pop:FRA,LHR latency>100ms NOT header.X-Canary:1", false);
    row("((((pop:FRA))))", true);
}

void TestFilter::matches()
{
    QFETCH(QString, text);
    QFETCH(bool, expected);
    Sample sample;
    const Message& message = sample.add({});
    const auto filter = Filter::parse(text.toStdString());
    QVERIFY2(filter.has_value(), filter ? "" : filter.error().line().c_str());
    QCOMPARE(filter->matches(message, sample.names()), expected);
    QVERIFY(Filter::check(text.toStdString()) == nullptr);
    QCOMPARE(filter->text(), text.toStdString());
}

void TestFilter::unknownsMatchNoComparison()
{
    Sample sample;
    SampleMessage quiet;
    quiet.latency = kNoDuration;
    quiet.pop.clear();
    const Message& unknown = sample.add(quiet);
    SampleMessage skewed;
    skewed.latency = std::chrono::milliseconds(-3);
    const Message& early = sample.add(skewed);
    for (const char* text : {"latency<1s", "latency>1us", "latency:0ms", "latency!=0ms", "latency>=-1s"})
        QVERIFY2(!Filter::parse(text)->matches(unknown, sample.names()), text);
    QVERIFY(Filter::parse("NOT latency>1us")->matches(unknown, sample.names()));
    QVERIFY(Filter::parse("latency<0ms")->matches(early, sample.names()));
    QVERIFY(Filter::parse("latency<-2ms")->matches(early, sample.names()));
    QVERIFY(Filter::parse("pop:\"\"")->matches(unknown, sample.names()));
    QVERIFY(Filter::parse("pop!=FRA")->matches(unknown, sample.names()));
}

void TestFilter::streamComesFromAckSubjectOrHeader()
{
    Sample sample;
    SampleMessage shortForm;
    shortForm.reply = "$JS.ACK.ORDERS.fast.1.7.7.1800000000000000000.0";
    SampleMessage longForm;
    longForm.reply = "$JS.ACK.hub.ABCDEF.ORDERS.fast.1.7.7.1800000000000000000.0.rand";
    SampleMessage header;
    header.headers = "NATS/1.0\r\nNats-Stream: ORDERS\r\n\r\n";
    const auto filter = Filter::parse("stream:ORDERS");
    for (const SampleMessage& made : {shortForm, longForm, header})
        QVERIFY(filter->matches(sample.add(made), sample.names()));
    QVERIFY(!filter->matches(sample.add({}), sample.names()));
}

void TestFilter::evidenceFollowsTheVerdict()
{
    auto names = std::make_shared<Names>();
    Message message;
    message.time = fromUnixNanos(1'800'000'000'000'000'000);
    message.evidence = Evidence::Claimed;
    message.identity = names->identities.intern(
        {"ada", "iss", Evidence::Claimed, "", "", "aa", kNoTime, message.time + std::chrono::seconds(1)});
    const auto verified = Filter::parse("evidence:verified");
    QVERIFY(!verified->matches(message, *names));
    names->identities.giveVerdict(message.identity, Evidence::Verified, "key 1");
    QVERIFY(verified->matches(message, *names));
    message.time += std::chrono::seconds(1);
    QVERIFY(!verified->matches(message, *names));
}

void TestFilter::errorsNamePlaceAndExpectation_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("column");
    QTest::addColumn<int>("length");
    QTest::addColumn<QString>("why");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* text, int column, int length, const char* why, const char* expected) {
        QTest::addRow("%s", text) << QString(text) << column << length << QString(why) << QString(expected);
    };
    row("subject:orders..", 15, 1, "a token of the subject is empty",
        "a subject such as orders.*.created or orders.>");
    row("subject:a..b", 10, 1, "a token of the subject is empty",
        "a subject such as orders.*.created or orders.>");
    row("NOT subject:.a", 12, 1, "a token of the subject is empty",
        "a subject such as orders.*.created or orders.>");
    row("worker:check*", 12, 1, "'*' is no wildcard in worker", "worker:\"check*\"");
    row("header.Cf-Ray:*", 14, 1, "'*' is no wildcard in header.cf-ray", "header.cf-ray~^regex");
    row("pop:FRA,'GRU'", 8, 1, "text is quoted with double quotes", "pop:\"text\"");
    row("latency>100", 8, 3, "latency needs a unit after 100", "ms");
    row("pop:FRA latency>5parsec", 16, 7, "'parsec' is no unit of time", "ms");
    row("latency>fast", 8, 4, "'fast' is not a duration", "a number and a unit: 250us, 100ms, 1.5s");
    row("size>10XB", 5, 4, "'XB' is no unit of size", "kB");
    row("size>-1", 5, 2, "'-1' is not a size", "a size such as 512, 10kB or 2MB");
    row("seq:abc", 4, 3, "'abc' is not a sequence number", "a whole number");
    row("time>yesterday", 5, 9, "'yesterday' is not a time", "now");
    row("evidence:sure", 9, 4, "'sure' is no kind of evidence", "verified");
    row("pop", 3, 1, "an operator is missing after 'pop'", ":");
    row("pop:", 4, 1, "a value is missing", "a value such as FRA");
    row("pop:FRA,", 8, 1, "a value is missing", "a value such as FRA");
    row("pop>FRA", 3, 1, "'>' cannot be used with pop", "!=");
    row("size~1", 4, 1, "'~' cannot be used with size", "<");
    row("size>1,2", 6, 1, "a comparison takes one value", "a space");
    row("subjct:orders", 0, 6, "there is no field 'subjct'", "subject");
    row("needle", 0, 6, "there is no field 'needle'", "pop");
    row("subject:>.a", 8, 3, "'>' may only be the last token of a subject",
        "a subject such as orders.*.created or orders.>");
    row("subject~[", 8, 1, "'[' is not a regular expression: missing ]: [", "a regular expression (RE2)");
    row("\"open", 0, 5, "the quote is not closed", "'\"'");
    row("\"\"", 0, 2, "there is no text between the quotes", "text to search for");
    row("(pop:FRA", 8, 1, "the '(' of column 1 is not closed", "')'");
    row("pop:FRA)", 7, 1, "this ')' closes nothing", "the end");
    row("()", 1, 1, "')' cannot stand here", "a field");
    row("pop:FRA OR", 10, 1, "the filter ends too early", "a field");
    row("NOT", 3, 1, "the filter ends too early", "a field");
    row("AND pop:FRA", 0, 3, "nothing stands before 'AND'", "a field");
    row("pop:\"FRA\"x", 9, 1, "something follows without a space", "a space");
    row("header:1", 6, 1, "'header.' needs a name after its dot", "header.NAME");
    row("header.:1", 7, 1, "a name is missing after 'header.'", "header.NAME");
    row("json.id:1", 5, 2, "a JSON pointer begins with '/'", "json./id");
    row("json./a>b", 8, 1, "'b' is not a number", "a number");
    row("json.\"/a~2\":1", 5, 6, "in a JSON pointer '~' is written ~0 and '/' within a name ~1", "~0");
}

void TestFilter::errorsNamePlaceAndExpectation()
{
    QFETCH(QString, text);
    QFETCH(int, column);
    QFETCH(int, length);
    QFETCH(QString, why);
    QFETCH(QString, expected);
    const auto error = Filter::check(text.toStdString());
    QVERIFY(error != nullptr);
    QCOMPARE(QString::fromStdString(error->error.why), QString("column %1: %2").arg(column + 1).arg(why));
    QCOMPARE(static_cast<int>(error->column), column);
    QCOMPARE(static_cast<int>(error->length), length);
    QVERIFY(std::find(error->expected.begin(), error->expected.end(), expected.toStdString()) !=
            error->expected.end());
    const auto parsed = Filter::parse(text.toStdString());
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().line(), error->error.line());
    QCOMPARE(parsed.error().code, ErrorCode::Usage);
}

void TestFilter::columnsCountCharacters()
{
    const auto error = Filter::check("pop:Zürich latency>1");
    QVERIFY(error != nullptr);
    QCOMPARE(error->column, std::size_t{19});
}

void TestFilter::columnsNeeded_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<unsigned>("columns");
    QTest::newRow("empty") << "" << 0U;
    QTest::newRow("ids") << "pop:FRA worker:a" << (Column::Pop | Column::Worker);
    QTest::newRow("latency") << "latency>1ms" << (Column::Sent | Column::Time);
    QTest::newRow("header") << "pop:FRA OR NOT header.X:1" << (Column::Pop | Column::Headers);
    QTest::newRow("payload") << "json./a:1" << bit(Column::Payload);
    QTest::newRow("text") << "\"a\"" << (Column::Headers | Column::Payload);
    QTest::newRow("stream") << "stream:A" << (Column::Reply | Column::Headers);
}

void TestFilter::columnsNeeded()
{
    QFETCH(QString, text);
    QFETCH(unsigned, columns);
    QCOMPARE(Filter::parse(text.toStdString())->columns(), columns);
}

void TestFilter::relativeTimes()
{
    Sample sample;
    const Message& message = sample.add({});
    const auto match = [&](const char* text, Timestamp now) {
        return Filter::parse(text, now)->matches(message, sample.names());
    };
    QVERIFY(match("time>=-15m", message.time + std::chrono::minutes(15)));
    QVERIFY(!match("time>=-15m", message.time + std::chrono::minutes(16)));
    QVERIFY(match("time<now", message.time + Nanoseconds(1)));
}

void TestFilter::hostileMessagesDoNotMatchOrCrash_data()
{
    QTest::addColumn<QByteArray>("headers");
    QTest::addColumn<QByteArray>("payload");
    QTest::newRow("empty") << QByteArray() << QByteArray();
    QTest::newRow("no line end") << QByteArray("NATS/1.0") << QByteArray("{");
    QTest::newRow("binary") << QByteArray("\0\xff\r\n:\r\nX\r\n: 1", 13) << QByteArray("\xff\xfe{\"id\":1}");
    QTest::newRow("cut") << QByteArray("NATS/1.0\r\nX-Cana") << QByteArray("{\"id\":");
    QTest::newRow("deep") << QByteArray("NATS/1.0\r\n\r\n") << QByteArray("{\"id\":").repeated(5000);
    QTest::newRow("no null") << QByteArray("NATS/1.0\r\n\r\n") << QByteArray("{\"id\":nottrue}");
    QTest::newRow("scalar") << QByteArray("NATS/1.0\r\n\r\n") << QByteArray("7");
    QByteArray many("NATS/1.0\r\n");
    for (int i = 0; i < 10'000; ++i)
        many += "N" + QByteArray::number(i) + ": 1\r\n";
    QTest::newRow("10,000 headers") << many + "\r\n" << QByteArray(8 << 20, ' ');
}

void TestFilter::hostileMessagesDoNotMatchOrCrash()
{
    QFETCH(QByteArray, headers);
    QFETCH(QByteArray, payload);
    Sample sample;
    SampleMessage made;
    made.headers = headers.toStdString();
    made.payload = payload.toStdString();
    made.subject = "..";
    const Message& message = sample.add(made);
    for (const char* text : {"header.X-Canary:1", "header.X:1", "json./id:1", "json./id/0/a:1", "\"needle\"",
                             "subject:*.*.*", "stream:A", "payload~needle"})
        QVERIFY2(!Filter::parse(text)->matches(message, sample.names()), text);
    QVERIFY(!Filter::parse("\"needle\" OR payload:needle")->matches(Message{}, sample.names()));
}

void TestFilter::boundsHold()
{
    const std::string deep = std::string(64, '(') + "pop:FRA" + std::string(64, ')');
    QVERIFY(Filter::check(deep) == nullptr);
    const auto tooDeep = Filter::check("(" + deep + ")");
    QVERIFY(tooDeep != nullptr);
    QCOMPARE(tooDeep->column, std::size_t{64});
    std::string nots;
    for (int i = 0; i < 10'000; ++i)
        nots += "NOT ";
    QVERIFY(Filter::check(nots + "pop:FRA") == nullptr);
    QVERIFY(Filter::check("pop:" + std::string(70'000, 'x')) != nullptr);
}

void TestFilter::selectAgreesWithMatches()
{
    Sample sample;
    for (int i = 0; i < 300; ++i) {
        SampleMessage made;
        made.subject = i % 3 == 0 ? "orders." + std::to_string(i) : "auth.login";
        made.pop = i % 2 == 0 ? "FRA" : "LHR";
        made.latency = i % 5 == 0 ? kNoDuration : std::chrono::milliseconds(i);
        sample.add(made);
    }
    const Batch batch = sample.batch();
    for (const char* text :
         {"", "pop:LHR", "subject:orders.* OR latency>200ms", "NOT (pop:FRA latency<50ms)"}) {
        const auto filter = Filter::parse(text);
        std::vector<std::uint32_t> rows(batch.messages.size());
        std::iota(rows.begin(), rows.end(), 0U);
        ColumnSet asked = 0;
        QVERIFY(filter->select(batch.messages, *batch.names, rows, weir::test::noting(asked)));
        QCOMPARE(asked & ~filter->columns(), 0U);
        std::vector<std::uint32_t> expected;
        for (std::uint32_t row = 0; row < batch.messages.size(); ++row) {
            if (filter->matches(batch.messages[row], *batch.names))
                expected.push_back(row);
        }
        QCOMPARE(rows, expected);
    }
}

QTEST_GUILESS_MAIN(TestFilter)
#include "tst_filter.moc"
