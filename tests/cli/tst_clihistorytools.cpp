// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/Shell.h"
#include "tests/support/RawPublisher.h"

#include <QFile>
#include <QJsonArray>
#include <QTest>

#include <sqlite3.h>

using namespace weir::test;

namespace {
constexpr int kMessages = 500;
} // namespace

/// What keeps a history small and sound, as a user at a terminal meets it.
class TestCliHistoryTools : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void refusesLimitsThatAreNone_data();
    void refusesLimitsThatAreNone();
    void saysWhatExpired();
    void keepsSubjectsByTheirOwnRules();
    void verifyFindsNothingInASoundHistory();
    void verifyNamesEachDamage_data();
    void verifyNamesEachDamage();
    void compactsWhatNobodyWrites();
    void repairSavesWhatIsSound_data() { verifyNamesEachDamage_data(); }
    void repairSavesWhatIsSound();
    void repairCountsAndNamesWhatIsLost();
    void mergesTwoIntoOne();

private:
    /// A copy of the sound history, changed by `sql`.
    QString changed(const QString& name, const QByteArray& sql) const;
    Shell m_shell;
    NatsServer m_server;
};

void TestCliHistoryTools::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.error()));
    const Said said = record(m_shell, m_server, "whole.db", kMessages, [this] {
        RawPublisher publisher(m_server.port());
        for (int i = 0; i < kMessages; ++i)
            publisher.publish("whole." + QByteArray::number(i % 7),
                              QByteArray::number(i * 7919LL).repeated(i == 5 ? 20'000 : 4));
        QVERIFY(publisher.flush());
    });
    QVERIFY2(said.code == 0, said.all().constData());
}

QString TestCliHistoryTools::changed(const QString& name, const QByteArray& sql) const
{
    QFile::remove(m_shell.file(name));
    QFile::copy(m_shell.file("whole.db"), m_shell.file(name));
    sqlite3* handle = nullptr;
    sqlite3_open(m_shell.file(name).toUtf8().constData(), &handle);
    if (sqlite3_exec(handle, sql.constData(), nullptr, nullptr, nullptr) != SQLITE_OK)
        qWarning("%s", sqlite3_errmsg(handle));
    sqlite3_close(handle);
    return name;
}

void TestCliHistoryTools::refusesLimitsThatAreNone_data()
{
    QTest::addColumn<QStringList>("option");
    QTest::addColumn<QByteArray>("why");
    QTest::newRow("no age") << QStringList{"--keep-age", "soon"} << QByteArray("it is not a duration");
    QTest::newRow("too young") << QStringList{"--keep-age", "5ms"} << QByteArray("takes 1s or more");
    QTest::newRow("no size") << QStringList{"--keep-size", "10 elephants"} << QByteArray("it is not a size");
    QTest::newRow("negative") << QStringList{"--keep-size", "-1GB"} << QByteArray("it is not a size");
    QTest::newRow("no rule") << QStringList{"--keep", "telemetry.>"} << QByteArray("it has no '='");
    QTest::newRow("no subject") << QStringList{"--keep", "a..b=1d"} << QByteArray("'a..b' is not a subject");
    QTest::newRow("no time") << QStringList{"--keep", "a.>=ever"} << QByteArray("'ever' is not a duration");
    QTest::newRow("no time at all") << QStringList{"--keep", "a.>=5ms"} << QByteArray("takes 1s or more");
    QTest::newRow("too small") << QStringList{"--keep-size", "5kB"} << QByteArray("takes 1MB or more");
}

void TestCliHistoryTools::refusesLimitsThatAreNone()
{
    QFETCH(const QStringList, option);
    QFETCH(const QByteArray, why);
    const Said said = m_shell.weir(
        QStringList{"record", "--server", m_server.url(), "--subject", ">", "--history", "none.db"} + option);
    QVERIFY2(said.code == 2, said.all().constData());
    QVERIFY2(said.err.contains(why), said.err.constData());
    QVERIFY(!QFile::exists(m_shell.file("none.db")));
}

void TestCliHistoryTools::saysWhatExpired()
{
    const auto process =
        m_shell.start({"record", "--server", m_server.url(), "--subject", ">", "--history", "short.db",
                       "--duration", "4s", "--keep-age", "1s", "--keep-size", "1GB", "--format", "json"});
    QByteArray said;
    QVERIFY2(waitFor(*process, "recording", said), said.constData());
    RawPublisher publisher(m_server.port());
    for (int i = 0; i < 50; ++i)
        publisher.publish("old", "x");
    QVERIFY(publisher.flush());
    const Said recorded = finish(*process, said);
    QVERIFY2(recorded.code == 0, recorded.all().constData()); // it did what it was told
    QCOMPARE(recorded.json().value("stored").toInt(), 50);

    const Said info = m_shell.weir({"info", "--history", "short.db"});
    QCOMPARE(info.code, 3);
    QVERIFY2(info.out.contains("expired, 50 messages"), info.all().constData());
    QVERIFY2(info.out.contains("this history keeps the last 1.0"), info.all().constData());
    const auto gaps =
        m_shell.weir({"info", "--history", "short.db", "--format", "json"}).json().value("gaps");
    QCOMPARE(gaps.toArray().size(), 1);
    QCOMPARE(gaps.toArray().first().toObject().value("cause").toString(), QString("expired"));
    QCOMPARE(gaps.toArray().first().toObject().value("messages").toInt(), 50);
    const Said query = m_shell.weir({"query", "--history", "short.db"});
    QCOMPARE(query.code, 3);
    QVERIFY2(query.out.isEmpty() && query.err.contains("1 gap in this range"), query.all().constData());
}

void TestCliHistoryTools::keepsSubjectsByTheirOwnRules()
{
    const auto process = m_shell.start({"record", "--server", m_server.url(), "--subject", ">", "--history",
                                        "rules.db", "--duration", "4s", "--keep", "audit.>=forever", "--keep",
                                        "telemetry.*=1s", "--format", "json"});
    QByteArray said;
    QVERIFY2(waitFor(*process, "recording", said), said.constData());
    RawPublisher publisher(m_server.port());
    for (int i = 0; i < 50; ++i) {
        for (const char* subject : {"audit.a", "telemetry.b", "other"})
            publisher.publish(subject, "x");
    }
    QVERIFY(publisher.flush());
    const Said recorded = finish(*process, said);
    QVERIFY2(recorded.code == 0, recorded.all().constData());
    QCOMPARE(recorded.json().value("stored").toInt(), 150);
    const Said info = m_shell.weir({"info", "--history", "rules.db"});
    QVERIFY2(info.out.contains("expired, 50 messages"), info.all().constData());
    QVERIFY2(info.out.contains("of telemetry.* this history keeps the last 1.0"), info.all().constData());
    const auto count = [this](const char* filter) {
        return m_shell.weir({"query", "--history", "rules.db", "--count", filter}).out.trimmed();
    };
    QCOMPARE(count("subject:audit.a"), QByteArray("50"));
    QCOMPARE(count("subject:other"), QByteArray("50"));
    QCOMPARE(count("subject:telemetry.b"), QByteArray("0"));
    QCOMPARE(m_shell.weir({"history", "verify", "rules.db"}).code, 0);
}

void TestCliHistoryTools::verifyFindsNothingInASoundHistory()
{
    const QByteArray before = bytesOf(m_shell.file("whole.db"));
    const Said text = m_shell.weir({"history", "verify", "whole.db"});
    QVERIFY2(text.code == 0, text.all().constData());
    QVERIFY2(text.out.contains("everything is sound") && text.out.contains("500 messages"), text.out);
    QCOMPARE(text.err, QByteArray()); // no terminal, no progress
    const auto json = m_shell.weir({"history", "verify", "whole.db", "--format", "json"}).json();
    QVERIFY(json.value("sound").toBool());
    QCOMPARE(json.value("messages").toInt(), kMessages);
    QVERIFY(json.value("damage").toArray().isEmpty());
    QCOMPARE(bytesOf(m_shell.file("whole.db")), before);
    QCOMPARE(m_shell.weir({"history", "verify", "none.db"}).code, 1);
    const Said bare = m_shell.weir({"history"});
    QCOMPARE(bare.code, 2);
    QVERIFY2(bare.err.contains("weir history needs a command"), bare.err.constData());
    const Said wrong = m_shell.weir({"history", "verfy"});
    QCOMPARE(wrong.code, 2);
    QVERIFY2(wrong.err.contains("there is no command 'verfy'"), wrong.err.constData());
}

void TestCliHistoryTools::verifyNamesEachDamage_data()
{
    QTest::addColumn<QByteArray>("sql");
    QTest::addColumn<QByteArray>("what");
    QTest::addColumn<bool>("inBlock");
    const auto add = [](const char* name, const char* sql, const char* what, bool inBlock) {
        QTest::newRow(name) << QByteArray(sql) << QByteArray(what) << inBlock;
    };
    add("row", "UPDATE block SET wire_bytes = wire_bytes + 1 WHERE first_seq = 1",
        "the checksum of its row differs", true);
    add("no body", "DELETE FROM block_body WHERE first_seq = 1", "its body is missing", true);
    add("column",
        "UPDATE block_body SET body = CAST(substr(body, 1, 600) || CAST('!?' AS BLOB) || substr(body, 603) "
        "AS "
        "BLOB) WHERE first_seq = 1",
        ": its checksum differs", true);
    add("cut body", "UPDATE block_body SET body = substr(body, 1, 400) WHERE first_seq = 1",
        "its directory points outside of it", true);
    add("no index", "DELETE FROM block_index WHERE first_seq = 1", "its index is missing", true);
    add("index", "UPDATE block_index SET subjects = x'0000' WHERE first_seq = 1",
        "the checksum of its set of subjects differs", true);
    add("index that hides", "UPDATE block_index SET subjects = x'00000000' WHERE first_seq = 1",
        "its set of subjects lacks one that is in it", true);
    add("large payload", "UPDATE large_payload SET body = x'00'",
        "payload of message 6: its checksum differs", true);
    add("no large payload", "DELETE FROM large_payload", "payload of message 6: it is missing", true);
    add("dictionary", "DELETE FROM subject WHERE id = 1", "the dictionary subject lacks 1", false);
    add("end of a dictionary", "DELETE FROM subject WHERE id = 7", "of the dictionary of subjects", true);
    add("foreign body", "INSERT INTO block_body VALUES(99999, x'00')", "body 99999 is of no block", false);
    add("foreign payload", "UPDATE large_payload SET seq = 99999", "large payload 99999 is of no message",
        true);
    add("whole block", "DELETE FROM block; DELETE FROM block_index; DELETE FROM block_body",
        "500 messages that were stored are in no block", false);
    add("gap", "INSERT INTO gap VALUES(9, 1, NULL, 5, 4, 1, NULL, 0, '')", "gap 9 makes no sense", false);
    add("sums", "UPDATE rollup SET last_seq = last_seq + 1 WHERE width = 60", "their checksum differs",
        false);
    add("page", "PRAGMA writable_schema = ON; UPDATE sqlite_master SET rootpage = 3 WHERE name = 'gap'",
        "the database's pages", false);
}

void TestCliHistoryTools::verifyNamesEachDamage()
{
    QFETCH(const QByteArray, sql);
    QFETCH(const QByteArray, what);
    QFETCH(const bool, inBlock);
    changed("hurt.db", sql);
    const Said said = m_shell.weir({"history", "verify", "hurt.db"});
    QVERIFY2(said.code == 3, said.all().constData());
    QVERIFY2(said.out.contains(what), said.all().constData());
    QCOMPARE(said.out.contains("damaged    block 1: messages 1 to "), inBlock);
    const Said json = m_shell.weir({"history", "verify", "hurt.db", "--format", "json"});
    QCOMPARE(json.code, 3);
    QVERIFY2(!json.json().isEmpty() && !json.json().value("sound").toBool(), json.out.constData());
    QVERIFY(!json.json().value("damage").toArray().isEmpty());
}

void TestCliHistoryTools::compactsWhatNobodyWrites()
{
    const QStringList query{"query", "--history", "many.db", "--format", "ndjson"};
    // One recording a message makes a block a message; a second recording is open meanwhile.
    QFile::copy(m_shell.file("whole.db"), m_shell.file("many.db"));
    const auto process = m_shell.start({"record", "--server", m_server.url(), "--subject", "slow",
                                        "--history", "many.db", "--count", "3", "--format", "json"});
    QByteArray said;
    QVERIFY2(waitFor(*process, "recording", said), said.constData());
    const Said busy = m_shell.weir({"history", "compact", "many.db"});
    QCOMPARE(busy.code, 1);
    QVERIFY2(busy.err.contains("process " + QByteArray::number(process->processId())), busy.err.constData());
    RawPublisher publisher(m_server.port());
    for (int sent = 1; sent <= 3; ++sent) {
        publisher.publish("slow", QByteArray::number(sent));
        QVERIFY(publisher.flush());
        // Its block is committed before the next one comes.
        QTRY_COMPARE(m_shell.weir({"query", "subject:slow", "--history", "many.db", "--count"}).out,
                     QByteArray::number(sent) + '\n');
    }
    QCOMPARE(finish(*process, said).code, 0);
    const QByteArray before = m_shell.weir(query).out;
    QCOMPARE(before.count('\n'), kMessages + 3);
    const Said compacted = m_shell.weir({"history", "compact", "many.db", "--format", "json"});
    QVERIFY2(compacted.code == 0, compacted.all().constData());
    QVERIFY(compacted.json().value("blocks_merged").toInt() >= 3);
    QVERIFY(compacted.json().value("blocks_made").toInt() >= 1);
    QCOMPARE(m_shell.weir(query).out, before);
    QCOMPARE(m_shell.weir({"history", "verify", "many.db"}).code, 0);
    const Said again = m_shell.weir({"history", "compact", "many.db"});
    QCOMPARE(again.code, 0);
    QVERIFY2(again.out.contains("nothing: no blocks are worth it"), again.all().constData());
    QCOMPARE(m_shell.weir({"history", "compact", "none.db"}).code, 1);
    QVERIFY(!QFile::exists(m_shell.file("none.db")));
}

void TestCliHistoryTools::repairSavesWhatIsSound()
{
    QFETCH(const QByteArray, sql);
    changed("hurt.db", sql);
    const QByteArray before = bytesOf(m_shell.file("hurt.db"));
    QFile::remove(m_shell.file("new.db"));
    const Said said = m_shell.weir({"history", "repair", "hurt.db", "--output", "new.db"});
    QVERIFY2(said.code == 3 || said.code == 0, said.all().constData());
    QCOMPARE(bytesOf(m_shell.file("hurt.db")), before);
    // Whatever it was, what came out is sound, and every message is there or in a gap.
    const Said verified = m_shell.weir({"history", "verify", "new.db"});
    const bool allRowsGone = QByteArray(QTest::currentDataTag()) == "whole block";
    QVERIFY2(verified.code == (allRowsGone ? 3 : 0), verified.all().constData());
    const Said query = m_shell.weir({"query", "--history", "new.db", "--format", "ndjson"});
    QVERIFY2(query.code == 0 || query.code == 3, query.err.constData());
    QFile::remove(m_shell.file("hurt.db"));
}

void TestCliHistoryTools::repairCountsAndNamesWhatIsLost()
{
    const auto repair = [this](const char* sql) {
        changed("hurt.db", sql);
        QFile::remove(m_shell.file("new.db"));
        return m_shell.weir({"history", "repair", "hurt.db", "--output", "new.db", "--format", "json"});
    };
    const auto rows = [this](const char* history) {
        return m_shell.weir({"query", "--history", history, "--format", "ndjson"}).out;
    };
    // Nothing: all the same. An index or a row can be made again from the messages.
    for (const char* sql : {"", "DELETE FROM block_index", "UPDATE block SET wire_bytes = wire_bytes + 1"}) {
        const Said said = repair(sql);
        QCOMPARE(said.code, *sql == '\0' ? 0 : 3);
        QCOMPARE(said.json().value("messages").toInt(), kMessages);
        QCOMPARE(said.json().value("lost_messages").toInt(), 0);
        QCOMPARE(rows("new.db"), rows("whole.db"));
    }
    // One large payload costs one message.
    Said said = repair("DELETE FROM large_payload");
    QCOMPARE(said.code, 3);
    QCOMPARE(said.json().value("messages").toInt(), kMessages - 1);
    QVERIFY2(said.err.contains("payload of message 6: it is missing"), said.err.constData());
    QCOMPARE(rows("new.db").count('\n'), kMessages - 1);
    Said info = m_shell.weir({"info", "--history", "new.db"});
    QVERIFY2(info.out.contains("damaged, 1 message"), info.out.constData());
    QCOMPARE(m_shell.weir({"query", "--history", "new.db"}).code, 3);
    // A body costs its block.
    said = repair("DELETE FROM block_body WHERE first_seq = (SELECT max(first_seq) FROM block)");
    const int lost = said.json().value("lost_messages").toInt();
    QVERIFY(lost > 0);
    QCOMPARE(said.json().value("messages").toInt(), kMessages - lost);
    // An entry of a dictionary costs its name.
    said = repair("DELETE FROM subject WHERE id = 2");
    QCOMPARE(said.json().value("messages").toInt(), kMessages);
    QVERIFY(rows("new.db").contains("lost-subject-2"));
    // Never over anything that is there.
    said = m_shell.weir({"history", "repair", "whole.db", "--output", "new.db"});
    QCOMPARE(said.code, 2);
    QVERIFY2(said.err.contains("something is there already"), said.err.constData());
    QCOMPARE(m_shell.weir({"history", "repair", "none.db", "--output", "made.db"}).code, 1);
    QVERIFY(!QFile::exists(m_shell.file("made.db")));
}

void TestCliHistoryTools::mergesTwoIntoOne()
{
    changed("a.db", "");
    const Said text = m_shell.weir({"history", "merge", "a.db", "whole.db", "--output", "one.db"});
    QVERIFY2(text.code == 0, text.all().constData());
    // Live messages have nothing that says that two are the same.
    QVERIFY2(text.out.contains("merged     1,000 messages"), text.out.constData());
    QCOMPARE(m_shell.weir({"query", "--history", "one.db", "--count"}).out, QByteArray("1000\n"));
    QCOMPARE(m_shell.weir({"history", "verify", "one.db"}).code, 0);
    const auto latency =
        m_shell.weir({"latency", "--history", "one.db", "--by", "worker", "--format", "ndjson"});
    QCOMPARE(latency.lines().at(0)["messages"].toInt(), 1000);
    const Said again = m_shell.weir({"history", "merge", "a.db", "whole.db", "--output", "one.db"});
    QCOMPARE(again.code, 2);
    const Said none = m_shell.weir({"history", "merge", "a.db", "none.db", "--output", "two.db"});
    QCOMPARE(none.code, 1);
    QVERIFY(!QFile::exists(m_shell.file("two.db")));
}

QTEST_GUILESS_MAIN(TestCliHistoryTools)
#include "tst_clihistorytools.moc"
