// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/HistoryFollower.h"
#include "tests/core/history/HistoryFixture.h"
#include "tests/support/FailingVfs.h"

#include <QFileInfo>
#include <QtTest>

#include <future>

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

/// The oldest blocks go when they are too old or too many, the file shrinks, and what is gone is said.
class HistoryRetention : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void expiresByAge();
    void expiresAllThatIsOldAndGoesOnBehind();
    void expiresBySizeAndTheFileShrinks();
    void takesLargePayloadsAlong();
    void oneGapHoweverManyBlocks();
    void scanMeetsVanishedBlocks_data();
    void scanMeetsVanishedBlocks();
    void followerGoesOnBehindWhatExpired();
    void refusingDiskIsToldAndTriedAgain();

private:
    void open(Nanoseconds age, std::uint64_t bytes = 0);
    /// Puts `count` messages and lets a flush pass.
    void putAndPass(std::size_t count);
    /// Lets ticks come until `done` gives true.
    template<typename Done>
    bool passUntil(Done&& done)
    {
        return QTest::qWaitFor([&] {
            m_history->pass(100ms);
            return done();
        });
    }
    [[nodiscard]] std::optional<Gap> expired() const;
    [[nodiscard]] qint64 fileSize() const
    {
        return QFileInfo(QString::fromStdString(m_history->path().string())).size();
    }
    std::unique_ptr<FailingVfs> m_disk;
    std::unique_ptr<HistoryFixture> m_history;
};

void HistoryRetention::init()
{
    m_disk = std::make_unique<FailingVfs>();
    m_history = std::make_unique<HistoryFixture>();
}

void HistoryRetention::cleanup()
{
    m_disk->heal();
    m_history->writer.reset();
    m_history.reset();
    m_disk.reset();
}

void HistoryRetention::open(Nanoseconds age, std::uint64_t bytes)
{
    HistoryWriter::Options options;
    options.keep = {age, bytes};
    QCOMPARE(m_history->open(options), std::string());
}

void HistoryRetention::putAndPass(std::size_t count)
{
    m_history->put(count);
    m_history->pass(250ms);
    QTRY_COMPARE(m_history->ledger->snapshot().inFlight(), 0U);
}

std::optional<Gap> HistoryRetention::expired() const
{
    std::optional<Gap> found;
    for (const Gap& gap : m_history->gaps()) {
        if (gap.cause != GapCause::Expired)
            continue;
        if (found)
            qWarning("more than one gap says what expired");
        found = gap;
    }
    return found;
}

void HistoryRetention::expiresByAge()
{
    open(1h);
    const Timestamp began = m_history->clock.now();
    for (int i = 0; i < 6; ++i) {
        putAndPass(100);
        m_history->clock.advance(15min);
    }
    QVERIFY(passUntil([&] { return m_history->seqs().front() > 101; }));
    QCOMPARE(m_history->close(), std::string());
    const auto seqs = m_history->seqs();
    QCOMPARE(seqs.front() % 100, 1U); // whole blocks
    QCOMPARE(seqs.back(), 600U);
    QCOMPARE(seqs.size(), 600U - seqs.front() + 1);
    const auto gap = expired();
    QVERIFY(gap);
    QCOMPARE(gap->messages, std::optional(seqs.front() - 1));
    QCOMPARE(gap->from, began);
    const auto first = m_history->reader()->info()->firstTime;
    QVERIFY(first >= m_history->clock.now() - 1h - 15min);
    QVERIFY(gap->to <= first && gap->to > m_history->clock.now() - 2h);
    QVERIFY2(gap->detail.find("60.0 min") != std::string::npos, gap->detail.c_str());
    QVERIFY(m_history->sql("SELECT value FROM meta WHERE key = 'generation'") > 0);
    for (const char* table : {"block_body", "block_index"})
        QCOMPARE(m_history->sql(std::string("SELECT count(*) FROM ") + table),
                 m_history->sql("SELECT count(*) FROM block"));
    QCOMPARE(m_history->integrity(), std::string("ok"));
}

void HistoryRetention::expiresAllThatIsOldAndGoesOnBehind()
{
    open(10s);
    putAndPass(50);
    const auto reader = m_history->reader();
    QCOMPARE(reader->seqRange()->second, 50U);
    m_history->clock.advance(1min);
    QVERIFY(passUntil([&] { return m_history->seqs().empty(); }));
    QCOMPARE(reader->seqRange()->first, 51U);
    QCOMPARE(reader->seqRange()->second, 50U);
    QCOMPARE(m_history->close(), std::string());
    open(10s);
    QCOMPARE(m_history->writer->firstSeq(), 51U); // seqs never come twice
    putAndPass(5);
    QCOMPARE(m_history->seqs().front(), 51U);
    QCOMPARE(expired()->messages, std::optional<std::uint64_t>(50));
}

void HistoryRetention::expiresBySizeAndTheFileShrinks()
{
    open(0s);
    for (int i = 0; i < 20; ++i)
        putAndPass(8192);
    QCOMPARE(m_history->close(), std::string());
    const qint64 before = fileSize();
    QVERIFY(before > 8'000'000);
    open(0s, 3'000'000);
    QVERIFY(passUntil([&] { return fileSize() < 4'000'000; }));
    QVERIFY(m_history->seqs().size() > 20'000); // and no more than must go
    QCOMPARE(m_history->seqs().back(), 20U * 8192);
    for (int i = 0; i < 20; ++i) {
        putAndPass(8192);
        QVERIFY(passUntil([&] {
            return m_history->sql("SELECT (SELECT page_count FROM pragma_page_count) - (SELECT "
                                  "freelist_count FROM pragma_freelist_count)") < 3'000'000 / 8192;
        }));
    }
    QCOMPARE(m_history->close(), std::string());
    QVERIFY2(fileSize() < 3'500'000, qPrintable(QString::number(fileSize())));
    QCOMPARE(m_history->integrity(), std::string("ok"));
    const auto seqs = m_history->seqs();
    QCOMPARE(seqs.back(), 40U * 8192);
    QCOMPARE(expired()->messages, std::optional<std::uint64_t>(seqs.front() - 1));
    QVERIFY2(expired()->detail.find("3 MB") != std::string::npos, expired()->detail.c_str());
}

void HistoryRetention::takesLargePayloadsAlong()
{
    open(10s);
    m_history->traffic->payloadSize = 100'000;
    putAndPass(10);
    QCOMPARE(m_history->sql("SELECT count(*) FROM large_payload"), 10);
    m_history->clock.advance(8s);
    putAndPass(3);
    m_history->clock.advance(5s);
    QVERIFY(passUntil([&] { return m_history->seqs().size() == 3; }));
    QCOMPARE(m_history->sql("SELECT count(*) FROM large_payload"), 3);
    QCOMPARE(m_history->sql("SELECT min(seq) FROM large_payload"), 11);
}

void HistoryRetention::oneGapHoweverManyBlocks()
{
    open(2s);
    for (int i = 0; i < 200; ++i)
        putAndPass(3);
    QVERIFY(passUntil([&] { return m_history->seqs().empty(); }));
    QCOMPARE(m_history->sql("SELECT count(*) FROM gap WHERE cause = 9"), 1);
    QCOMPARE(expired()->messages, std::optional<std::uint64_t>(600));
    QCOMPARE(m_history->reader()->gaps(expired()->to, Timestamp::max())->size(), 0U);
}

void HistoryRetention::scanMeetsVanishedBlocks_data()
{
    QTest::addColumn<bool>("newestFirst");
    QTest::newRow("oldest first") << false;
    QTest::newRow("newest first") << true;
}

void HistoryRetention::scanMeetsVanishedBlocks()
{
    QFETCH(const bool, newestFirst);
    open(10s);
    for (int i = 0; i < 30; ++i)
        putAndPass(10);
    HistoryQuery query;
    query.order = newestFirst ? Order::NewestFirst : Order::OldestFirst;
    std::vector<std::uint64_t> seen;
    bool gone = false;
    const auto reader = m_history->reader();
    const auto done = reader->scan(query, {}, [&](const std::shared_ptr<const Batch>& batch) {
        for (const Message& message : batch->messages)
            seen.push_back(message.seq);
        if (!std::exchange(gone, true)) {
            m_history->clock.advance(1min);
            gone = passUntil([&] { return m_history->seqs().empty(); });
        }
        return true;
    });
    QVERIFY(gone);
    QVERIFY2(done, done ? "" : done.error().line().c_str());
    QVERIFY2(done->damage.empty(), done->damage.empty() ? "" : done->damage[0].line().c_str());
    QVERIFY(seen.size() >= 10 && seen.size() < 300);
    QCOMPARE(reader->count(query, {})->matched, 0U);
}

void HistoryRetention::followerGoesOnBehindWhatExpired()
{
    struct Sink : BatchSink
    {
        void consume(const std::shared_ptr<const Batch>& batch) override
        {
            last = batch->messages.back().seq;
            count += batch->messages.size();
        }
        std::atomic<std::uint64_t> last{0};
        std::atomic<std::uint64_t> count{0};
    };
    open(10s);
    putAndPass(100);
    const auto sink = std::make_shared<Sink>();
    HistoryFollower::Options options;
    options.path = m_history->path();
    options.pollEvery = 5ms;
    HistoryFollower follower(options, m_history->clock, {sink});
    follower.start();
    QTRY_COMPARE(sink->count.load(), 100U);
    m_history->clock.advance(1min);
    QVERIFY(passUntil([&] { return m_history->seqs().empty(); }));
    putAndPass(10);
    QTRY_COMPARE(sink->last.load(), 110U);
    QCOMPARE(sink->count.load(), 110U);
    const FollowStatus status = follower.status();
    QVERIFY2(!status.error, status.error ? status.error->line().c_str() : "");
    QCOMPARE(status.damagedBlocks, 0U);
}

void HistoryRetention::refusingDiskIsToldAndTriedAgain()
{
    open(10s);
    putAndPass(1000);
    m_history->clock.advance(1min);
    m_disk->failAfter(0, FailingVfs::Fault::DiskFull);
    QVERIFY(passUntil([&] { return m_history->writer->failure().has_value(); }));
    QCOMPARE(m_history->seqs().size(), 1000U); // entirely or not at all
    QVERIFY(!expired());
    m_disk->heal();
    QVERIFY(passUntil([&] { return m_history->seqs().empty() && !m_history->writer->failure(); }));
    QCOMPARE(expired()->messages, std::optional<std::uint64_t>(1000));
    putAndPass(10);
    QCOMPARE(m_history->close(), std::string());
    QCOMPARE(m_history->seqs().size(), 10U);
    QCOMPARE(m_history->integrity(), std::string("ok"));
}

QTEST_GUILESS_MAIN(HistoryRetention)
#include "tst_retention.moc"
