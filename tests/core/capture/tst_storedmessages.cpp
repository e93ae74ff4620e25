// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/NatsSelection.h"
#include "tests/core/history/HistoryFixture.h"

#include <QtTest>

using namespace weir;
using namespace weir::test;

namespace {

Timestamp storedAt(std::uint64_t streamSeq, int hour)
{
    return fromUnixNanos(1'800'000'000'000'000'000) + std::chrono::hours(hour) +
           std::chrono::seconds(streamSeq);
}

/// Records messages 1 to `count` of `stream`, which it stored from `hour` on.
void record(HistoryFixture& history, const std::string& stream, std::uint64_t count, int hour)
{
    HistoryWriter::Options options;
    options.stream = stream;
    QCOMPARE(history.open(options), std::string());
    std::vector<Message> messages(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        messages[i].time = history.clock.now();
        messages[i].streamSeq = i + 1;
        messages[i].stored = storedAt(i + 1, hour);
    }
    history.put(history.traffic->own(std::move(messages), "orders.created"));
    QCOMPARE(history.close(), std::string());
}

} // namespace

/// What a history holds of a stream, asked when the stream delivers some of it again.
class TestStoredMessages : public QObject
{
    Q_OBJECT
private slots:
    void knowsThemPastAnotherStream();
    void tellsAStreamFromItsSuccessor();
    void isEmptyWithoutAHistory();
};

void TestStoredMessages::knowsThemPastAnotherStream()
{
    HistoryFixture history;
    record(history, "ORDERS", 100, 0);
    record(history, "PAYMENTS", 500, 1);
    const auto stored = findStored(history.path(), "ORDERS", 40);
    QVERIFY(stored && stored->holds);
    QCOMPARE(stored->last, std::uint64_t{100});
    QVERIFY(stored->lastStored == storedAt(100, 0));
    QVERIFY(stored->holds(41, storedAt(41, 0)));
    QVERIFY(stored->holds(100, storedAt(100, 0)));
    QVERIFY(!stored->holds(40, storedAt(40, 0)));   // below the floor: never asked for
    QVERIFY(!stored->holds(101, storedAt(101, 0))); // not recorded
    QVERIFY(!stored->holds(41, storedAt(41, 1)));   // PAYMENTS' message of that number
    const auto other = findStored(history.path(), "PAYMENTS", 0);
    QVERIFY(other->holds(41, storedAt(41, 1)) && !other->holds(41, storedAt(41, 0)));
    // Recorded before the stream was kept: the moment tells.
    history.sql("UPDATE recording SET stream = NULL");
    const auto old = findStored(history.path(), "ORDERS", 0);
    QVERIFY(old->holds(41, storedAt(41, 0)) && old->holds(41, storedAt(41, 1)) &&
            !old->holds(41, storedAt(41, 2)));
}

/// The same sequence with another moment is another message: the stream was deleted and made anew.
void TestStoredMessages::tellsAStreamFromItsSuccessor()
{
    HistoryFixture history;
    record(history, "ORDERS", 100, 0);
    record(history, "ORDERS", 20, 5);
    const auto stored = findStored(history.path(), "ORDERS", 0);
    QVERIFY(stored->holds(7, storedAt(7, 0)) && stored->holds(7, storedAt(7, 5)));
    QVERIFY(stored->holds(21, storedAt(21, 0)) && !stored->holds(21, storedAt(21, 5)));
    QCOMPARE(stored->last, std::uint64_t{20}); // the successor's
}

void TestStoredMessages::isEmptyWithoutAHistory()
{
    const auto stored = findStored("/no/such/history.db", "ORDERS", 0);
    QVERIFY(stored && !stored->holds && stored->last == 0);
}

QTEST_GUILESS_MAIN(TestStoredMessages)
#include "tst_storedmessages.moc"
