// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/history/HistoryFixture.h"

#include <QtTest>

using namespace weir;
using namespace weir::test;

/// A flipped bit is noticed wherever in a body it is, costs one block, and that block is named.
class HistoryDamage : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void everyPartOfABody();
    void row();
    void largePayload();
    void missingBody();
    void untouchedColumnsStayReadable();
    void rubbishInsteadOfABody();

private:
    /// Flips `bit` of the byte at `offset` of the middle block's body.
    void flip(std::int64_t offset, int bit) const;
    void verifyOneBlockLost(const char* where);

    std::unique_ptr<HistoryFixture> m_history;
};

namespace {
constexpr std::size_t kPerBlock = 200;
} // namespace

void HistoryDamage::init()
{
    m_history = std::make_unique<HistoryFixture>();
    QCOMPARE(m_history->open(), std::string());
    for (int block = 0; block < 3; ++block) {
        m_history->put(kPerBlock - 1);
        std::vector<Message> messages(1); // so that no column is left out
        messages[0].time = messages[0].stored = m_history->clock.now();
        messages[0].reply = "_INBOX.1";
        messages[0].streamSeq = 7;
        messages[0].evidence = Evidence::Vouched;
        messages[0].identity = m_history->writer->names()->identities.intern(
            Identity{"u", {}, Evidence::Vouched, {}, {}, {}, kNoTime, kNoTime});
        const std::string large(100'000, 'L');
        messages[0].payload = block == 1 ? std::string_view(large) : "small";
        m_history->put(m_history->traffic->own(messages, "last"));
        m_history->pass(std::chrono::milliseconds(250));
        QTRY_COMPARE(m_history->ledger->snapshot().stored, (static_cast<std::size_t>(block) + 1) * kPerBlock);
    }
    QCOMPARE(m_history->close(), std::string());
    QCOMPARE(m_history->seqs().size(), 3 * kPerBlock);
    QCOMPARE(m_history->sql("SELECT count(*) FROM block"), 3);
}

void HistoryDamage::cleanup()
{
    m_history.reset();
}

void HistoryDamage::flip(std::int64_t offset, int bit) const
{
    QVERIFY(m_history->flipBit("block_body", "body", 201, static_cast<int>(offset), bit));
}

void HistoryDamage::verifyOneBlockLost(const char* where)
{
    std::vector<Error> damage;
    const auto seqs = m_history->seqs(&damage);
    QVERIFY2(damage.size() == 1, where);
    QVERIFY2(damage[0].line().find("block 201 (messages 201 to 400)") != std::string::npos,
             damage[0].line().c_str());
    QCOMPARE(seqs.size(), 2 * kPerBlock);
    QCOMPARE(seqs.front(), 1U);
    QCOMPARE(seqs.back(), 3 * kPerBlock);
}

void HistoryDamage::everyPartOfABody()
{
    const std::int64_t size = m_history->sql("SELECT length(body) FROM block_body WHERE first_seq = 201");
    QVERIFY(size > 5000);
    // Every byte of the directory, then a step through the columns: each is hit.
    for (std::int64_t offset = 0; offset < size; offset += offset < 350 ? 1 : 97) {
        const int bit = static_cast<int>(offset % 8);
        flip(offset, bit);
        verifyOneBlockLost(std::to_string(offset).c_str());
        if (QTest::currentTestFailed())
            return;
        flip(offset, bit);
    }
    flip(size - 1, 7);
    verifyOneBlockLost("last byte");
    flip(size - 1, 7);
    QCOMPARE(m_history->seqs().size(), 3 * kPerBlock);
}

void HistoryDamage::row()
{
    for (const char* column : {"last_seq", "count", "time_max", "checksum", "wire_bytes"}) {
        const std::string name(column);
        m_history->sql("UPDATE block SET " + name + " = " + name + " + 1 WHERE first_seq = 201");
        std::vector<Error> damage;
        QCOMPARE(m_history->seqs(&damage).size(), 2 * kPerBlock);
        QCOMPARE(damage.size(), 1U);
        m_history->sql("UPDATE block SET " + name + " = " + name + " - 1 WHERE first_seq = 201");
    }
    QCOMPARE(m_history->seqs().size(), 3 * kPerBlock);
}

void HistoryDamage::largePayload()
{
    m_history->sql("UPDATE large_payload SET checksum = checksum + 1");
    verifyOneBlockLost("large payload");
    m_history->sql("DELETE FROM large_payload");
    verifyOneBlockLost("large payload missing");
}

void HistoryDamage::missingBody()
{
    m_history->sql("DELETE FROM block_body WHERE first_seq = 201");
    verifyOneBlockLost("no body");
}

void HistoryDamage::untouchedColumnsStayReadable()
{
    flip(m_history->sql("SELECT length(body) - 1 FROM block_body WHERE first_seq = 201"), 0); // the payloads
    HistoryQuery query;
    query.columns = kEnvelopeOnly;
    const auto done = m_history->reader()->scan(query, {}, [](const auto&) { return true; });
    QVERIFY(done);
    QCOMPARE(done->damagedBlocks, 0U);
    QCOMPARE(done->matched, 3 * kPerBlock);
}

void HistoryDamage::rubbishInsteadOfABody()
{
    for (const char* body : {"x''", "x'57454231'", "randomblob(24)", "randomblob(5000)", "zeroblob(5000)",
                             "substr(body, 1, 400)", "substr(body, 1, 30)", "'text'", "7"}) {
        m_history->sql("CREATE TABLE IF NOT EXISTS kept AS SELECT * FROM block_body WHERE first_seq = 201");
        m_history->sql(std::string("UPDATE block_body SET body = ") + body + " WHERE first_seq = 201");
        verifyOneBlockLost(body);
        if (QTest::currentTestFailed())
            return;
        m_history->sql("UPDATE block_body SET body = (SELECT body FROM kept) WHERE first_seq = 201");
    }
}

QTEST_GUILESS_MAIN(HistoryDamage)
#include "tst_historydamage.moc"
