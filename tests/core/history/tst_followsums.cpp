// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/HistoryFollower.h"
#include "core/history/SummingSink.h"
#include "tests/core/history/HistoryFixture.h"

#include <QtTest>

#include <atomic>

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

/// Counts what comes in sums, and what comes as messages.
class CountingSink final : public SummingSink
{
public:
    explicit CountingSink(bool waits) : m_waits(waits) {}
    void consume(const std::shared_ptr<const Batch>& batch) override { messages += batch->messages.size(); }
    void tick(Timestamp /*now*/) override { ++ticks; }
    std::int64_t sumWidth(bool /*expired*/) override { return kSecondSlot; }
    bool canWait() const override { return m_waits; }
    void consumeSums(const RollupSlot& slot, const std::shared_ptr<const Names>& names) override
    {
        for (const RollupCell& cell : slot.cells) {
            summed += cell.count;
            named = named && names->groups.name(cell.key.group) != std::string_view();
        }
    }
    void startOver() override { messages = summed = 0; }
    std::uint64_t all() const { return messages + summed; }

    std::atomic<std::uint64_t> messages{0};
    std::atomic<std::uint64_t> summed{0};
    std::atomic<std::uint64_t> ticks{0};
    std::atomic<bool> named{true};

private:
    const bool m_waits;
};

} // namespace

/// Sinks that can wait get what comes live in sums, each message once, and late what is not summed up.
class FollowSumsTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void comesInSums();
    void comesAtLastWithoutSums();
    void readsTheRestOfASumThatWasToldInPart();
    void doesNotWaitForOthers();
    void restsWhereNobodyIsTold();

private:
    void follow(bool waits, Filter filter = {});
    /// A second with so many messages.
    void second(std::size_t messages)
    {
        m_history->put(messages);
        m_history->pass(1s);
        m_put += messages;
        QTRY_COMPARE(m_history->committed.load(), m_put);
    }
    /// An idle recording writes what is summed up with its next heartbeats.
    void settle()
    {
        const auto summed = [this] {
            m_history->pass(6s);
            return m_history->reader()->summedSeqs(kSecondSlot).value().second;
        };
        QTRY_COMPARE(summed(), m_put);
    }
    std::unique_ptr<HistoryFixture> m_history;
    std::shared_ptr<CountingSink> m_sink;
    std::unique_ptr<HistoryFollower> m_follower;
    std::uint64_t m_put = 0;
};

void FollowSumsTest::init()
{
    m_history = std::make_unique<HistoryFixture>();
    QCOMPARE(m_history->open(), std::string());
    m_put = 0;
    second(100);
    QTRY_COMPARE(m_history->committed.load(), m_put);
}

void FollowSumsTest::cleanup()
{
    m_follower.reset();
    m_history.reset();
}

void FollowSumsTest::follow(bool waits, Filter filter)
{
    m_sink = std::make_shared<CountingSink>(waits);
    HistoryFollower::Options options;
    options.path = m_history->path();
    options.range = FollowRange::live(1h);
    options.filter = std::move(filter);
    m_follower = std::make_unique<HistoryFollower>(options, m_history->clock,
                                                   std::vector<std::shared_ptr<BatchSink>>{m_sink});
    m_follower->start();
    QTRY_VERIFY_WITH_TIMEOUT(m_follower->status().state == FollowStatus::State::Following, 20'000);
    QTRY_COMPARE(m_sink->all(), m_put); // what is there is told at once
}

void FollowSumsTest::comesInSums()
{
    follow(true);
    const std::uint64_t before = m_sink->messages;
    for (int i = 0; i < 5; ++i)
        second(1000);
    settle();
    QTRY_COMPARE_WITH_TIMEOUT(m_sink->all(), m_put, 20'000);
    QCOMPARE(m_sink->messages.load(), before);
    QVERIFY(m_sink->named);
    QCOMPARE(m_follower->status().lastSeq, m_put);
}

void FollowSumsTest::comesAtLastWithoutSums()
{
    follow(true);
    m_history->put(50);
    m_history->pass(300ms); // committed, and the second is not over
    m_put += 50;
    QTRY_COMPARE_WITH_TIMEOUT(m_sink->all(), m_put, 20'000);
    QVERIFY(m_sink->messages >= 50);
}

void FollowSumsTest::readsTheRestOfASumThatWasToldInPart()
{
    follow(true);
    m_history->put(50);
    m_history->pass(300ms);
    m_put += 50;
    QTRY_COMPARE_WITH_TIMEOUT(m_sink->all(), m_put, 20'000); // as messages
    m_history->put(70);
    m_history->pass(300ms); // the same second
    m_put += 70;
    second(1000); // in it, too
    second(10);
    settle();
    QTRY_COMPARE_WITH_TIMEOUT(m_sink->all(), m_put, 20'000);
    second(20);
    settle();
    QTRY_COMPARE_WITH_TIMEOUT(m_sink->all(), m_put, 20'000);
    QVERIFY(m_sink->messages >= 50 + 70 + 1000);
    QVERIFY(m_sink->summed >= 30);
}

void FollowSumsTest::doesNotWaitForOthers()
{
    follow(false);
    const std::uint64_t before = m_sink->summed;
    second(1000);
    QTRY_COMPARE_WITH_TIMEOUT(m_sink->all(), m_put, 20'000);
    QCOMPARE(m_sink->summed.load(), before);
    // A filter that sums know might be asked of them; what is read is what the filter finds.
    follow(true, Filter::parse("subject:>").value());
    second(1000);
    QTRY_COMPARE_WITH_TIMEOUT(m_sink->all(), m_put, 20'000);
}

/// Without onChange its waiting once woke up for it again and again: a whole core.
void FollowSumsTest::restsWhereNobodyIsTold()
{
    follow(false);
    second(10);
    QTRY_COMPARE_WITH_TIMEOUT(m_sink->all(), m_put, 20'000);
    const std::uint64_t before = m_sink->ticks;
    second(10); // some polls later
    QTRY_COMPARE_WITH_TIMEOUT(m_sink->all(), m_put, 20'000);
    QVERIFY2(m_sink->ticks - before < 200, qPrintable(QString::number(m_sink->ticks - before)));
}

QTEST_GUILESS_MAIN(FollowSumsTest)
#include "tst_followsums.moc"
