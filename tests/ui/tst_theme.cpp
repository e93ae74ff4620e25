// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/WarningFreeTest.h"
#include "ui/theme/Theme.h"
#include "ui/theme/ThemeColors.h"
#include "ui/theme/ThemedIcon.h"

#include <QApplication>
#include <QDir>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <optional>

using namespace weir;

class TestTheme : public test::WarningFreeTest
{
    Q_OBJECT

private slots:
    void textStandsOutOnEveryGround_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }

    void textStandsOutOnEveryGround()
    {
        QFETCH(bool, dark);
        const ThemeColors& c = dark ? ThemeColors::darkTheme() : ThemeColors::light();
        for (const QColor& ground : {c.window, c.base, c.alternate, c.raised}) {
            for (const QColor& text : {c.text, c.muted, c.accent, c.ok, c.warning, c.error, c.gap})
                QVERIFY2(contrastRatio(text, ground) >= 4.5,
                         qPrintable(QStringLiteral("%1 on %2: %3")
                                        .arg(text.name(), ground.name())
                                        .arg(contrastRatio(text, ground))));
        }
        QVERIFY(contrastRatio(c.selectionText, c.selection) >= 4.5);
        QVERIFY(contrastRatio(c.accentText, c.accent) >= 4.5);
        QVERIFY(contrastRatio(c.errorFillText, c.errorFill) >= 4.5);
    }

    void seriesStandOutAndDiffer()
    {
        for (const ThemeColors* c : {&ThemeColors::light(), &ThemeColors::darkTheme()}) {
            for (std::size_t i = 0; i < c->series.size(); ++i) {
                QVERIFY2(contrastRatio(c->series[i].color, c->base) >= 3.0,
                         qPrintable(c->series[i].color.name()));
                for (std::size_t j = 0; j < i; ++j)
                    QVERIFY(c->series[i].color != c->series[j].color);
            }
        }
    }

    void choiceIsAppliedAndRemembered()
    {
        QTemporaryDir dir;
        QSettings settings(dir.filePath(QStringLiteral("weir.ini")), QSettings::IniFormat);
        Theme theme(*qApp, settings);
        QCOMPARE(theme.mode(), ThemeMode::System);
        QSignalSpy changed(&theme, &Theme::changed);
        theme.setMode(ThemeMode::Dark);
        QCOMPARE(changed.count(), 1);
        QVERIFY(ThemeColors::of(qApp->palette()).dark);
        theme.setMode(ThemeMode::Light);
        QVERIFY(!ThemeColors::of(qApp->palette()).dark);
        theme.setMode(ThemeMode::Dark);
        const Theme again(*qApp, settings);
        QCOMPARE(again.mode(), ThemeMode::Dark);
        QVERIFY(!qApp->styleSheet().contains(QLatin1Char('@')));
    }

    void everyIconDraws()
    {
        QTemporaryDir dir;
        QSettings settings(dir.filePath(QStringLiteral("weir.ini")), QSettings::IniFormat);
        const Theme theme(*qApp, settings);
        const QStringList files = QDir(QStringLiteral(":/icons")).entryList();
        QVERIFY(files.size() > 20);
        for (const QString& file : files) {
            const QImage image = themedPixmap(QStringLiteral(":/icons/") + file, 24, Qt::red, 2).toImage();
            QCOMPARE(image.size(), QSize(48, 48));
            bool drawn = false;
            for (int y = 0; y < image.height() && !drawn; ++y)
                for (int x = 0; x < image.width() && !drawn; ++x)
                    drawn = image.pixelColor(x, y).alpha() > 200 && image.pixelColor(x, y).red() > 200;
            QVERIFY2(drawn, qPrintable(file));
        }
    }

private:
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
