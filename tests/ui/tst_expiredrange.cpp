// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/history/HistoryFixture.h"
#include "tests/support/WarningFreeTest.h"
#include "ui/models/RateTimeline.h"
#include "ui/models/ViewState.h"
#include "ui/views/EmptyState.h"
#include "ui/views/LatencyPage.h"
#include "ui/views/SubjectsPage.h"

#include <QLabel>
#include <QSemaphore>
#include <QTest>

#include <numeric>

using namespace weir;
using namespace std::chrono_literals;
using weir::test::HistoryFixture;

namespace {

/// Empty, of a history that opens, and with questions that are answered, when the test lets them.
class ThinkingPage : public FollowPage
{
public:
    using Gate = std::shared_ptr<QSemaphore>;
    explicit ThinkingPage(ViewState& state, Gate opened = std::make_shared<QSemaphore>())
        : FollowPage(
              state, {}, {},
              [opened](const std::filesystem::path& path) {
                  opened->acquire();
                  return HistoryReader::open(path);
              },
              [] { return std::vector<std::shared_ptr<BatchSink>>{std::make_shared<SubjectTree>()}; },
              nullptr),
          opening(std::move(opened))
    {
    }
    ~ThinkingPage() override
    {
        opening->release(kMany);
        answering->release(kMany);
    }
    [[nodiscard]] QString title() const override { return {}; }
    [[nodiscard]] QString iconName() const override { return {}; }
    [[nodiscard]] bool isCaughtUp() { return sinks().status().caughtUp(); }

    static constexpr int kMany = 10'000;
    const Gate opening;
    const Gate answering = std::make_shared<QSemaphore>();
    int asked = 0;
    int answered = 0;

protected:
    [[nodiscard]] Question question() override
    {
        ++asked;
        return [this, answering = answering]() -> Show {
            answering->acquire();
            return [this] { ++answered; };
        };
    }
    void startOver() override {}
    [[nodiscard]] bool hasContent() const override { return false; }
};

} // namespace

/// A past whose messages have expired stays on every chart; what needs the messages says that they have.
class TestExpiredRange : public test::WarningFreeTest
{
    Q_OBJECT

private slots:
    void initTestCase();
    void latencyGoesOn();
    void theStripGoesOn();
    void aPartThatHasExpiredIsSaid();
    void nothingIsSaidToBeMissingBeforeTheAnswer();

private:
    [[nodiscard]] TimeRange range(Nanoseconds from, Nanoseconds to) const
    {
        return {false, {}, m_begin + from, m_begin + to};
    }
    [[nodiscard]] std::uint64_t counted(Nanoseconds from, Nanoseconds to) const
    {
        return static_cast<std::uint64_t>(std::count_if(m_times.begin(), m_times.end(), [&](Timestamp time) {
            return time >= m_begin + from && time < m_begin + to;
        }));
    }
    static std::uint64_t sum(const RateSnapshot& shot)
    {
        return std::accumulate(shot.counts.begin(), shot.counts.end(), std::uint64_t{0});
    }
    static std::uint64_t sum(const LatencyPage& page)
    {
        std::uint64_t seen = 0;
        for (const PopLatency& one : page.model().pops())
            seen += one.summary.count + one.summary.unknown + one.summary.skewed;
        return seen;
    }
    [[nodiscard]] std::filesystem::path path() const { return m_history.path(); }

    HistoryFixture m_history;
    Timestamp m_begin;
    std::vector<Timestamp> m_times;
};

/// Five minutes of messages, of which only the last one is left.
void TestExpiredRange::initTestCase()
{
    QCOMPARE(m_history.open(), std::string());
    m_history.clock.advance(std::chrono::ceil<std::chrono::minutes>(m_history.clock.now()) -
                            m_history.clock.now());
    m_begin = m_history.clock.now();
    for (int i = 0; i < 100; ++i) {
        const auto batch = m_history.traffic->next(30, m_history.clock.now(), 7ms);
        for (const Message& message : batch->messages)
            m_times.push_back(message.time);
        m_history.put(batch);
        m_history.pass(3s);
        QTRY_COMPARE(m_history.ledger->snapshot().inFlight(), 0U);
    }
    QCOMPARE(m_history.close(), std::string());
    HistoryWriter::Options options;
    options.keep.age = 1min;
    QCOMPARE(m_history.open(options), std::string());
    const auto oldest = [&] { return m_history.sql("SELECT coalesce(min(time_min), 0) FROM block"); };
    const std::int64_t left = toUnixNanos(m_begin + 238s);
    QVERIFY(QTest::qWaitFor(
        [&] {
            m_history.writer->tick(m_history.clock.now());
            return oldest() >= left;
        },
        20000));
    QCOMPARE(m_history.close(), std::string());
}

void TestExpiredRange::latencyGoesOn()
{
    ViewState state;
    LatencyPage page(state);
    page.resize(1000, 500);
    page.show();
    state.setRange(range(0s, 300s));
    state.setHistory(path());
    QTRY_COMPARE(sum(page), std::uint64_t{3000});
    auto* note = page.findChild<QLabel*>(QStringLiteral("pageNote"));
    QCOMPARE(note->text(), QString());
    state.setRange(range(1min, 2min));
    QTRY_COMPARE(sum(page), counted(1min, 2min));
    state.setFilter(*Filter::parse("pop:FRA,LHR"));
    QTRY_COMPARE(page.model().rowCount(), 2);
    QCOMPARE(note->text(), QString());
    // No sum knows this.
    state.setFilter(*Filter::parse("size>0"));
    auto* nothing = page.findChild<EmptyState*>(QString(), Qt::FindDirectChildrenOnly);
    QTRY_VERIFY2(nothing->title().endsWith(QStringLiteral(" have expired")), qPrintable(nothing->title()));
    state.setRange(range(0s, 300s));
    QTRY_VERIFY2(note->text().startsWith(QStringLiteral("Incomplete before ")), qPrintable(note->text()));
    QVERIFY(sum(page) < 3000);
}

void TestExpiredRange::theStripGoesOn()
{
    ViewState state;
    RateTimeline timeline(state, m_history.clock);
    state.setRange(range(0s, 300s));
    state.setHistory(path());
    QTRY_COMPARE(sum(timeline.snapshot()), std::uint64_t{3000});
    QCOMPARE(timeline.snapshot().width, Nanoseconds(1s));
    // Bars of a tenth of a second: there are none any more, but there are those of a second.
    state.setRange(range(60s, 90s));
    QTest::qWait(0); // the timeline begins anew
    QTRY_COMPARE(sum(timeline.snapshot()), counted(60s, 90s));
    QCOMPARE(timeline.snapshot().width, Nanoseconds(1s));
    QTRY_COMPARE(timeline.snapshot().begins, m_begin);
    state.setRange(range(270s, 290s));
    QTRY_COMPARE(timeline.snapshot().width, Nanoseconds(100ms));
    QTRY_COMPARE(sum(timeline.snapshot()), counted(270s, 290s));
}

void TestExpiredRange::aPartThatHasExpiredIsSaid()
{
    ViewState state;
    SubjectsPage page(state);
    page.resize(1000, 500);
    page.show();
    state.setRange(range(0s, 300s));
    state.setHistory(path());
    auto* note = page.findChild<QLabel*>(QStringLiteral("pageNote"));
    QTRY_VERIFY2(note->text().startsWith(QStringLiteral("Incomplete before ")), qPrintable(note->text()));
    auto* nothing = page.findChild<EmptyState*>(QString(), Qt::FindDirectChildrenOnly);
    QVERIFY(!nothing->isVisible());
    state.setRange(range(60s, 90s));
    QTRY_VERIFY2(nothing->isVisible() && nothing->title().endsWith(QStringLiteral(" have expired")),
                 qPrintable(nothing->title()));
    state.setRange(range(270s, 290s));
    QTRY_VERIFY(!nothing->isVisible());
    QCOMPARE(note->text(), QString());
}

void TestExpiredRange::nothingIsSaidToBeMissingBeforeTheAnswer()
{
    ViewState state;
    ThinkingPage page(state);
    page.show();
    auto* nothing = page.findChild<EmptyState*>(QString(), Qt::FindDirectChildrenOnly);
    state.setRange(range(60s, 90s));
    state.setHistory(path());
    QTRY_COMPARE(page.asked, 1); // of nothing: it has not been opened
    page.opening->release(ThinkingPage::kMany);
    QTRY_VERIFY(page.isCaughtUp());
    page.answering->release();
    QTRY_COMPARE(page.answered, 1);
    QCOMPARE(nothing->title(), QStringLiteral("Reading the history"));
    page.answering->release(ThinkingPage::kMany);
    QTRY_VERIFY2(nothing->title().endsWith(QStringLiteral(" have expired")), qPrintable(nothing->title()));
}

QTEST_MAIN(TestExpiredRange)
#include "tst_expiredrange.moc"
