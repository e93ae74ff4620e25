// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/history/HistoryFixture.h"
#include "tests/support/FailingVfs.h"

#include <QFile>
#include <QProcess>
#include <QtTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

/// When blocks are sealed and committed, what lies beside them, and who may write.
class HistoryWriterTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void flushesBeforeTheTimeIsOver();
    void flushesAsOftenAsTicksAllow();
    void sealsBlocksBySize();
    void holesInSeqBreakNothing();
    void knowsTheStreamOfEachRecording();
    void keepsGapsAndCounters();
    void continuesWhereItEnded();
    void namesTheUncleanEnd();
    void readerFollowsLive();
    void onlyOneWriter();
    void fileIsPrivateAndAlone();
    void refusesPlaces_data();
    void refusesPlaces();
    void refusesNewerSchema();
    void refusesReadOnlyFileAndReadsIt();
    void noticesThatTheFileWasTakenAway();

private:
    std::unique_ptr<HistoryFixture> m_history;
};

void HistoryWriterTest::init()
{
    m_history = std::make_unique<HistoryFixture>();
}

void HistoryWriterTest::cleanup()
{
    m_history->writer.reset();
    m_history.reset();
}

void HistoryWriterTest::flushesBeforeTheTimeIsOver()
{
    QCOMPARE(m_history->open(), std::string());
    m_history->writer->tick(m_history->clock.now());
    m_history->put(10);
    m_history->pass(100ms); // the next tick may come at 200 ms, which is in time
    m_history->put(5);
    m_history->writer->tick(m_history->clock.now());
    QCOMPARE(m_history->ledger->snapshot().stored, 0U);
    m_history->pass(100ms); // the next one may come at 300 ms: too late for the first ten
    QTRY_COMPARE(m_history->ledger->snapshot().stored, 15U);
    QTRY_COMPARE(m_history->committed.load(), 15U);
    QCOMPARE(m_history->reader()->seqRange()->second, 15U);
    QCOMPARE(m_history->sql("SELECT count(*) FROM block"), 1);
}

void HistoryWriterTest::knowsTheStreamOfEachRecording()
{
    const auto count = [this](const char* text) {
        HistoryQuery query;
        query.filter = Filter::parse(text).value();
        return m_history->reader()->scan(query, {}, [](const auto&) { return true; })->matched;
    };
    QCOMPARE(m_history->open(), std::string());
    m_history->put(10);
    QCOMPARE(m_history->close(), std::string());
    m_history->sql("ALTER TABLE recording DROP COLUMN stream"); // as it was before streams were kept
    QCOMPARE(count("stream:ORDERS"), 0U);
    HistoryWriter::Options options;
    options.stream = "ORDERS";
    QCOMPARE(m_history->open(options), std::string());
    m_history->put(20);
    QCOMPARE(m_history->close(), std::string());
    options.stream = "AUDIT";
    QCOMPARE(m_history->open(options), std::string());
    m_history->put(5);
    QCOMPARE(m_history->close(), std::string());
    QCOMPARE(count("stream:ORDERS"), 20U);
    QCOMPARE(count("stream:ORDERS,AUDIT"), 25U);
    QCOMPARE(count("NOT stream:ORDERS"), 15U);
    QCOMPARE(count("stream=\"\""), 10U);
}

void HistoryWriterTest::flushesAsOftenAsTicksAllow()
{
    HistoryWriter::Options options;
    options.flushEvery = 20ms;
    QCOMPARE(m_history->open(options), std::string());
    m_history->put(1);
    m_history->pass(50ms);
    QTRY_COMPARE(m_history->ledger->snapshot().stored, 1U);
}

void HistoryWriterTest::sealsBlocksBySize()
{
    QCOMPARE(m_history->open(), std::string());
    m_history->traffic->payloadSize = 40;
    m_history->put(4096 + 100);
    m_history->traffic->payloadSize = 10000; // about a hundred to a block
    m_history->put(400);
    QCOMPARE(m_history->close(), std::string());
    QCOMPARE(m_history->sql("SELECT count FROM block ORDER BY first_seq LIMIT 1"), 4096);
    QVERIFY(m_history->sql("SELECT count(*) FROM block") >= 5);
    QVERIFY(m_history->sql("SELECT max(raw_bytes) FROM block WHERE count < 4096") <= (1 << 20) + 20000);
    QCOMPARE(m_history->sql("SELECT sum(count) FROM block"), 4596);
}

void HistoryWriterTest::holesInSeqBreakNothing()
{
    QCOMPARE(m_history->open(), std::string());
    const auto batch = std::make_shared<Batch>(*m_history->traffic->next(100, m_history->clock.now()));
    std::erase_if(batch->messages, [](const Message& message) { return message.seq % 7 == 0; });
    m_history->put(batch);
    QCOMPARE(m_history->close(), std::string());
    std::vector<std::uint64_t> wanted;
    for (const Message& message : batch->messages)
        wanted.push_back(message.seq);
    QCOMPARE(m_history->seqs(), wanted);
}

void HistoryWriterTest::keepsGapsAndCounters()
{
    QCOMPARE(m_history->open(), std::string());
    const Timestamp start = m_history->clock.now();
    CoverageLedger& ledger = *m_history->ledger;
    const auto closed =
        ledger.beginGap({start, kNoTime, GapCause::Disconnected, {}, false, "broker went away"});
    ledger.beginGap({start + 1ms, kNoTime, GapCause::Sampled, 0, true, "over budget"});
    ledger.droppedByBroker(3);
    m_history->pass(250ms);
    m_history->pass(250ms);
    QTRY_COMPARE(m_history->gaps().size(), 2U);
    QCOMPARE(m_history->gaps()[0].to, kNoTime); // it lasts
    ledger.endGap(closed, start + 300ms);
    ledger.addToGap(2, 40, true);
    ledger.sampledOut(40, true);
    ledger.droppedByQueue(5);
    m_history->pass(250ms);
    QTRY_COMPARE(m_history->gaps()[0].to, start + 300ms);
    QCOMPARE(m_history->gaps()[0].detail, std::string("broker went away"));
    QCOMPARE(m_history->close(), std::string());
    const auto info = m_history->reader()->info();
    QCOMPARE(info->droppedBroker, 3U);
    QCOMPARE(info->droppedQueue, 5U);
    QCOMPARE(info->sampledOut, 40U);
    QCOMPARE(info->gaps.size(), 2U);
    QCOMPARE(info->gaps[1].messages, std::optional<std::uint64_t>(40));
    QVERIFY(info->gaps[1].estimated);
    QCOMPARE(info->gaps[1].to, m_history->clock.now()); // ended with the recording
    QVERIFY(!info->beingWritten);
}

void HistoryWriterTest::continuesWhereItEnded()
{
    QCOMPARE(m_history->open(), std::string());
    m_history->put(1000);
    const auto subjects = m_history->writer->names()->subjects.size();
    QCOMPARE(m_history->close(), std::string());
    const Timestamp ended = m_history->clock.now();
    m_history->clock.advance(1h);
    QCOMPARE(m_history->open(), std::string());
    QCOMPARE(m_history->writer->firstSeq(), 1001U);
    QCOMPARE(m_history->writer->names()->subjects.size(), subjects);
    m_history->put(1000);
    QCOMPARE(m_history->close(), std::string());
    QCOMPARE(m_history->seqs().size(), 2000U);
    QCOMPARE(m_history->sql("SELECT value FROM meta WHERE key = 'setback_ns'"), 0);
    const auto gaps = m_history->gaps();
    QCOMPARE(gaps.size(), 1U);
    QCOMPARE(gaps[0].cause, GapCause::NotRecording);
    QCOMPARE(gaps[0].from, ended);
    QCOMPARE(gaps[0].to, ended + 1h);
    QCOMPARE(m_history->reader()->gaps(ended + 1h, ended + 2h)->size(), 0U);
}

void HistoryWriterTest::namesTheUncleanEnd()
{
    QCOMPARE(m_history->open(), std::string());
    m_history->put(10);
    const Timestamp last = m_history->clock.now() + 9us;
    m_history->ledger->beginGap({last - 1us, kNoTime, GapCause::SlowConsumer, 7, false, "slow"});
    m_history->pass(250ms);
    QTRY_COMPARE(m_history->ledger->snapshot().stored, 10U);
    // What a killed recorder leaves: the file as it was committed, nobody who holds it.
    QTemporaryDir elsewhere;
    for (const char* suffix : {"", "-wal"})
        QVERIFY(QFile::copy(m_history->dir.filePath("h.db") + suffix, elsewhere.filePath("h.db") + suffix));
    QVERIFY(m_history->close().empty());
    m_history->dir = std::move(elsewhere);
    auto gaps = m_history->gaps();
    QCOMPARE(gaps.size(), 2U);
    QCOMPARE(gaps[0].cause, GapCause::SlowConsumer);
    QCOMPARE(gaps[0].to, last);
    QCOMPARE(gaps[1].cause, GapCause::UncleanEnd);
    QCOMPARE(gaps[1].from, last + 1ns);
    QCOMPARE(gaps[1].to, last + 250ms);
    m_history->clock.advance(1min);
    QCOMPARE(m_history->open(), std::string());
    gaps = m_history->gaps();
    QCOMPARE(gaps.size(), 3U);
    QCOMPARE(gaps[1].cause, GapCause::UncleanEnd);
    QCOMPARE(gaps[2].cause, GapCause::NotRecording);
    QCOMPARE(gaps[2].from, last + 250ms);
    QCOMPARE(gaps[2].to, m_history->clock.now());
}

void HistoryWriterTest::readerFollowsLive()
{
    QCOMPARE(m_history->open(), std::string());
    const auto reader = m_history->reader();
    QCOMPARE(reader->seqRange()->second, 0U);
    QVERIFY(reader->info()->beingWritten);
    std::uint64_t read = 0;
    for (std::uint64_t round = 1; round <= 5; ++round) {
        std::vector<Message> messages(1);
        messages[0].time = m_history->clock.now();
        const std::string subject = "live." + std::to_string(round); // a name that the reader has not seen
        m_history->put(m_history->traffic->own(messages, subject));
        m_history->pass(250ms);
        QTRY_COMPARE(reader->seqRange()->second, round);
        HistoryQuery query;
        query.firstSeq = read + 1;
        const auto done = reader->scan(query, {}, [&](const std::shared_ptr<const Batch>& batch) {
            read = batch->messages.back().seq;
            return batch->messages.size() == 1 && batch->messages[0].subjectName == subject &&
                   batch->names->subjects.name(batch->messages[0].subject) == subject;
        });
        QVERIFY(done && !done->stoppedEarly);
        QCOMPARE(read, round);
    }
}

void HistoryWriterTest::onlyOneWriter()
{
    QCOMPARE(m_history->open(), std::string());
    CoverageLedger ledger;
    HistoryWriter::Options options;
    options.path = m_history->path();
    const auto second = HistoryWriter::open(options, m_history->clock, ledger, {});
    QVERIFY(!second);
    QCOMPARE(second.error().code, ErrorCode::Busy);
    QVERIFY(second.error().why.find("process " + std::to_string(::getpid())) != std::string::npos);
    QVERIFY(second.error().why.find("2026-01-02T03:04:05") != std::string::npos);
    QCOMPARE(m_history->close(), std::string());
    QCOMPARE(m_history->open(), std::string()); // given back
}

void HistoryWriterTest::fileIsPrivateAndAlone()
{
    QCOMPARE(m_history->open(), std::string());
    m_history->put(10);
    struct stat status = {};
    QCOMPARE(::stat(m_history->path().c_str(), &status), 0);
    QCOMPARE(status.st_mode & 0777U, 0600U);
    QCOMPARE(m_history->close(), std::string());
    QCOMPARE(QDir(m_history->dir.path()).entryList(QDir::Files), QStringList{"h.db"});
}

void HistoryWriterTest::refusesPlaces_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("path");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("why");
    const auto usage = static_cast<int>(ErrorCode::Usage);
    QTest::newRow("directory") << QByteArray() << "" << usage << "directory";
    QTest::newRow("device") << QByteArray() << "/dev/null" << usage << "regular file";
    QTest::newRow("no folder") << QByteArray() << "none/h.db" << static_cast<int>(ErrorCode::NotFound)
                               << "folder";
    QTest::newRow("under a file") << QByteArray("x") << "h.db/h.db" << static_cast<int>(ErrorCode::NotFound)
                                  << "folder";
    QTest::newRow("text") << QByteArray(5000, 'x') << "h.db" << static_cast<int>(ErrorCode::Format)
                          << "not a Weir history";
    QTest::newRow("short text") << QByteArray("hello") << "h.db" << static_cast<int>(ErrorCode::Format)
                                << "not a Weir history";
}

void HistoryWriterTest::refusesPlaces()
{
    QFETCH(const QByteArray, content);
    QFETCH(const QString, path);
    if (!content.isEmpty()) {
        QFile file(m_history->dir.filePath("h.db"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(content), content.size());
    }
    const QString full = path.startsWith('/') ? path : m_history->dir.path() + "/" + path;
    CoverageLedger ledger;
    HistoryWriter::Options options;
    options.path = full.toStdString();
    const auto opened = HistoryWriter::open(options, m_history->clock, ledger, {});
    QVERIFY(!opened);
    QTEST(static_cast<int>(opened.error().code), "code");
    QFETCH(const QString, why);
    QVERIFY2(QString::fromStdString(opened.error().line()).contains(why), opened.error().line().c_str());
    QVERIFY(opened.error().what.find(full.toStdString()) != std::string::npos);
    QVERIFY(!HistoryReader::open(full.toStdString()));
    QFile file(m_history->dir.filePath("h.db"));
    if (!content.isEmpty() && file.open(QIODevice::ReadOnly))
        QCOMPARE(file.readAll(), content); // not touched
}

void HistoryWriterTest::refusesNewerSchema()
{
    QCOMPARE(m_history->open(), std::string());
    QCOMPARE(m_history->close(), std::string());
    m_history->sql("PRAGMA user_version = 3");
    QVERIFY(m_history->open().find("schema is 3") != std::string::npos);
    const auto reader = HistoryReader::open(m_history->path());
    QVERIFY(!reader);
    QCOMPARE(reader.error().code, ErrorCode::Unsupported);
    m_history->sql("PRAGMA user_version = 1");
    m_history->sql("PRAGMA application_id = 7");
    QVERIFY(m_history->open().find("not a Weir history") != std::string::npos);
}

void HistoryWriterTest::refusesReadOnlyFileAndReadsIt()
{
    QCOMPARE(m_history->open(), std::string());
    m_history->put(10);
    QCOMPARE(m_history->close(), std::string());
    FailingVfs disk; // permissions do not bind root, so the file layer refuses instead
    disk.failAfter(0, FailingVfs::Fault::ReadOnly);
    const std::string refused = m_history->open();
    QVERIFY2(refused.find("read-only") != std::string::npos, refused.c_str());
    QCOMPARE(m_history->seqs().size(), 10U);
}

void HistoryWriterTest::noticesThatTheFileWasTakenAway()
{
    QCOMPARE(m_history->open(), std::string());
    QVERIFY(QFile::rename(m_history->dir.filePath("h.db"), m_history->dir.filePath("other.db")));
    m_history->put(10);
    m_history->pass(250ms);
    QTRY_VERIFY(m_history->writer->failure());
    QVERIFY(m_history->writer->failure()->why.find("removed or replaced") != std::string::npos);
    QVERIFY(!m_history->close().empty());
    QCOMPARE(m_history->ledger->snapshot().failed, 10U);
    QCOMPARE(m_history->ledger->snapshot().inFlight(), 0U);
}

QTEST_GUILESS_MAIN(HistoryWriterTest)
#include "tst_historywriter.moc"
