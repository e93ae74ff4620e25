// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/Shell.h"
#include "tests/support/RawPublisher.h"

#include <QDir>
#include <QFile>
#include <QRandomGenerator>
#include <QTest>

#include <sqlite3.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <linux/capability.h>

using namespace weir::test;

/// History paths that cannot work: each is told plainly, by record and by query, and harms nothing that is
/// there.
class TestCliHistory : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void refusesPlaces_data();
    void refusesPlaces();
    void namesAnEmptyFile();
    void readsWhereNothingMayBeWritten();
    void keepsWhatIsThereWhenTheDiskIsFull();
    void refusesToBeginOnAFullDisk();
    void countsTellWhatIsDamaged();

private:
    [[nodiscard]] Said record(const QString& history, const Shell::InChild& inChild = {}) const
    {
        return m_shell.weir({"record", "--server", m_server.url(), "--subject", "a", "--history", history,
                             "--duration", "10ms"},
                            inChild);
    }
    [[nodiscard]] QByteArray rows(const QString& history) const
    {
        return m_shell.weir({"query", "--history", history, "--format", "ndjson"}).out;
    }
    /// A whole history of its own, a copy of the first.
    [[nodiscard]] QString copy(const QString& name) const
    {
        QFile::copy(m_shell.file("whole.db"), m_shell.file(name));
        return name;
    }
    Shell m_shell;
    NatsServer m_server;
    QByteArray m_rows; ///< of whole.db
};

namespace {

constexpr int kMessages = 2000;

/// Permissions do not bind root; without this capability they do.
void bindByPermissions()
{
    ::prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0);
    ::prctl(PR_CAPBSET_DROP, CAP_DAC_READ_SEARCH, 0, 0, 0);
}

/// A disk on which no file grows beyond `bytes`.
Shell::InChild diskOf(qint64 bytes)
{
    return [bytes] {
        const rlimit limit{static_cast<rlim_t>(bytes), static_cast<rlim_t>(bytes)};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    };
}

void runSql(const QString& path, const char* sql)
{
    sqlite3* handle = nullptr;
    QCOMPARE(sqlite3_open(path.toUtf8().constData(), &handle), SQLITE_OK);
    QCOMPARE(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    QCOMPARE(sqlite3_close(handle), SQLITE_OK);
}

void write(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

} // namespace

void TestCliHistory::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.error()));
    const Said said = weir::test::record(m_shell, m_server, "whole.db", kMessages, [this] {
        RawPublisher publisher(m_server.port());
        for (int i = 0; i < kMessages; ++i)
            publisher.publish("whole." + QByteArray::number(i % 7),
                              QByteArray::number(i * 7919LL).repeated(40));
        QVERIFY(publisher.flush());
    });
    QVERIFY2(said.code == 0, said.all().constData());
    m_rows = rows("whole.db");
    QCOMPARE(m_rows.count('\n'), kMessages);

    QDir(m_shell.file(".")).mkdir("folder");
    write(m_shell.file("text.db"), QByteArray(5000, 'x'));
    runSql(m_shell.file("other.db"), "CREATE TABLE t(x); INSERT INTO t VALUES(1)");
    runSql(m_shell.file(copy("newer.db")), "PRAGMA user_version = 3");
    QFile cut(m_shell.file(copy("cut.db")));
    QVERIFY(cut.resize(cut.size() / 2));
    QVERIFY(QFile::setPermissions(m_shell.file(copy("readonly.db")), QFile::ReadOwner));
    QVERIFY(QDir(m_shell.file(".")).mkdir("locked"));
    QVERIFY(QFile::setPermissions(m_shell.file("locked"), QFile::ReadOwner | QFile::ExeOwner));
}

void TestCliHistory::refusesPlaces_data()
{
    QTest::addColumn<QString>("history");
    QTest::addColumn<int>("recordCode");
    QTest::addColumn<QByteArray>("recordWhy"); ///< and what to do
    QTest::addColumn<int>("queryCode");
    QTest::addColumn<QByteArray>("queryWhy"); ///< empty: it reads
    const auto both = [](const char* name, const QString& history, int code, const QByteArray& why) {
        QTest::newRow(name) << history << code << why << code << why;
    };
    both("directory", "folder", 2, "it is a directory (name a file in it)");
    both("device", "/dev/null", 2, "it is not a regular file (name another file)");
    both("text", "text.db", 1, "it is not a Weir history (file is not a database) (name another file)");
    both("another database", "other.db", 1,
         "it is an SQLite database, but not a Weir history (name another file)");
    both("newer schema", "newer.db", 1,
         "its schema is 3, and this Weir knows up to 2 (use the newer Weir that wrote it)");
    both("cut short", "cut.db", 1, "it is a Weir history, but damaged or cut short (");
    QTest::newRow("no folder") << "none/h.db" << 1
                               << QByteArray(
                                      "its folder is not there (its lock none/h.db.lock: No such file or "
                                      "directory) (create the folder first)")
                               << 1 << QByteArray("there is no such file (check the path)");
    QTest::newRow("under a file") << "text.db/h.db" << 1 << QByteArray("its folder is not there (") << 1
                                  << QByteArray("there is no such file (check the path)");
    QTest::newRow("read-only file") << "readonly.db" << 1
                                    << QByteArray("it is read-only (check who may write there)") << 0
                                    << QByteArray();
    QTest::newRow("read-only folder")
        << "locked/h.db" << 1
        << QByteArray("its lock locked/h.db.lock: Permission denied (choose a place "
                      "that you may write to)")
        << 1 << QByteArray("there is no such file (check the path)");
}

void TestCliHistory::refusesPlaces()
{
    QFETCH(const QString, history);
    const QByteArray before = bytesOf(m_shell.file(history));
    const QByteArray opening = "weir: opening history " + history.toUtf8() + " failed: ";
    const Said recorded = record(history, bindByPermissions);
    QVERIFY2(recorded.err.startsWith(opening), recorded.all().constData());
    QFETCH(const QByteArray, recordWhy);
    QVERIFY2(recorded.err.contains(recordWhy), recorded.all().constData());
    QTEST(recorded.code, "recordCode");
    QCOMPARE(recorded.out, QByteArray());
    QCOMPARE(recorded.err.count('\n'), 1);
    for (const char* command : {"query", "info"}) {
        const Said read = m_shell.weir({command, "--history", history}, bindByPermissions);
        QTEST(read.code, "queryCode");
        QFETCH(const QByteArray, queryWhy);
        if (queryWhy.isEmpty())
            continue;
        QVERIFY2(read.err.startsWith(opening + queryWhy), read.all().constData());
        QCOMPARE(read.out, QByteArray());
    }
    QCOMPARE(bytesOf(m_shell.file(history)), before);
    QVERIFY2(!QFile::exists(m_shell.file(history) + ".lock"), "the lock is left behind");
}

/// A recorder would take it, as sqlite3 does; there is nothing to read in it.
void TestCliHistory::namesAnEmptyFile()
{
    QFile file(m_shell.file("empty.db"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const Said said = m_shell.weir({"query", "--history", "empty.db"});
    QCOMPARE(said.code, 1);
    QVERIFY2(said.err.contains("it is an empty file, not a history (name another file)"),
             said.all().constData());
}

void TestCliHistory::readsWhereNothingMayBeWritten()
{
    QVERIFY(QDir(m_shell.file(".")).mkdir("archive"));
    QCOMPARE(copy("archive/h.db"), QString("archive/h.db"));
    const QString folder = m_shell.file("archive");
    QVERIFY(QFile::setPermissions(folder, QFile::ReadOwner | QFile::ExeOwner));
    const Said read =
        m_shell.weir({"query", "--history", "archive/h.db", "--format", "ndjson"}, bindByPermissions);
    QVERIFY(QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    QVERIFY2(read.code == 0, read.all().constData());
    QCOMPARE(read.out, m_rows);
    QCOMPARE(QDir(folder).entryList(QDir::Files), QStringList{"h.db"});
}

void TestCliHistory::keepsWhatIsThereWhenTheDiskIsFull()
{
    const QString history = copy("full.db");
    const auto process = m_shell.start(
        {"record", "--server", m_server.url(), "--subject", "big", "--history", history, "--format", "json"},
        diskOf(QFile(m_shell.file(history)).size() + 200'000));
    QByteArray said;
    QVERIFY2(waitFor(*process, "recording", said), said.constData());
    RawPublisher publisher(m_server.port());
    QByteArray noise(4096, '\0');
    for (int i = 0; i < 2000; ++i) {
        for (char& byte : noise)
            byte = static_cast<char>(QRandomGenerator::global()->generate());
        publisher.publish("big", noise);
    }
    QVERIFY(publisher.flush());
    QVERIFY2(waitFor(*process, "failed: ", said), said.constData());
    process->terminate();
    const Said ended = finish(*process, said);
    QVERIFY2(ended.code == 1, ended.all().constData());
    QVERIFY2(ended.err.contains("File too large (raise the limit of a file's size (ulimit -f))"),
             ended.err.constData());
    const QJsonObject result = ended.json();
    const int stored = result["stored"].toInt();
    QVERIFY(result["failed"].toInt() > 0);
    QCOMPARE(result["received"].toInt(), stored + result["failed"].toInt());

    const QByteArray after = rows(history);
    QVERIFY(after.startsWith(m_rows)); // what was recorded before is there, byte for byte
    QCOMPARE(after.count('\n'), kMessages + stored);
    const Said info = m_shell.weir({"info", "--history", history});
    QVERIFY2(info.code == 3, info.all().constData());

    const Said again = weir::test::record(m_shell, m_server, history, 10, [this] { // the disk has room again
        RawPublisher more(m_server.port());
        for (int i = 0; i < 10; ++i)
            more.publish("a", "after");
        QVERIFY(more.flush());
    });
    QVERIFY2(again.code == 0, again.all().constData());
    QCOMPARE(rows(history).count('\n'), kMessages + stored + 10);
}

void TestCliHistory::refusesToBeginOnAFullDisk()
{
    for (const qint64 room : {0, 5000, 60'000}) {
        const Said said = record("new.db", diskOf(room));
        QVERIFY2(said.code == 1, said.all().constData());
        QVERIFY2(said.err.startsWith("weir: opening history new.db failed: "), said.all().constData());
        QVERIFY2(said.err.contains("File too large (raise the limit") ||
                     said.err.contains("disk I/O error (check the disk; "),
                 said.all().constData());
    }
    const Said said = record("new.db"); // what the attempts left is no obstacle
    QVERIFY2(said.code == 0, said.all().constData());
    const QString history = copy("begun.db");
    const Said refused = record(history, diskOf(1000));
    QVERIFY2(refused.code == 1, refused.all().constData());
    QCOMPARE(rows(history), m_rows);
}

void TestCliHistory::countsTellWhatIsDamaged()
{
    runSql(m_shell.file(copy("damaged.db")),
           "UPDATE block_body SET body = zeroblob(100) WHERE first_seq = (SELECT max(first_seq) FROM block)");
    const Said said = m_shell.weir({"info", "--history", "damaged.db", "--subjects"});
    QVERIFY2(said.code == 3, said.all().constData());
    QVERIFY2(said.err.contains("reading block "), said.all().constData());
    QVERIFY2(said.out.contains("messages"), said.all().constData());
}

QTEST_GUILESS_MAIN(TestCliHistory)
#include "tst_clihistory.moc"
