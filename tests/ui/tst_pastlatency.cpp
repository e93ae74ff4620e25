// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/history/HistoryFixture.h"
#include "tests/support/WarningFreeTest.h"
#include "ui/models/PastLatency.h"
#include "ui/models/ViewState.h"
#include "ui/views/ElidedButton.h"
#include "ui/views/LatencyPage.h"

#include <QTest>

using namespace weir;
using namespace std::chrono_literals;
using weir::test::HistoryFixture;

/// A slow PoP is compared with its own past, too: out of the sums, also when those messages have expired.
class TestPastLatency : public test::WarningFreeTest
{
    Q_OBJECT

private slots:
    void initTestCase();
    void namesBothRatios();
    void takesTheFirstPastThereIs();
    void saysNothingOfWhatSumsDoNotKnow();

private:
    /// A minute of all PoPs, GRU's so slow.
    void put(Nanoseconds latency);
    [[nodiscard]] TimeRange range(Nanoseconds after) const
    {
        return {false, {}, m_begin + after, m_begin + after + 1min};
    }

    HistoryFixture m_history;
    Timestamp m_begin;
};

void TestPastLatency::put(Nanoseconds latency)
{
    for (int i = 0; i < 10; ++i) {
        auto batch = std::make_shared<Batch>(*m_history.traffic->next(200, m_history.clock.now(), 1ms));
        for (Message& message : batch->messages)
            message.sent = message.time - (message.popName == "GRU" ? latency : Nanoseconds(20ms));
        m_history.put(batch);
        m_history.pass(2s);
    }
}

/// At the beginning GRU took 50 ms, an hour later 100 ms, a day later 2 s.
void TestPastLatency::initTestCase()
{
    QCOMPARE(m_history.open(), std::string());
    m_begin = m_history.clock.now();
    put(50ms);
    m_history.clock.advance(m_begin + 1h - m_history.clock.now());
    put(100ms);
    m_history.clock.advance(m_begin + 24h - m_history.clock.now());
    put(2s);
    QCOMPARE(m_history.close(), std::string());
    HistoryWriter::Options options;
    options.keep.age = 1h;
    QCOMPARE(m_history.open(options), std::string());
    const std::int64_t left = toUnixNanos(m_begin + 2h);
    QVERIFY(QTest::qWaitFor(
        [&] {
            m_history.writer->tick(m_history.clock.now());
            return m_history.sql("SELECT min(time_min) FROM block") > left;
        },
        20000));
    QCOMPARE(m_history.close(), std::string());
}

void TestPastLatency::namesBothRatios()
{
    ViewState state;
    LatencyPage page(state);
    page.resize(1300, 700);
    page.show();
    state.setRange(range(24h));
    state.setHistory(m_history.path());
    auto* button = page.findChild<ElidedButton*>(QStringLiteral("latencySlow"));
    QTRY_VERIFY2(
        button->fullText().endsWith(QStringLiteral("2.00 s, 100 × the median of 12 PoPs, 40 × a day before")),
        qPrintable(button->fullText()));
    QVERIFY2(button->toolTip().endsWith(QStringLiteral("A day before, its own was 50.0 ms.")),
             qPrintable(button->toolTip()));
    // Another range, without such a past.
    state.setRange(range(1h));
    QTRY_VERIFY2(
        button->fullText().endsWith(QStringLiteral("5 × the median of 12 PoPs, 2.0 × an hour before")),
        qPrintable(button->fullText()));
}

void TestPastLatency::takesTheFirstPastThereIs()
{
    ViewState state;
    PastLatency past(state, &HistoryReader::open);
    state.setHistory(m_history.path());
    state.setRange(range(7 * 24h));
    QTRY_COMPARE(past.figures().before, Nanoseconds(7 * 24h));
    QCOMPARE(past.figures().pops.size(), std::size_t{12});
    const auto slowest = [&past] {
        const auto found = past.figures().pops.find("GRU");
        return found == past.figures().pops.end() ? kNoDuration : found->second.max;
    };
    state.setRange(range(25h));
    QTRY_COMPARE(slowest(), Nanoseconds(100ms));
    QCOMPARE(past.figures().before, Nanoseconds(24h));
    state.setRange(range(48h));
    QTRY_COMPARE(slowest(), Nanoseconds(2s));
}

void TestPastLatency::saysNothingOfWhatSumsDoNotKnow()
{
    ViewState state;
    PastLatency past(state, &HistoryReader::open);
    state.setHistory(m_history.path());
    state.setRange(range(24h));
    state.setFilter(*Filter::parse("pop:GRU"));
    QTRY_COMPARE(past.figures().pops.size(), std::size_t{1});
    state.setFilter(*Filter::parse("pop:GRU size>0"));
    QTRY_VERIFY(past.figures().pops.empty());
}

QTEST_MAIN(TestPastLatency)
#include "tst_pastlatency.moc"
