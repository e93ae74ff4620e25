// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/ManualClock.h"
#include "tests/support/WarningFreeTest.h"
#include "tests/ui/OneBatchReader.h"
#include "ui/models/RateTimeline.h"
#include "ui/models/ViewState.h"

#include <QSignalSpy>
#include <QTest>

#include <numeric>
#include <optional>

using namespace weir;
using namespace std::chrono_literals;

/// Rate and gaps over the range, from a history in memory.
class TestRateTimeline : public test::WarningFreeTest
{
    Q_OBJECT

private slots:
    void widthsKeepTheStripSmall();
    void countsFallIntoTheirBuckets();
    void bucketsForgetWhatIsOld();
    void nothingWithoutAHistory();
    void liveRangeIsCountedWithItsGaps();
    void changeOfRangeReadsAnew();

private:
    /// `perSecond` messages in each of the last `seconds` seconds before `end`.
    static std::shared_ptr<test::HistoryContent> steady(Timestamp end, int seconds, int perSecond);
    static std::uint64_t sum(const RateSnapshot& shot)
    {
        return std::accumulate(shot.counts.begin(), shot.counts.end(), std::uint64_t{0});
    }
    static std::shared_ptr<Batch> batchOf(std::initializer_list<Timestamp> times);
};

std::shared_ptr<test::HistoryContent> TestRateTimeline::steady(Timestamp end, int seconds, int perSecond)
{
    auto content = std::make_shared<test::HistoryContent>();
    const auto total = static_cast<std::uint64_t>(seconds * perSecond);
    for (std::uint64_t i = 0; i < total; ++i) {
        Message message;
        message.seq = i + 1;
        message.time =
            end - std::chrono::seconds(seconds) + Nanoseconds(1s) * static_cast<int>(i) / perSecond;
        content->messages.push_back(message);
    }
    return content;
}

std::shared_ptr<Batch> TestRateTimeline::batchOf(std::initializer_list<Timestamp> times)
{
    auto batch = std::make_shared<Batch>();
    for (const Timestamp time : times) {
        Message message;
        message.time = time;
        batch->messages.push_back(message);
    }
    return batch;
}

void TestRateTimeline::widthsKeepTheStripSmall()
{
    for (const Nanoseconds span : {Nanoseconds(10ms), Nanoseconds(1min), Nanoseconds(5min), Nanoseconds(24h),
                                   Nanoseconds(24h * 300)}) {
        const Nanoseconds width = bucketWidthFor(span);
        QVERIFY(span / width <= 320);
        QCOMPARE(Nanoseconds(24h) % width, Nanoseconds(0));
    }
    QCOMPARE(bucketWidthFor(5min), Nanoseconds(1s));
}

void TestRateTimeline::countsFallIntoTheirBuckets()
{
    const Timestamp from = fromUnixNanos(1'000'000'000'000);
    RateBuckets buckets("h.db", FollowRange::fixed(from, from + 5min), &HistoryReader::open);
    buckets.consume(batchOf({from, from + 1s, from + 1s + 1ms, from + 299s + 999ms}));
    const RateSnapshot shot = buckets.snapshot(from, from + 5min);
    QCOMPARE(shot.counts.size(), std::size_t{300});
    QCOMPARE(shot.counts[0], 1U);
    QCOMPARE(shot.counts[1], 2U);
    QCOMPARE(shot.counts[299], 1U);
    QCOMPARE(shot.peak(), 2U);
    QCOMPARE(shot.rate(1), 2.0);
}

void TestRateTimeline::bucketsForgetWhatIsOld()
{
    const Timestamp start = fromUnixNanos(1'000'000'000'000);
    RateBuckets buckets("h.db", FollowRange::live(5min), &HistoryReader::open);
    for (int minute = 0; minute < 60; ++minute)
        buckets.consume(batchOf({start + minute * 1min}));
    const Timestamp now = start + 59min + 1s;
    QCOMPARE(sum(buckets.snapshot(now - 5min, now)), std::uint64_t{5});
    // Twice the range is kept, no more: memory does not grow.
    QCOMPARE(sum(buckets.snapshot(start, start + 5min)), std::uint64_t{0});
}

void TestRateTimeline::nothingWithoutAHistory()
{
    ViewState state;
    test::ManualClock clock;
    const RateTimeline timeline(state, clock);
    QVERIFY(timeline.snapshot().isEmpty());
    QCOMPARE(timeline.status().state, FollowStatus::State::Stopped);
    QVERIFY(!timeline.names());
}

void TestRateTimeline::liveRangeIsCountedWithItsGaps()
{
    ViewState state;
    test::ManualClock clock;
    const auto content = steady(clock.now(), 60, 10);
    content->gaps.push_back({clock.now() - 40s, clock.now() - 30s, GapCause::Disconnected, 7, false, {}});
    content->gaps.push_back({clock.now() - 2h, clock.now() - 1h, GapCause::Disconnected, 7, false, {}});
    RateTimeline timeline(state, clock, test::OneBatchReader::opener(content));
    state.setHistory("any.db");
    QTRY_COMPARE(sum(timeline.snapshot()), std::uint64_t{600});
    QTRY_COMPARE(timeline.snapshot().gaps.size(), std::size_t{1});
    QCOMPARE(timeline.snapshot().peak(), 10U);
    QTRY_COMPARE(timeline.snapshot().begins, clock.now() - 60s);
    QTRY_COMPARE(timeline.status().state, FollowStatus::State::Following);
    QVERIFY(timeline.names());
}

void TestRateTimeline::changeOfRangeReadsAnew()
{
    ViewState state;
    test::ManualClock clock;
    RateTimeline timeline(state, clock, test::OneBatchReader::opener(steady(clock.now(), 60, 10)));
    QSignalSpy changed(&timeline, &RateTimeline::changed);
    state.setHistory("any.db");
    TimeRange range;
    range.live = false;
    range.from = clock.now() - 20s;
    range.to = clock.now() - 10s;
    state.setRange(range);
    QTRY_COMPARE(sum(timeline.snapshot()), std::uint64_t{100});
    QTRY_COMPARE(timeline.status().state, FollowStatus::State::Done);
    QVERIFY(changed.count() >= 1);
}

QTEST_GUILESS_MAIN(TestRateTimeline)
#include "tst_ratetimeline.moc"
