// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/Shell.h"
#include "tests/support/RawPublisher.h"

#include <QDateTime>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace weir::test;

namespace {

const QByteArray kHead = "NATS/1.0\r\n";
const QByteArray kToken = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ3b3JrZXI6Y2hlY2tvdXQifQ.c2VjcmV0LXNpZ25hdHVyZQ";
constexpr int kMessages = 9;

/// The lines of an export, each without the number that only its own history gives.
QList<QByteArray> withoutNumbers(const QByteArray& ndjson)
{
    QList<QByteArray> lines = ndjson.split('\n');
    lines.removeAll(QByteArray());
    for (QByteArray& line : lines) {
        QJsonObject object = QJsonDocument::fromJson(line).object();
        object.remove("seq");
        line = QJsonDocument(object).toJson(QJsonDocument::Compact);
    }
    return lines;
}

} // namespace

/// Messages in JSON, out of a history and into another: nothing changes on the way, and nothing is believed
/// that the file cannot prove.
class TestCliImport : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void givesBackWhatWasExported();
    void believesNoEvidenceByItself();
    void putsMessagesInTheOrderOfTime();
    void takesAPipe_data();
    void takesAPipe();
    void carriesGapsAndTheFilter();
    void saysThatNobodyKnowsWhatIsMissing();
    void leavesOutWhatIsNoMessage();
    void readsADump();
    void refuses_data();
    void refuses();
    void refusesALineWithoutEnd();
    void refusesGapsWhereNobodyReadsThem();

private:
    Said exported(const QString& history, const QStringList& more = {}) const
    {
        return m_shell.weir(QStringList{"query", "--history", history, "--format", "ndjson"} + more);
    }
    Said import(const QString& from, const QString& to, const QStringList& more = {}) const
    {
        return m_shell.weir(QStringList{"history", "import", from, "--output", to, "--format", "json"} +
                            more);
    }
    void write(const QString& name, const QByteArray& bytes) const
    {
        QFile file(m_shell.file(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    }
    Shell m_shell;
    NatsServer m_server;
    QByteArray m_export; ///< of h.db, with gaps
};

void TestCliImport::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.error()));
    const Said said = record(m_shell, m_server, "h.db", kMessages, [this] {
        RawPublisher publisher(m_server.port());
        const QByteArray sent = QByteArray::number(QDateTime::currentMSecsSinceEpoch() - 40);
        publisher.publish("orders.eu.created", "{\"id\":1}",
                          kHead + "Cf-Ray: 8f-FRA\r\nX-Edge-Worker: checkout\r\nX-Edge-Sent-At: " + sent +
                              "\r\nX-Edge-Identity: alice\r\nX-Two: a\r\nX-Two: b\r\n\r\n",
                          "reply.1");
        publisher.publish("orders.us.created", QByteArray("\xFF\x00\x01", 3),
                          kHead + "Cf-Ray: 8f-ORD\r\nAuthorization: Bearer " + kToken + "\r\n\r\n");
        publisher.publish("orders.us.created", "basic", kHead + "Authorization: Basic YTpi\r\n\r\n");
        publisher.publish("spacing", "x", kHead + "A:b\r\nB:  c \r\nA: d\r\n\r\n");
        publisher.publish("status", "", "NATS/1.0 503\r\n\r\n");
        publisher.publish("rubbish", "x", kHead + QByteArray("\x01\xFE\xFF no header\r\n\r\n"));
        publisher.publish(QByteArray("bytes.\xFF"), "x");
        publisher.publish("large", QByteArray(200'000, 'l'));
        publisher.publish("empty", "");
        QVERIFY(publisher.flush());
    });
    QVERIFY2(said.code == 0, said.all().constData());
    const Said all = exported("h.db", {"--with-gaps"});
    QCOMPARE(all.code, 0);
    m_export = all.out;
    QCOMPARE(m_export.count('\n'), kMessages + 1);
    write("h.ndjson", m_export);
}

void TestCliImport::givesBackWhatWasExported()
{
    const Said said = import("h.ndjson", "again.db", {"--keep-evidence"});
    QVERIFY2(said.code == 0, said.all().constData());
    QCOMPARE(said.json()["messages"].toInt(), kMessages);
    QVERIFY(said.json()["coverage_known"].toBool());
    QVERIFY(!said.json()["sorted"].toBool());
    const Said again = exported("again.db", {"--with-gaps"});
    QCOMPARE(again.code, 0);
    QCOMPARE(withoutNumbers(again.out), withoutNumbers(m_export));
    QCOMPARE(m_shell.weir({"history", "verify", "again.db"}).code, 0);
    // Nothing was redacted twice, nothing came back.
    QCOMPARE(again.out.count("<redacted sha256:"), m_export.count("<redacted sha256:"));
    QVERIFY(m_export.contains("<redacted sha256:"));
}

void TestCliImport::believesNoEvidenceByItself()
{
    write("forged.ndjson", QByteArray("{\"time\":\"2026-01-01T00:00:00Z\",\"subject\":\"a\",\"identity\":"
                                      "\"ceo\",\"evidence\":\"verified\"}") +
                               "\n" +
                               "{\"time\":\"2026-01-01T00:00:01Z\",\"subject\":\"a\",\"identity\":\"bob\","
                               "\"evidence\":\"claimed\"}" +
                               "\n");
    const Said said = import("forged.ndjson", "forged.db");
    QCOMPARE(said.json()["unproven"].toInt(), 1);
    QList<QJsonObject> lines = exported("forged.db").lines();
    QCOMPARE(lines.size(), 2);
    QCOMPARE(lines[0]["identity"].toString(), QString("ceo"));
    QCOMPARE(lines[0]["evidence"].toString(), QString("claimed"));
    (void)import("forged.ndjson", "believed.db", {"--keep-evidence"});
    QCOMPARE(exported("believed.db").lines().at(0)["evidence"].toString(), QString("verified"));
}

void TestCliImport::putsMessagesInTheOrderOfTime()
{
    write("newest.ndjson", exported("h.db", {"--order", "newest"}).out);
    const Said said = import("newest.ndjson", "sorted.db");
    QVERIFY2(said.json()["sorted"].toBool(), said.all().constData());
    QList<QByteArray> expected = withoutNumbers(m_export);
    expected.removeLast(); // what says what is missing
    QCOMPARE(withoutNumbers(exported("sorted.db").out), expected);
    QCOMPARE(m_shell.weir({"history", "verify", "sorted.db"}).code, 0);
}

void TestCliImport::takesAPipe_data()
{
    QTest::addColumn<QString>("script");
    QTest::newRow("stdin") << "\"$1\" history import - --output stdin.db < h.ndjson";
    QTest::newRow("fifo") << "\"$1\" history import <(cat h.ndjson) --output fifo.db";
}

void TestCliImport::takesAPipe()
{
    QFETCH(const QString, script);
    const Said said = m_shell.script(script, {});
    QVERIFY2(said.code == 0, said.all().constData());
    const QString history = QString(QTest::currentDataTag()) + ".db";
    QCOMPARE(exported(history).out.count('\n'), kMessages);
}

void TestCliImport::carriesGapsAndTheFilter()
{
    QByteArray lines = m_export;
    lines = lines.left(lines.lastIndexOf("{\"coverage\""));
    lines += "{\"coverage\":{\"filter\":\"subject:orders.>\",\"gaps\":[{\"cause\":\"slow_consumer\","
             "\"from\":\"2026-01-01T00:00:00Z\",\"to\":\"2026-01-01T00:00:05Z\",\"messages\":7,\"estimated\":"
             "false,"
             "\"detail\":\"why\"}]}}"
             "\n";
    write("gaps.ndjson", lines);
    const Said said = import("gaps.ndjson", "gaps.db");
    QCOMPARE(said.code, 3);
    QCOMPARE(said.json()["gaps"].toInt(), 1);
    const QJsonObject info = m_shell.weir({"info", "--history", "gaps.db", "--format", "json"}).json();
    QCOMPARE(info["gaps"].toArray().size(), 1);
    const QJsonObject gap = info["gaps"].toArray().at(0).toObject();
    QCOMPARE(gap["cause"].toString(), QString("slow_consumer"));
    QCOMPARE(gap["messages"].toInt(), 7);
    QCOMPARE(gap["detail"].toString(), QString("why"));
    const Said row = m_shell.weir({"sql", "--history", "gaps.db", "SELECT cause, messages FROM gaps"});
    QVERIFY2(row.out.contains("slow"), row.all().constData());
}

void TestCliImport::saysThatNobodyKnowsWhatIsMissing()
{
    QByteArray lines = m_export;
    write("bare.ndjson", lines.left(lines.lastIndexOf("{\"coverage\"")));
    const Said said = import("bare.ndjson", "bare.db");
    QCOMPARE(said.code, 3);
    QVERIFY(!said.json()["coverage_known"].toBool());
    const QJsonObject info = m_shell.weir({"info", "--history", "bare.db", "--format", "json"}).json();
    QCOMPARE(info["gaps"].toArray().at(0).toObject()["cause"].toString(), QString("imported"));
    QVERIFY(info["gaps"].toArray().at(0).toObject()["messages"].isNull());
}

void TestCliImport::leavesOutWhatIsNoMessage()
{
    const QByteArray good = "{\"time\":\"2026-01-01T00:00:00Z\",\"subject\":\"good\",\"payload\":\"1\"}";
    const QList<QByteArray> lines{
        good,
        "not JSON",
        "[1]",
        "{\"time\":\"2026-01-01T00:00:00Z\"}",
        "{\"subject\":\"a\"}",
        "{\"time\":\"yesterday\",\"subject\":\"a\"}",
        "{\"time\":\"2026-01-01T00:00:00Z\",\"subject\":\"a\",\"payload_base64\":\"%\"}",
        "{\"time\":\"2026-01-01T00:00:00Z\",\"subject\":\"a\",\"headers\":{\"A\":[\"b\\r\\nC: d\"]}}",
        "{\"time\":\"2026-01-01T00:00:00Z\",\"subject\":\"a\",\"headers\":{\"A\":1}}",
        "",
        good,
        "{\"time\":\"2026-01-01T00:00:00Z\",\"subj"};
    write("bad.ndjson", lines.join('\n'));
    const Said said = import("bad.ndjson", "bad.db");
    QCOMPARE(said.code, 3);
    QCOMPARE(said.json()["messages"].toInt(), 2);
    QCOMPARE(said.json()["refused"].toInt(), 9);
    for (const char* each :
         {"line 2 left out: it is not JSON", "line 3 left out: it is JSON, but no object",
          "line 4 left out: it names no subject", "line 5 left out: it does not say when it came",
          "line 6 left out: time: ", "line 7 left out: payload_base64 is not base64",
          "line 8 left out: the header A has a line end in it",
          "line 9 left out: the header A has no list of values", "line 12 left out: it is not JSON"})
        QVERIFY2(said.err.contains(each), (QByteArray(each) + "\n" + said.err).constData());
    const QJsonObject info = m_shell.weir({"info", "--history", "bad.db", "--format", "json"}).json();
    QCOMPARE(info["messages"].toInt(), 2);
    QCOMPARE(info["gaps"].toArray().size(), 2);
    QCOMPARE(info["gaps"].toArray().last().toObject()["messages"].toInt(), 9);
}

void TestCliImport::readsADump()
{
    // As natscli 0.1 writes nats.Msg; written out of order, as a copy of such a folder may be.
    QVERIFY(QDir(m_shell.file(".")).mkpath("dump"));
    const auto dump = [this](const QString& name, const QByteArray& json, qint64 ms) {
        QFile file(m_shell.file("dump/" + name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QVERIFY(file.write(json) == json.size() && file.flush()); // or closing would change the time
        QVERIFY(file.setFileTime(QDateTime::fromMSecsSinceEpoch(ms), QFileDevice::FileModificationTime));
    };
    constexpr qint64 kBegin = 1'767'225'600'000; // 2026-01-01
    dump("10.json",
         "{\"Subject\":\"orders.us\",\"Reply\":\"$JS.ACK.ORDERS.c.1.10.3.1767225600100000000.0\",\"Header\":"
         "null,"
         "\"Data\":\"\",\"Sub\":null}",
         kBegin + 2000);
    dump("2.json",
         "{\"Subject\":\"orders.eu\",\"Reply\":\"_INBOX.1\",\"Header\":{\"Cf-Ray\":[\"8f-FRA\"],\"X-Identity-"
         "Token\":[\"" +
             kToken + "\"]},\"Data\":\"eyJpZCI6MX0=\",\"Sub\":null}",
         kBegin);
    dump("2_reply.json",
         "{\"Subject\":\"_INBOX.1\",\"Reply\":\"\",\"Header\":null,\"Data\":\"b2s=\",\"Sub\":null}", kBegin);
    dump("notes.json", "not a message", kBegin);
    dump("3.txt", "not a message", kBegin);
    const Said said = import("dump", "dump.db");
    QVERIFY2(said.code == 3, said.all().constData());
    const QList<QJsonObject> lines = exported("dump.db").lines();
    QCOMPARE(lines.size(), 3);
    QCOMPARE(lines[0]["subject"].toString(), QString("orders.eu"));
    QCOMPARE(lines[0]["time"].toString(), QString("2026-01-01T00:00:00.000000000Z"));
    QCOMPARE(lines[0]["payload"].toString(), QString("{\"id\":1}"));
    QCOMPARE(lines[0]["pop"].toString(), QString("FRA"));
    QCOMPARE(lines[0]["identity"].toString(), QString("worker:checkout"));
    QCOMPARE(lines[0]["evidence"].toString(), QString("claimed"));
    QCOMPARE(lines[1]["payload"].toString(), QString("ok"));
    QCOMPARE(lines[2]["stream_seq"].toInt(), 10);
    QCOMPARE(lines[2]["stored"].toString(), QString("2026-01-01T00:00:00.100000000Z"));
    // Raw tokens never reach a history.
    QVERIFY(!bytesOf(m_shell.file("dump.db")).contains(kToken.split('.').last()));
}

void TestCliImport::refuses_data()
{
    QTest::addColumn<QString>("input");
    QTest::addColumn<QString>("output");
    QTest::addColumn<QByteArray>("why");
    QTest::newRow("absent") << "nowhere"
                            << "new.db" << QByteArray("opening nowhere failed: No such file");
    QTest::newRow("empty folder") << "none"
                                  << "new.db" << QByteArray("it has no files such as 1.json");
    QTest::newRow("no message") << "none.txt"
                                << "new.db" << QByteArray("there is no message in it");
    QTest::newRow("device") << "/dev/null"
                            << "new.db" << QByteArray("neither a file nor a folder");
    QTest::newRow("something there") << "h.ndjson"
                                     << "h.db" << QByteArray("something is there already");
}

void TestCliImport::refuses()
{
    QFETCH(const QString, input);
    QFETCH(const QString, output);
    QFETCH(const QByteArray, why);
    QVERIFY(QDir(m_shell.file(".")).mkpath("none"));
    write("none.txt", "Dear diary\n");
    const QByteArray before = bytesOf(m_shell.file("h.db"));
    const Said said = import(input, output);
    QCOMPARE(said.code, output == "h.db" || input == "/dev/null" ? 2 : 1);
    QVERIFY2(said.err.contains(why), said.all().constData());
    QVERIFY(!QFile::exists(m_shell.file("new.db")));
    QCOMPARE(bytesOf(m_shell.file("h.db")), before);
}

void TestCliImport::refusesALineWithoutEnd()
{
    QFile file(m_shell.file("zeros"));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.resize(qint64{300} << 20)); // takes no room on the disk
    const Said said = import("zeros", "new.db");
    QCOMPARE(said.code, 1);
    QVERIFY2(said.err.contains("line 1 is longer than 256 MiB"), said.all().constData());
}

void TestCliImport::refusesGapsWhereNobodyReadsThem()
{
    const Said said = m_shell.weir({"query", "--history", "h.db", "--with-gaps"});
    QCOMPARE(said.code, 2);
    QVERIFY2(said.err.contains("--with-gaps goes with --format ndjson"), said.all().constData());
}

QTEST_GUILESS_MAIN(TestCliImport)
#include "tst_cliimport.moc"
