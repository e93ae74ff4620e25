// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/Compaction.h"
#include "core/history/HistoryCheck.h"
#include "core/history/HistoryFollower.h"
#include "core/history/Schema.h"
#include "tests/core/history/HistoryFixture.h"
#include "tests/support/FailingVfs.h"

#include <QDeadlineTimer>
#include <QProcess>
#include <QtTest>

#include <random>
#include <thread>

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

/// The small blocks of a quiet feed become great ones, and no message is lost, doubled or changed by it:
/// not under a reader's eyes, not on a full disk, not by kill -9.
class HistoryCompaction : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void mergesWhileLittleComes();
    void leavesWhatIsYoungOrFull();
    void keepsRecordingsApart();
    void readersBesideMissAndDoubleNothing();
    void survivesAFullDisk();
    void leavesDamagedBlocksAlone();
    void survivesKill();

private:
    /// So many flushes of a few messages each.
    void putQuietly(int flushes, std::size_t each = 5);
    /// All that is recorded equals all that was put, in everything that a history keeps.
    void compareWithPut() const;
    [[nodiscard]] std::int64_t blocks() const { return m_history->sql("SELECT count(*) FROM block"); }
    /// What a check of everything finds first; empty: nothing.
    [[nodiscard]] std::string damage() const;
    bool passUntil(const std::function<bool()>& done)
    {
        return QTest::qWaitFor(
            [&] {
                m_history->pass(100ms);
                return done();
            },
            20000);
    }
    std::unique_ptr<FailingVfs> m_disk;
    std::unique_ptr<HistoryFixture> m_history;
    std::vector<std::shared_ptr<const Batch>> m_put;
};

void HistoryCompaction::init()
{
    m_disk = std::make_unique<FailingVfs>();
    m_history = std::make_unique<HistoryFixture>();
    m_put.clear();
}

void HistoryCompaction::cleanup()
{
    m_disk->heal();
    m_history->writer.reset();
    m_history.reset();
    m_disk.reset();
}

void HistoryCompaction::putQuietly(int flushes, std::size_t each)
{
    for (int i = 0; i < flushes; ++i) {
        m_history->traffic->payloadSize = i % 40 == 7 ? 70'000 : 128; // some lie on rows of their own
        m_put.push_back(m_history->traffic->next(each, m_history->clock.now()));
        m_history->put(m_put.back());
        m_history->pass(250ms);
        const QDeadlineTimer patience(10s);
        while (m_history->ledger->snapshot().inFlight() > 0 && !patience.hasExpired())
            std::this_thread::yield();
        QCOMPARE(m_history->ledger->snapshot().inFlight(), 0U);
    }
}

void HistoryCompaction::compareWithPut() const
{
    std::vector<const Message*> wanted;
    for (const auto& batch : m_put) {
        for (const Message& message : batch->messages)
            wanted.push_back(&message);
    }
    std::size_t at = 0;
    std::string wrong;
    const auto reader = m_history->reader();
    const auto done = reader->scan({}, {}, [&](const std::shared_ptr<const Batch>& batch) {
        for (const Message& message : batch->messages) {
            if (wrong.empty())
                wrong = at < wanted.size() ? difference(*wanted[at], message) : "one too many";
            ++at;
        }
        return true;
    });
    QVERIFY2(done && done->damage.empty(), "it does not read");
    QVERIFY2(wrong.empty(), wrong.c_str());
    QCOMPARE(at, wanted.size());
}

std::string HistoryCompaction::damage() const
{
    auto database = openForReading(m_history->path());
    std::string found;
    const auto tell = [&](const HistoryDamage& damage) {
        if (found.empty())
            found = damage.what.front();
    };
    const auto done = HistoryCheck(*database, tell, {}).run();
    return done ? found : done.error().line();
}

void HistoryCompaction::mergesWhileLittleComes()
{
    QCOMPARE(m_history->open(), std::string());
    putQuietly(400);
    QVERIFY(m_history->sql("SELECT max(count) FROM block") > 5); // it does so while it records
    QVERIFY(passUntil([this] { return blocks() < 40; }));
    QCOMPARE(m_history->close(), std::string());
    compareWithPut();
    QCOMPARE(damage(), std::string());
    QCOMPARE(m_history->sql("SELECT count(*) FROM block_body"), blocks());
    QCOMPARE(m_history->sql("SELECT count(*) FROM large_payload"), 50);
    // A merge takes 16 blocks or more, and each message is merged a few times at the most.
    const auto merges = m_history->sql("SELECT value FROM meta WHERE key = 'generation'");
    QVERIFY2(merges > 0 && merges <= 400 / 12, qPrintable(QString::number(merges)));
    const auto done = compactHistory(m_history->path(), m_history->clock.now(), [](auto, auto) {});
    QVERIFY2(done, done ? "" : done.error().line().c_str());
    QCOMPARE(blocks(), 1);
    QCOMPARE(m_history->sql("PRAGMA freelist_count"), 0);
    QVERIFY(done->bytesAfter < done->bytesBefore);
    compareWithPut();
    QCOMPARE(damage(), std::string());
}

void HistoryCompaction::leavesWhatIsYoungOrFull()
{
    QCOMPARE(m_history->open(), std::string());
    m_history->traffic->payloadSize = 40; // so that messages, not bytes, make a block full
    for (int i = 0; i < 3; ++i)
        m_history->put(4096);
    putQuietly(15, 2);
    for (int i = 0; i < 200; ++i)
        m_history->pass(100ms);
    QCOMPARE(m_history->close(), std::string());
    QCOMPARE(blocks(), 18);
    QCOMPARE(m_history->sql("SELECT value FROM meta WHERE key = 'generation'"), 0);
    const auto done = compactHistory(m_history->path(), m_history->clock.now(), [](auto, auto) {});
    QCOMPARE(done->blocks.blocksBefore, 15U); // alone, it does not wait for more
    QCOMPARE(blocks(), 4);
    QCOMPARE(damage(), std::string());
}

void HistoryCompaction::keepsRecordingsApart()
{
    HistoryWriter::Options options;
    for (const char* stream : {"ORDERS", "AUDIT", "ORDERS"}) {
        options.stream = stream;
        QCOMPARE(m_history->open(options), std::string());
        putQuietly(10, 3);
        QCOMPARE(m_history->close(), std::string());
    }
    const auto done = compactHistory(m_history->path(), m_history->clock.now(), [](auto, auto) {});
    QVERIFY(done);
    QCOMPARE(blocks(), 3);
    compareWithPut();
    HistoryQuery query;
    query.filter = Filter::parse("stream:AUDIT").value();
    QCOMPARE(m_history->reader()->count(query, {})->matched, 30U);
    QCOMPARE(damage(), std::string());
}

void HistoryCompaction::readersBesideMissAndDoubleNothing()
{
    struct Sink : BatchSink
    {
        void consume(const std::shared_ptr<const Batch>& batch) override
        {
            for (const Message& message : batch->messages)
                fine = fine && message.seq == ++last;
        }
        std::atomic<std::uint64_t> last{0};
        std::atomic<bool> fine{true};
    };
    QCOMPARE(m_history->open(), std::string());
    const auto sink = std::make_shared<Sink>();
    HistoryFollower::Options options;
    options.path = m_history->path();
    options.pollEvery = 1ms;
    HistoryFollower follower(options, m_history->clock, {sink});
    follower.start();
    std::string wrong;
    std::atomic<int> scans{0};
    const auto scanAll = [&](const std::stop_token& stop) {
        const auto reader = m_history->reader();
        for (int round = 0; !stop.stop_requested() && wrong.empty(); ++round, ++scans) {
            HistoryQuery query;
            query.order = round % 2 == 0 ? Order::OldestFirst : Order::NewestFirst;
            query.lastSeq = reader->seqRange()->second;
            std::uint64_t next = round % 2 == 0 ? 1 : query.lastSeq;
            const auto done = reader->scan(query, {}, [&](const std::shared_ptr<const Batch>& batch) {
                for (const Message& message : batch->messages) {
                    if (message.seq != next)
                        wrong =
                            "message " + std::to_string(message.seq) + " in place of " + std::to_string(next);
                    next = round % 2 == 0 ? next + 1 : next - 1;
                }
                return wrong.empty();
            });
            if (!done || !done->damage.empty())
                wrong = done ? done->damage[0].line() : done.error().line();
            else if (wrong.empty() && next != (round % 2 == 0 ? query.lastSeq + 1 : 0))
                wrong = "it ended at " + std::to_string(next);
            const auto counted = reader->count(query, {});
            if (wrong.empty() && (!counted || counted->matched != query.lastSeq))
                wrong = "it counted " + std::to_string(counted ? counted->matched : 0);
        }
    };
    {
        const std::jthread scanner(scanAll);
        putQuietly(600, 3);
        QVERIFY(passUntil([this] { return blocks() < 60; }));
        QVERIFY(passUntil([&] { return sink->last == 1800; }));
    }
    QVERIFY2(wrong.empty(), wrong.c_str());
    QVERIFY(sink->fine);
    QCOMPARE(follower.status().damagedBlocks, 0U);
    QVERIFY(m_history->sql("SELECT value FROM meta WHERE key = 'generation'") > 20);
    qInfo("%d scans while blocks were merged under them", scans.load());
}

void HistoryCompaction::survivesAFullDisk()
{
    QCOMPARE(m_history->open(), std::string());
    putQuietly(40);
    QCOMPARE(m_history->close(), std::string());
    const auto before = blocks();
    for (const int room : {0, 1, 1000, 5000, 9000, 20000, 40000}) {
        m_disk->failAfter(room, FailingVfs::Fault::DiskFull);
        const auto done = compactHistory(m_history->path(), m_history->clock.now(), [](auto, auto) {});
        QVERIFY2(!done, qPrintable(QString::number(room)));
        QCOMPARE(done.error().code, ErrorCode::DiskFull);
        m_disk->heal();
        compareWithPut();
        QCOMPARE(m_history->integrity(), std::string("ok"));
        QVERIFY(blocks() == before || blocks() < 4);
    }
    // The recording itself goes on, and merges when there is room.
    QCOMPARE(m_history->open(), std::string());
    putQuietly(40);
    m_disk->failAfter(0, FailingVfs::Fault::DiskFull);
    m_history->clock.advance(10s);
    for (int i = 0; i < 20; ++i)
        m_history->pass(100ms);
    m_disk->heal();
    QVERIFY(passUntil([this] { return blocks() < 40; }));
    QVERIFY(passUntil([this] { return !m_history->writer->failure(); }));
    QCOMPARE(m_history->close(), std::string());
    compareWithPut();
    QCOMPARE(damage(), std::string());
}

void HistoryCompaction::leavesDamagedBlocksAlone()
{
    QCOMPARE(m_history->open(), std::string());
    putQuietly(12, 10);
    QCOMPARE(m_history->close(), std::string());
    QCOMPARE(blocks(), 12);
    QVERIFY(m_history->flipBit("block_body", "body", 51, 400, 3));
    const auto done = compactHistory(m_history->path(), m_history->clock.now(), [](auto, auto) {});
    QVERIFY(done);
    QCOMPARE(done->blocks.damagedBlocks, 1U);
    QVERIFY(blocks() < 8);
    std::vector<Error> damage;
    QCOMPARE(m_history->seqs(&damage).size(), 110U);
    QCOMPARE(damage.size(), 1U);
    QVERIFY2(damage[0].line().find("messages 51 to 60") != std::string::npos, damage[0].line().c_str());
    QVERIFY(m_history->flipBit("block_body", "body", 51, 400, 3));
    compareWithPut();
}

void HistoryCompaction::survivesKill()
{
    QCOMPARE(m_history->open(), std::string());
    // Too much at once to be over before the kill.
    for (int i = 0; i < 2000; ++i) {
        m_put.push_back(m_history->traffic->next(4, m_history->clock.now()));
        m_history->put(m_put.back());
        m_history->clock.advance(250ms);
        m_history->writer->tick(m_history->clock.now());
    }
    QCOMPARE(m_history->close(), std::string());
    std::mt19937 random(std::random_device{}());
    int kills = 0;
    for (bool done = false; !done;) {
        QProcess victim;
        victim.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        victim.start(WEIR_VICTIM, {QString::fromStdString(m_history->path().string()), "compact"});
        QVERIFY(victim.waitForReadyRead(20000));
        const bool kill = kills < 12;
        if (kill && !victim.waitForFinished(static_cast<int>(random() % 40) + 1)) {
            victim.kill();
            ++kills;
        }
        QVERIFY(victim.state() == QProcess::NotRunning || victim.waitForFinished(60000));
        done = victim.exitStatus() == QProcess::NormalExit;
        if (done)
            QCOMPARE(victim.exitCode(), 0);
        QCOMPARE(m_history->integrity(), std::string("ok"));
        compareWithPut();
        if (QTest::currentTestFailed())
            return;
    }
    QVERIFY(kills > 0);
    QCOMPARE(blocks(), 2);
    QCOMPARE(damage(), std::string());
}

QTEST_GUILESS_MAIN(HistoryCompaction)
#include "tst_compaction.moc"
