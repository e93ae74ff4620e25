// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/WarningFreeTest.h"
#include "tests/ui/VirtualHistory.h"
#include "ui/models/LatencyTableModel.h"
#include "ui/models/ViewState.h"
#include "ui/views/ElidedButton.h"
#include "ui/views/LatencyPage.h"
#include "ui/views/latency/LatencyChart.h"

#include <QAbstractItemModelTester>
#include <QLabel>
#include <QPersistentModelIndex>
#include <QSemaphore>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QToolButton>

#include <algorithm>
#include <map>

#include <ctime>

using namespace weir;
using weir::test::VirtualHistory;

namespace {

PopLatency pop(const std::string& name, int p99, std::uint64_t count = 1000)
{
    PopLatency made;
    made.name = name;
    made.summary.count = count;
    made.summary.p50 = std::chrono::milliseconds(p99 / 4);
    made.summary.p90 = std::chrono::milliseconds(p99 / 2);
    made.summary.p99 = made.summary.max = std::chrono::milliseconds(p99);
    return made;
}

/// What this thread has used of a core: other processes do not lengthen it.
double cpuMillis()
{
    timespec used{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) * 1e3 + static_cast<double>(used.tv_nsec) / 1e6;
}

QString order(const LatencyTableModel& model)
{
    QString names;
    for (int row = 0; row < model.rowCount(); ++row)
        names += model.index(row, 0).data().toString() + QLatin1Char(' ');
    return names.trimmed();
}

} // namespace

class TestLatencyPage : public test::WarningFreeTest
{
    Q_OBJECT
private slots:
    void putsTheWorstFirst()
    {
        LatencyTableModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setPops({pop("FRA", 20), pop("GRU", 400), pop("LHR", 30)});
        QCOMPARE(order(model), QStringLiteral("GRU LHR FRA"));
        const QPersistentModelIndex chosen(model.index(1, 0));
        const int style = model.styleOf(QStringLiteral("LHR"));
        QVERIFY(style >= 0);
        // Figures never belie the order: both change at times, and at once when a PoP comes.
        model.setPops({pop("FRA", 900), pop("GRU", 400), pop("LHR", 30)});
        QCOMPARE(order(model), QStringLiteral("GRU LHR FRA"));
        QCOMPARE(model.index(2, static_cast<int>(LatencyColumn::P99)).data().toString(),
                 QStringLiteral("20.0 ms"));
        model.setPops({pop("FRA", 900), pop("GRU", 400), pop("LHR", 30), pop("NRT", 500)});
        QCOMPARE(order(model), QStringLiteral("FRA NRT GRU LHR"));
        QCOMPARE(chosen.data().toString(), QStringLiteral("LHR"));
        QCOMPARE(model.styleOf(QStringLiteral("LHR")), style);
        model.setPops({pop("GRU", 400), pop("LHR", 30)});
        QCOMPARE(order(model), QStringLiteral("GRU LHR"));
        model.sort(static_cast<int>(LatencyColumn::Pop), Qt::DescendingOrder);
        QCOMPARE(order(model), QStringLiteral("LHR GRU"));
    }

    void saysWhenFiguresStandOnLittle()
    {
        LatencyTableModel model;
        model.setPops({pop("FRA", 20, 12)});
        const auto few = [&](LatencyColumn column) {
            return model.index(0, static_cast<int>(column)).data(static_cast<int>(LatencyRole::Few)).toBool();
        };
        QVERIFY(!few(LatencyColumn::P50));
        QVERIFY(few(LatencyColumn::P90));
        QVERIFY(few(LatencyColumn::P99));
        PopLatency none;
        none.name = "AMS";
        none.summary.unknown = 5;
        model.setPops({none});
        QCOMPARE(model.index(0, static_cast<int>(LatencyColumn::P99)).data().toString(),
                 QString(QChar(0x2013)));
        QCOMPARE(model.index(0, static_cast<int>(LatencyColumn::Unknown)).data().toString(),
                 QStringLiteral("5"));
    }

    void doubtsAClockThatIsAnHourBehind()
    {
        LatencyTableModel model;
        std::vector<PopLatency> pops{pop("FRA", 3'600'020)};
        pops.front().summary.min = std::chrono::hours(1);
        model.setPops(pops);
        const auto at = [&](LatencyColumn column, int role) {
            return model.index(0, static_cast<int>(column)).data(role).toString();
        };
        QCOMPARE(at(LatencyColumn::Skewed, Qt::DisplayRole), QStringLiteral("suspected"));
        QVERIFY(at(LatencyColumn::P99, Qt::ToolTipRole).contains(QStringLiteral("clock is probably behind")));
    }

    void writesRoundFiguresBesideTheAxis_data()
    {
        QTest::addColumn<double>("least");
        QTest::addColumn<double>("most");
        QTest::addColumn<int>("ticks");
        QTest::addColumn<bool>("logarithmic");
        QTest::addColumn<QString>("written");
        QTest::newRow("two decades") << 13.0 << 900.0 << 12 << true
                                     << "10 ms,20 ms,50 ms,100 ms,200 ms,500 ms,1 s";
        QTest::newRow("within a decade") << 210.0 << 480.0 << 12 << true << "200 ms,500 ms,1 s,2 s";
        QTest::newRow("little room") << 13.0 << 9000.0 << 7 << true
                                     << "10 ms,30 ms,100 ms,300 ms,1 s,3 s,10 s";
        QTest::newRow("hardly any") << 0.02 << 90000.0 << 4 << true << "1 ms,100 ms,10 s";
        QTest::newRow("microseconds") << 0.021 << 0.3 << 12 << true << "20 µs,50 µs,100 µs,200 µs,500 µs";
        QTest::newRow("equal steps") << 0.0 << 870.0 << 6 << false << "0,200 ms,400 ms,600 ms,800 ms,1 s";
        QTest::newRow("equal small steps")
            << 0.0 << 0.43 << 6 << false << "0,100 µs,200 µs,300 µs,400 µs,500 µs";
    }

    void writesRoundFiguresBesideTheAxis()
    {
        QFETCH(double, least);
        QFETCH(double, most);
        QFETCH(int, ticks);
        QFETCH(bool, logarithmic);
        QFETCH(QString, written);
        const LatencyAxis axis =
            logarithmic ? LatencyAxis::logarithmic(least, most, ticks) : LatencyAxis::linear(most, ticks);
        QStringList texts;
        for (const double tick : axis.ticks)
            texts << axisText(tick);
        QCOMPARE(texts.join(QLatin1Char(',')), written);
        QVERIFY(axis.low <= least && axis.high >= most);
        QCOMPARE(axis.place(axis.low, logarithmic), 0.0);
        QCOMPARE(axis.place(axis.high, logarithmic), 1.0);
    }

    /// Far is no fault: only who is far slower than the median stands out, judged by what it has messages
    /// for.
    void findsTheSlowPop()
    {
        const std::vector<PopLatency> calm{pop("FRA", 20), pop("LHR", 30), pop("NRT", 90), pop("SYD", 100)};
        QVERIFY(slowPops(calm, Percentile::P99).empty());
        auto slow = calm;
        slow.push_back(pop("GRU", 4000));
        auto found = slowPops(slow, Percentile::P99);
        QCOMPARE(found.size(), std::size_t(1));
        QCOMPARE(found[0].name, std::string("GRU"));
        QVERIFY(found[0].which == Percentile::P99);
        QCOMPARE(qRound(found[0].times), 44); // of NRT's 90 ms
        QCOMPARE(found[0].compared, std::size_t(5));
        QCOMPARE(slowMeaning(found[0]),
                 QStringLiteral("Slow against the other PoPs, not against its own past: over the whole time "
                                "range its p99 is 4.00 s, the median of 5 PoPs is 90.0 ms."));
        slow.back() = pop("GRU", 4000, 60);
        found = slowPops(slow, Percentile::P99);
        QVERIFY(found[0].which == Percentile::P90);
        slow.back() = pop("GRU", 4000, 3);
        QVERIFY(slowPops(slow, Percentile::P99).empty());
        slow.back() = pop("GRU", 3'600'000);
        slow.back().summary.min = std::chrono::hours(1);
        QVERIFY(slowPops(slow, Percentile::P99).empty()); // its clock is behind
        QVERIFY(slowPops({pop("FRA", 20), pop("GRU", 4000)}, Percentile::P99).empty());
        slow.back() = pop("GRU", 4000);
        for (const char* name : {"AAA", "BBB", "CCC", "DDD", "EEE", "FFF"}) {
            slow.push_back(pop(name, 3'600'000));
            slow.back().summary.min = std::chrono::hours(1);
        }
        found = slowPops(slow, Percentile::P99); // clocks in doubt are no measure for the others
        QCOMPARE(found.size(), std::size_t(1));
        QCOMPARE(found[0].name, std::string("GRU"));
    }

    /// The slow PoP is named above the chart; mouse and key lead to its row.
    void leadsToTheSlowPop()
    {
        VirtualHistory history;
        history.setCount(60'000);
        history.setSlowFrom(1);
        ViewState state;
        state.setRange({false, std::chrono::minutes(5), history.timeOf(1), history.timeOf(60'001)});
        LatencyPage page(state, nullptr, [&](const std::filesystem::path&) { return history.open(); });
        page.resize(1300, 700);
        page.show();
        state.setHistory("h.weir");
        auto* button = page.findChild<ElidedButton*>(QStringLiteral("latencySlow"));
        QTRY_VERIFY_WITH_TIMEOUT(button->isVisible(), 20000);
        QTRY_VERIFY2(button->text().startsWith(QStringLiteral("GRU is slow: p99 ")),
                     qPrintable(button->text()));
        QTRY_COMPARE(button->text(), button->fullText()); // there is room for it
        QVERIFY2(button->text().endsWith(QStringLiteral(" × the median of 12 PoPs")),
                 qPrintable(button->text()));
        QVERIFY(button->toolTip().contains(QStringLiteral("not against its own past")));
        auto* table = page.findChild<QTableView*>(QStringLiteral("latencyTable"));
        QCOMPARE(table->model()->index(0, 0).data(Qt::AccessibleTextRole).toString(),
                 QStringLiteral("GRU, slow"));
        table->selectRow(3);
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(table->currentIndex().row(), 0);
        table->selectRow(3);
        button->setFocus();
        QTest::keyClick(button, Qt::Key_Space);
        QCOMPARE(table->currentIndex().row(), 0);
        for (auto* choice : page.findChildren<QToolButton*>()) {
            if (choice->text() == QLatin1String("All of one PoP"))
                QTest::mouseClick(choice, Qt::LeftButton);
        }
        QCOMPARE(page.findChild<LatencyChart*>()->names(), QStringList({"GRU p50", "GRU p90", "GRU p99"}));
        page.resize(page.minimumSizeHint());
        QVERIFY2(page.width() < 640, qPrintable(QString::number(page.width())));
        QVERIFY(button->text() != button->fullText());
    }

    /// Three days are kept as well as five minutes, in steps that the chart can show.
    void keepsAllOfALongRange()
    {
        VirtualHistory history;
        constexpr std::uint64_t kSeconds = 3 * 86'400;
        history.setRate(1);
        history.setCount(kSeconds);
        ViewState state;
        state.setRange({false, {}, history.timeOf(1), history.timeOf(kSeconds + 1)});
        LatencyPage page(state, nullptr, [&](const std::filesystem::path&) { return history.open(); });
        page.resize(1300, 700);
        page.show();
        state.setHistory("h.weir");
        QTRY_COMPARE_WITH_TIMEOUT(page.model().rowCount(), 12, 20000);
        std::uint64_t seen = 0;
        for (const PopLatency& one : page.model().pops()) {
            seen += one.summary.count + one.summary.unknown + one.summary.skewed;
            QVERIFY(one.points.front().time < history.timeOf(7200));
        }
        QCOMPARE(seen, kSeconds);
        QCOMPARE(page.findChild<QLabel*>(QStringLiteral("pageNote"))->text(), QString());
    }

    /// A part of the range ranks nobody: which PoP is worst, and its colour, wait for the whole.
    void ranksOnlyTheWhole()
    {
        VirtualHistory history;
        history.setCount(600'000);
        history.setSlowFrom(300'000);
        QSemaphore rest;
        history.setBeforeScan([&](const HistoryQuery& query) {
            if (query.firstSeq > 262'144)
                rest.acquire();
        });
        ViewState state;
        state.setRange({false, std::chrono::minutes(5), history.timeOf(1), history.timeOf(600'001)});
        LatencyPage page(state, nullptr, [&](const std::filesystem::path&) { return history.open(); });
        page.resize(1300, 700);
        page.show();
        const QSignalSpy reading(&page, &LatencyPage::readingChanged);
        state.setHistory("h.weir");
        auto* hint = page.findChild<QLabel*>(QStringLiteral("emptyHint"));
        QTRY_VERIFY_WITH_TIMEOUT(hint->isVisible(), 20000);
        QTRY_COMPARE_WITH_TIMEOUT(hint->text(), QStringLiteral("Reading, 262,144 of 600,000"), 20000);
        QVERIFY(page.isReading());
        QCOMPARE(page.model().rowCount(), 0);
        QVERIFY(!page.findChild<QTableView*>(QStringLiteral("latencyTable"))->isVisible());
        rest.release(1000);
        QTRY_COMPARE_WITH_TIMEOUT(page.model().rowCount(), 12, 20000);
        std::uint64_t seen = 0;
        for (const PopLatency& one : page.model().pops())
            seen += one.summary.count + one.summary.unknown + one.summary.skewed;
        QCOMPARE(seen, std::uint64_t{600'000});
        QVERIFY(!page.isReading());
        QCOMPARE(reading.count(), 2);
        QCOMPARE(page.model().index(0, 0).data().toString(), QStringLiteral("GRU"));
        QVERIFY(page.findChild<ElidedButton*>(QStringLiteral("latencySlow"))->isVisible());
        // Another filter: no figure of the range before stays, and none of a part comes.
        rest.acquire(rest.available());
        state.setFilter(*Filter::parse("pop:FRA,LHR,AMS,CDG,IAD,GRU"));
        QTRY_VERIFY(page.isReading());
        QCOMPARE(page.model().rowCount(), 0);
        rest.release(1000);
        QTRY_COMPARE_WITH_TIMEOUT(page.model().rowCount(), 6, 20000);
        QVERIFY(!page.isReading());
    }

    /// The table's figures against percentiles of the very messages, computed by sorting them.
    void agreesWithTheMessages()
    {
        VirtualHistory history;
        history.setCount(60'000);
        ViewState state;
        state.setRange({false, std::chrono::minutes(5), history.timeOf(1), history.timeOf(60'001)});
        LatencyPage page(state, nullptr, [&](const std::filesystem::path&) { return history.open(); });
        page.resize(1000, 600);
        page.show();
        state.setHistory("h.weir");
        std::map<std::string, std::vector<std::int64_t>> known;
        std::map<std::string, std::uint64_t> skewed;
        const auto batch = history.batch(1, 60'000, kEnvelopeOnly);
        for (const Message& message : batch->messages) {
            if (message.latency() != kNoDuration && message.latency() >= Nanoseconds::zero())
                known[std::string(message.popName)].push_back(message.latency().count());
            else if (message.latency() != kNoDuration)
                ++skewed[std::string(message.popName)];
        }
        const auto complete = [&] {
            std::uint64_t seen = 0;
            for (const PopLatency& one : page.model().pops())
                seen += one.summary.count + one.summary.unknown + one.summary.skewed;
            return seen == 60'000;
        };
        QTRY_VERIFY_WITH_TIMEOUT(complete(), 20000);
        QCOMPARE(page.model().pops().size(), std::size_t(12));
        for (const PopLatency& one : page.model().pops()) {
            auto& all = known[one.name];
            std::sort(all.begin(), all.end());
            QCOMPARE(one.summary.count, std::uint64_t(all.size()));
            QCOMPARE(one.summary.skewed, skewed[one.name]);
            const double exact = static_cast<double>(all[all.size() * 99 / 100]);
            const double shown = static_cast<double>(one.summary.p99.count());
            QVERIFY2(std::abs(shown - exact) < exact * 0.02, qPrintable(QString::number(shown / exact)));
        }
        QCOMPARE(page.model().pops().front().name, std::string("GRU"));
        QSignalSpy terms(&page, &Page::filterTermRequested);
        auto* table = page.findChild<QTableView*>(QStringLiteral("latencyTable"));
        emit table->activated(table->model()->index(0, 0));
        QCOMPARE(terms.value(0).value(0).toString(), QStringLiteral("pop:GRU"));
    }

    /// 30 PoPs of 700 points each, that vary by a fifth from second to second.
    void drawsWithinAFrame()
    {
        LatencyChart chart;
        chart.resize(1400, 500);
        chart.show();
        QVERIFY(QTest::qWaitForWindowExposed(&chart));
        const Timestamp to = fromUnixNanos(1'767'323'045'000'000'000);
        const Timestamp from = to - std::chrono::seconds(700);
        std::vector<LatencyLine> lines;
        for (int i = 0; i < 30; ++i) {
            LatencyLine line;
            line.name = QString::number(i);
            line.style = i < 8 ? i : -1;
            line.pieces.emplace_back();
            for (int second = 0; second < 700; ++second)
                line.pieces.back().emplace_back(static_cast<double>(toUnixNanos(from)) / 1e9 + second,
                                                (10 + 4 * i) * (1 + (second * 7919 + i * 31) % 50 / 250.0));
            lines.push_back(line);
        }
        chart.setLines(lines, from, to);
        chart.grab();
        std::vector<double> updates;
        std::vector<double> paints;
        for (int round = 0; round < 15; ++round) {
            for (auto& line : lines)
                line.pieces.back()[static_cast<std::size_t>(round)].ry() += 1;
            const double before = cpuMillis();
            chart.setLines(lines, from, to);
            const double set = cpuMillis();
            chart.viewport()->repaint(); // the lines anew
            updates.push_back(set - before);
            paints.push_back(cpuMillis() - set);
        }
        std::sort(updates.begin(), updates.end());
        std::sort(paints.begin(), paints.end());
        qInfo("30 PoPs x 700 points: update %.1f ms, paint %.1f ms of CPU (medians)", updates[7], paints[7]);
    }

private:
};

QTEST_MAIN(TestLatencyPage)
#include "tst_latencypage.moc"
