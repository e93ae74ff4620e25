// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/HistoryCheck.h"
#include "core/history/HistoryFollower.h"
#include "core/history/Schema.h"
#include "tests/core/history/HistoryFixture.h"
#include "tests/support/FailingVfs.h"

#include <QtTest>

#include <map>
#include <numeric>

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

/// Each subject stays as long as its own rule says, whatever block its messages share with others.
class SubjectRetentionTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void eachByItsOwnRule();
    void theFirstRuleThatMatchesCounts();
    void whatIsLeftIsMergedAgain();
    void theNewestMayExpireBeforeOlderOnes();
    void damageStaysUntilAllOfItIsOver();
    void refusingDiskLosesNothing();

private:
    void open(std::vector<KeepRule> rules, Nanoseconds rest = 0s);
    /// `count` messages of each subject, mixed, committed together.
    void putAndPass(const std::vector<std::string>& subjects, int count);
    template<typename Done>
    bool passUntil(Done&& done)
    {
        return QTest::qWaitFor([&] {
            m_history->pass(100ms);
            return done();
        });
    }
    /// How many messages of each subject can be read.
    [[nodiscard]] std::map<std::string, int> left() const;
    [[nodiscard]] int left(const std::string& subject) const { return left()[subject]; }
    /// What a full check says: nothing; and all that was ever stored is there or said to have expired.
    [[nodiscard]] std::string damage() const;
    [[nodiscard]] std::optional<Gap> gapOf(const std::string& detail) const;

    std::unique_ptr<FailingVfs> m_disk;
    std::unique_ptr<HistoryFixture> m_history;
};

void SubjectRetentionTest::init()
{
    m_disk = std::make_unique<FailingVfs>();
    m_history = std::make_unique<HistoryFixture>();
}

void SubjectRetentionTest::cleanup()
{
    m_disk->heal();
    m_history->writer.reset();
    m_history.reset();
    m_disk.reset();
}

void SubjectRetentionTest::open(std::vector<KeepRule> rules, Nanoseconds rest)
{
    HistoryWriter::Options options;
    options.keep.age = rest;
    options.keep.subjects = std::move(rules);
    QCOMPARE(m_history->open(options), std::string());
}

void SubjectRetentionTest::putAndPass(const std::vector<std::string>& subjects, int count)
{
    for (int i = 0; i < count; ++i) {
        for (const std::string& subject : subjects) {
            Message message;
            message.time = m_history->clock.now();
            message.payload = "some payload";
            m_history->put(m_history->traffic->own({message}, subject));
        }
    }
    m_history->pass(250ms);
    QTRY_COMPARE(m_history->ledger->snapshot().inFlight(), 0U);
}

std::map<std::string, int> SubjectRetentionTest::left() const
{
    std::map<std::string, int> counts;
    const auto reader = m_history->reader();
    const auto done = reader->scan({}, {}, [&](const std::shared_ptr<const Batch>& batch) {
        for (const Message& message : batch->messages)
            ++counts[std::string(message.subjectName)];
        return true;
    });
    if (!done)
        qWarning("%s", done.error().line().c_str());
    return counts;
}

std::string SubjectRetentionTest::damage() const
{
    auto database = openForReading(m_history->path());
    std::string found;
    const auto done =
        HistoryCheck(*database, [&](const HistoryDamage& d) { found += d.what.front() + "; "; }, {}).run();
    const auto stored = m_history->sql("SELECT sum(stored) FROM recording");
    if (stored != m_history->sql("SELECT (SELECT coalesce(sum(count), 0) FROM block) + (SELECT "
                                 "coalesce(sum(messages), 0) FROM gap WHERE cause = 9)"))
        found += "the counts do not add up";
    return done ? found : done.error().line();
}

std::optional<Gap> SubjectRetentionTest::gapOf(const std::string& detail) const
{
    std::optional<Gap> found;
    for (const Gap& gap : m_history->gaps()) {
        if (gap.detail != "removed on purpose: " + detail)
            continue;
        if (found)
            qWarning("two gaps say the same");
        found = gap;
    }
    return found;
}

void SubjectRetentionTest::eachByItsOwnRule()
{
    open({{"telemetry.>", 1h}, {"audit.*", 0s}}, 3h);
    const Timestamp began = m_history->clock.now();
    Message large;
    const std::string bytes(100'000, 'x');
    large.payload = bytes;
    for (const char* subject : {"telemetry.a", "audit.x"}) {
        large.time = began;
        m_history->put(m_history->traffic->own({large}, subject));
    }
    putAndPass({"telemetry.a", "audit.x", "orders", "telemetry.b.c"}, 100);
    m_history->clock.advance(50min);
    putAndPass({"telemetry.a"}, 70); // a block of which all goes
    putAndPass({"telemetry.b", "orders"}, 30);
    m_history->clock.advance(15min);
    QVERIFY(passUntil([&] { return left("telemetry.b.c") == 0; }));
    const std::map<std::string, int> first{
        {"audit.x", 101}, {"orders", 130}, {"telemetry.a", 70}, {"telemetry.b", 30}};
    QCOMPARE(left(), first);
    QCOMPARE(m_history->sql("SELECT count(*) FROM large_payload"), 1);
    const auto gap = gapOf("of telemetry.> this history keeps the last 60.0 min");
    QVERIFY(gap);
    QCOMPARE(gap->messages, std::optional<std::uint64_t>(201));
    QCOMPARE(gap->cause, GapCause::Expired);
    QCOMPARE(gap->from, began);
    QVERIFY(gap->to > began && gap->to <= began + 1s);
    QCOMPARE(damage(), std::string());

    m_history->clock.advance(50min);
    QVERIFY(passUntil([&] { return left("telemetry.b") == 0; }));
    QCOMPARE(left(), (std::map<std::string, int>{{"audit.x", 101}, {"orders", 130}}));
    m_history->clock.advance(2h);
    QVERIFY(passUntil([&] { return left("orders") == 0; }));
    QCOMPARE(left(), (std::map<std::string, int>{{"audit.x", 101}}));
    QCOMPARE(gapOf("of telemetry.> this history keeps the last 60.0 min")->messages,
             std::optional<std::uint64_t>(301));
    QCOMPARE(gapOf("this history keeps the last 3.00 h")->messages, std::optional<std::uint64_t>(130));
    QCOMPARE(m_history->gaps().size(), 2U);
    QCOMPARE(damage(), std::string());
    QCOMPARE(m_history->close(), std::string());
    QCOMPARE(m_history->integrity(), std::string("ok"));
    // What they summed up to stays.
    std::uint64_t summed = 0;
    const auto sums = m_history->reader()->sums(Timestamp::min(), Timestamp::max(), kMinuteSlot, {},
                                                [&summed](const RollupSlot& slot) {
                                                    for (const RollupCell& cell : slot.cells)
                                                        summed += cell.count;
                                                    return true;
                                                });
    QVERIFY2(sums, sums ? "" : sums.error().line().c_str());
    QCOMPARE(summed, 532U);
    // The next recording goes on with the same gaps, and no seq comes twice.
    open({{"telemetry.>", 1h}, {"audit.*", 0s}}, 3h);
    QCOMPARE(m_history->writer->firstSeq(), 533U);
    putAndPass({"telemetry.a", "audit.x"}, 5);
    m_history->clock.advance(2h);
    QVERIFY(passUntil([&] { return left("telemetry.a") == 0; }));
    QCOMPARE(gapOf("of telemetry.> this history keeps the last 60.0 min")->messages,
             std::optional<std::uint64_t>(306));
    QCOMPARE(damage(), std::string());
}

void SubjectRetentionTest::theFirstRuleThatMatchesCounts()
{
    open({{"plant.*.alarm", 0s}, {"plant.>", 1min}});
    putAndPass({"plant.a.alarm", "plant.a.value", "other"}, 10);
    m_history->clock.advance(2min);
    QVERIFY(passUntil([&] { return left("plant.a.value") == 0; }));
    QCOMPARE(left(), (std::map<std::string, int>{{"plant.a.alarm", 10}, {"other", 10}}));
    QCOMPARE(damage(), std::string());
}

void SubjectRetentionTest::whatIsLeftIsMergedAgain()
{
    open({{"telemetry", 1min}});
    for (int i = 0; i < 40; ++i) {
        putAndPass({"telemetry"}, 150);
        putAndPass({"audit", "telemetry"}, 1);
    }
    m_history->clock.advance(5min);
    QVERIFY(passUntil([&] { return left("telemetry") == 0; }));
    QVERIFY(passUntil([&] { return m_history->sql("SELECT count(*) FROM block") < 20; }));
    QCOMPARE(left(), (std::map<std::string, int>{{"audit", 40}}));
    QCOMPARE(damage(), std::string());
}

void SubjectRetentionTest::theNewestMayExpireBeforeOlderOnes()
{
    struct Sink : BatchSink
    {
        void consume(const std::shared_ptr<const Batch>& batch) override
        {
            last = batch->messages.back().seq;
        }
        std::atomic<std::uint64_t> last{0};
    };
    open({{"telemetry", 10s}});
    putAndPass({"audit", "telemetry"}, 10); // the last one is of telemetry
    putAndPass({"telemetry"}, 10);
    const auto sink = std::make_shared<Sink>();
    HistoryFollower::Options options;
    options.path = m_history->path();
    options.pollEvery = 5ms;
    HistoryFollower follower(options, m_history->clock, {sink});
    follower.start();
    QTRY_COMPARE(sink->last.load(), 30U);
    m_history->clock.advance(1min);
    QVERIFY(passUntil([&] { return left("telemetry") == 0; }));
    QCOMPARE(m_history->reader()->seqRange()->first, 1U);
    QCOMPARE(m_history->reader()->seqRange()->second, 30U);
    putAndPass({"audit"}, 5);
    QTRY_COMPARE(sink->last.load(), 35U);
    const FollowStatus status = follower.status();
    QVERIFY2(!status.error, status.error ? status.error->line().c_str() : "");
    QCOMPARE(status.damagedBlocks, 0U);
    follower.stop();
    m_history->clock.advance(1min);
    QCOMPARE(m_history->close(), std::string());
    open({{"telemetry", 10s}, {"audit", 10s}});
    QCOMPARE(m_history->writer->firstSeq(), 36U);
    QCOMPARE(damage(), std::string());
    m_history->sql("INSERT INTO trace_group VALUES(1, 35, 1, 0, 0)");
    QVERIFY(passUntil([&] { return left("audit") == 0; }));
    QCOMPARE(m_history->sql("SELECT count(*) FROM trace_group"), 0);
}

void SubjectRetentionTest::damageStaysUntilAllOfItIsOver()
{
    open({{"telemetry", 1min}}, 1h);
    putAndPass({"audit", "telemetry"}, 100);
    putAndPass({"audit", "telemetry"}, 50);
    QVERIFY(m_history->flipBit("block_body", "body", 1, 100, 3));
    m_history->clock.advance(5min);
    QVERIFY(passUntil([&] { return m_history->sql("SELECT count FROM block WHERE first_seq = 201") == 50; }));
    QCOMPARE(m_history->sql("SELECT count FROM block WHERE first_seq = 1"), 200);
    QVERIFY(!m_history->writer->failure());
    m_history->clock.advance(1h);
    QVERIFY(passUntil([&] { return m_history->sql("SELECT count(*) FROM block") == 0; }));
    QCOMPARE(damage(), std::string());
    QCOMPARE(gapOf("this history keeps the last 60.0 min")->messages, std::optional<std::uint64_t>(250));
}

void SubjectRetentionTest::refusingDiskLosesNothing()
{
    open({{"telemetry", 10s}});
    for (int i = 0; i < 5; ++i)
        putAndPass({"audit", "telemetry"}, 300);
    m_history->clock.advance(1min);
    for (const int room : {0, 5'000, 20'000, 40'000}) {
        m_disk->failAfter(room, FailingVfs::Fault::ShortWrite);
        QVERIFY(passUntil([&] { return m_history->writer->failure() || left("telemetry") == 0; }));
        QCOMPARE(left("audit"), 1500);
        m_disk->heal();
        QCOMPARE(damage(), std::string());
        m_history->clock.advance(6s);
    }
    QVERIFY(passUntil([&] { return left("telemetry") == 0 && !m_history->writer->failure(); }));
    QCOMPARE(left(), (std::map<std::string, int>{{"audit", 1500}}));
    QCOMPARE(damage(), std::string());
    QCOMPARE(m_history->close(), std::string());
    QCOMPARE(m_history->integrity(), std::string("ok"));
}

QTEST_GUILESS_MAIN(SubjectRetentionTest)
#include "tst_subjectretention.moc"
