// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/latency/LatencyTracker.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <random>
#include <string>
#include <thread>

using namespace weir;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const Timestamp kStart = fromUnixNanos(1'800'000'000'000'000'000); // a whole minute

/// A message of PoP `pop` (0: none) that came at `time` after `latency`.
Message message(Timestamp time, std::uint32_t pop, Nanoseconds latency)
{
    static const std::vector<std::string> names = [] {
        std::vector<std::string> made{""};
        for (int i = 1; i <= 2000; ++i)
            made.push_back("P" + std::to_string(i));
        return made;
    }();
    Message made;
    made.time = time;
    made.sent = latency == kNoDuration ? kNoTime : time - latency;
    made.pop = PopId{pop};
    made.popName = names[pop];
    return made;
}

void feed(LatencyTracker& tracker, std::vector<Message> messages)
{
    auto batch = std::make_shared<Batch>();
    batch->messages = std::move(messages);
    tracker.consume(batch);
}

} // namespace

class TestLatencyTracker : public QObject
{
    Q_OBJECT
private slots:
    void emptyHasNoSeries();
    void countsEveryMessageOnce();
    void percentilesAgreeWithSortingAcrossTiers();
    void pointsAreBoundedAndRound_data();
    void pointsAreBoundedAndRound();
    void olderDataIsCoarserAndLetGo();
    void lateMessagesFindTheirSecond();
    void memoryStaysWithinTheBudget();
    void manyPopsCountTogether();
    void readableWhileFed();
    void cost();
};

void TestLatencyTracker::emptyHasNoSeries()
{
    LatencyTracker tracker;
    tracker.tick(kStart);
    QVERIFY(tracker.series(Timestamp::min(), Timestamp::max(), 100).empty());
    QCOMPARE(tracker.oldest(), kNoTime);
    QCOMPARE(tracker.keptFrom(), kNoTime);
}

void TestLatencyTracker::countsEveryMessageOnce()
{
    LatencyTracker tracker;
    feed(tracker, {message(kStart, 1, milliseconds(10)), message(kStart, 1, kNoDuration),
                   message(kStart, 1, milliseconds(-5)), message(kStart + seconds(1), 1, milliseconds(30)),
                   message(kStart, 0, milliseconds(20))});
    const auto series = tracker.series(kStart, kStart + seconds(10), 100);
    QCOMPARE(series.size(), std::size_t{2});
    QCOMPARE(series[0].name, std::string("P1"));
    QCOMPARE(series[0].pop, PopId{1});
    QCOMPARE(series[0].summary.count, std::uint64_t{2});
    QCOMPARE(series[0].summary.unknown, std::uint64_t{1});
    QCOMPARE(series[0].summary.skewed, std::uint64_t{1});
    QCOMPARE(series[0].summary.max, Nanoseconds(milliseconds(30)));
    QCOMPARE(series[0].points.size(), std::size_t{2});
    QCOMPARE(series[0].points[0].time, kStart);
    QCOMPARE(series[0].points[0].max, Nanoseconds(milliseconds(10)));
    QCOMPARE(series[1].name, std::string("no PoP"));
    QCOMPARE(series[1].summary.count, std::uint64_t{1});
    QVERIFY(tracker.series(kStart + seconds(2), kStart + seconds(10), 100).empty());
    // Nothing but unknown ones: a point without percentiles.
    feed(tracker, {message(kStart + seconds(5), 2, kNoDuration)});
    const auto quiet = tracker.series(kStart + seconds(5), kStart + seconds(6), 100);
    QCOMPARE(quiet.size(), std::size_t{1});
    QCOMPARE(quiet[0].points[0].p99, kNoDuration);
}

void TestLatencyTracker::percentilesAgreeWithSortingAcrossTiers()
{
    LatencyTracker::Options options;
    options.perSecondFor = seconds(60);
    options.perTenSecondsFor = seconds(300);
    LatencyTracker tracker(options);
    std::mt19937_64 random(3);
    std::lognormal_distribution<double> distribution(17, 1);
    std::vector<std::int64_t> exact;
    for (int second = 0; second < 900; ++second) {
        std::vector<Message> messages;
        for (int i = 0; i < 20; ++i) {
            exact.push_back(static_cast<std::int64_t>(distribution(random)));
            messages.push_back(message(kStart + seconds(second), 1, Nanoseconds(exact.back())));
        }
        feed(tracker, std::move(messages));
    }
    const auto series = tracker.series(kStart, kStart + seconds(900), 50);
    QCOMPARE(series.size(), std::size_t{1});
    std::sort(exact.begin(), exact.end());
    const auto near = [&](Nanoseconds have, double percent) {
        const auto wanted = static_cast<double>(
            exact[static_cast<std::size_t>(percent * static_cast<double>(exact.size()) / 100) - 1]);
        return std::abs(static_cast<double>(have.count()) - wanted) <= wanted * 0.01;
    };
    QVERIFY(near(series[0].summary.p50, 50));
    QVERIFY(near(series[0].summary.p90, 90));
    QVERIFY(near(series[0].summary.p99, 99));
    QCOMPARE(series[0].summary.max.count(), exact.back());
    QCOMPARE(series[0].summary.count, std::uint64_t{18'000});
    std::uint64_t sum = 0;
    for (const LatencyPoint& point : series[0].points)
        sum += point.count;
    QCOMPARE(sum, std::uint64_t{18'000});
}

void TestLatencyTracker::pointsAreBoundedAndRound_data()
{
    QTest::addColumn<int>("points");
    QTest::addColumn<int>("offset");
    QTest::addColumn<qint64>("width");
    QTest::newRow("as fine as it is") << 1000 << 0 << qint64{1};
    QTest::newRow("exact fit") << 300 << 0 << qint64{1};
    QTest::newRow("one too many") << 299 << 0 << qint64{2};
    QTest::newRow("unaligned") << 31 << 5 << qint64{10};
    QTest::newRow("one") << 1 << 0 << qint64{300};
    QTest::newRow("none is one") << 0 << 0 << qint64{300};
}

void TestLatencyTracker::pointsAreBoundedAndRound()
{
    QFETCH(int, points);
    QFETCH(int, offset);
    QFETCH(qint64, width);
    LatencyTracker tracker;
    for (int second = 0; second < 400; ++second)
        feed(tracker, {message(kStart + seconds(second), 1, milliseconds(second))});
    const auto from = kStart + seconds(offset);
    const auto series = tracker.series(from, from + seconds(300), static_cast<std::size_t>(points));
    QVERIFY(series[0].points.size() <= static_cast<std::size_t>(std::max(points, 1)));
    for (const LatencyPoint& point : series[0].points) {
        QCOMPARE(point.width, Nanoseconds(seconds(width)));
        QCOMPARE((point.time - kStart) % point.width, Nanoseconds(0));
    }
    QCOMPARE(series[0].summary.count, std::uint64_t{300});
}

void TestLatencyTracker::olderDataIsCoarserAndLetGo()
{
    LatencyTracker::Options options;
    options.perSecondFor = seconds(60);
    options.perTenSecondsFor = seconds(600);
    options.keepFor = seconds(1800);
    LatencyTracker tracker(options);
    for (int second = 0; second < 3600; ++second) {
        feed(tracker, {message(kStart + seconds(second), 1, milliseconds(1))});
        if (second == 1700)
            QCOMPARE(tracker.keptFrom(), kNoTime); // coarser is not gone
    }
    const auto series = tracker.series(Timestamp::min(), Timestamp::max(), 100'000);
    QCOMPARE(series[0].points.front().width, Nanoseconds(seconds(60)));
    QCOMPARE(series[0].points.back().width, Nanoseconds(seconds(1)));
    QVERIFY(tracker.oldest() >= kStart + seconds(1700));
    QVERIFY(tracker.oldest() <= kStart + seconds(1800));
    QCOMPARE(tracker.newest(), kStart + seconds(3599));
    QCOMPARE(tracker.keptFrom(), tracker.oldest());
    tracker.tick(kStart + seconds(3599 + 1900));
    QVERIFY(tracker.series(Timestamp::min(), Timestamp::max(), 10).empty());
}

void TestLatencyTracker::lateMessagesFindTheirSecond()
{
    LatencyTracker::Options options;
    options.perSecondFor = seconds(60);
    LatencyTracker tracker(options);
    for (int second = 0; second < 300; ++second)
        feed(tracker, {message(kStart + seconds(second), 1, milliseconds(1))});
    feed(tracker, {message(kStart + seconds(5), 1, milliseconds(9)),
                   message(kStart + seconds(299), 1, milliseconds(7)),
                   message(kStart + seconds(290), 2, milliseconds(3)),
                   message(kStart - seconds(100), 1, milliseconds(8))});
    const auto all = tracker.series(Timestamp::min(), Timestamp::max(), 1000);
    QCOMPARE(all[0].summary.count, std::uint64_t{303});
    QCOMPARE(tracker.series(kStart + seconds(290), kStart + seconds(291), 10).size(), std::size_t{2});
    const auto newest = tracker.series(kStart + seconds(299), kStart + seconds(300), 10);
    QCOMPARE(newest[0].summary.count, std::uint64_t{2});
    QCOMPARE(newest[0].summary.max, Nanoseconds(milliseconds(7)));
    for (std::size_t i = 1; i < all[0].points.size(); ++i)
        QVERIFY(all[0].points[i].time >= all[0].points[i - 1].time + all[0].points[i - 1].width);
}

void TestLatencyTracker::memoryStaysWithinTheBudget()
{
    LatencyTracker::Options options;
    options.memoryBudget = std::size_t{1} << 20;
    LatencyTracker tracker(options);
    std::mt19937_64 random(3);
    std::lognormal_distribution<double> distribution(17, 1);
    for (int second = 0; second < 600; ++second) {
        std::vector<Message> messages;
        for (std::uint32_t i = 0; i < 1000; ++i)
            messages.push_back(message(kStart + seconds(second), 1 + i % 50,
                                       Nanoseconds(static_cast<std::int64_t>(distribution(random)))));
        feed(tracker, std::move(messages));
        QVERIFY(tracker.memory() <= options.memoryBudget);
    }
    std::uint64_t count = 0;
    for (const PopLatency& pop : tracker.series(Timestamp::min(), Timestamp::max(), 100))
        count += pop.summary.count;
    QVERIFY2(count >= 100'000, qPrintable(QString::number(count)));
    qInfo("1 MiB holds %.0f s of 50 PoPs at 1000 msg/s", static_cast<double>(count) / 1000);
}

void TestLatencyTracker::manyPopsCountTogether()
{
    LatencyTracker::Options options;
    options.maxPops = 10;
    LatencyTracker tracker(options);
    std::vector<Message> messages;
    for (std::uint32_t pop = 1; pop <= 1000; ++pop)
        messages.push_back(message(kStart, pop, milliseconds(pop)));
    feed(tracker, std::move(messages));
    const auto series = tracker.series(kStart, kStart + seconds(1), 10);
    QCOMPARE(series.size(), std::size_t{11});
    QCOMPARE(series[0].name, std::string("other PoPs"));
    QCOMPARE(series[0].summary.count, std::uint64_t{990});
}

void TestLatencyTracker::readableWhileFed()
{
    LatencyTracker tracker;
    std::atomic<bool> ended = false;
    std::thread reader([&] {
        while (!ended) {
            for (const PopLatency& pop : tracker.series(Timestamp::min(), Timestamp::max(), 50)) {
                std::uint64_t sum = 0;
                for (const LatencyPoint& point : pop.points)
                    sum += point.count;
                if (sum != pop.summary.count)
                    std::abort();
            }
        }
    });
    for (int second = 0; second < 200; ++second)
        feed(tracker,
             std::vector<Message>(100, message(kStart + seconds(second),
                                               1 + static_cast<std::uint32_t>(second % 3), milliseconds(5))));
    ended = true;
    reader.join();
    std::uint64_t count = 0;
    for (const PopLatency& pop : tracker.series(Timestamp::min(), Timestamp::max(), 50))
        count += pop.summary.count;
    QCOMPARE(count, std::uint64_t{20'000});
}

void TestLatencyTracker::cost()
{
    LatencyTracker tracker;
    std::mt19937_64 random(3);
    std::vector<Message> messages;
    for (std::uint32_t i = 0; i < 4096; ++i)
        messages.push_back(
            message(kStart, 1 + i % 30, Nanoseconds(static_cast<std::int64_t>(random() % 400'000'000))));
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < 100; ++i) {
        for (Message& each : messages) {
            each.time += milliseconds(20);
            each.sent += milliseconds(20);
        }
        auto batch = std::make_shared<Batch>();
        batch->messages = messages;
        tracker.consume(batch);
    }
    qInfo("%.1f ns a message", static_cast<double>(timer.nsecsElapsed()) / 409'600);
    QCOMPARE(tracker.series(Timestamp::min(), Timestamp::max(), 10).size(), std::size_t{30});
}

QTEST_GUILESS_MAIN(TestLatencyTracker)
#include "tst_latencytracker.moc"
