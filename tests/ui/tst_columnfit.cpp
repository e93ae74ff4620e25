// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/ColumnFit.h"

#include <QHeaderView>
#include <QStandardItemModel>
#include <QTableView>
#include <QTest>

#include <numeric>

using namespace weir;

namespace {

const std::vector<ColumnRoom> kColumns{{50, 50, 50}, {100, 200, 400}, {40, 60, 60, 2}, {60, 80, 80, 1}};

} // namespace

/// How columns share a width that is too small, right, or too large for them.
class TestColumnFit : public QObject
{
    Q_OBJECT
private slots:
    void sharesTheRoom_data()
    {
        QTest::addColumn<int>("area");
        QTest::addColumn<QList<int>>("widths");
        QTest::newRow("all natural") << 390 << QList<int>{50, 200, 60, 80};
        QTest::newRow("surplus goes to who can take it") << 500 << QList<int>{50, 310, 60, 80};
        QTest::newRow("beyond the most it stays empty") << 900 << QList<int>{50, 400, 60, 80};
        QTest::newRow("all at their least") << 250 << QList<int>{50, 100, 40, 60};
        QTest::newRow("between") << 320 << QList<int>{50, 150, 50, 70};
        QTest::newRow("the highest rank goes first") << 249 << QList<int>{50, 132, 0, 67};
        QTest::newRow("then the next") << 205 << QList<int>{50, 155, 0, 0};
        QTest::newRow("what must be seen stays") << 20 << QList<int>{50, 100, 0, 0};
    }

    void sharesTheRoom()
    {
        QFETCH(int, area);
        QFETCH(QList<int>, widths);
        const std::vector<int> fitted = fitColumns(kColumns, area);
        const QList<int> shown(fitted.begin(), fitted.end());
        for (qsizetype i = 0; i < widths.size(); ++i)
            QVERIFY2(std::abs(shown[i] - widths[i]) <= 1, qPrintable(QString::number(shown[i])));
        QCOMPARE(std::accumulate(shown.begin(), shown.end(), 0),
                 std::accumulate(widths.begin(), widths.end(), 0));
    }

    /// A table that is made narrow and wide again; a reader who drags a column keeps its width.
    void followsItsHeader()
    {
        QStandardItemModel model(3, 4);
        QTableView view;
        view.setModel(&model);
        view.verticalHeader()->hide();
        view.setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        QHeaderView* header = view.horizontalHeader();
        new ColumnFit(header, kColumns);
        view.resize(502, 200);
        view.show();
        QTRY_COMPARE(header->length(), header->width());
        view.resize(210, 200);
        QTRY_VERIFY(header->isSectionHidden(2));
        QVERIFY(header->isSectionHidden(3));
        QVERIFY(header->length() <= header->width());
        view.resize(502, 200);
        QTRY_VERIFY(!header->isSectionHidden(2));

        const int edge = header->sectionViewportPosition(1) + header->sectionSize(1) - 1;
        const int middle = header->height() / 2;
        QTest::mousePress(header->viewport(), Qt::LeftButton, {}, {edge, middle});
        QTest::mouseMove(header->viewport(), {edge - 60, middle});
        QTest::mouseRelease(header->viewport(), Qt::LeftButton, {}, {edge - 60, middle});
        const int dragged = header->sectionSize(1);
        QVERIFY(dragged < 310);
        view.resize(620, 200);
        QTRY_VERIFY(header->width() > 600);
        QCOMPARE(header->sectionSize(1), dragged);
    }
};

QTEST_MAIN(TestColumnFit)
#include "tst_columnfit.moc"
