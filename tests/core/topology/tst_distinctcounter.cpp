// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/DistinctCounter.h"

#include <QTest>

#include <cmath>
#include <string>

using namespace weir;

class TestDistinctCounter : public QObject
{
    Q_OBJECT
private slots:
    void estimates_data();
    void estimates();
    void mergeCountsTheUnion();
};

void TestDistinctCounter::estimates_data()
{
    QTest::addColumn<int>("distinct");
    QTest::addColumn<double>("tolerance");
    QTest::newRow("0") << 0 << 0.0;
    QTest::newRow("1") << 1 << 0.0;
    QTest::newRow("64") << 64 << 0.0;
    for (const int distinct : {65, 500, 2'000, 5'000, 50'000, 1'000'000})
        QTest::addRow("%d", distinct) << distinct << 0.08;
}

void TestDistinctCounter::estimates()
{
    QFETCH(int, distinct);
    QFETCH(double, tolerance);
    DistinctCounter counter;
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < distinct; ++i)
            counter.add(std::to_string(i));
    }
    const auto estimate = static_cast<double>(counter.estimate());
    QVERIFY2(std::abs(estimate - distinct) <= tolerance * distinct, qPrintable(QString::number(estimate)));
    QVERIFY(counter.footprint() <= 2048);
}

void TestDistinctCounter::mergeCountsTheUnion()
{
    for (const int size : {20, 60, 3000}) {
        DistinctCounter left;
        DistinctCounter right;
        for (int i = 0; i < size; ++i) {
            left.add(std::to_string(i));
            right.add(std::to_string(i + size / 2));
        }
        left.merge(right);
        const double wanted = 1.5 * size;
        QVERIFY(std::abs(static_cast<double>(left.estimate()) - wanted) <= 0.08 * wanted);
        left.merge(right);
        QVERIFY(std::abs(static_cast<double>(left.estimate()) - wanted) <= 0.08 * wanted);
    }
}

QTEST_GUILESS_MAIN(TestDistinctCounter)
#include "tst_distinctcounter.moc"
