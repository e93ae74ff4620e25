// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/RecentLooks.h"

#include <QTest>

using namespace weir;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp kBegin{1'800'000'000s};

/// What a look at a server has that was told so many seconds after the beginning; streams: never told where
/// there are none.
struct At
{
    int look;
    int server;
    std::optional<int> streams;
};

RecentLooks::Look look(const At& at)
{
    auto made = std::make_shared<BrokerLook>();
    made->time = kBegin + std::chrono::seconds(at.look);
    SeenServer& server = made->servers.emplace_back();
    server.id = "A";
    server.told = kBegin + std::chrono::seconds(at.server);
    for (const char* name : {"ORDERS", "MEDIA"}) {
        if (!at.streams)
            break;
        SeenStream& stream = made->streams.emplace_back();
        stream.name = name;
        stream.told = kBegin + std::chrono::seconds(*at.streams);
    }
    return made;
}

/// Seconds since the beginning; -1: there is none.
int secondOf(const RecentLooks::Look& look)
{
    return look ? static_cast<int>((look->time - kBegin) / 1s) : -1;
}

} // namespace

class TestRecentLooks : public QObject
{
    Q_OBJECT
private slots:
    void theFirstHasNoneBefore();
    void aServerAloneIsComparedWithTenSecondsBefore();
    void manyLooksOfOneMomentAreOne();
    void whatIsToldSeldomIsComparedWithItsLastTelling();
    void aSlowServersStreamsKeepTheirGrowth();
    void whatIsIdleHoldsNothingUp();
    void whatCameAnewHoldsNothingUp();
};

void TestRecentLooks::theFirstHasNoneBefore()
{
    RecentLooks looks(2s);
    QVERIFY(!looks.now() && !looks.before());
    looks.keep(look({0, 0, {}}));
    QCOMPARE(secondOf(looks.now()), 0);
    QVERIFY(!looks.before());
    looks.keep(look({2, 2, {}}));
    QCOMPARE(secondOf(looks.before()), 0); // better than none
}

void TestRecentLooks::aServerAloneIsComparedWithTenSecondsBefore()
{
    RecentLooks looks(2s);
    for (int second = 0; second < 200; second += 2) {
        looks.keep(look({second, second, {}}));
        QCOMPARE(secondOf(looks.now()), second);
        QCOMPARE(secondOf(looks.before()), second == 0 ? -1 : std::max(0, second - 10));
    }
}

void TestRecentLooks::manyLooksOfOneMomentAreOne()
{
    RecentLooks looks(2s);
    looks.keep(look({0, 0, {}}));
    for (int i = 0; i < 30; ++i) // events ask for them
        looks.keep(look({1, 1, {}}));
    QCOMPARE(secondOf(looks.before()), 0);
    for (int second = 2; second <= 12; ++second)
        looks.keep(look({second, second, {}}));
    QCOMPARE(secondOf(looks.before()), 2);
}

void TestRecentLooks::whatIsToldSeldomIsComparedWithItsLastTelling()
{
    RecentLooks looks(2s);
    for (int second = 0; second <= 200; second += 2) {
        looks.keep(look({second, second, second / 20 * 20})); // streams: every 20 seconds
        if (second < 20)
            continue;
        const auto before = looks.before();
        QVERIFY2(before->streams.at(0).told < looks.now()->streams.at(0).told,
                 qPrintable(QString("streams have no growth at %1").arg(second)));
        QVERIFY(secondOf(before) <= second - 10 && secondOf(before) >= second - 40);
    }
}

/// Its monitor rests more than a minute after an answer of half a second.
void TestRecentLooks::aSlowServersStreamsKeepTheirGrowth()
{
    RecentLooks looks(2s);
    for (int second = 0; second <= 400; second += 2) {
        looks.keep(look({second, second, second / 70 * 70}));
        if (second >= 70)
            QVERIFY2(looks.before()->streams.at(0).told < looks.now()->streams.at(0).told,
                     qPrintable(QString("streams have no growth at %1").arg(second)));
    }
}

void TestRecentLooks::whatIsIdleHoldsNothingUp()
{
    RecentLooks looks(2s);
    for (int second = 0; second <= 400; second += 2)
        looks.keep(look({second, second, std::min(second, 40)}));
    QCOMPARE(secondOf(looks.before()), 390);
}

void TestRecentLooks::whatCameAnewHoldsNothingUp()
{
    RecentLooks looks(2s);
    for (int second = 0; second <= 40; second += 2)
        looks.keep(look({second, second, second < 20 ? std::nullopt : std::optional(20)}));
    QCOMPARE(secondOf(looks.before()), 30);
}

QTEST_GUILESS_MAIN(TestRecentLooks)
#include "tst_RecentLooks.moc"
