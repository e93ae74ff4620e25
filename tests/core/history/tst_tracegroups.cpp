// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/Compaction.h"
#include "core/history/HistoryCheck.h"
#include "core/history/Schema.h"
#include "core/history/TraceFilter.h"
#include "core/history/TraceGroup.h"
#include "tests/core/history/HistoryFixture.h"

#include <QtTest>

using namespace weir;
using namespace weir::test;

namespace {
constexpr std::size_t kBlocks = 9; ///< just worth a group
constexpr std::size_t kMessages = kBlocks * kBlockMessages;
constexpr const char* kNobodys = "00000000000000000000000000000000";
} // namespace

/// A search for one trace asks a group of blocks first, and never misses a message for it.
class TraceGroupsTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void deniesForAllItsBlocks();
    void closesWhenItIsFull();
    void trustsNoDamagedGroup();
    void holdsAfterBlocksWereMerged();
    void readsAndContinuesFilesFromBeforeThem();
    void knowsThatNoMessageHasATrace();
    void goesWithItsMessages();
    void isCheckedByVerify();
    void partsSeldomErrAndNeverDeny();

private:
    /// Puts messages in batches of `each` and keeps the trace of each batch's first.
    void put(std::size_t batches, std::size_t each);
    void close() { QCOMPARE(m_history->close(), std::string()); }
    [[nodiscard]] ScanSummary ask(const std::string& trace, Order order = Order::OldestFirst) const;
    /// Without the filters of the blocks themselves: what they then do not deny is opened.
    void forgetBlocksFilters() { m_history->sql("UPDATE block_index SET traces = NULL"); }
    [[nodiscard]] std::vector<std::string> damages() const;

    std::unique_ptr<HistoryFixture> m_history;
    std::vector<std::string> m_traces;
};

void TraceGroupsTest::init()
{
    m_traces.clear();
    m_history = std::make_unique<HistoryFixture>();
    QCOMPARE(m_history->open(), std::string());
    m_history->traffic->payloadSize = 16; // so that a block seals by its messages, not by its bytes
}

void TraceGroupsTest::cleanup()
{
    m_history.reset();
}

void TraceGroupsTest::put(std::size_t batches, std::size_t each)
{
    for (std::size_t i = 0; i < batches; ++i) {
        const auto batch = m_history->traffic->next(each, m_history->clock.now());
        m_traces.emplace_back(batch->messages.front().trace);
        m_history->put(batch);
        m_history->pass(std::chrono::milliseconds(250));
    }
}

ScanSummary TraceGroupsTest::ask(const std::string& trace, Order order) const
{
    HistoryQuery query;
    query.filter = Filter::parse("trace:" + trace).value();
    query.order = order;
    return m_history->reader()->scan(query, {}, [](const auto&) { return true; }).value();
}

std::vector<std::string> TraceGroupsTest::damages() const
{
    std::vector<std::string> all;
    auto database = openForReading(m_history->path()).value();
    const auto tell = [&all](const HistoryDamage& damage) {
        all.insert(all.end(), damage.what.begin(), damage.what.end());
    };
    (void)HistoryCheck(database, tell, {}).run().value();
    return all;
}

void TraceGroupsTest::deniesForAllItsBlocks()
{
    put(kBlocks, kBlockMessages);
    close();
    forgetBlocksFilters();
    QCOMPARE(m_history->sql("SELECT count(*) FROM trace_group"), 1);
    for (const Order order : {Order::OldestFirst, Order::NewestFirst}) {
        const ScanSummary none = ask(kNobodys, order);
        QCOMPARE(none.openedBlocks, 0U);
        QCOMPARE(none.scanned, kMessages);
        for (const std::string& trace : m_traces)
            QCOMPARE(ask(trace, order).matched, 1U);
        QCOMPARE(ask(std::string(kNobodys) + "," + m_traces[3], order).matched, 1U);
    }
    m_history->sql("DELETE FROM trace_group");
    QCOMPARE(ask(kNobodys).openedBlocks, kBlocks);
}

void TraceGroupsTest::closesWhenItIsFull()
{
    const std::size_t blocks = kTraceGroupMessages / kBlockMessages;
    put(blocks + 1, kBlockMessages);
    QTRY_COMPARE(m_history->committed.load(), (blocks + 1) * kBlockMessages);
    m_history->put(1); // a group goes with the transaction after its messages'
    m_history->pass(std::chrono::milliseconds(250));
    QTRY_COMPARE(m_history->sql("SELECT last_seq FROM trace_group WHERE first_seq = 1"), kTraceGroupMessages);
    close();
    QCOMPARE(m_history->sql("SELECT count(*) FROM trace_group"), 1); // the rest is not worth one
    QCOMPARE(m_history->sql("SELECT count(*) FROM trace_part"),
             m_history->sql("SELECT parts FROM trace_group"));
    forgetBlocksFilters();
    QVERIFY(ask(kNobodys).openedBlocks <= 2);
    for (std::size_t i = 0; i < m_traces.size(); i += 16)
        QCOMPARE(ask(m_traces[i]).matched, 1U);
    QCOMPARE(ask(m_traces.back()).matched, 1U);
}

void TraceGroupsTest::trustsNoDamagedGroup()
{
    put(kBlocks, kBlockMessages);
    close();
    const std::uint64_t part =
        TraceGroupRow{1, kMessages, 1, countOfTraceParts(kMessages)}.partOf(traceHash(m_traces[4]));
    for (int byte = 0; byte < static_cast<int>(kTracePartBytes) + 4; byte += byte < 3990 ? 37 : 1) {
        const auto flip = [&] {
            return m_history->flipBit("trace_part", "filter", static_cast<int>(part) + 1, byte, byte % 8);
        };
        QVERIFY(flip());
        QCOMPARE(ask(m_traces[4]).matched, 1U);
        QVERIFY(flip());
    }
    for (const char* wrong :
         {"UPDATE trace_part SET filter = zeroblob(4004)", "DELETE FROM trace_part",
          "UPDATE trace_group SET first_part = first_part + 1", "UPDATE trace_group SET parts = parts - 1",
          "UPDATE trace_group SET parts = 0", "UPDATE trace_group SET parts = -1"}) {
        m_history->sql(wrong);
        QCOMPARE(ask(m_traces[4]).matched, 1U);
    }
}

void TraceGroupsTest::holdsAfterBlocksWereMerged()
{
    put(2 * kBlocks + 2, kBlockMessages / 2);
    close();
    const auto done = compactHistory(m_history->path(), m_history->clock.now(), [](auto, auto) {});
    QVERIFY(done && done->blocks.merges > kBlocks / 2);
    forgetBlocksFilters();
    QCOMPARE(ask(kNobodys).openedBlocks, 0U);
    for (const std::string& trace : m_traces)
        QCOMPARE(ask(trace).matched, 1U);
    QCOMPARE(damages(), std::vector<std::string>());
}

void TraceGroupsTest::readsAndContinuesFilesFromBeforeThem()
{
    put(kBlocks, kBlockMessages);
    close();
    m_history->sql("DROP TABLE trace_group; DROP TABLE trace_part");
    QCOMPARE(ask(m_traces[4]).matched, 1U);
    QCOMPARE(damages(), std::vector<std::string>());
    QCOMPARE(m_history->open(), std::string());
    m_history->traffic->payloadSize = 16;
    put(kBlocks, kBlockMessages);
    close();
    QCOMPARE(m_history->sql("SELECT first_seq FROM trace_group"), kMessages + 1);
    for (const std::string& trace : m_traces) // the second half is the first once more
        QCOMPARE(ask(trace).matched, 2U);
    QCOMPARE(damages(), std::vector<std::string>());
}

void TraceGroupsTest::knowsThatNoMessageHasATrace()
{
    for (std::size_t i = 0; i < kBlocks; ++i) {
        std::vector<Message> messages(kBlockMessages);
        for (Message& message : messages)
            message.time = m_history->clock.now();
        m_history->put(m_history->traffic->own(std::move(messages), "untraced"));
    }
    close();
    forgetBlocksFilters();
    QCOMPARE(m_history->sql("SELECT count(*) FROM trace_group WHERE parts = 0"), 1);
    QCOMPARE(ask(kNobodys).openedBlocks, 0U);
    QCOMPARE(damages(), std::vector<std::string>());
}

void TraceGroupsTest::goesWithItsMessages()
{
    put(kBlocks, kBlockMessages);
    close();
    HistoryWriter::Options options;
    options.keep.age = std::chrono::hours(1);
    QCOMPARE(m_history->open(options), std::string());
    m_history->traffic->payloadSize = 16;
    put(kBlocks, kBlockMessages);
    QTRY_COMPARE(m_history->committed.load(), kMessages);
    m_history->pass(std::chrono::hours(1) - std::chrono::seconds(1));
    m_history->put(1);
    m_history->pass(std::chrono::milliseconds(250));
    QTRY_COMPARE(m_history->sql("SELECT count(*) FROM trace_group WHERE first_seq = 1"), 0);
    QCOMPARE(m_history->sql("SELECT count(*) FROM trace_part"), 0);
    close();
    QCOMPARE(m_history->sql("SELECT first_seq FROM trace_group"), kMessages + 1);
    QCOMPARE(ask(m_traces.back()).matched, 1U);
    QCOMPARE(damages(), std::vector<std::string>());
}

void TraceGroupsTest::isCheckedByVerify()
{
    put(kBlocks, kBlockMessages);
    close();
    QCOMPARE(damages(), std::vector<std::string>());
    QVERIFY(m_history->flipBit("trace_part", "filter", 2, 100, 3));
    QCOMPARE(damages(), std::vector<std::string>{"the traces from message 1 on: part 1 is damaged"});
    m_history->sql("DELETE FROM trace_part WHERE id = 2");
    QCOMPARE(damages(), std::vector<std::string>{"the traces from message 1 on: part 1 is missing"});
    // All checksums fit, and a trace is not in it: only who reads the messages knows.
    const TraceGroupRow group{1, kMessages, 1, 1};
    const std::uint64_t other = traceHash(kNobodys);
    const std::string part = traceParts(group, {&other, 1}).front();
    const QByteArray hex = QByteArray::fromStdString(part).toHex();
    m_history->sql("DELETE FROM trace_part; INSERT INTO trace_part VALUES(1, x'" + hex.toStdString() +
                   "'); UPDATE trace_group SET parts = 1, checksum = " + std::to_string(group.checksum()));
    QCOMPARE(damages(), std::vector<std::string>(kBlocks, "the traces of its group lack one that is in it"));
    m_history->sql("UPDATE trace_group SET last_seq = last_seq + 1");
    QCOMPARE(damages(),
             std::vector<std::string>{"the traces from message 1 on: the checksum of their row differs"});
}

void TraceGroupsTest::partsSeldomErrAndNeverDeny()
{
    std::vector<std::uint64_t> hashes;
    for (int i = 0; i < 100'000; ++i)
        hashes.push_back(traceHash("a" + std::to_string(i)));
    const TraceGroupRow group{1, 100'000, 1, countOfTraceParts(hashes.size())};
    const std::vector<std::string> parts = traceParts(group, hashes);
    const auto mayHold = [&](std::uint64_t hash) {
        std::string_view part = parts.at(group.partOf(hash));
        return isSoundTracePart(group, group.partOf(hash), part) && partMayHoldTrace(part, hash);
    };
    QVERIFY(std::all_of(hashes.begin(), hashes.end(), mayHold));
    int wrong = 0;
    for (int i = 0; i < 100'000; ++i)
        wrong += mayHold(traceHash("b" + std::to_string(i))) ? 1 : 0;
    QVERIFY2(wrong < 1200, std::to_string(wrong).c_str());
}

QTEST_GUILESS_MAIN(TraceGroupsTest)
#include "tst_tracegroups.moc"
