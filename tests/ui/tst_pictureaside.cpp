// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/WarningFreeTest.h"
#include "ui/views/topology/PictureAside.h"

#include <QTest>
#include <QTreeWidget>

#include <algorithm>

using namespace weir;

namespace {

/// A picture that is 1.65 times as wide as high, and a list, in a window.
struct Stage
{
    QWidget* picture = new QWidget;
    QTreeWidget* list = new QTreeWidget;
    PictureAside both{*picture, fit, QStringLiteral("Not drawn"), *list, nullptr};

    static double fit(const QSize& room) { return std::min(room.width() / 1.65, 1.0 * room.height()); }

    Stage()
    {
        list->setHeaderLabels({"Name", "Rate", "p99"});
        both.resize(400, 300);
        both.show();
    }
    void setRows(int rows)
    {
        list->clear();
        for (int row = 0; row < rows; ++row)
            list->addTopLevelItem(new QTreeWidgetItem({"edge-" + QString::number(row), "0.1/s", "46.1 ms"}));
        both.arrange();
    }
    [[nodiscard]] QRect listed() const { return {list->mapTo(&both, QPoint(0, 0)), list->size()}; }
    [[nodiscard]] bool shows(int row) const
    {
        return list->viewport()->rect().contains(list->visualItemRect(list->topLevelItem(row)));
    }
};

} // namespace

class TestPictureAside : public test::WarningFreeTest
{
    Q_OBJECT
private slots:
    void anEmptyListTakesNoRoom();
    void standsWhereThePictureIsLarger_data();
    void standsWhereThePictureIsLarger();
    void takesTheRowsThatItNeeds();
    void staysForALittle();
    void figuresStandNearTheirNames();
    void survivesWithoutRoom();
};

void TestPictureAside::anEmptyListTakesNoRoom()
{
    Stage stage;
    QVERIFY(QTest::qWaitForWindowExposed(&stage.both));
    QCOMPARE(stage.picture->geometry(), stage.both.rect());
    QVERIFY(!stage.list->isVisible());
    stage.setRows(2);
    QVERIFY(stage.list->isVisible());
    QVERIFY(stage.picture->height() < stage.both.height());
    stage.setRows(0);
    QCOMPARE(stage.picture->geometry(), stage.both.rect());
    QVERIFY(!stage.list->isVisible());
}

void TestPictureAside::standsWhereThePictureIsLarger_data()
{
    QTest::addColumn<QSize>("size");
    QTest::addColumn<Qt::LayoutDirection>("direction");
    QTest::addColumn<bool>("below");
    QTest::newRow("narrow") << QSize(540, 460) << Qt::LeftToRight << true;
    QTest::newRow("high") << QSize(930, 690) << Qt::LeftToRight << true;
    QTest::newRow("wide") << QSize(1300, 500) << Qt::LeftToRight << false;
    QTest::newRow("wide, from the right") << QSize(1300, 500) << Qt::RightToLeft << false;
    QTest::newRow("low") << QSize(700, 230) << Qt::LeftToRight << false;
    QTest::newRow("large") << QSize(2200, 1200) << Qt::LeftToRight << false;
}

void TestPictureAside::standsWhereThePictureIsLarger()
{
    QFETCH(QSize, size);
    QFETCH(Qt::LayoutDirection, direction);
    QFETCH(bool, below);
    Stage stage;
    stage.both.setLayoutDirection(direction);
    stage.setRows(3);
    // Whichever it was before.
    for (const QSize& before : {QSize(300, 900), QSize(1900, 400)}) {
        stage.both.resize(before);
        QCOMPARE(stage.both.isBelow(), before.width() < 1000);
        stage.both.resize(size);
        QCOMPARE(stage.both.isBelow(), below);
        const QRect picture = stage.picture->geometry();
        QVERIFY(stage.both.rect().contains(picture) && stage.both.rect().contains(stage.listed()));
        QVERIFY(!picture.intersects(stage.listed()));
        if (below) {
            QCOMPARE(picture.width(), size.width());
            QVERIFY(stage.listed().top() > picture.bottom());
        } else {
            QCOMPARE(picture.height(), size.height());
            QCOMPARE(stage.listed().left() > picture.right(), direction == Qt::LeftToRight);
        }
    }
}

void TestPictureAside::takesTheRowsThatItNeeds()
{
    Stage stage;
    stage.both.resize(600, 800);
    int before = 0;
    for (const int rows : {1, 2, 5}) {
        stage.setRows(rows);
        QVERIFY(stage.both.isBelow());
        QVERIFY(stage.shows(0) && stage.shows(rows - 1));
        QVERIFY(stage.list->height() > before);
        before = stage.list->height();
    }
    stage.setRows(500);
    QVERIFY(stage.both.isBelow());
    QVERIFY(stage.picture->height() >= 600); // the list scrolls
    QVERIFY(stage.shows(4) && !stage.shows(499));
    stage.both.resize(300, 240); // however low: two at least
    QVERIFY(stage.both.isBelow());
    QVERIFY(stage.shows(1));
}

/// Where both are much alike, a row more or a resized window does not move the list to and fro.
void TestPictureAside::staysForALittle()
{
    Stage stage;
    stage.setRows(3);
    const auto movesAt = [&](int from, int to) {
        stage.both.resize(from, 500);
        const bool below = stage.both.isBelow();
        for (int width = from; width != to; width += from < to ? 1 : -1) {
            stage.both.resize(width, 500);
            if (stage.both.isBelow() != below)
                return width;
        }
        return 0;
    };
    const int wider = movesAt(500, 1500);
    const int narrower = movesAt(1500, 500);
    QVERIFY(narrower > 0);
    QVERIFY2(narrower + 20 < wider, qPrintable(QStringLiteral("%1 %2").arg(narrower).arg(wider)));
}

void TestPictureAside::figuresStandNearTheirNames()
{
    Stage stage;
    stage.setRows(3);
    stage.both.resize(900, 800);
    QVERIFY(stage.both.isBelow());
    QVERIFY(stage.list->visualItemRect(stage.list->topLevelItem(0)).isValid());
    QVERIFY2(stage.list->columnWidth(0) < 300, qPrintable(QString::number(stage.list->columnWidth(0))));
    stage.list->topLevelItem(1)->setText(0, QString(400, 'x')); // leaves room for figures
    stage.both.arrange();
    QVERIFY(stage.list->columnWidth(0) <= 450);
    stage.both.resize(1900, 500);
    QVERIFY(!stage.both.isBelow());
    QVERIFY(stage.list->columnViewportPosition(2) + stage.list->columnWidth(2) <=
            stage.list->viewport()->width());
}

void TestPictureAside::survivesWithoutRoom()
{
    Stage stage;
    for (const int rows : {0, 1, 100}) {
        stage.setRows(rows);
        for (const QSize& size : {QSize(0, 0), QSize(1, 1), QSize(231, 20), QSize(20, 231), QSize(90, 90)}) {
            stage.both.resize(size);
            QVERIFY(stage.picture->width() >= 0);
        }
    }
    stage.both.resize(800, 900);
    QVERIFY(stage.both.isBelow() && stage.picture->height() > 600);
}

QTEST_MAIN(TestPictureAside)
#include "tst_pictureaside.moc"
