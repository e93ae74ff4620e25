// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/MatchIndex.h"
#include "ui/models/RowMap.h"

#include <QTest>

using namespace weir;

class TestRowMap : public QObject
{
    Q_OBJECT
private slots:
    void findsMatchesByRank_data()
    {
        QTest::addColumn<int>("step");
        QTest::newRow("sparse") << 1000;
        QTest::newRow("every third") << 3;
        QTest::newRow("every one") << 1;
    }

    /// Grows at both ends as a live search does.
    void findsMatchesByRank()
    {
        QFETCH(int, step);
        MatchIndex index;
        const auto stride = static_cast<std::uint64_t>(step);
        constexpr std::uint64_t kMiddle = 300'000;
        constexpr std::uint64_t kEach = 100'000;
        for (std::uint64_t i = 1; i * stride <= kEach; ++i) {
            QVERIFY(index.add(kMiddle + i * stride));
            QVERIFY(index.add(kMiddle - i * stride));
        }
        QVERIFY(!index.add(kMiddle + stride));
        const std::uint64_t each = kEach / stride;
        QCOMPARE(index.size(), std::size_t(2 * each));
        for (std::uint64_t rank = 0; rank < each; rank += 97) {
            QCOMPARE(index.at(rank), kMiddle - (each - rank) * stride);
            QCOMPARE(index.at(each + rank), kMiddle + (rank + 1) * stride);
            QCOMPARE(index.rankOf(index.at(rank)), std::size_t(rank));
        }
        QCOMPARE(index.rankOf(0), std::size_t(0));
        QCOMPARE(index.rankOf(10'000'000), index.size());
    }

    void boundsItsMemoryByTheHistory()
    {
        MatchIndex index;
        for (std::uint64_t seq = 1; seq <= 10'000'000; ++seq)
            index.add(seq);
        QVERIFY2(index.footprint() < 1'500'000, qPrintable(QString::number(index.footprint())));
    }

    void losesItsOldest()
    {
        MatchIndex index;
        for (std::uint64_t seq = 2; seq <= 200'000; seq += 2)
            index.add(seq);
        QCOMPARE(index.removeBelow(100'000), std::size_t(49'999));
        QCOMPARE(index.size(), std::size_t(50'001));
        QCOMPARE(index.at(0), std::uint64_t(100'000));
        QCOMPARE(index.removeBelow(1'000'000), std::size_t(50'001));
        QVERIFY(index.isEmpty());
    }

    void putsGapsBetween()
    {
        RowMap map;
        map.setDense(10, 19);
        map.insertGap(0, {10, {}, 1});
        map.insertGap(1, {15, {}, 1});
        map.insertGap(2, {20, {}, 1});
        QCOMPARE(map.rows(), std::size_t(13));
        QString drawn;
        for (std::size_t row = 0; row < map.rows(); ++row) {
            const auto place = map.at(row);
            drawn += (place.gap ? "-" : QString::number(place.seq)) + " ";
        }
        QCOMPARE(drawn, QStringLiteral("- 10 11 12 13 14 - 15 16 17 18 19 - "));
        for (std::uint64_t seq = 10; seq < 20; ++seq)
            QCOMPARE(map.at(map.rowOf(seq)).seq, seq);
        QCOMPARE(map.rowOf(99), map.rows());
    }

    void putsGapsBetweenMatches()
    {
        RowMap map;
        map.setFiltered();
        for (const std::uint64_t seq : {10, 20, 30})
            map.matches().add(seq);
        map.insertGap(0, {15, {}, 1});
        QCOMPARE(map.rows(), std::size_t(4));
        QCOMPARE(map.at(0).seq, std::uint64_t(10));
        QVERIFY(map.at(1).gap);
        QCOMPARE(map.at(2).seq, std::uint64_t(20));
        QCOMPARE(map.rowOf(11), std::size_t(2));
    }
};

QTEST_APPLESS_MAIN(TestRowMap)
#include "tst_rowmap.moc"
