// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/FlowLabel.h"

#include <QGuiApplication>
#include <QTest>

using namespace weir;

class TestFlowLabel : public QObject
{
    Q_OBJECT
private slots:
    void breaksWhereNamesHaveParts_data();
    void breaksWhereNamesHaveParts();
    void everyLineFits();
};

void TestFlowLabel::breaksWhereNamesHaveParts_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("room"); ///< as wide as this text
    QTest::addColumn<QStringList>("lines");
    QTest::newRow("fits") << "orders.eu.created"
                          << "orders.eu.created" << QStringList{"orders.eu.created"};
    QTest::newRow("dots") << "orders.eu.created"
                          << "orders.eu.." << QStringList{"orders.eu.", "created"};
    QTest::newRow("dash") << "risk-scoring"
                          << "scoring--" << QStringList{"risk-", "scoring"};
    QTest::newRow("word") << "UABCDEFGHIJ"
                          << "UABCDEFG" << QStringList{"UABCDEFG", "HIJ"};
    QTest::newRow("no widow") << "TELEMETRY"
                              << "TELEMETR" << QStringList{"TELEME", "TRY"};
}

void TestFlowLabel::breaksWhereNamesHaveParts()
{
    QFETCH(QString, name);
    QFETCH(QString, room);
    QFETCH(QStringList, lines);
    const QFontMetricsF metrics{QGuiApplication::font()};
    QCOMPARE(flowLabel(name, metrics, metrics.horizontalAdvance(room), 2), lines);
}

void TestFlowLabel::everyLineFits()
{
    const QFontMetricsF metrics{QGuiApplication::font()};
    const QStringList names{
        QString(),
        QStringLiteral("a"),
        QStringLiteral("a.b.c.d.e.f.g.h"),
        QString(4096, u'x'),
        QString::fromUtf8("\xF0\x9F\x9A\x80\xF0\x9F\x9A\x80\xF0\x9F\x9A\x80\xF0\x9F\x9A\x80"),
        QStringLiteral("................"),
        QString::fromUtf8("Größe.straße.übermäßig")};
    for (const QString& name : names) {
        for (int width = 8; width < 200; width += 7) {
            for (const int most : {1, 2}) {
                const QStringList lines = flowLabel(name, metrics, width, most);
                QVERIFY(!lines.isEmpty() && lines.size() <= most);
                for (const QString& line : lines) {
                    // An ellipsis alone may be wider than no room at all.
                    QVERIFY2(metrics.horizontalAdvance(line) <= std::max(width, 16), qPrintable(line));
                    QVERIFY(line.isEmpty() ||
                            (!line.front().isLowSurrogate() && !line.back().isHighSurrogate()));
                }
            }
        }
    }
}

QTEST_MAIN(TestFlowLabel)
#include "tst_flowlabel.moc"
