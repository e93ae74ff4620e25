// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/RateGovernor.h"
#include "tests/support/ManualClock.h"

#include <QTest>

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

/// A broker that publishes at a rate, and a source that takes while it is subscribed.
class Flow
{
public:
    explicit Flow(RateGovernor& governor) : m_governor(governor)
    {
        m_governor.update(m_clock.steady(), 0, 0);
    }

    /// Lets time pass in steps of a millisecond.
    void run(Nanoseconds time, double messagesPerSecond, double bytesEach = 100)
    {
        for (Nanoseconds passed{0}; passed < time; passed += 1ms) {
            const double published = messagesPerSecond / 1000;
            m_published += published;
            if (m_governor.subscribed()) {
                m_taken += published;
                m_bytes += published * bytesEach;
            }
            m_clock.advance(1ms);
            m_governor.update(m_clock.steady(), static_cast<std::uint64_t>(m_taken),
                              static_cast<std::uint64_t>(m_bytes));
            m_leftOut += static_cast<double>(m_governor.takeLeftOut());
        }
    }
    [[nodiscard]] double taken() const { return m_taken; }
    [[nodiscard]] double published() const { return m_published; }
    [[nodiscard]] double leftOut() const { return m_leftOut; }

private:
    RateGovernor& m_governor;
    ManualClock m_clock;
    double m_published = 0;
    double m_taken = 0;
    double m_bytes = 0;
    double m_leftOut = 0;
};

} // namespace

class TestRateGovernor : public QObject
{
    Q_OBJECT

private slots:
    void leavesAQuietFeedAlone()
    {
        RateGovernor governor({1000, 0});
        Flow flow(governor);
        flow.run(10s, 990);
        QCOMPARE(governor.oneIn(), 1u);
        QVERIFY(governor.subscribed());
        QCOMPARE(flow.leftOut(), 0.0);
    }

    void holdsTheBudget_data()
    {
        QTest::addColumn<double>("rate");
        QTest::addColumn<double>("bytesEach");
        QTest::addColumn<qulonglong>("maxMessages");
        QTest::addColumn<qulonglong>("maxBytes");
        QTest::addColumn<double>("expected"); // taken a second
        QTest::newRow("a little over") << 1'200.0 << 10.0 << 1000ULL << 0ULL << 600.0;
        QTest::newRow("ten times") << 10'000.0 << 10.0 << 1000ULL << 0ULL << 910.0;
        QTest::newRow("by bytes") << 10'000.0 << 1000.0 << 0ULL << 1'000'000ULL << 910.0;
        QTest::newRow("thousand times") << 1'000'000.0 << 10.0 << 1000ULL << 0ULL << 1000.0;
    }

    void holdsTheBudget()
    {
        QFETCH(double, rate);
        QFETCH(double, bytesEach);
        QFETCH(qulonglong, maxMessages);
        QFETCH(qulonglong, maxBytes);
        QFETCH(double, expected);
        RateGovernor governor({maxMessages, maxBytes});
        Flow flow(governor);
        flow.run(1s, rate, bytesEach);
        QVERIFY(governor.oneIn() > 1);
        const double before = flow.taken();
        flow.run(60s, rate, bytesEach);
        const double perSecond = (flow.taken() - before) / 60;
        QVERIFY2(perSecond < expected * 1.12 && perSecond > expected * 0.85,
                 qPrintable(QString::number(perSecond)));
    }

    void estimatesWhatItLeavesOut()
    {
        RateGovernor governor({1000, 0});
        Flow flow(governor);
        flow.run(30s, 5000);
        flow.run(10s, 100);
        QCOMPARE(governor.oneIn(), 1u);
        const double known = flow.taken() + flow.leftOut();
        QVERIFY2(qAbs(known - flow.published()) < flow.published() * 0.03,
                 qPrintable(QString::number(known)));
    }

    void goesBackOnlyWhenItStaysCalm()
    {
        RateGovernor governor({1000, 0});
        Flow flow(governor);
        flow.run(3s, 3000);
        QCOMPARE(governor.oneIn(), 4u);
        flow.run(20s, 900); // below the budget, above the calm share
        QCOMPARE(governor.oneIn(), 2u);
        flow.run(5s, 500);
        QCOMPARE(governor.oneIn(), 1u);
        QVERIFY(governor.subscribed());
        flow.run(5s, 900);
        QCOMPARE(governor.oneIn(), 1u);
    }

    void hasNoBoundsWhenLifted()
    {
        RateGovernor governor({0, 0});
        Flow flow(governor);
        flow.run(5s, 5'000'000, 1000);
        QCOMPARE(governor.oneIn(), 1u);
    }

    void beginsAnewWithAConnection()
    {
        RateGovernor governor({1000, 0});
        Flow flow(governor);
        flow.run(5s, 10'000);
        governor.reset(5s);
        QVERIFY(governor.subscribed());
        QCOMPARE(governor.oneIn(), 1u);
    }
};

QTEST_GUILESS_MAIN(TestRateGovernor)
#include "tst_RateGovernor.moc"
