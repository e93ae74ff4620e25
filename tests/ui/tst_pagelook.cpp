// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Clock.h"
#include "tests/support/WarningFreeTest.h"
#include "tests/ui/VirtualHistory.h"
#include "ui/models/ViewState.h"
#include "ui/theme/Theme.h"
#include "ui/views/DetailsPane.h"
#include "ui/views/EmptyState.h"
#include "ui/views/HugeTableView.h"
#include "ui/views/LatencyPage.h"
#include "ui/views/MessagesPage.h"
#include "ui/views/PayloadView.h"
#include "ui/views/SubjectsPage.h"
#include "ui/window/MainWindow.h"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QHeaderView>
#include <QLabel>
#include <QSettings>
#include <QStackedWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

using namespace weir;
using weir::test::VirtualHistory;

/// Shows the three pages in the real window over traffic of an edge, light and dark, large and small, empty
/// and overloaded. With WEIR_SCREENSHOT_DIR set it keeps what they look like, for people to judge.
class TestPageLook : public test::WarningFreeTest
{
    Q_OBJECT

    struct Stage
    {
        QTemporaryDir dir;
        QSettings settings{dir.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat};
        Theme theme{*qApp, settings};
        SystemClock clock;
        ViewState state;
        VirtualHistory history;
        MessagesPage* messages = nullptr;
        SubjectsPage* subjects = nullptr;
        LatencyPage* latency = nullptr;
        std::unique_ptr<MainWindow> window;

        /// `seconds` of traffic that ends now.
        void fill(std::uint64_t perSecond, std::uint64_t seconds)
        {
            history.setRate(perSecond);
            history.setStart(clock.now() - std::chrono::seconds(seconds));
            history.setSlowFrom(perSecond * seconds * 2 / 3);
            history.setCount(perSecond * seconds);
        }

        void open(bool dark)
        {
            theme.setMode(dark ? ThemeMode::Dark : ThemeMode::Light);
            const auto opener = [this](const std::filesystem::path&) { return history.open(); };
            std::vector<std::unique_ptr<Page>> pages;
            pages.push_back(std::make_unique<MessagesPage>(state, nullptr, opener));
            messages = static_cast<MessagesPage*>(pages.back().get());
            pages.push_back(std::make_unique<SubjectsPage>(state, nullptr, opener));
            subjects = static_cast<SubjectsPage*>(pages.back().get());
            pages.push_back(std::make_unique<LatencyPage>(state, nullptr, opener));
            latency = static_cast<LatencyPage*>(pages.back().get());
            window = std::make_unique<MainWindow>(MainWindow::Ground{state, theme, clock, settings, opener},
                                                  std::move(pages));
            window->resize(1440, 900);
            window->show();
        }

        void keep(const QString& name)
        {
            const QString dir_ = qEnvironmentVariable("WEIR_SCREENSHOT_DIR");
            if (dir_.isEmpty())
                return;
            QDir().mkpath(dir_);
            QVERIFY(window->grab().save(dir_ + QLatin1Char('/') + name + QStringLiteral(".png")));
        }
    };

private slots:
    void looksRight_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::addColumn<QSize>("size");
        QTest::newRow("light") << false << QSize(1440, 900);
        QTest::newRow("dark") << true << QSize(1440, 900);
        QTest::newRow("light-small") << false << QSize(1024, 640);
        QTest::newRow("dark-small") << true << QSize(1024, 640);
    }

    void looksRight()
    {
        QFETCH(bool, dark);
        QFETCH(QSize, size);
        const QString name = QString::fromLatin1(QTest::currentDataTag());
        Stage stage;
        stage.fill(400, 300);
        Gap gap;
        gap.from = stage.history.timeOf(118'600);
        gap.to = gap.from + std::chrono::seconds(12);
        gap.cause = GapCause::QueueFull;
        gap.messages = 1204;
        stage.history.setGaps({gap});
        stage.open(dark);
        stage.window->resize(size);
        // Twice as long as the traffic: nothing leaves the range meanwhile.
        stage.state.setRange({true, std::chrono::minutes(10), kNoTime, kNoTime});
        stage.state.setHistory("orders.weir");
        HugeTableView& table = stage.messages->table();
        QTRY_COMPARE_WITH_TIMEOUT(table.model()->rowCount(), 120'001, 20000);
        QTRY_VERIFY(stage.messages->model().rowAt(table.lastShown()));
        stage.keep(QStringLiteral("messages-") + name);
        table.setCurrentIndex(table.model()->index(118'609, 1));
        table.scrollTo(table.currentIndex(), QAbstractItemView::PositionAtCenter);
        QTRY_VERIFY(stage.messages->pane().message());
        QTRY_VERIFY(stage.messages->pane().payload().isReady());
        QTRY_VERIFY(stage.messages->model().rowAt(118'609));
        stage.history.append(1234);
        QTRY_COMPARE(table.model()->rowCount(), 121'235);
        auto* follow = stage.messages->findChild<QLabel*>(QStringLiteral("followState"));
        QTRY_COMPARE(follow->text(), QStringLiteral("Paused, 1,234 new"));
        stage.keep(QStringLiteral("details-") + name);
        QVERIFY(table.header()->length() <= table.viewport()->width()); // no figure is cut off
        QVERIFY(!table.header()->isSectionHidden(static_cast<int>(MessageColumn::Latency)));

        stage.window->showPage(1);
        QTRY_VERIFY_WITH_TIMEOUT(stage.subjects->model().rowCount() == 3, 20000);
        auto* tree = stage.subjects->findChild<QTreeView*>(QStringLiteral("subjectTree"));
        tree->expand(tree->model()->index(0, 0));
        tree->expand(tree->model()->index(1, 0));
        QTRY_VERIFY(tree->model()->rowCount(tree->model()->index(0, 0)) > 0);
        QTRY_VERIFY(tree->model()->rowCount(tree->model()->index(1, 0)) > 0);
        tree->setCurrentIndex(tree->model()->index(0, 0));
        stage.keep(QStringLiteral("subjects-") + name);

        stage.window->showPage(2);
        QTRY_VERIFY_WITH_TIMEOUT(stage.latency->model().rowCount() == 12, 20000);
        QTRY_COMPARE_WITH_TIMEOUT(stage.latency->model().pops().front().name, std::string("GRU"), 20000);
        stage.keep(QStringLiteral("latency-") + name);
        stage.latency->findChild<QTableView*>(QStringLiteral("latencyTable"))->selectRow(0);
        stage.keep(QStringLiteral("latency-chosen-") + name);
        QVERIFY(stage.latency->findChild<QToolButton*>(QStringLiteral("latencySlow"))->isVisible());
        QCOMPARE(stage.window->size(), size); // no page asks for more room than there is
    }

    void saysThatItIsEmpty()
    {
        Stage stage;
        stage.open(false);
        for (int page = 0; page < 3; ++page) {
            stage.window->showPage(page);
            stage.keep(QStringLiteral("nothing-%1").arg(page));
        }
        stage.state.setHistory("empty.weir");
        QTRY_VERIFY(stage.messages->model().isOpened());
        for (int page = 0; page < 3; ++page) {
            stage.window->showPage(page);
            const auto* state = stage.window->findChild<QStackedWidget*>(QStringLiteral("pages"))
                                    ->currentWidget()
                                    ->findChild<EmptyState*>(QString(), Qt::FindDirectChildrenOnly);
            QTRY_VERIFY(state->title().startsWith(QStringLiteral("No message")));
            stage.keep(QStringLiteral("empty-%1").arg(page));
        }
    }

    /// 200,000 messages a second and 100,000 subjects: the window goes on answering.
    void standsOverload()
    {
        Stage stage;
        stage.history.addSubjects(100'000);
        stage.fill(200'000, 5);
        stage.open(true);
        stage.state.setRange({true, std::chrono::minutes(1), kNoTime, kNoTime});
        stage.state.setHistory("overload.weir");
        QTRY_VERIFY_WITH_TIMEOUT(stage.messages->model().rowCount() > 900'000, 20000);
        QTimer feed;
        QElapsedTimer since;
        since.start();
        qint64 longest = 0;
        int ticks = 0;
        QElapsedTimer turn;
        turn.start();
        connect(&feed, &QTimer::timeout, this, [&] {
            ++ticks;
            longest = std::max(longest, turn.restart());
            stage.history.setCount(1'000'000 + static_cast<std::uint64_t>(since.elapsed()) * 200);
        });
        feed.start(10);
        for (int page = 0; page < 3; ++page) {
            stage.window->showPage(page);
            turn.restart();
            longest = 0;
            ticks = 0;
            QTRY_VERIFY(ticks > 20); // the page is drawn for the first time
            longest = 0;
            QTRY_VERIFY_WITH_TIMEOUT(ticks > 200, 30000);
            qInfo("page %d: longest turn of the event loop %lld ms at 200,000 msg/s", page, longest);
            stage.keep(QStringLiteral("overload-%1").arg(page));
        }
    }

private:
};

QTEST_MAIN(TestPageLook)
#include "tst_pagelook.moc"
