// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Clock.h"
#include "tests/support/WarningFreeTest.h"
#include "tests/ui/VirtualHistory.h"
#include "ui/models/MessageTableModel.h"

#include <QAbstractItemModelTester>
#include <QSemaphore>
#include <QSignalSpy>
#include <QTest>

using namespace weir;
using weir::test::VirtualHistory;

namespace {

/// A live range that reaches back to the first message of the traffic that is computed.
const TimeRange kAll{true, std::chrono::hours(87'600), kNoTime, kNoTime};

Filter filterOf(const char* text)
{
    auto parsed = Filter::parse(text);
    return parsed ? *parsed : Filter();
}

QString cell(const MessageTableModel& model, int row, MessageColumn column)
{
    return model.index(row, static_cast<int>(column)).data().toString();
}

Gap gapAt(Timestamp from, std::chrono::seconds length)
{
    Gap gap;
    gap.from = from;
    gap.to = from + length;
    gap.cause = GapCause::Disconnected;
    return gap;
}

} // namespace

class TestMessageTableModel : public test::WarningFreeTest
{
    Q_OBJECT

    OpenReader opener(VirtualHistory& history)
    {
        return [&history] { return history.open(); };
    }

private slots:
    void rowsAreArithmeticOnSeqs()
    {
        VirtualHistory history;
        history.setCount(100'000'000);
        MessageTableModel model;
        model.open(opener(history), kAll, {});
        QTRY_COMPARE(model.rowCount(), 100'000'000);
        QCOMPARE(model.seqAt(0), std::uint64_t(1));
        QCOMPARE(model.seqAt(99'999'999), std::uint64_t(100'000'000));
        model.show(50'000'000, 50'000'040);
        QTRY_VERIFY(model.rowAt(50'000'020) != nullptr);
        QCOMPARE(model.rowAt(50'000'020)->seq, std::uint64_t(50'000'021));
        QVERIFY(!cell(model, 50'000'020, MessageColumn::Subject).isEmpty());
        QVERIFY2(model.rowAt(200) != nullptr, "the first screen comes with the news that there are rows");
        QVERIFY(model.index(1000, 0).data(static_cast<int>(MessageRole::Loading)).toBool());
    }

    void followsUnderTheModelTester()
    {
        VirtualHistory history;
        MessageTableModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setFollowing(true);
        model.open(opener(history), kAll, {});
        QTRY_VERIFY(model.isOpened());
        QCOMPARE(model.rowCount(), 0);
        for (int i = 1; i <= 5; ++i) {
            history.append(100);
            QTRY_COMPARE(model.rowCount(), i * 100);
            QVERIFY2(model.rowAt(i * 100 - 1), "the newest row comes with the news of it");
        }
        history.expireBelow(51);
        QTRY_COMPARE(model.rowCount(), 450);
        QCOMPARE(model.seqAt(0), std::uint64_t(51));
    }

    void saysWhatACellSays()
    {
        VirtualHistory history;
        history.setCount(1000);
        MessageTableModel model;
        model.open(opener(history), kAll, {});
        QTRY_COMPARE(model.rowCount(), 1000);
        model.show(0, 100);
        QTRY_VERIFY(model.rowAt(20));
        QCOMPARE(cell(model, 0, MessageColumn::Time), QStringLiteral("03:04:05.001"));
        QCOMPARE(cell(model, 6, MessageColumn::Latency), QString(QChar(0x2013)));
        QCOMPARE(cell(model, 10, MessageColumn::Latency), QStringLiteral("clock skew"));
        QVERIFY(cell(model, 0, MessageColumn::Latency).endsWith(QStringLiteral("ms")));
        const QModelIndex time = model.index(0, 0);
        QVERIFY(
            time.data(Qt::ToolTipRole).toString().contains(QStringLiteral("2026-01-02 03:04:05.001 000")));
        const auto subject = model.index(0, static_cast<int>(MessageColumn::Subject));
        QCOMPARE(model.termFor(subject), QStringLiteral("subject:") + subject.data().toString());
    }

    void searchesNewestFirstAndFollows()
    {
        VirtualHistory history;
        history.setCount(400'000);
        MessageTableModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.open(opener(history), kAll, filterOf("pop:GRU latency>20ms subject:auth.>"));
        QTRY_VERIFY(model.isOpened());
        history.append(50'000);
        QTRY_VERIFY_WITH_TIMEOUT(!model.search().running && model.search().scanned == 400'000, 20000);
        QTRY_VERIFY(model.rowCount() > 0 && model.seqAt(model.rowCount() - 1) > 449'000);
        auto reader = history.open();
        HistoryQuery query;
        query.filter = filterOf("pop:GRU latency>20ms subject:auth.>");
        std::vector<std::uint64_t> expected;
        auto done = (*reader)->scan(query, {}, [&](const auto& batch) {
            for (const Message& message : batch->messages)
                expected.push_back(message.seq);
            return true;
        });
        QVERIFY(done.has_value());
        QCOMPARE(std::size_t(model.rowCount()), expected.size());
        for (int row = 0; row < model.rowCount(); ++row)
            QCOMPARE(model.seqAt(row), expected[static_cast<std::size_t>(row)]);
        model.show(0, 30);
        QTRY_VERIFY(model.rowAt(0) && model.rowAt(29));
        QCOMPARE(cell(model, 0, MessageColumn::Pop), QStringLiteral("GRU"));
    }

    void showsGapsAsRows()
    {
        VirtualHistory history;
        history.setCount(5000);
        MessageTableModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        history.setGaps({gapAt(history.timeOf(1001), std::chrono::seconds(12))});
        model.open(opener(history), kAll, {});
        QTRY_COMPARE(model.rowCount(), 5001);
        const QString words = model.index(1000, 0).data(static_cast<int>(MessageRole::SpanText)).toString();
        QVERIFY2(words.contains(QStringLiteral("Disconnected")) && words.contains(QStringLiteral("12")),
                 qPrintable(words));
        QCOMPARE(model.seqAt(999), std::uint64_t(1000));
        QCOMPARE(model.seqAt(1001), std::uint64_t(1001));
        // Another one, later, and one before it that was not known yet.
        history.setGaps({gapAt(history.timeOf(11), std::chrono::seconds(1)),
                         gapAt(history.timeOf(1001), std::chrono::seconds(12)),
                         gapAt(history.timeOf(5001), std::chrono::seconds(3))});
        QTRY_COMPARE(model.rowCount(), 5003);
        history.append(10);
        QTRY_COMPARE(model.rowCount(), 5013);
        QCOMPARE(model.seqAt(10), std::uint64_t(0));
        QCOMPARE(model.seqAt(5002), std::uint64_t(0));
        QCOMPARE(model.seqAt(5003), std::uint64_t(5001));
        history.expireBelow(1501);
        QTRY_COMPARE(model.rowCount(), 5013 - 1500);
        history.setGaps({});
        QTRY_COMPARE(model.rowCount(), 5010 - 1500);
    }

    void marksWhatCannotBeRead()
    {
        VirtualHistory history;
        history.setCount(200);
        history.damage(50, 59);
        MessageTableModel model;
        model.open(opener(history), kAll, {});
        QTRY_COMPARE(model.rowCount(), 200);
        model.show(40, 70);
        QTRY_VERIFY(model.rowAt(55));
        QVERIFY(cell(model, 55, MessageColumn::Subject).contains(QStringLiteral("damaged")));
        QVERIFY(!cell(model, 45, MessageColumn::Subject).contains(QStringLiteral("damaged")));
    }

    void showsAFixedRange()
    {
        VirtualHistory history;
        history.setCount(10'000);
        MessageTableModel model;
        TimeRange range;
        range.live = false;
        range.from = history.timeOf(2001);
        range.to = history.timeOf(3001);
        model.open(opener(history), range, {});
        QTRY_COMPARE(model.rowCount(), 1000);
        QCOMPARE(model.seqAt(0), std::uint64_t(2001));
    }

    /// Live is the range that ends now: what is older leaves it, unless somebody reads.
    void slidesWithTheClock()
    {
        VirtualHistory history;
        history.setStart(SystemClock().now() - std::chrono::seconds(10));
        history.setCount(10'000); // the last of them now
        history.setGaps({gapAt(history.timeOf(1000), std::chrono::seconds(1))});
        const TimeRange range{true, std::chrono::seconds(5), kNoTime, kNoTime};
        MessageTableModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.open(opener(history), range, {});
        QTRY_VERIFY(model.isOpened());
        const int held = model.rowCount();
        QVERIFY2(held > 2000 && held <= 5001, qPrintable(QString::number(held)));
        const std::uint64_t first = model.seqAt(0);
        QVERIFY(first > 5000);
        history.append(1);
        QTRY_COMPARE(model.rowCount(), held + 1); // nobody follows: nothing goes
        QCOMPARE(model.seqAt(0), first);
        model.setFollowing(true);
        QTRY_VERIFY(model.rowCount() < held - 500);
        QVERIFY(model.seqAt(0) > first);
        QTRY_COMPARE_WITH_TIMEOUT(model.rowCount(), 0, 10000);
        history.append(10'000);
        QTRY_VERIFY(model.rowCount() > 0);
    }

    /// Answers to what was asked before an open() must not reach the table that is shown after it.
    void dropsLateAnswers()
    {
        VirtualHistory slow;
        slow.setCount(1000);
        QSemaphore entered;
        QSemaphore release;
        std::atomic<bool> hold{false};
        slow.setBeforeScan([&](const HistoryQuery&) {
            if (hold.exchange(false)) {
                entered.release();
                release.acquire();
            }
        });
        VirtualHistory other;
        other.setCount(10);
        MessageTableModel model;
        model.open(opener(slow), kAll, {});
        QTRY_COMPARE(model.rowCount(), 1000);
        hold = true;
        model.show(500, 520);
        entered.acquire();
        QSignalSpy rows(&model.feed(), &MessageFeed::rowsLoaded);
        release.release();
        model.open(opener(other), kAll, {});
        QTRY_COMPARE(model.rowCount(), 10);
        QCOMPARE(rows.count(), 0);
    }

    void saysWhyItCannotRead()
    {
        VirtualHistory history;
        history.failOpen(
            Error{ErrorCode::Format, "opening h.db", "it is not a history", "choose another file"});
        MessageTableModel model;
        QSignalSpy failed(&model.feed(), &MessageFeed::failed);
        model.open(opener(history), kAll, {});
        QTRY_VERIFY(failed.count() > 0);
        QVERIFY(!model.isOpened());
        history.failOpen(std::nullopt);
        history.setCount(5);
        QTRY_COMPARE(model.rowCount(), 5);
    }

private:
};

QTEST_GUILESS_MAIN(TestMessageTableModel)
#include "tst_messagetablemodel.moc"
