// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/WarningFreeTest.h"
#include "tests/ui/VirtualHistory.h"
#include "ui/models/ViewState.h"
#include "ui/views/DetailsPane.h"
#include "ui/views/EmptyState.h"
#include "ui/views/FactsView.h"
#include "ui/views/HugeTableView.h"
#include "ui/views/MessageDelegate.h"
#include "ui/views/MessagesPage.h"
#include "ui/views/MessagesStrip.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QScrollBar>
#include <QSemaphore>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace weir;
using weir::test::VirtualHistory;

namespace {

/// A live range that reaches back to the first message of the traffic that is computed.
const TimeRange kAll{true, std::chrono::hours(87'600), kNoTime, kNoTime};

} // namespace

class TestMessagesPage : public test::WarningFreeTest
{
    Q_OBJECT

    void open(std::uint64_t messages)
    {
        m_history = std::make_unique<VirtualHistory>();
        m_history->setCount(messages);
        m_state = std::make_unique<ViewState>();
        m_state->setRange(kAll);
        m_page = std::make_unique<MessagesPage>(
            *m_state, nullptr, [this](const std::filesystem::path&) { return m_history->open(); });
        m_page->resize(1000, 500);
        m_page->show();
        m_state->setHistory("h.weir");
    }
    HugeTableView& table() { return m_page->table(); }
    MessagesStrip& strip() { return *m_page->findChild<MessagesStrip*>(); }
    QString emptyTitle()
    {
        return m_page->findChild<EmptyState*>(QString(), Qt::FindDirectChildrenOnly)->title();
    }

    void tearDown() override { m_page.reset(); }

private slots:
    void followsTheNewest()
    {
        open(5000);
        QTRY_COMPARE(table().model()->rowCount(), 5000);
        QVERIFY(table().isFollowing());
        QTRY_COMPARE(table().lastShown(), 4999);
        m_history->append(2000);
        QTRY_COMPARE(table().lastShown(), 6999);
        QTRY_COMPARE(strip().followText(), QStringLiteral("Following live"));
        QTRY_COMPARE(strip().countText(), QStringLiteral("7,000 messages"));
    }

    /// Pause, wait, jump back: every message is there, none twice, and nothing moved while paused.
    void pausesWithoutLosing()
    {
        open(5000);
        QTRY_COMPARE(table().lastShown(), 4999);
        table().verticalScrollBar()->setValue(1000);
        QVERIFY(!table().isFollowing());
        m_history->append(3000);
        QTRY_COMPARE(table().model()->rowCount(), 8000);
        QCOMPARE(table().firstShown(), 1000);
        QTRY_COMPARE(strip().followText(), QStringLiteral("Paused, 3,000 new"));
        for (int row = 4990; row < 5010; ++row)
            QCOMPARE(m_page->model().seqAt(row), std::uint64_t(row) + 1);
        QTest::keyClick(&table(), Qt::Key_End);
        QVERIFY(table().isFollowing());
        QCOMPARE(table().lastShown(), 7999);
        QTRY_VERIFY(m_page->model().rowAt(7999));
    }

    void theButtonJumpsToo()
    {
        open(5000);
        QTRY_COMPARE(table().lastShown(), 4999);
        auto* button = m_page->findChild<QToolButton*>(QStringLiteral("followButton"));
        QTRY_COMPARE(button->text(), QStringLiteral("Pause"));
        QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(!table().isFollowing());
        m_history->append(100);
        QTRY_COMPARE(strip().followText(), QStringLiteral("Paused, 100 new"));
        QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(table().isFollowing());
        QCOMPARE(table().lastShown(), 5099);
    }

    void choosingARowPausesAndShowsIt()
    {
        open(5000);
        QTRY_COMPARE(table().lastShown(), 4999);
        const QModelIndex index = table().model()->index(4998, 1);
        QTest::mouseClick(table().viewport(), Qt::LeftButton, Qt::NoModifier,
                          table().visualRect(index).center());
        QVERIFY(!table().isFollowing());
        QTRY_VERIFY(m_page->pane().message());
        QCOMPARE(m_page->pane().message()->seq, std::uint64_t(4999));
        QVERIFY(m_page->pane().facts().fact(QStringLiteral("Number")).startsWith(QStringLiteral("4,999")));
        m_history->append(500);
        QTRY_COMPARE(table().model()->rowCount(), 5500);
        QCOMPARE(table().currentIndex().row(), 4998);
        QTest::keyClick(&table(), Qt::Key_Up);
        QTRY_COMPARE(m_page->pane().message()->seq, std::uint64_t(4998));
    }

    void scrollsBackToTheFirst()
    {
        open(100'000'000);
        QTRY_COMPARE(table().lastShown(), 99'999'999);
        QTest::keyClick(&table(), Qt::Key_Home);
        QCOMPARE(table().firstShown(), 0);
        QTRY_VERIFY(m_page->model().rowAt(0));
        QTest::keyClick(&table(), Qt::Key_PageDown);
        QTRY_VERIFY(m_page->model().rowAt(table().lastShown()));
        QVERIFY(!table().isFollowing());
    }

    /// Older matches arrive above what is shown, and do not move it.
    void aSearchDoesNotMoveWhatIsRead()
    {
        open(3'000'000);
        QTRY_COMPARE(table().lastShown(), 2'999'999);
        QSemaphore steps(5); // each lets the search look at another 100,000 messages
        m_history->setBeforeScan([&](const HistoryQuery& query) {
            if (query.order == Order::NewestFirst)
                steps.acquire();
        });
        m_state->setFilter(*Filter::parse("pop:GRU"));
        QTRY_VERIFY(m_page->model().search().scanned >= 100'000);
        QVERIFY(m_page->model().search().running);
        table().verticalScrollBar()->setValue(table().verticalScrollBar()->maximum() - 100);
        const std::uint64_t shown = m_page->model().seqAt(table().firstShown());
        const int rows = table().model()->rowCount();
        steps.release(10);
        QTRY_VERIFY(table().model()->rowCount() > 2 * rows);
        QCOMPARE(m_page->model().seqAt(table().firstShown()), shown);
        steps.release(100);
        QTRY_VERIFY_WITH_TIMEOUT(!m_page->model().search().running, 30000);
        QCOMPARE(m_page->model().seqAt(table().firstShown()), shown);
        QTRY_VERIFY(strip().countText().endsWith(QStringLiteral("found")));
    }

    /// Pausing the window, and taking a filter away, keep what is read in sight.
    void keepsThePlaceOverRangeAndFilter()
    {
        open(50'000);
        QTRY_COMPARE(table().lastShown(), 49'999);
        m_state->setRange({false, {}, m_history->timeOf(10'001), m_history->timeOf(50'001)});
        QTRY_COMPARE(table().model()->rowCount(), 40'000);
        QTRY_COMPARE(table().lastShown(), 39'999);
        m_state->setFilter(*Filter::parse("pop:GRU"));
        QTRY_VERIFY(m_page->model().search().active && !m_page->model().search().running);
        const int row = table().model()->rowCount() / 2;
        table().setCurrentIndex(table().model()->index(row, 1));
        const std::uint64_t chosen = m_page->model().seqAt(row);
        m_state->setFilter({});
        QTRY_COMPARE(table().model()->rowCount(), 40'000);
        QTRY_COMPARE(m_page->model().seqAt(table().currentIndex().row()), chosen);
        QVERIFY(table().firstShown() <= table().currentIndex().row());
        QVERIFY(table().lastShown() >= table().currentIndex().row());
    }

    /// While held with a filter, only what matches it counts as new; another filter does not end the pause.
    void countsWhatMatchesAsNew()
    {
        open(12'000);
        QTRY_COMPARE(table().lastShown(), 11'999);
        m_state->setFilter(*Filter::parse("pop:GRU"));
        QTRY_VERIFY(m_page->model().search().active && !m_page->model().search().running);
        QTRY_VERIFY(table().isFollowing());
        table().setFollowing(false);
        QTRY_COMPARE(strip().followText(), QStringLiteral("Paused, nothing new"));
        const int before = table().model()->rowCount();
        m_history->append(1200);
        QTRY_COMPARE(m_page->model().newestSeq(), std::uint64_t(13'200));
        const int matches = table().model()->rowCount() - before;
        QVERIFY2(matches > 10 && matches < 600, qPrintable(QString::number(matches)));
        QTRY_COMPARE(strip().followText(), QStringLiteral("Paused, %1 new").arg(matches));
        m_state->setFilter({});
        QTRY_COMPARE(table().model()->rowCount(), 13'200);
        QTRY_COMPARE(strip().followText(), QStringLiteral("Paused, 1,200 new"));
    }

    /// A chosen row pauses; going live, or choosing the live range once more, follows again.
    void goingLiveFollowsAgain()
    {
        open(20'000);
        QTRY_COMPARE(table().lastShown(), 19'999);
        m_state->setRange({false, {}, m_history->timeOf(1), m_history->timeOf(20'001)});
        QTRY_VERIFY(!table().isFollowing());
        QTRY_COMPARE(table().model()->rowCount(), 20'000);
        table().setCurrentIndex(table().model()->index(10'000, 1));
        QTRY_VERIFY(m_page->pane().message());
        m_history->append(500);
        m_state->setRange(kAll);
        QTRY_COMPARE(table().model()->rowCount(), 20'500);
        QTRY_COMPARE(strip().followText(), QStringLiteral("Following live"));
        QCOMPARE(table().lastShown(), 20'499);
        table().setCurrentIndex(table().model()->index(20'490, 1));
        QTRY_COMPARE(strip().followText(), QStringLiteral("Paused, nothing new"));
        m_history->append(500);
        QTRY_COMPARE(strip().followText(), QStringLiteral("Paused, 500 new"));
        m_state->setRange(kAll);
        QTRY_COMPARE(strip().followText(), QStringLiteral("Following live"));
        QCOMPARE(table().lastShown(), 20'999);
    }

    /// A message that the range or the filter leaves out is not shown as if it were one of the table's.
    void saysWhenTheDetailsAreNotInTheTable()
    {
        open(20'000);
        QTRY_COMPARE(table().lastShown(), 19'999);
        table().setCurrentIndex(table().model()->index(19'990, 1));
        QTRY_VERIFY(m_page->pane().message());
        const std::string pop = m_page->pane().message()->pop;
        auto* outside = m_page->pane().findChild<QLabel*>(QStringLiteral("detailsOutside"));
        QVERIFY(outside->isHidden());
        m_state->setRange({false, {}, m_history->timeOf(1), m_history->timeOf(10'001)});
        QTRY_COMPARE(table().model()->rowCount(), 10'000);
        QCOMPARE(m_page->pane().message()->seq, std::uint64_t(19'991));
        QVERIFY(!outside->isHidden());
        QCOMPARE(outside->text(),
                 QStringLiteral("Not in the table: this message lies outside the time range shown"));
        m_state->setRange(kAll);
        QTRY_COMPARE(table().model()->rowCount(), 20'000);
        QVERIFY(m_page->pane().message());
        QVERIFY(outside->isHidden());
        m_state->setFilter(*Filter::parse("NOT pop:" + pop));
        QTRY_COMPARE(outside->text(),
                     QStringLiteral("Not in the table: this message does not match the filter"));
        m_state->setFilter(*Filter::parse("pop:" + pop));
        QTRY_VERIFY(outside->isHidden());
        m_state->setHistory({});
        QTRY_VERIFY(!m_page->pane().message());
    }

    /// In a small window identities are cut where they are all alike.
    void cutsIdentitiesSoThatTheyDiffer()
    {
        const QFontMetrics metrics(QGuiApplication::font());
        const QString whole = QStringLiteral("worker:checkout@lab");
        QCOMPARE(fittedIdentity(whole, metrics, metrics.horizontalAdvance(whole)), whole);
        const int room = metrics.horizontalAdvance(QString::fromUtf8("…checkout…")) + 2;
        QCOMPARE(fittedIdentity(whole, metrics, room), QString::fromUtf8("…checkout…"));
        QCOMPARE(fittedIdentity(QStringLiteral("worker:auth@lab"), metrics, room),
                 metrics.elidedText(QString::fromUtf8("worker:auth…"), Qt::ElideLeft, room));
        QVERIFY(metrics.horizontalAdvance(
                    fittedIdentity(QStringLiteral("a-name-without-issuer"), metrics, room)) <= room);
    }

    void copiesRowsAndJson()
    {
        open(100);
        QTRY_COMPARE(table().lastShown(), 99);
        table().setCurrentIndex(table().model()->index(97, 0));
        table().selectionModel()->select(
            QItemSelection(table().model()->index(95, 0), table().model()->index(97, kMessageColumns - 1)),
            QItemSelectionModel::ClearAndSelect);
        QSignalSpy copied(&m_page->model().feed(), &MessageFeed::copied);
        m_page->model().feed().copy({{96, 98}}, CopyForm::Text);
        QTRY_COMPARE(copied.count(), 1);
        const QStringList lines =
            QGuiApplication::clipboard()->text().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 4);
        QVERIFY(lines[1].startsWith(QStringLiteral("2026-01-02T03:04:05.096")));
        m_page->model().feed().copy({{96, 98}}, CopyForm::Json);
        QTRY_COMPARE(copied.count(), 2);
        QVERIFY(QGuiApplication::clipboard()->text().startsWith(
            QStringLiteral("{\"time\":\"2026-01-02T03:04:05.096")));
    }

    void saysWhatIsTheCase()
    {
        open(0);
        QTRY_COMPARE(emptyTitle(), QStringLiteral("No message yet"));
        m_state->setHistory({});
        QTRY_COMPARE(emptyTitle(), QStringLiteral("Nothing is recorded or opened"));
        m_history->failOpen(Error{ErrorCode::Format, "opening x", "it is not a history", ""});
        QSignalSpy problems(m_page.get(), &Page::problem);
        m_state->setHistory("x");
        QTRY_COMPARE(emptyTitle(), QStringLiteral("The history cannot be read"));
        QCOMPARE(problems.count(), 1);
        m_history->failOpen(std::nullopt);
        m_history->setCount(20);
        QTRY_COMPARE(table().model()->rowCount(), 20);
        m_state->setFilter(*Filter::parse("pop:XXX"));
        QTRY_COMPARE(emptyTitle(), QStringLiteral("No message matches the filter"));
    }

private:
    std::unique_ptr<VirtualHistory> m_history;
    std::unique_ptr<ViewState> m_state;
    std::unique_ptr<MessagesPage> m_page;
};

QTEST_MAIN(TestMessagesPage)
#include "tst_messagespage.moc"
