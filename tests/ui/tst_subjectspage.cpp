// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/WarningFreeTest.h"
#include "tests/ui/OneBatchReader.h"
#include "ui/models/ViewState.h"
#include "ui/views/SubjectsPage.h"
#include "ui/views/topology/TopologyExport.h"

#include <QAction>
#include <QFile>
#include <QFileDialog>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMenu>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

using namespace weir;
using namespace std::chrono_literals;

class TestSubjectsPage : public test::WarningFreeTest
{
    Q_OBJECT

    static void add(test::HistoryContent& content, const char* subject, Timestamp from, Nanoseconds every,
                    int count)
    {
        const SubjectId id = content.names->subjects.intern(subject);
        for (int i = 0; i < count; ++i) {
            Message& message = content.messages.emplace_back();
            message.seq = content.messages.size();
            message.time = from + i * every;
            message.subject = id;
            message.subjectName = content.names->subjects.name(id);
        }
    }

private slots:
    /// The rates of a past range are means over it; what was busiest at its end is not the first for that.
    void ordersAPastRangeByTheRatesShown()
    {
        auto content = std::make_shared<test::HistoryContent>();
        const Timestamp from = fromUnixNanos(1'767'323'045'000'000'000);
        add(*content, "steady", from, 10ms, 5000);
        add(*content, "late", from + 55s, 10ms, 490);
        ViewState state;
        state.setRange({false, {}, from, from + 1min});
        SubjectsPage page(state, nullptr, test::OneBatchReader::opener(content));
        page.resize(1000, 400);
        page.show();
        state.setHistory("h.db");
        auto* view = page.findChild<QTreeView*>(QStringLiteral("subjectTree"));
        QTRY_COMPARE(view->model()->rowCount(), 2);
        const auto name = [view](int row) { return view->model()->index(row, 0).data().toString(); };
        const auto rate = [view](int row) {
            return view->model()->index(row, static_cast<int>(SubjectColumn::Rate)).data().toString();
        };
        const int sorted = static_cast<int>(SubjectColumn::Rate);
        QCOMPARE(view->model()->headerData(sorted, Qt::Horizontal).toString(),
                 QStringLiteral("Mean rate \u25be"));
        QCOMPARE(name(0), QStringLiteral("steady"));
        QCOMPARE(rate(0), QStringLiteral("83/s"));
        QCOMPARE(name(1), QStringLiteral("late"));
        QVERIFY(view->model()
                    ->headerData(sorted, Qt::Horizontal, Qt::ToolTipRole)
                    .toString()
                    .contains(QStringLiteral("two seconds")));
    }

    /// All of the tree is saved, whatever of it is open, with its range and filter.
    void savesTheTree()
    {
        auto content = std::make_shared<test::HistoryContent>();
        const Timestamp from = fromUnixNanos(1'767'323'045'000'000'000);
        add(*content, "orders.eu.paid", from, 10ms, 500);
        add(*content, "auth.login", from, 10ms, 300);
        ViewState state;
        state.setRange({false, {}, from, from + 1min});
        SubjectsPage page(state, nullptr, test::OneBatchReader::opener(content));
        page.resize(1000, 400);
        page.show();
        auto* button = page.findChild<TopologyExport*>(QStringLiteral("flowExport"));
        QVERIFY(button && !button->isEnabled()); // there is nothing yet
        state.setHistory("h.db");
        QTRY_VERIFY(button->isEnabled());
        const QTemporaryDir dir;
        const QString path = dir.filePath(QStringLiteral("subjects.json"));
        QSignalSpy saved(button, &TopologyExport::saved);
        button->menu()->findChild<QAction*>(QStringLiteral("exportJson"))->trigger();
        auto* dialog = button->findChild<QFileDialog*>(QStringLiteral("flowExportDialog"));
        QVERIFY(dialog);
        emit dialog->fileSelected(path);
        dialog->close();
        QTRY_COMPARE_WITH_TIMEOUT(saved.size(), 1, 20'000);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QJsonObject json = QJsonDocument::fromJson(file.readAll()).object();
        QCOMPARE(json["nodes"].toArray().size(), 5);
        QCOMPARE(json["edges"].toArray().size(), 3);
        QCOMPARE(json["from"].toString().left(19), QStringLiteral("2026-01-02T03:04:05"));
    }

    /// The sums of a live range are those of the range that ends now: what has left it goes.
    void aLiveRangeSlides()
    {
        auto content = std::make_shared<test::HistoryContent>();
        const Timestamp now = SystemClock().now();
        add(*content, "old", now - 4s, 10ms, 100);
        add(*content, "new", now - 500ms, 1ms, 500);
        ViewState state;
        state.setRange({true, 6s, kNoTime, kNoTime});
        SubjectsPage page(state, nullptr, test::OneBatchReader::opener(content));
        page.resize(1000, 400);
        page.show();
        state.setHistory("h.db");
        auto* view = page.findChild<QTreeView*>(QStringLiteral("subjectTree"));
        QTRY_COMPARE(view->model()->rowCount(), 2);
        QTRY_COMPARE_WITH_TIMEOUT(view->model()->rowCount(), 1, 10000);
        QCOMPARE(view->model()->index(0, 0).data().toString(), QStringLiteral("new"));
        QCOMPARE(view->model()->index(0, static_cast<int>(SubjectColumn::Messages)).data().toString(),
                 QStringLiteral("500"));
        QTRY_COMPARE_WITH_TIMEOUT(view->model()->rowCount(), 0, 10000);
    }
};

QTEST_MAIN(TestSubjectsPage)
#include "tst_subjectspage.moc"
