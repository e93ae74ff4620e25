// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/HistoryFollower.h"
#include "core/history/SubjectGroup.h"
#include "core/history/SummingSink.h"
#include "core/latency/Histogram.h"
#include "core/latency/LatencyTracker.h"
#include "tests/core/history/HistoryFixture.h"

#include <QtTest>

#include <map>
#include <mutex>
#include <random>

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

/// What some messages of one PoP in one second come to.
struct Figures
{
    std::uint64_t count = 0;
    std::uint64_t unknown = 0;
    std::uint64_t skewed = 0;
    Nanoseconds longest = kNoDuration;
    std::map<std::uint16_t, std::uint64_t> buckets;
    auto operator<=>(const Figures&) const = default;

    void add(const Message& message)
    {
        ++count;
        const Nanoseconds latency = message.latency();
        unknown += latency == kNoDuration ? 1 : 0;
        skewed += latency != kNoDuration && latency < 0ns ? 1 : 0;
        if (latency == kNoDuration || latency < 0ns)
            return;
        longest = std::max(longest, latency);
        ++buckets[HistogramScale::indexOf(static_cast<std::uint64_t>(latency.count() / 1000))];
    }
};

/// By where a slot of `width` seconds begins, and PoP.
using Table = std::map<std::pair<std::int64_t, std::string>, Figures>;

std::int64_t startOf(Timestamp time, std::int64_t width)
{
    const std::int64_t second = toUnixNanos(time) / 1'000'000'000;
    return second - second % width;
}

/// Adds up what it is told.
class Tally final : public SummingSink
{
public:
    explicit Tally(std::int64_t width) : m_width(width) {}

    void consume(const std::shared_ptr<const Batch>& batch) override
    {
        const std::scoped_lock lock(m_mutex);
        for (const Message& message : batch->messages)
            m_table[{startOf(message.time, m_width), std::string(message.popName)}].add(message);
        m_messages += batch->messages.size();
    }
    std::int64_t sumWidth(bool /*expired*/) override { return m_width; }
    void consumeSums(const RollupSlot& slot, const std::shared_ptr<const Names>& names) override
    {
        const std::scoped_lock lock(m_mutex);
        m_widest = std::max<std::int64_t>(m_widest, slot.width);
        for (const RollupCell& cell : slot.cells) {
            Figures& figures = m_table[{startOf(Timestamp(std::chrono::seconds(slot.start)), m_width),
                                        std::string(names->pops.name(cell.key.pop))}];
            figures.count += cell.count;
            figures.unknown += cell.unknown;
            figures.skewed += cell.skewed;
            figures.longest = std::max(figures.longest, cell.longest);
            for (std::uint32_t i = cell.begin; i < cell.end; ++i)
                figures.buckets[slot.buckets[i].index] += slot.buckets[i].count;
            m_summed += cell.count;
        }
    }
    void startOver() override
    {
        const std::scoped_lock lock(m_mutex);
        m_table.clear();
        m_messages = m_summed = 0;
    }
    Table table() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_table;
    }
    std::uint64_t messages() const { return m_messages; }
    std::uint64_t summed() const { return m_summed; }
    std::int64_t widest() const { return m_widest; }

private:
    const std::int64_t m_width;
    mutable std::mutex m_mutex;
    Table m_table;
    std::atomic<std::uint64_t> m_messages{0};
    std::atomic<std::uint64_t> m_summed{0};
    std::atomic<std::int64_t> m_widest{0};
};

std::uint64_t countOf(const Table& table)
{
    std::uint64_t count = 0;
    for (const auto& [key, figures] : table)
        count += figures.count;
    return count;
}

const std::vector<std::string> kFilters{
    "",
    "pop:FRA",
    "pop!=FRA,LHR worker:checkout",
    "identity:alice OR worker:auth",
    "NOT identity:alice",
    "evidence:verified",
    "evidence<claimed",
    "account:EDGE",
    "subject:orders.>",
    "subject!=orders.eu.*.placed",
    "subject:orders.eu.7.placed pop:FRA",
    "subject~placed$ OR pop:GRU",
    "subject:auth.login.*,telemetry.> NOT pop~^[A-L]",
};

} // namespace

/// What a sink is told in sums and messages is what the messages come to, each counted once: while they are
/// written, afterwards, after neighbouring blocks became one, and when the messages have expired.
class SumFeedTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void patternsShareGroups_data();
    void patternsShareGroups();
    void equalsTheMessages();
    void equalsTheMessagesWhileTheyExpireAndMerge();
    void equalsTheMessagesOfWhichSomeSubjectsExpired();
    void liveGoesOnWithoutASeam();
    void knowsWhatHasExpired();
    void whatOnlySubjectsTellIsUnknownOnceExpired();
    void damagedSumsAreNotBelieved();
    void trackersAreFedLikewise();

private:
    struct Asked
    {
        Timestamp from;
        Timestamp to;
        std::string filter;
        std::int64_t width = kSecondSlot;
    };
    /// A few messages of everything, and some seconds.
    void putSome(int times);
    void flush();
    /// All that was put and matches, with none of the code that is tested.
    [[nodiscard]] Table counted(const Asked& asked) const;
    [[nodiscard]] std::shared_ptr<Tally> followed(const Asked& asked, FollowStatus* status = nullptr);
    [[nodiscard]] Asked anyRange(bool wholeSeconds = false);
    /// How what is told differs from what was put; empty: it does not.
    [[nodiscard]] QString wrong(const Asked& asked);
    [[nodiscard]] std::vector<Message> all() const;
    void expire();

    std::unique_ptr<HistoryFixture> m_history;
    std::vector<std::shared_ptr<const Batch>> m_put;
    std::mt19937 m_random{20261121};
    Timestamp m_begin;
};

QString SumFeedTest::wrong(const Asked& asked)
{
    const Table have = followed(asked)->table();
    const Table wanted = counted(asked);
    if (have == wanted)
        return {};
    return QString::fromStdString(asked.filter + " [" + formatRfc3339(asked.from) + ", " +
                                  formatRfc3339(asked.to) + ") by " + std::to_string(asked.width) + ": " +
                                  std::to_string(countOf(have)) + " of " + std::to_string(countOf(wanted)));
}

void SumFeedTest::init()
{
    m_put.clear();
    m_history = std::make_unique<HistoryFixture>();
    QCOMPARE(m_history->open(), std::string());
    m_begin = m_history->clock.now();
}

void SumFeedTest::putSome(int times)
{
    constexpr std::array kSubjects{"auth.login.failed", "telemetry.page", "orders.eu.7.placed"};
    const auto names = m_history->writer->names();
    for (int i = 0; i < times; ++i) {
        auto batch = std::make_shared<Batch>(*m_history->traffic->next(
            5 + m_random() % 20, m_history->clock.now(), std::chrono::milliseconds(m_random() % 90)));
        for (Message& message : batch->messages) {
            if (m_random() % 3 == 0) {
                message.subject = names->subjects.intern(kSubjects[m_random() % kSubjects.size()]);
                message.subjectName = names->subjects.name(message.subject);
            }
            Identity who;
            who.name = m_random() % 2 == 0 ? "alice" : "bob";
            who.evidence = who.name == "alice" ? Evidence::Verified : Evidence::Claimed;
            who.claims = who.name == "alice" ? "{\"acc\":\"EDGE\"}" : "";
            who.tokenSha256 = who.name;
            who.notBefore = m_begin + 20s + 300ms;
            who.expires = m_begin + 200s + 700ms;
            if (m_random() % 4 != 0)
                message.identity = names->identities.intern(who);
            message.evidence = names->identities.evidenceAt(message.identity, message.time);
            if (m_random() % 5 == 0)
                message.sent = kNoTime;
            else if (m_random() % 5 == 0)
                message.sent = message.time + 3ms;
        }
        m_history->clock.advance(batch->messages.back().time - m_history->clock.now());
        m_put.push_back(batch);
        m_history->put(batch);
        m_history->pass(std::chrono::milliseconds(m_random() % 4000));
    }
}

void SumFeedTest::flush()
{
    m_history->pass(300ms);
    QTRY_COMPARE(m_history->ledger->snapshot().inFlight(), 0U);
}

std::vector<Message> SumFeedTest::all() const
{
    std::vector<Message> messages;
    for (const auto& batch : m_put)
        messages.insert(messages.end(), batch->messages.begin(), batch->messages.end());
    return messages;
}

Table SumFeedTest::counted(const Asked& asked) const
{
    Table table;
    const Filter filter = *Filter::parse(asked.filter);
    for (const auto& batch : m_put) {
        for (const Message& message : batch->messages) {
            if (message.time >= asked.from && message.time < asked.to &&
                filter.matches(message, *batch->names))
                table[{startOf(message.time, asked.width), std::string(message.popName)}].add(message);
        }
    }
    return table;
}

std::shared_ptr<Tally> SumFeedTest::followed(const Asked& asked, FollowStatus* status)
{
    const auto tally = std::make_shared<Tally>(asked.width);
    HistoryFollower::Options options;
    options.path = m_history->path();
    options.range = FollowRange::fixed(asked.from, asked.to);
    options.filter = *Filter::parse(asked.filter);
    options.pollEvery = 1ms;
    HistoryFollower follower(options, m_history->clock, {tally});
    follower.start();
    if (!QTest::qWaitFor([&] { return follower.status().caughtUp(); }, 20000))
        qWarning("the range was not read");
    if (status != nullptr)
        *status = follower.status();
    return tally;
}

SumFeedTest::Asked SumFeedTest::anyRange(bool wholeSeconds)
{
    const auto length = (m_history->clock.now() - m_begin).count();
    const auto any = [&] {
        const Timestamp time =
            m_begin - 1s +
            Nanoseconds(static_cast<std::int64_t>(m_random()) * 1'000'003 % (length + 2'000'000'000));
        return wholeSeconds ? std::chrono::floor<std::chrono::seconds>(time) : time;
    };
    Asked asked{any(), any(), kFilters[m_random() % kFilters.size()], m_random() % 2 == 0 ? 1 : 60};
    if (asked.to < asked.from)
        std::swap(asked.from, asked.to);
    if (m_random() % 8 == 0)
        asked.from = Timestamp::min();
    if (m_random() % 8 == 0)
        asked.to = Timestamp::max();
    if (m_random() % 8 == 0)
        asked.to = std::min(asked.to, asked.from == Timestamp::min() ? asked.to : asked.from + 600ms);
    if (wholeSeconds && asked.to != Timestamp::max())
        asked.to = std::chrono::ceil<std::chrono::seconds>(asked.to);
    return asked;
}

void SumFeedTest::expire()
{
    HistoryWriter::Options options;
    options.keep.age = 1s;
    m_history->clock.advance(1h);
    QCOMPARE(m_history->open(options), std::string());
    QVERIFY(QTest::qWaitFor(
        [&] {
            m_history->pass(1s);
            return m_history->sql("SELECT count(*) FROM block") == 0;
        },
        20000));
    QCOMPARE(m_history->close(), std::string());
}

void SumFeedTest::patternsShareGroups_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("group");
    QTest::addColumn<int>("share");
    const auto row = [](const char* pattern, const char* group, Share share) {
        QTest::addRow("%s of %s", pattern, group) << pattern << group << static_cast<int>(share);
    };
    row("orders.>", "orders.*.placed", Share::All);
    row(">", "orders.>", Share::All);
    row("orders.>", "orders.>", Share::Some); // "orders" itself may be in it
    row("orders.eu", "orders.>", Share::Some);
    row("orders", "orders.>", Share::Some);
    row("auth.>", "orders.>", Share::None);
    row("_INBOX.>", "_INBOX.>", Share::All);
    row("_INBOX.a.b", "_INBOX.>", Share::Some);
    row("orders.*.placed", "orders.*.placed", Share::All);
    row("orders.7.placed", "orders.*.placed", Share::Some);
    row("orders.eu.placed", "orders.*.placed", Share::None);
    row("orders.7.paid", "orders.*.placed", Share::None);
    row("orders.*", "orders.*.placed", Share::None);
    row("orders.*.*.x", "orders.*.placed", Share::None);
    row("a.b.c.d.e.f.g.h.>", "a.b.c.d.e.f.g.h.>", Share::All);
    row("a.b.c.d.e.f.g.h.i", "a.b.c.d.e.f.g.h.>", Share::Some);
    row("a.b.c.d.e.f.g.h", "a.b.c.d.e.f.g.h.>", Share::None);
    row("a.*.c", "a.b.c", Share::All);
    row("a.*", "a.", Share::None);
}

void SumFeedTest::patternsShareGroups()
{
    QFETCH(QString, pattern);
    QFETCH(QString, group);
    QFETCH(int, share);
    const auto found = shareOf(SubjectPattern(pattern.toStdString()), group.toStdString());
    QCOMPARE(static_cast<int>(found), share);
}

void SumFeedTest::equalsTheMessages()
{
    putSome(60);
    flush();
    for (int i = 0; i < 40; ++i) // while it is written: the newest are in no sum yet
        QCOMPARE(wrong(anyRange()), QString());
    putSome(60);
    QCOMPARE(m_history->close(), std::string());
    for (int i = 0; i < 40; ++i)
        QCOMPARE(wrong(anyRange()), QString());
    const auto whole = followed({Timestamp::min(), Timestamp::max(), "", kMinuteSlot});
    QCOMPARE(whole->messages(), 0U);
    QCOMPARE(whole->widest(), kMinuteSlot);
    QCOMPARE(whole->summed(), all().size());
    QCOMPARE(followed({Timestamp::min(), Timestamp::max(), "trace:00", kSecondSlot})->summed(), 0U);
    // The clock was set back: seconds come twice.
    m_history->clock.advance(-100s);
    QCOMPARE(m_history->open(), std::string());
    putSome(20);
    QCOMPARE(m_history->close(), std::string());
    QCOMPARE(wrong({Timestamp::min(), Timestamp::max(), "pop:FRA", kSecondSlot}), QString());
}

void SumFeedTest::equalsTheMessagesWhileTheyExpireAndMerge()
{
    QCOMPARE(m_history->close(), std::string());
    HistoryWriter::Options options;
    options.keep.age = 15s;
    QCOMPARE(m_history->open(options), std::string());
    for (int i = 0; i < 30; ++i) {
        putSome(5);
        flush();
        for (const char* filter : {"", "pop:FRA", "NOT worker:auth identity:bob"})
            QCOMPARE(wrong({Timestamp::min(), Timestamp::max(), filter, i % 2 == 0 ? 1 : 60}), QString());
    }
    const auto left = m_history->seqs();
    QVERIFY(!left.empty() && left.size() < all().size());
    QCOMPARE(m_history->close(), std::string());
    QCOMPARE(m_history->open(), std::string());
    for (int i = 0; i < 20; ++i) {
        putSome(1);
        flush();
    }
    QVERIFY(QTest::qWaitFor(
        [&] {
            m_history->pass(1s);
            return m_history->sql("SELECT max(count) FROM block") > 100; // of several puts
        },
        20000));
    for (const char* filter : {"", "pop:FRA", "NOT worker:auth identity:bob"})
        QCOMPARE(wrong({Timestamp::min(), Timestamp::max(), filter, kSecondSlot}), QString());
}

void SumFeedTest::equalsTheMessagesOfWhichSomeSubjectsExpired()
{
    putSome(60);
    QCOMPARE(m_history->close(), std::string());
    HistoryWriter::Options options;
    options.keep.subjects = {{"telemetry.>", 1s}};
    m_history->clock.advance(1h);
    QCOMPARE(m_history->open(options), std::string());
    const auto messages = all();
    const auto left =
        static_cast<std::size_t>(std::count_if(messages.begin(), messages.end(), [](const Message& message) {
            return message.subjectName != "telemetry.page";
        }));
    QVERIFY(QTest::qWaitFor(
        [&] {
            m_history->pass(1s);
            return m_history->seqs().size() <= left;
        },
        20000));
    QCOMPARE(m_history->close(), std::string());
    QCOMPARE(m_history->seqs().size(), left);
    for (int i = 0; i < 20; ++i) {
        Asked any = anyRange(true);
        any.filter = i % 2 == 0 ? "" : "subject:telemetry.> worker:auth";
        QCOMPARE(wrong(any), QString());
    }
    const Asked cut{m_begin + 10s + 200ms, m_begin + 90s + 700ms, "subject:telemetry.>", kSecondSlot};
    Asked widened = cut;
    widened.from = std::chrono::floor<std::chrono::seconds>(cut.from);
    const Table have = followed(cut)->table();
    QVERIFY(countOf(have) >= countOf(counted(cut)) && countOf(have) > 0);
    widened.to = std::chrono::ceil<std::chrono::seconds>(cut.to);
    QVERIFY(countOf(have) <= countOf(counted(widened)));
}

void SumFeedTest::liveGoesOnWithoutASeam()
{
    putSome(40);
    flush();
    for (const char* filter : {"", "pop:FRA,GRU", "evidence:claimed", "subject:orders.eu.7.placed"}) {
        const auto tally = std::make_shared<Tally>(kSecondSlot);
        HistoryFollower::Options options;
        options.path = m_history->path();
        options.range = FollowRange::live(1h);
        options.filter = *Filter::parse(filter);
        options.pollEvery = 1ms;
        HistoryFollower follower(options, m_history->clock, {tally});
        follower.start();
        const bool waits = *filter != 0; // else it begins in the midst of the writing
        if (waits)
            QTRY_VERIFY(follower.status().caughtUp());
        for (int i = 0; i < 10; ++i) {
            putSome(4);
            flush();
        }
        const Asked asked{Timestamp::min(), Timestamp::max(), filter, kSecondSlot};
        QTRY_COMPARE(countOf(tally->table()), countOf(counted(asked)));
        QVERIFY(tally->table() == counted(asked));
        QVERIFY(tally->messages() > 0 || !waits);
        QCOMPARE(tally->summed() > 0, std::string_view(filter) != "subject:orders.eu.7.placed");
        QTRY_COMPARE(follower.status().scanned, all().size());
        QTRY_COMPARE(follower.status().matched, countOf(counted(asked)));
    }
}

void SumFeedTest::knowsWhatHasExpired()
{
    putSome(80);
    QCOMPARE(m_history->close(), std::string());
    expire();
    FollowStatus status;
    for (const char* filter : {"", "pop:FRA", "worker!=auth identity:alice", "subject:orders.>"}) {
        const Asked asked{Timestamp::min(), m_begin + 30min, filter, kSecondSlot};
        QVERIFY(followed(asked, &status)->table() == counted(asked));
        QCOMPARE(status.unknownTo, kNoTime);
        QCOMPARE(status.matched, countOf(counted(asked)));
        QVERIFY(status.scanned <= status.total);
        for (int i = 0; i < 5; ++i) {
            Asked any = anyRange(true);
            any.filter = filter;
            QCOMPARE(wrong(any), QString());
        }
    }
    // Of a part of a second there is nothing but the whole of it.
    const Asked cut{m_begin + 10s + 200ms, m_begin + 60s + 700ms, "", kSecondSlot};
    const Asked widened{startOf(cut.from, 1) * 1s + Timestamp(), startOf(cut.to, 1) * 1s + Timestamp() + 1s,
                        "", 1};
    QVERIFY(followed(cut)->table() == counted(widened));
    // What sums do not know is said to be missing.
    (void)followed({Timestamp::min(), Timestamp::max(), "size>1", kSecondSlot}, &status);
    QVERIFY(status.unknownTo >= all().back().time);
}

void SumFeedTest::whatOnlySubjectsTellIsUnknownOnceExpired()
{
    putSome(40);
    QCOMPARE(m_history->close(), std::string());
    expire();
    FollowStatus status;
    const Asked one{Timestamp::min(), Timestamp::max(), "subject:orders.eu.7.placed", kSecondSlot};
    QCOMPARE(countOf(followed(one, &status)->table()), 0U);
    QCOMPARE(startOf(status.unknownTo, 1), startOf(all().back().time, 1) + 1);
    // What is sure of the others is still told.
    const Asked most{Timestamp::min(), Timestamp::max(), "subject:orders.eu.7.placed OR pop:FRA",
                     kSecondSlot};
    const Asked sure{Timestamp::min(), Timestamp::max(), "pop:FRA", kSecondSlot};
    QVERIFY(followed(most, &status)->table() == counted(sure));
    QVERIFY(status.unknownTo != kNoTime);
}

void SumFeedTest::damagedSumsAreNotBelieved()
{
    putSome(40);
    QCOMPARE(m_history->close(), std::string());
    const std::int64_t row =
        m_history->sql("SELECT id FROM rollup WHERE width = 1 ORDER BY id LIMIT 1 OFFSET 9");
    QVERIFY(m_history->flipBit("rollup", "body", row, 3, 2));
    const Asked asked{Timestamp::min(), Timestamp::max(), "", kSecondSlot};
    FollowStatus status;
    const auto tally = followed(asked, &status);
    QVERIFY(tally->table() == counted(asked));
    QCOMPARE(tally->summed(), 0U);
    QCOMPARE(status.matched, all().size());
    QVERIFY(!status.error);
}

void SumFeedTest::trackersAreFedLikewise()
{
    putSome(150);
    QCOMPARE(m_history->close(), std::string());
    for (const std::int64_t width : {kSecondSlot, kMinuteSlot}) {
        LatencyTracker::Options settings;
        settings.sumWidth = width;
        const auto summed = std::make_shared<LatencyTracker>(settings);
        LatencyTracker told(settings);
        HistoryFollower::Options options;
        options.path = m_history->path();
        options.range = FollowRange::fixed(m_begin + 7s + 100ms, m_begin + 220s + 900ms);
        options.filter = *Filter::parse("NOT pop:GRU");
        HistoryFollower follower(options, m_history->clock, {summed});
        follower.start();
        QTRY_VERIFY(follower.status().caughtUp());
        HistoryQuery query;
        query.from = options.range.from;
        query.to = options.range.to;
        query.filter = options.filter;
        QVERIFY(m_history->reader()->scan(query, {}, [&](const std::shared_ptr<const Batch>& batch) {
            told.consume(batch);
            return true;
        }));
        const auto have = summed->series(query.from, query.to, 400);
        const auto wanted = told.series(query.from, query.to, 400);
        QCOMPARE(have.size(), std::size_t{11});
        for (std::size_t i = 0; i < have.size(); ++i) {
            const auto same = std::find_if(wanted.begin(), wanted.end(),
                                           [&](const PopLatency& pop) { return pop.name == have[i].name; });
            QVERIFY(same != wanted.end());
            QCOMPARE(have[i].summary.count, same->summary.count);
            QCOMPARE(have[i].summary.unknown, same->summary.unknown);
            QCOMPARE(have[i].summary.skewed, same->summary.skewed);
            QCOMPARE(have[i].summary.p50, same->summary.p50);
            QCOMPARE(have[i].summary.p99, same->summary.p99);
            QCOMPARE(have[i].summary.max, same->summary.max);
            std::uint64_t points = 0;
            for (const LatencyPoint& point : have[i].points) {
                QVERIFY(point.width == Nanoseconds(1s) || point.width == std::chrono::seconds(width));
                points += point.count;
            }
            QCOMPARE(points, have[i].summary.count);
            QCOMPARE(have[i].points.front().width, Nanoseconds(std::chrono::seconds(width)));
            if (width == kSecondSlot)
                QCOMPARE(have[i].points.size(), same->points.size());
        }
    }
}

QTEST_GUILESS_MAIN(SumFeedTest)
#include "tst_sumfeed.moc"
