// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/MessageQueue.h"
#include "core/capture/CapturePipeline.h"
#include "core/capture/CoverageLedger.h"
#include "core/latency/LatencyTracker.h"
#include "tests/support/ManualClock.h"

#include <QTest>

#include <string>

using namespace weir;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

class Collector final : public BatchSink
{
public:
    void consume(const std::shared_ptr<const Batch>& batch) override { m_batches.push_back(batch); }
    void tick(Timestamp) override {}
    [[nodiscard]] const Message& first() const { return m_batches.front()->messages.front(); }

private:
    std::vector<std::shared_ptr<const Batch>> m_batches;
};

/// A pipeline from a queue to the latencies; ends when asked for what it found.
class Rig
{
public:
    Rig()
        : m_pipeline(m_queue, m_ledger, EnvelopeReader(EnvelopeRules::defaults(), m_names, {}), m_names,
                     clock, {&messages, &m_tracker}, {})
    {
        m_pipeline.start();
    }
    /// A message of FRA that is received now and says `sent` of itself.
    [[nodiscard]] bool receive(const std::string& sent)
    {
        const std::string headers = "NATS/1.0\r\nCf-Ray: 8a-FRA\r\nX-Edge-Sent-At: " + sent + "\r\n\r\n";
        RawMessage raw;
        raw.time = clock.now();
        raw.subject = "orders";
        raw.headers = headers;
        return m_queue.push(raw);
    }
    [[nodiscard]] bool receive(Timestamp sent) { return receive(std::to_string(toUnixNanos(sent))); }
    [[nodiscard]] PopLatency latency()
    {
        m_pipeline.finish();
        const auto series = m_tracker.series(kNoTime, Timestamp::max(), 100'000);
        return series.size() == 1 ? series.front() : PopLatency();
    }

    test::ManualClock clock;
    Collector messages;

private:
    MessageQueue m_queue;
    CoverageLedger m_ledger;
    std::shared_ptr<Names> m_names = std::make_shared<Names>();
    LatencyTracker m_tracker;
    CapturePipeline m_pipeline;
};

} // namespace

/// Clocks an hour off, from the header of a message to what is said of its PoP.
class TestClockSkew : public QObject
{
    Q_OBJECT
private slots:
    void aClockAheadIsNoLatency();
    void aClockBehindIsDoubted();
    void aSlowMinuteIsNotDoubted();
    void ourOwnStepShowsWhereItHappened_data();
    void ourOwnStepShowsWhereItHappened();
    void aClaimBeyondAllMeasureIsNone_data();
    void aClaimBeyondAllMeasureIsNone();
};

void TestClockSkew::aClockAheadIsNoLatency()
{
    Rig rig;
    for (int i = 0; i < 10; ++i)
        QVERIFY(rig.receive(rig.clock.now() + hours(1)));
    const PopLatency fra = rig.latency();
    QCOMPARE(fra.name, std::string("FRA"));
    QCOMPARE(rig.messages.first().latency(), Nanoseconds(-hours(1))); // as it is: not 0, not wrapped
    QCOMPARE(fra.summary.skewed, std::uint64_t{10});
    QCOMPARE(fra.summary.count, std::uint64_t{0});
    QCOMPARE(fra.summary.p50, kNoDuration);
    QCOMPARE(fra.summary.max, kNoDuration);
    QVERIFY(!fra.summary.doubtsClock());
}

void TestClockSkew::aClockBehindIsDoubted()
{
    Rig rig;
    for (int i = 0; i < 10; ++i)
        QVERIFY(rig.receive(rig.clock.now() - hours(1) - milliseconds(20 + i)));
    const PopLatency fra = rig.latency();
    QCOMPARE(fra.summary.count, std::uint64_t{10});
    QVERIFY(fra.summary.min >= hours(1));
    QVERIFY(fra.summary.doubtsClock());
    QVERIFY(fra.points.front().doubtsClock());
}

void TestClockSkew::aSlowMinuteIsNotDoubted()
{
    Rig rig;
    QVERIFY(rig.receive(rig.clock.now() - milliseconds(20)));
    for (int i = 0; i < 10; ++i)
        QVERIFY(rig.receive(rig.clock.now() - hours(1)));
    const PopLatency fra = rig.latency();
    QCOMPARE(fra.summary.count, std::uint64_t{11});
    QVERIFY(!fra.summary.doubtsClock());
}

void TestClockSkew::ourOwnStepShowsWhereItHappened_data()
{
    QTest::addColumn<int>("step");
    QTest::newRow("forward") << 3600;
    QTest::newRow("back") << -3600;
}

void TestClockSkew::ourOwnStepShowsWhereItHappened()
{
    QFETCH(int, step);
    Rig rig;
    const Timestamp edge = rig.clock.now(); // whose clock goes on as it did
    QVERIFY(rig.receive(edge - milliseconds(20)));
    rig.clock.advance(seconds(step));
    QVERIFY(rig.receive(edge - milliseconds(10)));
    const PopLatency fra = rig.latency();
    QCOMPARE(fra.points.size(), std::size_t{2});
    const LatencyPoint& before = step > 0 ? fra.points.front() : fra.points.back();
    const LatencyPoint& after = step > 0 ? fra.points.back() : fra.points.front();
    QVERIFY(!before.doubtsClock() && before.count == 1 && before.skewed == 0);
    QCOMPARE(after.doubtsClock(), step > 0);
    QCOMPARE(after.skewed, std::uint64_t(step > 0 ? 0 : 1));
}

void TestClockSkew::aClaimBeyondAllMeasureIsNone_data()
{
    QTest::addColumn<QString>("sent");
    QTest::newRow("three centuries ago") << "1690-01-01T00:00:00Z";
    QTest::newRow("before time") << "-9223372036854775807";
    QTest::newRow("zero") << "0";
    QTest::newRow("words") << "yesterday";
}

void TestClockSkew::aClaimBeyondAllMeasureIsNone()
{
    QFETCH(QString, sent);
    Rig rig;
    QVERIFY(rig.receive(sent.toStdString()));
    const PopLatency fra = rig.latency();
    QCOMPARE(rig.messages.first().latency(), kNoDuration);
    QCOMPARE(fra.summary.unknown, std::uint64_t{1});
    QCOMPARE(fra.summary.skewed, std::uint64_t{0});
    QCOMPARE(fra.summary.count, std::uint64_t{0});
}

QTEST_GUILESS_MAIN(TestClockSkew)
#include "tst_clockskew.moc"
