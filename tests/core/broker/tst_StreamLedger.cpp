// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/StreamLedger.h"

#include <QTest>

using namespace weir;
using Verdict = StreamLedger::Verdict;

namespace {

constexpr Timestamp kStored = fromUnixNanos(1'795'222'310'989'245'449);

/// As if for the first time: what its reply subject says of that does not count.
AckSubject message(std::uint64_t streamSeq)
{
    return {1, streamSeq, kStored};
}

void takeDelivery(StreamLedger& ledger, std::uint64_t streamSeq, std::uint64_t consumerSeq,
                  std::uint64_t deliveries = 1)
{
    const AckSubject ack{deliveries, streamSeq, kStored, consumerSeq};
    ledger.came(ack, ledger.judge(ack));
    ledger.take(streamSeq, "r");
}

} // namespace

class TestStreamLedger : public QObject
{
    Q_OBJECT

private slots:
    void readsAckSubjects_data()
    {
        QTest::addColumn<QString>("reply");
        QTest::addColumn<int>("deliveries");
        QTest::addColumn<int>("streamSeq");
        QTest::newRow("old") << "$JS.ACK.ORDERS.weir.2.41.7.1795222310989245449.3" << 2 << 41;
        QTest::newRow("new") << "$JS.ACK._.HASH.ORDERS.weir.2.41.7.1795222310989245449.3" << 2 << 41;
        QTest::newRow("new, with a token")
            << "$JS.ACK.hub.HASH.ORDERS.weir.1.9.7.1795222310989245449.3.x9" << 1 << 9;
        QTest::newRow("too short") << "$JS.ACK.ORDERS.weir.2.41.7.17952223109" << 0 << 0;
        QTest::newRow("ten tokens") << "$JS.ACK.A.ORDERS.weir.2.41.7.1795222310989245449.3" << 0 << 0;
        QTest::newRow("flow control") << "$JS.FC.ORDERS.weir.x" << 0 << 0;
        QTest::newRow("no numbers") << "$JS.ACK.ORDERS.weir.a.b.c.d.e" << 0 << 0;
        QTest::newRow("none") << "" << 0 << 0;
    }

    void readsAckSubjects()
    {
        QFETCH(QString, reply);
        QFETCH(int, deliveries);
        QFETCH(int, streamSeq);
        const auto ack = parseAckSubject(reply.toStdString());
        QCOMPARE(ack.has_value(), streamSeq != 0);
        if (!ack)
            return;
        QCOMPARE(int(ack->deliveries), deliveries);
        QCOMPARE(int(ack->streamSeq), streamSeq);
        QCOMPARE(toUnixNanos(ack->stored), std::int64_t{1795222310989245449});
    }

    void acknowledgesOnlyWhatIsDurable()
    {
        StreamLedger ledger;
        for (std::uint64_t i = 1; i <= 5; ++i)
            ledger.take(i * 10, "r" + std::to_string(i));
        QVERIFY(ledger.committed(0).empty());
        QVERIFY(ledger.committed(2) == std::vector<std::string>({"r1", "r2"}));
        QVERIFY(ledger.committed(2).empty());
        QVERIFY(ledger.committed(1).empty());
        QVERIFY(ledger.committed(99) == std::vector<std::string>({"r3", "r4", "r5"}));
        QCOMPARE(ledger.waiting(), std::size_t{0});
        QCOMPARE(ledger.highest(), std::uint64_t{50});
    }

    void knowsWhatItTook()
    {
        StreamLedger ledger;
        QVERIFY(ledger.judge(message(7)) == Verdict::Take);
        ledger.take(7, "a");
        QVERIFY(ledger.judge(message(7)) == Verdict::Waiting);
        QVERIFY(ledger.judge(message(8)) == Verdict::Take);
        (void)ledger.committed(1);
        QVERIFY(ledger.judge(message(7)) == Verdict::Durable);
    }

    void asksTheHistoryForEarlierRuns()
    {
        StreamLedger ledger;
        ledger.knowStored(
            [](std::uint64_t seq, Timestamp stored) { return seq <= 100 && stored == kStored; });
        QVERIFY(ledger.judge(message(100)) == Verdict::Durable);
        QVERIFY(ledger.judge(message(101)) == Verdict::Take);
        QVERIFY(ledger.judge({1, 100, kNoTime}) == Verdict::Take); // of another stream
    }

    void remembersInAnyOrder()
    {
        StreamLedger ledger;
        for (const std::uint64_t seq : {5, 3, 4, 9, 1, 2, 8, 7, 20})
            ledger.take(seq, "r");
        for (const std::uint64_t seq : {1, 2, 3, 4, 5, 7, 8, 9, 20})
            QVERIFY(ledger.judge(message(seq)) == Verdict::Waiting);
        for (const std::uint64_t seq : {6, 10, 19, 21})
            QVERIFY(ledger.judge(message(seq)) == Verdict::Take);
        (void)ledger.committed(9);
        QVERIFY(ledger.judge(message(7)) == Verdict::Durable);
    }

    void knowsAllThatIsSettled()
    {
        StreamLedger ledger;
        for (const std::uint64_t seq : {3, 5, 9})
            ledger.take(seq, "r");
        (void)ledger.committed(2);
        ledger.settle({6, 0});
        QCOMPARE(ledger.floor(), std::uint64_t{6});
        // Of 1, 2, 4 and 6 an earlier run or another filter knew.
        for (const std::uint64_t seq : {1, 2, 3, 4, 5, 6})
            QVERIFY(ledger.judge(message(seq)) == Verdict::Durable);
        QVERIFY(ledger.judge(message(7)) == Verdict::Take);
        QVERIFY(ledger.judge(message(9)) == Verdict::Waiting);
        ledger.settle({2, 0}); // said later, known already
        QCOMPARE(ledger.floor(), std::uint64_t{6});
        ledger.settle({8, 0});
        QVERIFY(ledger.judge(message(8)) == Verdict::Durable);
        QVERIFY(ledger.judge(message(10)) == Verdict::Take);
        QCOMPARE(ledger.highest(), std::uint64_t{9});
    }

    void countsWhatWentElsewhere()
    {
        StreamLedger ledger;
        ledger.beginCounting({100, 200}, {90, 190}); // by an earlier run
        QCOMPARE(ledger.takenElsewhere(false, true), std::uint64_t{0});
        takeDelivery(ledger, 101, 201);
        takeDelivery(ledger, 104, 204); // 102 and 103 went to somebody
        QCOMPARE(ledger.takenElsewhere(false, true), std::uint64_t{2});
        QCOMPARE(ledger.takenElsewhere(false, false), std::uint64_t{0}); // and may come back
        takeDelivery(ledger, 103, 205, 2);
        QCOMPARE(ledger.takenElsewhere(false, true), std::uint64_t{1});
        ledger.settle({106, 207}); // the last two we never saw
        QCOMPARE(ledger.takenElsewhere(false, false), std::uint64_t{3});
        QCOMPARE(ledger.takenElsewhere(true, false), std::uint64_t{3});
    }

    /// nats-server counts a delivery that found nobody in the consumer sequence.
    void believesOnlyInWhatNeverCame()
    {
        StreamLedger ledger;
        ledger.beginCounting({}, {});
        takeDelivery(ledger, 1, 1);
        takeDelivery(ledger, 2, 3);
        ledger.settle({2, 3});
        QCOMPARE(ledger.takenElsewhere(false, true), std::uint64_t{0});
    }

    void forgetsAStreamThatWasMadeAnew()
    {
        StreamLedger ledger;
        ledger.take(1, "old 1");
        ledger.take(2, "old 2");
        ledger.settle({1, 0});
        ledger.beginAnew();
        QVERIFY(ledger.judge(message(1)) == Verdict::Take);
        QCOMPARE(ledger.highest() + ledger.floor(), std::uint64_t{0});
        ledger.take(1, "new 1");
        // The old ones are still counted, and acknowledged to nobody.
        QVERIFY(ledger.committed(2).empty());
        QVERIFY(ledger.judge(message(1)) == Verdict::Waiting);
        QVERIFY(ledger.committed(3) == std::vector<std::string>({"new 1"}));
    }
};

QTEST_GUILESS_MAIN(TestStreamLedger)
#include "tst_StreamLedger.moc"
