// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Clock.h"
#include "tests/support/WarningFreeTest.h"
#include "tests/ui/VirtualHistory.h"
#include "ui/models/ViewState.h"
#include "ui/views/EmptyState.h"
#include "ui/views/LatencyPage.h"
#include "ui/views/MessagesPage.h"
#include "ui/views/SubjectsPage.h"

#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>

using namespace weir;
using weir::test::VirtualHistory;

/// What each page says when it has nothing to show, and the button that does the next thing.
class TestPageStates : public test::WarningFreeTest
{
    Q_OBJECT

    void open(int page, bool empty = false)
    {
        m_history = std::make_unique<VirtualHistory>();
        m_history->setCount(empty ? 0 : 3000);
        m_state = std::make_unique<ViewState>();
        const auto opener = [this](const std::filesystem::path&) { return m_history->open(); };
        if (page == 0)
            m_page = std::make_unique<MessagesPage>(*m_state, nullptr, opener);
        else if (page == 1)
            m_page = std::make_unique<SubjectsPage>(*m_state, nullptr, opener);
        else
            m_page = std::make_unique<LatencyPage>(*m_state, nullptr, opener);
        m_page->resize(1000, 500);
        m_page->show();
    }
    EmptyState* nothing() { return m_page->findChild<EmptyState*>(QString(), Qt::FindDirectChildrenOnly); }
    QPushButton* offer() { return nothing()->findChild<QPushButton*>(QStringLiteral("emptyAction")); }
    static void eachPage()
    {
        QTest::addColumn<int>("page");
        QTest::newRow("messages") << 0;
        QTest::newRow("subjects") << 1;
        QTest::newRow("latency") << 2;
    }

    void tearDown() override { m_page.reset(); }

private slots:
    void offersToConnect_data() { eachPage(); }
    void offersToConnect()
    {
        QFETCH(int, page);
        open(page);
        QTRY_COMPARE(nothing()->title(), QStringLiteral("Nothing is recorded or opened"));
        QSignalSpy wanted(m_page.get(), &Page::connectRequested);
        QTest::mouseClick(offer(), Qt::LeftButton);
        QCOMPARE(wanted.count(), 1);
        offer()->setFocus();
        QTest::keyClick(offer(), Qt::Key_Space);
        QCOMPARE(wanted.count(), 2);
    }

    void offersToClearTheFilter_data() { eachPage(); }
    void offersToClearTheFilter()
    {
        QFETCH(int, page);
        open(page);
        m_state->setRange({false, {}, m_history->timeOf(1), m_history->timeOf(3001)});
        m_state->setFilter(*Filter::parse("pop:NOWHERE"));
        m_state->setHistory("h.weir");
        QTRY_COMPARE(nothing()->title(), QStringLiteral("No message matches the filter"));
        QTest::mouseClick(offer(), Qt::LeftButton);
        QVERIFY(m_state->filter().isEmpty());
        QTRY_VERIFY(!nothing()->isVisible());
    }

    void offersToGoLive_data() { eachPage(); }
    void offersToGoLive()
    {
        QFETCH(int, page);
        open(page);
        const Timestamp before = m_history->timeOf(1) - std::chrono::hours(1);
        m_state->setRange({false, {}, before - std::chrono::minutes(1), before});
        m_state->setHistory("h.weir");
        QTRY_COMPARE(nothing()->title(), QStringLiteral("No message in this time range"));
        QTRY_COMPARE(offer()->text(), QStringLiteral("Go live"));
        QTest::mouseClick(offer(), Qt::LeftButton);
        QVERIFY(m_state->range().live);
    }

    void offersAnotherHistory_data() { eachPage(); }
    void offersAnotherHistory()
    {
        QFETCH(int, page);
        open(page);
        m_history->failOpen(Error{ErrorCode::Permission, "opening h.weir", "permission denied", "chmod"});
        m_state->setHistory("h.weir");
        QTRY_COMPARE(nothing()->title(), QStringLiteral("The history cannot be read"));
        QSignalSpy wanted(m_page.get(), &Page::openHistoryRequested);
        QTest::mouseClick(offer(), Qt::LeftButton);
        QCOMPARE(wanted.count(), 1);
    }

    /// Live and quiet for as long as the range: what came before is one click away.
    void offersALongerRange_data() { eachPage(); }
    void offersALongerRange()
    {
        QFETCH(int, page);
        open(page);
        m_history->setStart(SystemClock().now() - std::chrono::hours(2));
        m_state->setHistory("h.weir");
        QTRY_COMPARE(offer()->text(), QStringLiteral("Show the last 24 h"));
        QTest::mouseClick(offer(), Qt::LeftButton);
        QCOMPARE(m_state->range().span, Nanoseconds(std::chrono::hours(24)));
        QTRY_VERIFY_WITH_TIMEOUT(!nothing()->isVisible(), 10000);
    }

    /// The first look at the tree shows what flows where; a search that finds nothing offers the way back.
    void subjectsOpenAndSearch()
    {
        open(1);
        m_state->setRange({false, {}, m_history->timeOf(1), m_history->timeOf(3001)});
        m_state->setHistory("h.weir");
        auto* tree = m_page->findChild<QTreeView*>(QStringLiteral("subjectTree"));
        QTRY_VERIFY(tree->model()->rowCount() > 0);
        QTRY_VERIFY(tree->isExpanded(tree->model()->index(0, 0)));
        auto* search = m_page->findChild<QLineEdit*>(QStringLiteral("subjectSearch"));
        QTest::keyClicks(search, QStringLiteral("nothing-like-it"));
        QTRY_VERIFY(!tree->isVisible());
        QPushButton* noHit = nullptr;
        for (auto* button : m_page->findChildren<QPushButton*>(QStringLiteral("emptyAction")))
            noHit = button->isVisible() ? button : noHit;
        QVERIFY(noHit);
        QCOMPARE(noHit->text(), QStringLiteral("Show all subjects"));
        QTest::mouseClick(noHit, Qt::LeftButton);
        QTRY_VERIFY(tree->isVisible());
        QVERIFY(search->text().isEmpty());
    }

private:
    std::unique_ptr<VirtualHistory> m_history;
    std::unique_ptr<ViewState> m_state;
    std::unique_ptr<Page> m_page;
};

QTEST_MAIN(TestPageStates)
#include "tst_pagestates.moc"
