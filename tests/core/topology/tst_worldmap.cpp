// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/WorldMap.h"

#include <QTest>

#include <algorithm>

using namespace weir;

namespace {

/// Whether a place lies on land: even and odd, over all rings.
bool isLand(const WorldMap::Level& level, const GeoPoint& place)
{
    const WorldPoint at = projected(place);
    bool odd = false;
    for (const WorldRing& ring : level.rings) {
        for (std::size_t i = 0; i < ring.points.size(); ++i) {
            const WorldPoint& a = ring.points[i];
            const WorldPoint& b = ring.points[(i + 1) % ring.points.size()];
            if ((a.y > at.y) != (b.y > at.y) && at.x < (b.x - a.x) * (at.y - a.y) / (b.y - a.y) + a.x)
                odd = !odd;
        }
    }
    return odd;
}

std::size_t pointsOf(const WorldMap::Level& level)
{
    std::size_t points = 0;
    for (const WorldLine& line : level.lines)
        points += line.points.size();
    return points;
}

} // namespace

class TestWorldMap : public QObject
{
    Q_OBJECT
private slots:
    void projects();
    void landIsLand();
    void coarserLevelsAreSmaller();
    void bordersAreSharedOnce();
    void survivesWhatItCannotRead();
};

void TestWorldMap::projects()
{
    QVERIFY(std::abs(projected({0, 0}).x) < 1e-12 && std::abs(projected({0, 0}).y) < 1e-12);
    QCOMPARE(projected({0, 180}).x, 0.5);
    QVERIFY(projected({50, 0}).y < 0 && projected({-50, 0}).y > 0);
    QVERIFY(std::abs(projected({60, 0}).y + projected({-60, 0}).y) < 1e-12);
    QVERIFY(std::isfinite(projected({90, 0}).y) && std::isfinite(projected({-123, 0}).y));
}

void TestWorldMap::landIsLand()
{
    for (const WorldMap::Level& level : WorldMap::builtIn().levels()) {
        for (const GeoPoint& land : {GeoPoint{50, 9},
                                     {48.8, 2.3},
                                     {40, -100},
                                     {-10, -55},
                                     {-29.5, 28.3},
                                     {-25, 134},
                                     {62, 100},
                                     {20, 10},
                                     {35.5, 138.5}})
            QVERIFY2(isLand(level, land),
                     qPrintable(QString("%1 %2").arg(land.latitude).arg(land.longitude)));
        for (const GeoPoint& sea : {GeoPoint{45, -30}, {0, -120}, {-40, 80}, {56, 3}, {30, -75}, {15, 65}})
            QVERIFY2(!isLand(level, sea), qPrintable(QString("%1 %2").arg(sea.latitude).arg(sea.longitude)));
    }
}

void TestWorldMap::coarserLevelsAreSmaller()
{
    const WorldMap& map = WorldMap::builtIn();
    std::size_t before = ~std::size_t{0};
    for (const WorldMap::Level& level : map.levels()) {
        QVERIFY(pointsOf(level) < before / 2);
        before = pointsOf(level);
        QCOMPARE(&map.level(level.tolerance), &level);
        QCOMPARE(&map.level(level.tolerance + 1e-6), &level);
    }
    QVERIFY(before < 6000); // a frame's worth
    QCOMPARE(&map.level(-1), map.levels().data());
    QVERIFY(map.bounds().low.x < -0.49 && map.bounds().high.x > 0.49);
}

void TestWorldMap::bordersAreSharedOnce()
{
    // Two lands side by side, and an island.
    const WorldMap map("a 0 0 0 1000\na 0 1000 -1000 0 0 -1000 1000 0\na 0 1000 1000 0 0 -1000 -1000 0\n"
                       "a 5000 5000 100 0 0 100 -100 0 0 -100\n"
                       "c AA\nr 1 2\nc BB\nr -1 -3\nr 4\n");
    const WorldMap::Level& level = map.levels()[0];
    QCOMPARE(level.lines.size(), std::size_t{4});
    QCOMPARE(std::count_if(level.lines.begin(), level.lines.end(),
                           [](const WorldLine& line) { return line.isBorder; }),
             1);
    QCOMPARE(level.rings.size(), std::size_t{3});
    QVERIFY(isLand(level, {5, -5}));
    QVERIFY(isLand(level, {50.5, 50.5}));
    QVERIFY(!isLand(level, {20, 0.5}));
}

void TestWorldMap::survivesWhatItCannotRead()
{
    QVERIFY(WorldMap("").levels()[0].lines.empty());
    const WorldMap map("# nothing\na\na x\nr 1 2 99\nr 0\nr\na 100 100 5 5 5\nzz 1 2\nr -1\n");
    QCOMPARE(map.levels()[0].lines.size(), std::size_t{1});
    QVERIFY(map.levels()[0].rings.empty());
}

QTEST_APPLESS_MAIN(TestWorldMap)
#include "tst_worldmap.moc"
