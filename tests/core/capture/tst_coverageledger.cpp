// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/CoverageLedger.h"

#include <QTest>

#include <thread>
#include <vector>

using namespace weir;
using namespace std::chrono_literals;

class TestCoverageLedger : public QObject
{
    Q_OBJECT
private slots:
    void everyMessageIsInOnePlace();
    void gapsChangeByRevision();
    void completeMeansNothingMissing();
    void sumsHoldUnderConcurrency();
};

void TestCoverageLedger::everyMessageIsInOnePlace()
{
    CoverageLedger ledger;
    ledger.received(10, 1000);
    ledger.stored(6);
    ledger.failed(1);
    ledger.droppedByBroker(2);
    ledger.droppedByQueue(3);
    ledger.sampledOut(4, true);
    const Coverage coverage = ledger.snapshot();
    QCOMPARE(coverage.inFlight(), std::uint64_t{3});
    QCOMPARE(coverage.offered(), std::uint64_t{19});
    QCOMPARE(coverage.stored + coverage.failed + coverage.inFlight() + coverage.droppedBroker +
                 coverage.droppedQueue + coverage.sampledOut,
             coverage.offered());
    QVERIFY(coverage.sampledEstimated);
    QCOMPARE(coverage.bytesIn, std::uint64_t{1000});
}

void TestCoverageLedger::gapsChangeByRevision()
{
    CoverageLedger ledger;
    std::uint64_t seen = 0;
    Gap gap;
    gap.from = fromUnixNanos(5);
    gap.cause = GapCause::SlowConsumer;
    const auto key = ledger.beginGap(gap);
    QCOMPARE(ledger.gapsChangedSince(seen).size(), std::size_t{1});
    QVERIFY(ledger.gapsChangedSince(seen).empty());
    ledger.addToGap(key, 7, false);
    ledger.addToGap(key, 2, true);
    ledger.endGap(key, fromUnixNanos(9));
    const auto changed = ledger.gapsChangedSince(seen);
    QCOMPARE(changed.size(), std::size_t{1});
    QVERIFY(changed.at(key).messages == 9);
    QVERIFY(changed.at(key).estimated);
    QVERIFY(changed.at(key).to == fromUnixNanos(9));
    ledger.endGap(999, fromUnixNanos(1)); // unknown keys change nothing
    QVERIFY(ledger.gapsChangedSince(seen).empty());
}

void TestCoverageLedger::completeMeansNothingMissing()
{
    CoverageLedger ledger;
    ledger.received(1, 1);
    QVERIFY(ledger.snapshot().complete());
    (void)ledger.beginGap({});
    QVERIFY(!ledger.snapshot().complete());
}

void TestCoverageLedger::sumsHoldUnderConcurrency()
{
    CoverageLedger ledger;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&ledger] {
            for (int i = 0; i < 10'000; ++i) {
                ledger.received(2, 10);
                ledger.stored(1);
                ledger.droppedByQueue(1);
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    const Coverage coverage = ledger.snapshot();
    QCOMPARE(coverage.received, std::uint64_t{80'000});
    QCOMPARE(coverage.inFlight(), std::uint64_t{40'000});
    QCOMPARE(coverage.offered(), std::uint64_t{120'000});
}

QTEST_APPLESS_MAIN(TestCoverageLedger)
#include "tst_coverageledger.moc"
