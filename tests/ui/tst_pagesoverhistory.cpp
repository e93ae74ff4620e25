// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Clock.h"
#include "core/capture/CoverageLedger.h"
#include "core/history/HistoryWriter.h"
#include "tests/support/WarningFreeTest.h"
#include "tests/ui/VirtualHistory.h"
#include "ui/models/ViewState.h"
#include "ui/views/DetailsPane.h"
#include "ui/views/HugeTableView.h"
#include "ui/views/LatencyPage.h"
#include "ui/views/MessagesPage.h"
#include "ui/views/PayloadView.h"
#include "ui/views/SubjectsPage.h"

#include <QScrollBar>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

using namespace weir;
using weir::test::VirtualHistory;

/// The pages over a real history file, while a real writer appends to it.
class TestPagesOverHistory : public test::WarningFreeTest
{
    Q_OBJECT

    /// Hands messages [first, last] of the computed traffic to the writer, under the writer's names.
    void write(HistoryWriter& writer, std::uint64_t first, std::uint64_t last)
    {
        const auto names = writer.names();
        auto batch = m_traffic.batch(first, last, kAllColumns);
        for (Message& message : batch->messages) {
            message.seq = writer.firstSeq() + message.seq - 1;
            message.subject = names->subjects.intern(message.subjectName);
            message.pop = names->pops.intern(message.popName);
            message.worker = names->workers.intern(message.workerName);
            message.identity =
                message.identity.isNone()
                    ? IdentityId()
                    : names->identities.intern(m_traffic.names()->identities.at(message.identity));
        }
        batch->names = names;
        writer.consume(batch);
    }

private slots:
    void followAWriter()
    {
        QTemporaryDir dir;
        CoverageLedger ledger;
        HistoryWriter::Options options;
        options.path = dir.filePath(QStringLiteral("h.weir")).toStdString();
        m_traffic.setRate(10'000);
        m_traffic.setStart(m_clock.now());
        m_traffic.setCount(30'000);
        auto opened = HistoryWriter::open(options, m_clock, ledger, [](std::uint64_t) {});
        QVERIFY2(opened.has_value(), opened ? "" : opened.error().line().c_str());
        HistoryWriter& writer = **opened;
        QTimer pipeline; // the writer flushes by time
        connect(&pipeline, &QTimer::timeout, this, [&] { writer.tick(m_clock.now()); });
        pipeline.start(std::chrono::milliseconds(50));

        ViewState state;
        MessagesPage messages(state);
        SubjectsPage subjects(state);
        LatencyPage latency(state);
        for (Page* page : std::initializer_list<Page*>{&messages, &subjects, &latency}) {
            page->resize(1000, 500);
            page->show();
        }
        state.setHistory(options.path);
        write(writer, 1, 5000);
        QTRY_COMPARE_WITH_TIMEOUT(messages.table().model()->rowCount(), 5000, 10000);
        QVERIFY(messages.model().rowAt(4999));
        messages.table().verticalScrollBar()->setValue(100);
        write(writer, 5001, 30'000);
        QTRY_COMPARE_WITH_TIMEOUT(messages.table().model()->rowCount(), 30'000, 10000);
        QCOMPARE(messages.table().firstShown(), 100);
        QTRY_VERIFY(messages.model().rowAt(100));
        for (int row = 0; row < 30'000; row += 997)
            QCOMPARE(messages.model().seqAt(row), std::uint64_t(row) + 1);

        messages.table().setCurrentIndex(messages.table().model()->index(104, 1));
        QTRY_VERIFY(messages.pane().message());
        const auto expected = m_traffic.batch(105, 105, kAllColumns);
        QCOMPARE(messages.pane().message()->payload, std::string(expected->messages[0].payload));
        QCOMPARE(messages.pane().message()->headers.size(), std::size_t(6));
        QTRY_COMPARE(messages.pane().payload().form(), PayloadView::Form::Json);

        QTRY_COMPARE_WITH_TIMEOUT(subjects.model().rowCount(), 3, 10000);
        QTRY_COMPARE_WITH_TIMEOUT(latency.model().rowCount(), 12, 10000);
        QCOMPARE(latency.model().pops().front().name, std::string("GRU"));

        state.setFilter(*Filter::parse("pop:GRU subject:orders.>"));
        QTRY_VERIFY(messages.model().search().active && !messages.model().search().running);
        QTRY_COMPARE_WITH_TIMEOUT(latency.model().rowCount(), 1, 10000);
        QTRY_COMPARE_WITH_TIMEOUT(subjects.model().rowCount(), 1, 10000);
        pipeline.stop();
        QVERIFY(writer.close().has_value());
    }

private:
    SystemClock m_clock;
    VirtualHistory m_traffic;
};

QTEST_MAIN(TestPagesOverHistory)
#include "tst_pagesoverhistory.moc"
