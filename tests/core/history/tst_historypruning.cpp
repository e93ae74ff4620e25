// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/BlockLoader.h"
#include "core/history/Schema.h"
#include "core/history/TraceFilter.h"
#include "tests/core/filter/NaiveFilter.h"
#include "tests/core/history/HistoryFixture.h"

#include <QFile>
#include <QtTest>

#include <algorithm>

#include <sqlite3.h>

using namespace weir;
using namespace weir::test;

/// Blocks that cannot match stay closed, and no message that matches is ever missed for it.
class HistoryPruning : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void findsWhatTheNaiveEvaluatorFinds();
    void leavesBlocksOfOtherSubjectsClosed();
    void keepsNoTransactionOpenForABlockWithoutMatch();
    void opensOneBlockForATrace();
    void trustsNoDamagedSet();
    void readsAndContinuesFilesFromBeforeTheTraceFilter();
    void traceFilterHasNoRoomForNoTrace();
    void traceFilterSeldomErrsAndNeverDenies();

private:
    struct Answer
    {
        std::vector<std::uint64_t> seqs;
        std::uint64_t opened = 0;
        std::uint64_t scanned = 0;
        std::uint64_t counted = 0;         ///< by count()
        std::vector<std::uint64_t> newest; ///< the newer half, newest first
    };
    [[nodiscard]] Answer ask(const std::string& filter) const;
    /// A block of its own.
    void put(const std::vector<SampleMessage>& messages);

    std::unique_ptr<HistoryFixture> m_history;
    std::unique_ptr<Sample> m_sample;
    std::vector<SampleMessage> m_made;
};

namespace {

std::string traceOf(int block, int row)
{
    return QString("%1%2").arg(block, 16, 16, QChar('a')).arg(row, 16, 16, QChar('0')).toStdString();
}

std::vector<SampleMessage> orders(int block, std::size_t count)
{
    std::vector<SampleMessage> made(count);
    for (std::size_t row = 0; row < count; ++row) {
        made[row].subject = "orders." + std::to_string(block) + ".created";
        made[row].trace = traceOf(block, static_cast<int>(row));
        made[row].latency = std::chrono::milliseconds(block * 10);
    }
    return made;
}

} // namespace

void HistoryPruning::init()
{
    m_made.clear();
    m_history = std::make_unique<HistoryFixture>();
    QCOMPARE(m_history->open(), std::string());
    m_sample = std::make_unique<Sample>(m_history->writer->names());
}

void HistoryPruning::cleanup()
{
    m_history.reset();
}

void HistoryPruning::put(const std::vector<SampleMessage>& messages)
{
    const std::size_t first = m_made.size();
    for (const SampleMessage& message : messages) {
        m_made.push_back(message);
        m_sample->add(message);
    }
    m_history->put(std::make_shared<const Batch>(m_sample->batch(first, m_made.size())));
    m_history->pass(std::chrono::milliseconds(250));
    QTRY_COMPARE(m_history->ledger->snapshot().stored, m_made.size());
}

HistoryPruning::Answer HistoryPruning::ask(const std::string& filter) const
{
    HistoryQuery query;
    query.filter = Filter::parse(filter).value();
    Answer answer;
    const auto reader = m_history->reader();
    const auto scan = [&](std::vector<std::uint64_t>& seqs) {
        return reader->scan(query, {}, [&](const std::shared_ptr<const Batch>& batch) {
            for (const Message& message : batch->messages)
                seqs.push_back(message.seq);
            return true;
        });
    };
    const auto done = scan(answer.seqs);
    answer.opened = done->openedBlocks;
    answer.scanned = done->scanned;
    answer.counted = reader->count(query, {})->matched;
    query.order = Order::NewestFirst;
    query.limit = answer.seqs.size() / 2;
    query.columns = 0;
    (void)scan(answer.newest);
    return answer;
}

void HistoryPruning::findsWhatTheNaiveEvaluatorFinds()
{
    std::mt19937 random(20261121);
    constexpr int kBlocks = 60;
    for (int block = 0; block < kBlocks; ++block) {
        std::vector<SampleMessage> messages(1, randomMessage(random));
        while (messages.size() < 5) // alike, so that there is something to leave out
            messages.push_back(messages.size() == 4 ? randomMessage(random) : messages.front());
        put(messages);
    }
    std::uint64_t opened = 0;
    constexpr int kFilters = 400;
    for (int i = 0; i < kFilters; ++i) {
        const NaiveFilter naive = randomFilter(random, 3);
        std::vector<std::uint64_t> expected;
        for (std::size_t row = 0; row < m_made.size(); ++row) {
            if (naive.matches(m_made[row]))
                expected.push_back(row + 1);
        }
        const Answer answer = ask(naive.text);
        QVERIFY2(answer.seqs == expected, naive.text.c_str());
        QCOMPARE(answer.counted, expected.size());
        expected.erase(expected.begin(), expected.end() - static_cast<std::ptrdiff_t>(expected.size() / 2));
        std::reverse(expected.begin(), expected.end());
        QVERIFY2(answer.newest == expected, naive.text.c_str());
        QCOMPARE(answer.scanned, m_made.size());
        opened += answer.opened;
    }
    QVERIFY2(opened < kFilters * kBlocks * 9 / 10, std::to_string(opened).c_str());
}

void HistoryPruning::leavesBlocksOfOtherSubjectsClosed()
{
    for (int block = 0; block < 20; ++block)
        put(orders(block, 10));
    QCOMPARE(ask("subject:orders.7.created").opened, 1U);
    QCOMPARE(ask("subject:orders.*.created").opened, 20U);
    QCOMPARE(ask("subject:orders.7.* OR subject:orders.9.>").opened, 2U);
    QCOMPARE(ask("NOT subject:orders.7.>").opened, 19U);
    QCOMPARE(ask("NOT pop:FRA").opened, 0U);
    QCOMPARE(ask("pop:LHR,NRT").opened, 0U);
    QCOMPARE(ask("worker:checkout latency>=150ms").opened, 5U);
    QCOMPARE(ask("identity:nobody").opened, 0U);
    QCOMPARE(ask("account:EDGE seq<=20").opened, 2U);
    QCOMPARE(ask("size>1MB").opened, 0U);
    QCOMPARE(ask("NOT latency>=150ms").seqs.size(), 150U);
}

/// An open one would keep the log from being emptied as long as a search finds nothing.
void HistoryPruning::keepsNoTransactionOpenForABlockWithoutMatch()
{
    put(orders(1, 10));
    auto database = openForReading(m_history->path()).value();
    HistoryQuery query;
    query.filter = Filter::parse("payload:nowhere").value();
    const Names names;
    const NameViews views;
    BlockLoader loader(database, query, names, views);
    const auto found = BlockScan::begin(database, query)->next().value();
    QVERIFY(loader.load(*found)->messages.empty());
    QCOMPARE(sqlite3_txn_state(database.handle(), "main"), SQLITE_TXN_NONE);
    QCOMPARE(loader.count(*found).value(), 0U);
    QCOMPARE(sqlite3_txn_state(database.handle(), "main"), SQLITE_TXN_NONE);
}

void HistoryPruning::opensOneBlockForATrace()
{
    for (int block = 0; block < 40; ++block)
        put(orders(block, 50));
    const Answer answer = ask("trace:" + traceOf(33, 20));
    QCOMPARE(answer.seqs, std::vector<std::uint64_t>{33 * 50 + 20 + 1});
    QVERIFY(answer.opened <= 2);
    const QString upper = QString::fromStdString(traceOf(33, 20)).toUpper();
    QCOMPARE(ask("trace:" + upper.toStdString()).seqs, answer.seqs);
    QVERIFY(ask("trace:00000000000000000000000000000000").opened <= 1);
}

void HistoryPruning::trustsNoDamagedSet()
{
    for (int block = 0; block < 4; ++block)
        put(orders(block, 50));
    QCOMPARE(m_history->close(), std::string());
    const std::string trace = "trace:" + traceOf(2, 20);
    const std::size_t bits = 50 * 16 + 32;
    for (std::size_t bit = 0; bit < bits; ++bit) {
        const auto flip = [&] {
            return m_history->flipBit("block_index", "traces", 101, static_cast<int>(bit / 8),
                                      static_cast<int>(bit % 8));
        };
        QVERIFY(flip());
        QCOMPARE(ask(trace).seqs.size(), 1U);
        QVERIFY(flip());
    }
    QVERIFY(m_history->flipBit("block_index", "subjects", 101, 0, 1));
    QCOMPARE(ask("subject:orders.2.created").seqs.size(), 50U);
    m_history->sql("DELETE FROM block_index WHERE first_seq = 101");
    QCOMPARE(ask(trace).seqs.size(), 1U);
    // Nor a table that cannot be read at all.
    const qint64 page = m_history->sql("SELECT rootpage FROM sqlite_master WHERE name = 'block_index'");
    m_history->sql("PRAGMA wal_checkpoint(TRUNCATE)");
    QFile file(QString::fromStdString(m_history->path().string()));
    QVERIFY(file.open(QIODevice::ReadWrite) && file.seek((page - 1) * 8192));
    QCOMPARE(file.write(QByteArray(8192, '\x55')), 8192);
    file.close();
    QCOMPARE(ask(trace).seqs.size(), 1U);
    QCOMPARE(ask("subject:orders.2.created").opened, 4U);
}

void HistoryPruning::readsAndContinuesFilesFromBeforeTheTraceFilter()
{
    put(orders(1, 50));
    QCOMPARE(m_history->close(), std::string());
    m_history->sql("ALTER TABLE block_index DROP COLUMN traces");
    QCOMPARE(ask("trace:" + traceOf(1, 3)).seqs, std::vector<std::uint64_t>{4});
    QCOMPARE(m_history->open(), std::string());
    m_history->put(20);
    QCOMPARE(m_history->close(), std::string());
    QCOMPARE(m_history->sql("SELECT count(*) FROM block_index WHERE traces IS NOT NULL"), 1);
    QCOMPARE(ask("trace:" + traceOf(1, 3)).seqs, std::vector<std::uint64_t>{4});
    QCOMPARE(m_history->seqs().size(), 70U);
}

void HistoryPruning::traceFilterHasNoRoomForNoTrace()
{
    std::vector<SampleMessage> messages = orders(1, 9);
    for (std::size_t row = 1; row < messages.size(); row += 2)
        messages[row].trace.clear();
    put(messages);
    const int bytes = 5 * 2 + 4; // 16 bits a trace, and the CRC
    QCOMPARE(m_history->sql("SELECT length(traces) FROM block_index"), bytes);
}

void HistoryPruning::traceFilterSeldomErrsAndNeverDenies()
{
    std::vector<std::uint64_t> hashes;
    for (int i = 0; i < 4096; ++i)
        hashes.push_back(traceHash(traceOf(1, i)));
    const std::string filter = traceFilterOf(hashes);
    QCOMPARE(filter.size(), 8192U);
    QVERIFY(std::all_of(hashes.begin(), hashes.end(),
                        [&](std::uint64_t hash) { return mayHoldTrace(filter, hash); }));
    int wrong = 0;
    for (int i = 0; i < 100'000; ++i)
        wrong += mayHoldTrace(filter, traceHash(traceOf(2, i))) ? 1 : 0;
    QVERIFY2(wrong < 100, std::to_string(wrong).c_str());
    QVERIFY(!mayHoldTrace(traceFilterOf({}), hashes.front()));
    QVERIFY(traceHash("ab[\x80") != traceHash("AB{\x80"));
    QCOMPARE(traceHash("AZaz@[`{09-é"), traceHash("azaz@[`{09-é"));
}

QTEST_GUILESS_MAIN(HistoryPruning)
#include "tst_historypruning.moc"
