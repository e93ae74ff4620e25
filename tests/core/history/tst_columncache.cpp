// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/ColumnCache.h"
#include "core/history/Compaction.h"
#include "tests/core/history/HistoryFixture.h"

#include <QtTest>

#include <random>

using namespace weir;
using namespace weir::test;

/// What is scrolled to and fro is unpacked once, within a budget that holds.
class TestColumnCache : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void holdsItsBudgetAndForgetsTheOldest();
    void unpacksNothingAnewOnTheWayBack();
    void holdsItsBudgetWhereNotAllFits();
    void keepsNothingOfALongScan();
    void knowsMergedBlocksApart();

private:
    /// Reads some rows through `reader` and compares them with what was put.
    void readAndCompare(HistoryReader& reader, std::uint64_t first, std::uint64_t last, ColumnSet columns);
    [[nodiscard]] std::unique_ptr<HistoryReader> reader(const std::shared_ptr<ColumnCache>& cache) const
    {
        return std::move(HistoryReader::openCached(m_history->path(), cache)).value();
    }

    std::unique_ptr<HistoryFixture> m_history;
    std::vector<std::shared_ptr<const Batch>> m_put;
    std::vector<const Message*> m_wanted;
};

void TestColumnCache::init()
{
    m_put.clear();
    m_wanted.clear();
    m_history = std::make_unique<HistoryFixture>();
    QCOMPARE(m_history->open(), std::string());
    for (int block = 0; block < 8; ++block) {
        m_put.push_back(m_history->traffic->next(1000, m_history->clock.now()));
        m_history->put(m_put.back());
        m_history->pass(std::chrono::milliseconds(250));
        for (const Message& message : m_put.back()->messages)
            m_wanted.push_back(&message);
    }
    QCOMPARE(m_history->close(), std::string());
}

void TestColumnCache::readAndCompare(HistoryReader& reader, std::uint64_t first, std::uint64_t last,
                                     ColumnSet columns)
{
    HistoryQuery query;
    query.firstSeq = first;
    query.lastSeq = last;
    query.columns = columns;
    std::uint64_t seq = first;
    std::string differs;
    const auto done = reader.scan(query, {}, [&](const std::shared_ptr<const Batch>& batch) {
        for (const Message& message : batch->messages) {
            const Message& wanted = *m_wanted.at(seq++ - 1);
            if (columns == kAllColumns && differs.empty())
                differs = difference(wanted, message);
            else if (message.seq != wanted.seq || message.trace != wanted.trace ||
                     message.time != wanted.time)
                differs = "message " + std::to_string(seq - 1);
        }
        return true;
    });
    QVERIFY2(differs.empty(), differs.c_str());
    QVERIFY(done && done->damagedBlocks == 0);
    QCOMPARE(seq, last + 1);
}

void TestColumnCache::holdsItsBudgetAndForgetsTheOldest()
{
    constexpr std::size_t kBudget = 100'000;
    ColumnCache cache(kBudget);
    const auto keyOf = [](std::uint64_t block) {
        return ColumnCache::Key{1, block, ColumnId::Time, 7, 1000};
    };
    for (std::uint64_t block = 0; block < 1000; ++block) {
        QVERIFY(block == 0 || cache.find(keyOf(0)) != nullptr); // asked for again and again: it stays
        cache.keep(keyOf(block), std::string(1000 + block % 5000, 'x'));
        QVERIFY(cache.counts().bytes <= kBudget);
    }
    QVERIFY(cache.find(keyOf(999)) != nullptr);
    QVERIFY(cache.find(keyOf(1)) == nullptr);
    QVERIFY(cache.counts().columns > 10);
    ColumnCache::Key other = keyOf(999);
    other.checksum = 8;
    QVERIFY(cache.find(other) == nullptr);
    cache.keep(keyOf(2000), std::string(kBudget / 2, 'x'));
    QVERIFY(cache.find(keyOf(2000)) == nullptr); // it would push out all others
    QCOMPARE(cache.counts().hits, 1000U);
    QCOMPARE(cache.counts().misses, 3U);
}

void TestColumnCache::unpacksNothingAnewOnTheWayBack()
{
    const auto cache = std::make_shared<ColumnCache>();
    const auto there = reader(cache);
    for (std::uint64_t first = 1; first + 99 <= m_wanted.size(); first += 100)
        readAndCompare(*there, first, first + 99, kEnvelopeOnly);
    const std::uint64_t unpacked = cache->counts().misses;
    QVERIFY(unpacked <= 8 * 12U);    // once a block, not once a screen
    const auto back = reader(cache); // another reader finds the same
    for (std::uint64_t first = m_wanted.size() - 99; first > 100; first -= 100)
        readAndCompare(*back, first, first + 99, kEnvelopeOnly);
    QCOMPARE(cache->counts().misses, unpacked);
    QVERIFY(cache->counts().hits > 79 * 6U);
    readAndCompare(*back, 4321, 4321, kAllColumns);
    readAndCompare(*back, 4322, 4322, kAllColumns);
}

void TestColumnCache::holdsItsBudgetWhereNotAllFits()
{
    constexpr std::size_t kBudget = 200'000; // a block or two
    const auto cache = std::make_shared<ColumnCache>(kBudget);
    const auto any = reader(cache);
    std::mt19937_64 random(3);
    for (int i = 0; i < 300; ++i) {
        const std::uint64_t first = 1 + random() % (m_wanted.size() - 60);
        readAndCompare(*any, first, first + 50, i % 5 == 0 ? kAllColumns : kEnvelopeOnly);
        QVERIFY(cache->counts().bytes <= kBudget);
    }
    QVERIFY(cache->counts().hits > 0);
}

void TestColumnCache::keepsNothingOfALongScan()
{
    const auto cache = std::make_shared<ColumnCache>();
    const auto whole = reader(cache);
    readAndCompare(*whole, 1, m_wanted.size(), kAllColumns);
    QCOMPARE(cache->counts().columns, 0U);
}

void TestColumnCache::knowsMergedBlocksApart()
{
    const auto cache = std::make_shared<ColumnCache>();
    const auto same = reader(cache);
    readAndCompare(*same, 11, 60, kAllColumns);
    readAndCompare(*same, 1011, 1060, kAllColumns);
    const auto done = compactHistory(m_history->path(), m_history->clock.now(), [](auto, auto) {});
    QVERIFY(done && done->blocks.merges > 0);
    readAndCompare(*same, 11, 60, kAllColumns);
    readAndCompare(*same, 1011, 1060, kAllColumns);
}

QTEST_GUILESS_MAIN(TestColumnCache)
#include "tst_columncache.moc"
