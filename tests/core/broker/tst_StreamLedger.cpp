// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/StreamLedger.h"

#include <QTest>

using namespace weir;
using Verdict = StreamLedger::Verdict;

namespace {

AckSubject message(std::uint64_t streamSeq, std::uint64_t deliveries)
{
    return {deliveries, streamSeq, kNoTime};
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
        QVERIFY(ledger.judge(message(7, 1)) == Verdict::Take);
        QVERIFY(ledger.judge(message(7, 3)) == Verdict::Take); // delivered to an earlier run, never to us
        ledger.take(7, "a");
        QVERIFY(ledger.judge(message(7, 2)) == Verdict::Waiting);
        QVERIFY(ledger.judge(message(8, 2)) == Verdict::Take);
        (void)ledger.committed(1);
        QVERIFY(ledger.judge(message(7, 2)) == Verdict::Durable);
    }

    void asksTheHistoryForEarlierRuns()
    {
        StreamLedger ledger([](std::uint64_t seq) { return seq <= 100; });
        QVERIFY(ledger.judge(message(100, 2)) == Verdict::Durable);
        QVERIFY(ledger.judge(message(101, 2)) == Verdict::Take);
        QVERIFY(ledger.judge(message(100, 1)) == Verdict::Take); // a first delivery was never stored
    }

    void rememberInAnyOrderAndForget()
    {
        StreamLedger ledger;
        for (const std::uint64_t seq : {5, 3, 4, 9, 1, 2, 8, 7, 20})
            ledger.take(seq, "r");
        for (const std::uint64_t seq : {1, 2, 3, 4, 5, 7, 8, 9, 20})
            QVERIFY(ledger.judge(message(seq, 2)) == Verdict::Waiting);
        for (const std::uint64_t seq : {6, 10, 19, 21})
            QVERIFY(ledger.judge(message(seq, 2)) == Verdict::Take);
        (void)ledger.committed(9);
        ledger.forget(5);
        QVERIFY(ledger.judge(message(5, 2)) == Verdict::Take);
        QVERIFY(ledger.judge(message(7, 2)) == Verdict::Durable);
    }
};

QTEST_GUILESS_MAIN(TestStreamLedger)
#include "tst_StreamLedger.moc"
