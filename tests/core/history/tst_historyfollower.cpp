// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/CoverageLedger.h"
#include "core/history/HistoryFollower.h"
#include "core/history/HistoryWriter.h"
#include "tests/core/history/FakeHistory.h"
#include "tests/core/history/HistoryTraffic.h"
#include "tests/support/ManualClock.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <mutex>
#include <numeric>

using namespace weir;
using weir::test::FakeHistory;
using weir::test::ManualClock;
using State = FollowStatus::State;

namespace {

constexpr int kPromptly = 1000; ///< ms, on a machine with other things to do; what is waited for lasts hours

/// Keeps the seqs that came and the latest tick.
class Collector final : public BatchSink
{
public:
    void consume(const std::shared_ptr<const Batch>& batch) override
    {
        const std::scoped_lock lock(m_mutex);
        for (const Message& message : batch->messages) {
            m_seqs.push_back(message.seq);
            m_lateMessages += message.time < m_tick ? 1 : 0;
        }
    }
    void tick(Timestamp now) override
    {
        const std::scoped_lock lock(m_mutex);
        m_tick = now;
    }
    std::vector<std::uint64_t> seqs() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_seqs;
    }
    Timestamp lastTick() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_tick;
    }
    int lateMessages() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_lateMessages;
    }

private:
    mutable std::mutex m_mutex;
    std::vector<std::uint64_t> m_seqs;
    Timestamp m_tick = kNoTime;
    int m_lateMessages = 0;
};

std::vector<std::uint64_t> run(std::uint64_t from, std::uint64_t to)
{
    std::vector<std::uint64_t> seqs(to + 1 - from);
    std::iota(seqs.begin(), seqs.end(), from);
    return seqs;
}

} // namespace

class TestHistoryFollower : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_history = std::make_unique<FakeHistory>();
        m_clock = std::make_unique<ManualClock>();
        m_sink = std::make_shared<Collector>();
    }
    void liveBeginsWithItsSpanAndGoesOn();
    void fixedRangeEnds();
    void fixedRangeThatIsNotOverWaitsForItsEnd();
    void onlyWhatTheFilterLetsThrough();
    void waitsForTheFile();
    void readErrorsAreTriedAgainWithoutASeam();
    void whatRetentionTookIsPassedOver();
    void aReplacedHistoryIsAnError();
    void stopsPromptly();
    void changesAreToldThrottledAndTheLastOneAlways();
    void ticksNeverOvertakeMessages();
    void aRealHistoryIsFollowedWhileItIsWritten();

private:
    HistoryFollower::Options options(FollowRange range)
    {
        HistoryFollower::Options made;
        made.path = "fake.db";
        made.range = range;
        made.pollEvery = std::chrono::milliseconds(5);
        made.retryEvery = std::chrono::milliseconds(5);
        made.open = [this](const std::filesystem::path&) { return m_history->open(); };
        return made;
    }
    std::unique_ptr<HistoryFollower> follow(HistoryFollower::Options made,
                                            std::function<void()> onChange = {})
    {
        auto follower = std::make_unique<HistoryFollower>(
            std::move(made), *m_clock, std::vector<std::shared_ptr<BatchSink>>{m_sink}, std::move(onChange));
        follower->start();
        return follower;
    }
    Timestamp ago(int seconds) { return m_clock->now() - std::chrono::seconds(seconds); }

    std::unique_ptr<FakeHistory> m_history;
    std::unique_ptr<ManualClock> m_clock;
    std::shared_ptr<Collector> m_sink;
};

void TestHistoryFollower::liveBeginsWithItsSpanAndGoesOn()
{
    m_history->append(ago(400), "old", 7);
    m_history->append(ago(200), "recent", 25);
    const auto follower = follow(options(FollowRange::live(std::chrono::minutes(5))));
    QTRY_COMPARE(follower->status().state, State::Following);
    QCOMPARE(m_sink->seqs(), run(8, 32));
    for (int i = 0; i < 5; ++i) {
        m_history->append(m_clock->now(), "new", 3);
        follower->poke();
    }
    QTRY_COMPARE(m_sink->seqs(), run(8, 47));
    QTRY_COMPARE(follower->status().scanned, std::uint64_t{40});
    QCOMPARE(follower->status().total, std::uint64_t{40});
    QCOMPARE(follower->status().matched, std::uint64_t{40});
    QVERIFY(follower->status().caughtUp());
}

void TestHistoryFollower::fixedRangeEnds()
{
    m_history->append(ago(400), "a", 10);
    m_history->append(ago(300), "b", 10);
    m_history->append(ago(200), "c", 10);
    const auto follower = follow(options(FollowRange::fixed(ago(300), ago(200))));
    QTRY_COMPARE(follower->status().state, State::Done);
    QCOMPARE(m_sink->seqs(), run(11, 20));
    QCOMPARE(follower->status().total, std::uint64_t{10});
    QCOMPARE(m_sink->lastTick(), ago(200));
    follower->stop();
    QCOMPARE(follower->status().state, State::Done);
}

void TestHistoryFollower::fixedRangeThatIsNotOverWaitsForItsEnd()
{
    const Timestamp to = m_clock->now() + std::chrono::seconds(10);
    const auto follower = follow(options(FollowRange::fixed(ago(10), to)));
    QTRY_COMPARE(follower->status().state, State::Following);
    m_history->append(to - std::chrono::seconds(1), "within", 2);
    m_history->append(to, "behind", 2);
    QTRY_COMPARE(m_sink->seqs(), run(1, 2));
    m_clock->advance(std::chrono::seconds(11));
    QTRY_COMPARE(follower->status().state, State::Done);
    QCOMPARE(m_sink->seqs(), run(1, 2));
}

void TestHistoryFollower::onlyWhatTheFilterLetsThrough()
{
    m_history->append(ago(10), "orders.1", 30);
    m_history->append(ago(9), "auth.login", 30);
    HistoryFollower::Options made = options(FollowRange::live(std::chrono::minutes(1)));
    made.filter = *Filter::parse("subject:auth.>");
    const auto follower = follow(made);
    QTRY_COMPARE(follower->status().state, State::Following);
    QCOMPARE(m_sink->seqs(), run(31, 60));
    QCOMPARE(follower->status().scanned, std::uint64_t{60});
    QCOMPARE(follower->status().matched, std::uint64_t{30});
}

void TestHistoryFollower::waitsForTheFile()
{
    m_history->failOpen(Error{ErrorCode::NotFound, "opening fake.db", "there is no such file", ""});
    m_history->append(ago(1), "a", 3);
    const auto follower = follow(options(FollowRange::live(std::chrono::minutes(1))));
    QTRY_VERIFY(m_history->opened() > 2);
    QCOMPARE(follower->status().state, State::Waiting);
    QVERIFY(follower->status().error.has_value());
    m_history->failOpen(std::nullopt);
    QTRY_COMPARE(follower->status().state, State::Following);
    QVERIFY(!follower->status().error);
    QCOMPARE(m_sink->seqs(), run(1, 3));
}

void TestHistoryFollower::readErrorsAreTriedAgainWithoutASeam()
{
    m_history->append(ago(5), "a", 50);
    m_history->failScanAt(25);
    std::atomic<bool> sawFailing = false;
    std::atomic<HistoryFollower*> told = nullptr;
    HistoryFollower::Options made = options(FollowRange::live(std::chrono::minutes(1)));
    made.changeEvery = Nanoseconds(0);
    HistoryFollower follower(std::move(made), *m_clock, {m_sink}, [&] {
        const FollowStatus status = told.load()->status();
        if (status.state == State::Failing && status.error && status.error->code == ErrorCode::Io)
            sawFailing = true;
    });
    told = &follower;
    follower.start();
    QTRY_COMPARE(follower.status().state, State::Following);
    QCOMPARE(m_sink->seqs(), run(1, 50));
    QVERIFY(sawFailing);
    QVERIFY(!follower.status().error);
}

void TestHistoryFollower::whatRetentionTookIsPassedOver()
{
    m_history->append(ago(5), "a", 20);
    m_history->expire(5);
    const auto follower = follow(options(FollowRange::fixed(Timestamp::min(), m_clock->now())));
    QTRY_COMPARE(follower->status().state, State::Following);
    QCOMPARE(m_sink->seqs(), run(6, 20));
    m_clock->advance(std::chrono::seconds(1));
    QTRY_COMPARE(follower->status().state, State::Done);
}

void TestHistoryFollower::aReplacedHistoryIsAnError()
{
    m_history->append(ago(5), "a", 20);
    const auto follower = follow(options(FollowRange::live(std::chrono::minutes(1))));
    QTRY_COMPARE(m_sink->seqs(), run(1, 20));
    m_history->clear();
    m_history->append(ago(1), "b", 3);
    QTRY_COMPARE(follower->status().state, State::Failing);
    QCOMPARE(follower->status().error->why, std::string("the history was replaced by another one"));
    QCOMPARE(m_sink->seqs(), run(1, 20));
}

void TestHistoryFollower::stopsPromptly()
{
    HistoryFollower::Options made = options(FollowRange::live(std::chrono::minutes(1)));
    made.pollEvery = std::chrono::hours(1);
    made.retryEvery = std::chrono::hours(1);
    const auto waiting = follow(made);
    QTRY_COMPARE(waiting->status().state, State::Following);
    QElapsedTimer timer;
    timer.start();
    waiting->stop();
    QVERIFY2(timer.elapsed() <= kPromptly, qPrintable(QString::number(timer.elapsed())));
    QCOMPARE(waiting->status().state, State::Stopped);
    m_history->append(ago(5), "a", 50'000);
    const auto reading = follow(made);
    QTRY_VERIFY(!m_sink->seqs().empty());
    timer.restart();
    reading->stop();
    QVERIFY2(timer.elapsed() <= kPromptly, qPrintable(QString::number(timer.elapsed())));
    const std::size_t seen = m_sink->seqs().size();
    m_history->append(ago(1), "a", 10);
    reading->poke();
    QCOMPARE(m_sink->seqs().size(), seen);
}

void TestHistoryFollower::changesAreToldThrottledAndTheLastOneAlways()
{
    m_history->append(ago(5), "a", 2'000);
    std::atomic<int> calls = 0;
    QElapsedTimer timer;
    timer.start();
    const auto follower = follow(options(FollowRange::fixed(ago(10), ago(2))), [&calls] { ++calls; });
    QTRY_COMPARE(follower->status().state, State::Done);
    // The last change comes after status() shows it.
    QTRY_VERIFY(calls >= 1);
    follower->stop();
    const auto allowed = 2 + timer.elapsed() / 40;
    QVERIFY2(calls <= allowed, qPrintable(QString("%1 > %2").arg(calls.load()).arg(allowed)));
}

void TestHistoryFollower::ticksNeverOvertakeMessages()
{
    m_history->append(ago(5), "a", 50);
    const auto follower = follow(options(FollowRange::live(std::chrono::minutes(1))));
    for (int i = 0; i < 20; ++i) {
        m_clock->advance(std::chrono::milliseconds(100));
        // As a writer does it: the message is visible 300 ms after it came.
        m_history->append(m_clock->now() - std::chrono::milliseconds(300), "b", 1);
        QTRY_COMPARE(m_sink->seqs().size(), static_cast<std::size_t>(51 + i));
    }
    QTRY_COMPARE(m_sink->lastTick(), m_clock->now() - std::chrono::milliseconds(300));
    QCOMPARE(m_sink->lateMessages(), 0);
}

void TestHistoryFollower::aRealHistoryIsFollowedWhileItIsWritten()
{
    const QTemporaryDir dir;
    HistoryWriter::Options writing;
    writing.path = dir.filePath("h.db").toStdString();
    HistoryFollower::Options made = options(FollowRange::live(std::chrono::minutes(5)));
    made.path = writing.path;
    made.open = &HistoryReader::open;
    made.filter = *Filter::parse("seq>0 NOT pop:nowhere");
    const auto follower = follow(made);
    QTRY_VERIFY(follower->status().error.has_value());
    QCOMPARE(follower->status().state, State::Waiting);

    CoverageLedger ledger;
    auto writer = HistoryWriter::open(writing, *m_clock, ledger, {});
    QVERIFY2(writer.has_value(), writer ? "" : writer.error().line().c_str());
    weir::test::HistoryTraffic traffic((*writer)->names(), (*writer)->firstSeq());
    std::uint64_t written = 0;
    for (const std::size_t count : {1, 5000, 300, 7}) {
        (*writer)->consume(traffic.next(count, m_clock->now()));
        m_clock->advance(std::chrono::milliseconds(300));
        (*writer)->tick(m_clock->now());
        written += count;
        QTRY_COMPARE(m_sink->seqs().size(), static_cast<std::size_t>(written));
    }
    QVERIFY((*writer)->close().has_value());
    QCOMPARE(m_sink->seqs(), run(1, written));
    QTRY_COMPARE(follower->status().state, State::Following);
    QCOMPARE(follower->status().scanned, written);
    follower->stop();

    // The same once more, as a range of the past.
    m_sink = std::make_shared<Collector>();
    made.range = FollowRange::fixed(Timestamp::min(), m_clock->now() - std::chrono::milliseconds(100));
    m_clock->advance(std::chrono::seconds(2));
    const auto past = follow(made);
    QTRY_COMPARE(past->status().state, State::Done);
    QCOMPARE(m_sink->seqs(), run(1, written));
}

QTEST_GUILESS_MAIN(TestHistoryFollower)
#include "tst_historyfollower.moc"
