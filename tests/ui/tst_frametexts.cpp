// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/ManualClock.h"
#include "ui/dialogs/MomentField.h"
#include "ui/models/Errand.h"
#include "ui/models/Figures.h"
#include "ui/models/FuzzyMatch.h"
#include "ui/models/RangeHistory.h"
#include "ui/models/RateMeter.h"
#include "ui/models/TimeText.h"
#include "ui/window/FilterLine.h"

#include <QSet>
#include <QSignalSpy>
#include <QTest>

#include <atomic>
#include <semaphore>

using namespace weir;
using namespace std::chrono_literals;

/// The small models of the window's frame: figures, times, matching, ranges, errands.
class TestFrameTexts : public QObject
{
    Q_OBJECT

private slots:
    void figures_data();
    void figures();
    void spans_data();
    void spans();
    void axisTimesAreRound();
    void axisTimesDiffer_data();
    void axisTimesDiffer();
    void fuzzyPrefersWordsAndRuns();
    void positionsCountCharacters();
    void rangeFieldReadsTimesOfDay();
    void meterMeasuresTwoSeconds();
    void zoomAndBack();
    void errandPostsInOrderAndDropsTheCancelled();
};

void TestFrameTexts::figures_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    QTest::newRow("zero") << shortRate(0) << "0/s";
    QTest::newRow("slow") << shortRate(0.42) << "0.4/s";
    QTest::newRow("hundreds") << shortCount(842) << "842";
    QTest::newRow("thousands") << shortCount(12'400) << "12.4 k";
    QTest::newRow("rounds up") << shortCount(999.7) << "1.00 k";
    QTest::newRow("millions") << shortCount(3'081'000) << "3.08 M";
    QTest::newRow("bytes") << shortBytes(12) << "12 B";
    QTest::newRow("megabytes") << shortBytes(310'000'000) << "310 MB";
    QTest::newRow("all digits") << fullCount(1'234'567) << "1,234,567";
}

void TestFrameTexts::figures()
{
    QFETCH(QString, text);
    QTEST(text, "expected");
}

void TestFrameTexts::spans_data()
{
    QTest::addColumn<qlonglong>("seconds");
    QTest::addColumn<QString>("expected");
    QTest::newRow("1 min") << 60LL << "1 min";
    QTest::newRow("90 s") << 90LL << "1 min 30 s";
    QTest::newRow("24 h") << 86400LL << "24 h";
    QTest::newRow("2 d") << 172800LL << "2 d";
    QTest::newRow("none") << 0LL << "0 s";
}

void TestFrameTexts::spans()
{
    QFETCH(qlonglong, seconds);
    QTEST(spanText(std::chrono::seconds(seconds)), "expected");
}

void TestFrameTexts::axisTimesAreRound()
{
    const Timestamp from = fromUnixNanos(1'700'000'003'000'000'000);
    const auto times = axisTimes(from, from + 5min, 8);
    QVERIFY(times.size() >= 4 && times.size() <= 9);
    for (const auto& [time, text] : times) {
        QVERIFY(time >= from && time <= from + 5min);
        QCOMPARE(time.time_since_epoch() % 1min, Nanoseconds(0));
    }
    QVERIFY(axisTimes(from, from, 8).empty());
}

/// Whatever the range, no two moments of an axis are called the same.
void TestFrameTexts::axisTimesDiffer_data()
{
    QTest::addColumn<qlonglong>("millis");
    for (const qlonglong millis : {7LL, 120LL, 900LL, 2'500LL, 4'000LL, 9'000LL, 30'000LL, 300'000LL})
        QTest::newRow(qPrintable(QString::number(millis))) << millis;
}

void TestFrameTexts::axisTimesDiffer()
{
    QFETCH(qlonglong, millis);
    const Timestamp from = fromUnixNanos(1'700'000'003'400'000'000);
    const auto times = axisTimes(from, from + std::chrono::milliseconds(millis), 9);
    QVERIFY(times.size() >= 3);
    QSet<QString> texts;
    for (const auto& [time, text] : times)
        texts += text;
    QCOMPARE(texts.size(), qsizetype(times.size()));
}

void TestFrameTexts::fuzzyPrefersWordsAndRuns()
{
    const QString latency = QStringLiteral("Latency");
    QVERIFY(fuzzyScore(QStringLiteral("lat"), latency));
    QVERIFY(!fuzzyScore(QStringLiteral("xyz"), latency));
    QVERIFY(*fuzzyScore(QStringLiteral("lat"), latency) >
            *fuzzyScore(QStringLiteral("lat"), QStringLiteral("Clear filter at")));
    QVERIFY(*fuzzyScore(QStringLiteral("gl"), QStringLiteral("Go live")) >
            *fuzzyScore(QStringLiteral("gl"), QStringLiteral("toggle")));
    QVERIFY(fuzzyScore(QString(), latency));
}

void TestFrameTexts::positionsCountCharacters()
{
    const QString text = QString::fromUtf8("a𝄞b"); // the clef is two UTF-16 units
    QCOMPARE(utf16Position(text, 2), qsizetype{3});
    QCOMPARE(characterPosition(text, 3), std::size_t{2});
    QCOMPARE(utf16Position(text, 99), text.size());
}

void TestFrameTexts::rangeFieldReadsTimesOfDay()
{
    const Timestamp now = *parseRfc3339("2026-11-20T12:00:00Z");
    QCOMPARE(*readMoment(QStringLiteral("03:07"), now), *parseRfc3339("2026-11-20T03:07:00Z"));
    QCOMPARE(*readMoment(QStringLiteral("23:15:30"), now), *parseRfc3339("2026-11-19T23:15:30Z"));
    QCOMPARE(*readMoment(QStringLiteral("-15m"), now), now - 15min);
    QVERIFY(!readMoment(QStringLiteral("25:99"), now));
}

void TestFrameTexts::meterMeasuresTwoSeconds()
{
    RateMeter meter;
    meter.add(0, 0s);
    QCOMPARE(meter.perSecond(), 0.0);
    meter.add(100, 1s);
    QCOMPARE(meter.perSecond(), 100.0);
    for (int second = 2; second < 10; ++second)
        meter.add(100, std::chrono::seconds(second));
    QCOMPARE(meter.perSecond(), 0.0);
    meter.add(5, 10s); // a new session counts from the start
    QCOMPARE(meter.perSecond(), 0.0);
}

void TestFrameTexts::zoomAndBack()
{
    ViewState state;
    test::ManualClock clock;
    RangeHistory ranges(state, clock);
    ranges.zoom(true);
    QCOMPARE(state.range().span, Nanoseconds(10min));
    ranges.pause();
    const TimeRange held = state.range();
    ranges.zoom(false);
    QCOMPARE(state.range().to - state.range().from, Nanoseconds(5min));
    QCOMPARE(state.range().from - held.from, Nanoseconds(150s));
    ranges.goBack();
    QVERIFY(state.range() == held);
    ranges.goLive();
    QVERIFY(state.range().live);
    QCOMPARE(state.range().span, Nanoseconds(10min));
}

void TestFrameTexts::errandPostsInOrderAndDropsTheCancelled()
{
    Errand errand;
    QSignalSpy finished(&errand, &Errand::finished);
    QStringList told;
    errand.run([&told](std::stop_token, const Errand::Post& post) {
        for (int i = 0; i < 3; ++i)
            post([&told, i] { told += QString::number(i); });
    });
    QTRY_COMPARE(finished.count(), 1);
    QCOMPARE(told, QStringList({"0", "1", "2"}));
    QVERIFY(!errand.isRunning());

    std::binary_semaphore go{0};
    std::atomic<bool> stopped{false};
    errand.run([&](std::stop_token stop, const Errand::Post& post) {
        go.acquire();
        post([&told] { told += QStringLiteral("late"); });
        stopped = stop.stop_requested();
    });
    errand.cancel();
    go.release();
    QTRY_VERIFY(stopped);
    QCoreApplication::processEvents();
    QCOMPARE(told.size(), 3);
    QCOMPARE(finished.count(), 1);
}

QTEST_MAIN(TestFrameTexts)
#include "tst_frametexts.moc"
