// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/latency/Histogram.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using namespace weir;

class TestHistogram : public QObject
{
    Q_OBJECT
private slots:
    void bucketsAdjoinAndAreNarrow();
    void percentilesAgreeWithSorting_data();
    void percentilesAgreeWithSorting();
    void mergingIsAdding();
    void emptyAndCleared();
    void longestIsExact();
};

void TestHistogram::bucketsAdjoinAndAreNarrow()
{
    for (std::size_t i = 0; i + 1 < HistogramScale::kBuckets; ++i) {
        const std::uint64_t low = HistogramScale::lowest(i);
        const std::uint64_t high = HistogramScale::highest(i);
        QCOMPARE(HistogramScale::indexOf(low), static_cast<std::uint16_t>(i));
        QCOMPARE(HistogramScale::indexOf(high), static_cast<std::uint16_t>(i));
        QCOMPARE(HistogramScale::lowest(i + 1), high + 1);
        QVERIFY(static_cast<double>(high - low) <= 0.01 * static_cast<double>(low));
    }
    QCOMPARE(HistogramScale::indexOf(UINT64_MAX), static_cast<std::uint16_t>(HistogramScale::kBuckets - 1));
}

void TestHistogram::percentilesAgreeWithSorting_data()
{
    QTest::addColumn<double>("mean");
    QTest::addColumn<double>("spread");
    QTest::newRow("microseconds") << std::log(40e3) << 0.8;
    QTest::newRow("milliseconds") << std::log(30e6) << 1.0;
    QTest::newRow("seconds") << std::log(2e9) << 2.0;
}

void TestHistogram::percentilesAgreeWithSorting()
{
    QFETCH(double, mean);
    QFETCH(double, spread);
    std::mt19937_64 random(7);
    std::lognormal_distribution<double> distribution(mean, spread);
    Histogram histogram;
    std::vector<std::int64_t> exact;
    for (int i = 0; i < 20'000; ++i) {
        exact.push_back(static_cast<std::int64_t>(distribution(random)));
        histogram.record(Nanoseconds(exact.back()));
    }
    std::sort(exact.begin(), exact.end());
    for (const double percent : {0.0, 1.0, 50.0, 90.0, 99.0, 99.9, 100.0}) {
        const double rank =
            std::max(1.0, std::floor(percent / 100 * static_cast<double>(exact.size()) + 0.5));
        const auto wanted = static_cast<double>(exact[static_cast<std::size_t>(rank) - 1]);
        const auto have = static_cast<double>(histogram.percentile(percent).count());
        QVERIFY2(std::abs(have - wanted) <= std::max(1000.0, wanted * 0.01),
                 qPrintable(QString("p%1: %2 for %3").arg(percent).arg(have).arg(wanted)));
    }
    QCOMPARE(histogram.max().count(), exact.back());
}

void TestHistogram::mergingIsAdding()
{
    Histogram left;
    Histogram right;
    Histogram both;
    for (int i = 1; i <= 1000; ++i) {
        const auto value = std::chrono::microseconds(i * i);
        (i % 3 == 0 ? left : right).record(value);
        both.record(value);
    }
    right.forEach([&left](std::uint16_t index, std::uint64_t count) { left.add(index, count); });
    left.noteMax(right.max());
    QCOMPARE(left.total(), both.total());
    for (const double percent : {10.0, 50.0, 99.0, 100.0})
        QCOMPARE(left.percentile(percent), both.percentile(percent));
}

void TestHistogram::emptyAndCleared()
{
    Histogram histogram;
    QCOMPARE(histogram.percentile(50), kNoDuration);
    QCOMPARE(histogram.max(), kNoDuration);
    histogram.record(std::chrono::seconds(1));
    histogram.clear();
    QCOMPARE(histogram.total(), std::uint64_t{0});
    QCOMPARE(histogram.percentile(50), kNoDuration);
    histogram.record(Nanoseconds(0));
    QCOMPARE(histogram.percentile(50), Nanoseconds(0));
}

void TestHistogram::longestIsExact()
{
    Histogram histogram;
    histogram.record(std::chrono::hours(48));
    QCOMPARE(histogram.percentile(99), Nanoseconds(std::chrono::hours(48)));
}

QTEST_GUILESS_MAIN(TestHistogram)
#include "tst_histogram.moc"
