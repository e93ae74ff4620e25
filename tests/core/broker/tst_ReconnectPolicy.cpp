// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/ReconnectPolicy.h"

#include <QTest>

#include <set>

using namespace weir;
using namespace std::chrono_literals;

class TestReconnectPolicy : public QObject
{
    Q_OBJECT

private slots:
    void doublesUpToTheCap()
    {
        ReconnectPolicy policy({100ms, 1s, 0.0, 1});
        const std::vector<Nanoseconds> expected{100ms, 200ms, 400ms, 800ms, 1s, 1s};
        for (const Nanoseconds& wait : expected)
            QCOMPARE(policy.next().count(), wait.count());
        QCOMPARE(policy.failures(), 6u);
    }

    void neverGivesUp()
    {
        ReconnectPolicy policy({100ms, 15s, 0.0, 1});
        for (int i = 0; i < 10'000; ++i)
            QVERIFY(policy.next() <= 15s);
        QVERIFY(policy.next() == 15s);
    }

    void takesARandomShareOff()
    {
        ReconnectPolicy policy({1s, 1s, 0.5, 7});
        std::set<std::int64_t> seen;
        for (int i = 0; i < 200; ++i) {
            const Nanoseconds wait = policy.next();
            QVERIFY(wait > 500ms - 1ns && wait <= 1s);
            seen.insert(wait.count());
        }
        QVERIFY(seen.size() > 190);
        QVERIFY(*seen.rbegin() - *seen.begin() > 400'000'000);
    }

    void beginsAnewAfterSuccess()
    {
        ReconnectPolicy policy({100ms, 15s, 0.0, 1});
        for (int i = 0; i < 5; ++i)
            (void)policy.next();
        policy.reset();
        QVERIFY(policy.next() == 100ms);
    }
};

QTEST_GUILESS_MAIN(TestReconnectPolicy)
#include "tst_ReconnectPolicy.moc"
