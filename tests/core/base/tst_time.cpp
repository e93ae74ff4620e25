// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Clock.h"
#include "core/base/Time.h"

#include <QTest>

#include <thread>
#include <vector>

using namespace weir;
using namespace std::chrono_literals;

class TestTime : public QObject
{
    Q_OBJECT
private slots:
    void formats_data();
    void formats();
    void parses_data();
    void parses();
    void refuses_data();
    void refuses();
    void roundTripsEveryNanosecond();
    void readsMoments();
    void readsDurations_data();
    void readsDurations();
    void writesDurations_data();
    void writesDurations();
    void systemClockNeverRunsBackwards();
};

void TestTime::formats_data()
{
    QTest::addColumn<qint64>("nanos");
    QTest::addColumn<QString>("text");
    QTest::newRow("epoch") << qint64{0} << "1970-01-01T00:00:00.000000000Z";
    QTest::newRow("now") << qint64{1'767'323'045'678'000'001} << "2026-01-02T03:04:05.678000001Z";
    QTest::newRow("before 1970") << qint64{-1} << "1969-12-31T23:59:59.999999999Z";
    QTest::newRow("the earliest") << std::numeric_limits<qint64>::min() << "1677-09-21T00:12:43.145224192Z";
    QTest::newRow("the latest") << std::numeric_limits<qint64>::max() << "2262-04-11T23:47:16.854775807Z";
    QTest::newRow("leap day") << qint64{1'709'164'800'000'000'000} << "2024-02-29T00:00:00.000000000Z";
}

void TestTime::formats()
{
    QFETCH(qint64, nanos);
    QFETCH(QString, text);
    QCOMPARE(QString::fromStdString(formatRfc3339(fromUnixNanos(nanos))), text);
}

void TestTime::parses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("nanos");
    QTest::newRow("utc") << "2026-01-02T03:04:05Z" << qint64{1'767'323'045'000'000'000};
    QTest::newRow("fraction") << "2026-01-02T03:04:05.5Z" << qint64{1'767'323'045'500'000'000};
    QTest::newRow("twelve digits") << "2026-01-02T03:04:05.123456789999Z"
                                   << qint64{1'767'323'045'123'456'789};
    QTest::newRow("offset east") << "2026-01-02T04:34:05+01:30" << qint64{1'767'323'045'000'000'000};
    QTest::newRow("offset west") << "2026-01-01T22:04:05-05:00" << qint64{1'767'323'045'000'000'000};
    QTest::newRow("lower case") << "2026-01-02t03:04:05z" << qint64{1'767'323'045'000'000'000};
    QTest::newRow("date") << "2024-02-29" << qint64{1'709'164'800'000'000'000};
}

void TestTime::parses()
{
    QFETCH(QString, text);
    QFETCH(qint64, nanos);
    const auto time = parseRfc3339(text.toStdString());
    QVERIFY2(time, time ? "" : time.error().line().c_str());
    QCOMPARE(qint64{toUnixNanos(*time)}, nanos);
}

void TestTime::refuses_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text :
         {"", "yesterday", "2026-13-01", "2025-02-29", "2026-01-02T25:00:00Z", "2026-01-02T03:04:05",
          "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05Zx", "2026-01-02T03:04:05+1:00", "9999-01-01"})
        QTest::newRow(text) << QString(text);
}

void TestTime::refuses()
{
    QFETCH(QString, text);
    const auto time = parseRfc3339(text.toStdString());
    QVERIFY(!time);
    QVERIFY(!time.error().hint.empty());
}

void TestTime::roundTripsEveryNanosecond()
{
    for (std::int64_t nanos = -2'000'000'000; nanos < 4'000'000'000'000'000'000;
         nanos += 123'456'789'012'345'677) {
        const auto again = parseRfc3339(formatRfc3339(fromUnixNanos(nanos)));
        QVERIFY(again);
        QCOMPARE(qint64{toUnixNanos(*again)}, qint64{nanos});
    }
}

void TestTime::readsMoments()
{
    const Timestamp now = fromUnixNanos(1'767'323'045'000'000'000);
    QVERIFY(*parseMoment("now", now) == now);
    QVERIFY(*parseMoment("-15m", now) == now - 15min);
    QVERIFY(*parseMoment("2026-01-02T03:04:05Z", {}) == now);
    QVERIFY(!parseMoment("-15 parsecs", now));
}

void TestTime::readsDurations_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("nanos");
    QTest::newRow("ms") << "250ms" << qint64{250'000'000};
    QTest::newRow("us") << "1.5us" << qint64{1'500};
    QTest::newRow("s") << "10s" << qint64{10'000'000'000};
    QTest::newRow("h") << "2h" << qint64{7'200'000'000'000};
    QTest::newRow("no unit") << "10" << qint64{-1};
    QTest::newRow("negative") << "-1s" << qint64{-1};
    QTest::newRow("too large") << "1e30d" << qint64{-1};
    QTest::newRow("words") << "soon" << qint64{-1};
}

void TestTime::readsDurations()
{
    QFETCH(QString, text);
    QFETCH(qint64, nanos);
    const auto duration = parseDuration(text.toStdString());
    QCOMPARE(duration.has_value(), nanos >= 0);
    if (duration)
        QCOMPARE(qint64{duration->count()}, nanos);
}

void TestTime::writesDurations_data()
{
    QTest::addColumn<qint64>("nanos");
    QTest::addColumn<QString>("text");
    QTest::newRow("ns") << qint64{850} << "850 ns";
    QTest::newRow("us") << qint64{85'000} << "85.0 µs";
    QTest::newRow("ms") << qint64{4'210'000} << "4.21 ms";
    QTest::newRow("rounds up") << qint64{9'996'000} << "10.0 ms";
    QTest::newRow("s") << qint64{1'200'000'000} << "1.20 s";
    QTest::newRow("negative") << qint64{-3'600'000'000'000} << "-60.0 min";
    QTest::newRow("none") << qint64{kNoDuration.count()} << "–";
}

void TestTime::writesDurations()
{
    QFETCH(qint64, nanos);
    QFETCH(QString, text);
    QCOMPARE(QString::fromStdString(formatDuration(Nanoseconds(nanos))), text);
}

void TestTime::systemClockNeverRunsBackwards()
{
    SystemClock clock;
    std::atomic<bool> backwards{false};
    const auto watch = [&] {
        Timestamp last = clock.now();
        for (int i = 0; i < 100'000; ++i) {
            const Timestamp next = clock.now();
            if (next < last)
                backwards = true;
            last = next;
        }
    };
    std::thread other(watch);
    watch();
    other.join();
    QVERIFY(!backwards);
}

QTEST_APPLESS_MAIN(TestTime)
#include "tst_time.moc"
