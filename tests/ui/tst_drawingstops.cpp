// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/WarningFreeTest.h"
#include "tests/ui/HeldReader.h"
#include "tests/ui/OneBatchReader.h"
#include "tests/ui/PastTraffic.h"
#include "ui/models/BrokerWatch.h"
#include "ui/models/ViewState.h"
#include "ui/views/TopologyPage.h"
#include "ui/views/topology/FlowDraft.h"

#include <QComboBox>
#include <QElapsedTimer>
#include <QTest>

using namespace weir;
using test::Held;
using test::HeldReader;
using test::OneBatchReader;
using test::VirtualHistory;

namespace {

constexpr int kPatience = 60'000; // ms
constexpr int kNodes = 5000;

/// Of about kNodes nodes and twice as many lines.
std::shared_ptr<test::HistoryContent> hugeEdge(Timestamp begin)
{
    auto content = std::make_shared<test::HistoryContent>();
    Names& names = *content->names;
    const SubjectId subject = names.subjects.intern("orders.created");
    for (int i = 0; i < 2 * kNodes; ++i) {
        Message message;
        message.seq = static_cast<std::uint64_t>(i) + 1;
        message.time = begin + std::chrono::milliseconds(i);
        message.subject = subject;
        message.subjectName = names.subjects.name(subject);
        message.pop = names.pops.intern("pop" + std::to_string(i % (kNodes / 2)));
        message.popName = names.pops.name(message.pop);
        message.worker = names.workers.intern("worker" + std::to_string(i * 7 % (kNodes / 2 + 1)));
        message.workerName = names.workers.name(message.worker);
        content->messages.push_back(message);
    }
    return content;
}

/// The first question that begins has no answer until it is asked to stop; the others have one at once.
class AskedPage : public FollowPage
{
public:
    AskedPage(ViewState& state, HistoryFollower::Opener open)
        : FollowPage(
              state, {}, {}, std::move(open), [] { return std::vector<std::shared_ptr<BatchSink>>(); },
              nullptr)
    {
    }
    [[nodiscard]] QString title() const override { return {}; }
    [[nodiscard]] QString iconName() const override { return {}; }
    [[nodiscard]] QString name() const override { return {}; }

    static inline QSemaphore begun{0};
    static inline QSemaphore ended{0};
    static inline std::atomic<QThread*> asker{nullptr};
    static inline std::atomic<int> held{0};
    std::vector<int> shown; ///< questions whose answer was

protected:
    [[nodiscard]] Question question() override
    {
        const int number = ++m_asked;
        const auto show = [this, number] { shown.push_back(number); };
        return [show, number, any = m_any](const std::stop_token& stop) {
            if (any->exchange(true))
                return show;
            asker = QThread::currentThread();
            held = number;
            begun.release();
            test::waitForStop(stop);
            ended.release();
            return show;
        };
    }
    void startOver() override {}
    [[nodiscard]] bool hasContent() const override { return !shown.empty(); }

private:
    int m_asked = 0;
    const std::shared_ptr<std::atomic<bool>> m_any = std::make_shared<std::atomic<bool>>(false);
};

} // namespace

class TestDrawingStops : public test::WarningFreeTest
{
    Q_OBJECT
private slots:
    void stopsWhatNobodyAsksAnyMore();
    void stopsWithThePage();
    void stopsReadingThePast();
    void endsWhileALargeGraphIsDrawn();
    void drawsAfterAStop();
};

void TestDrawingStops::stopsWhatNobodyAsksAnyMore()
{
    VirtualHistory traffic;
    ViewState state;
    AskedPage page(state, [&](const std::filesystem::path&) { return traffic.open(); });
    test::showPast(traffic, state, page);
    QTRY_VERIFY_WITH_TIMEOUT(AskedPage::begun.available() > 0, kPatience);
    AskedPage::begun.acquire();
    QVERIFY(AskedPage::asker != nullptr && AskedPage::asker != QThread::currentThread());
    QCOMPARE(AskedPage::ended.available(), 0);
    state.setFilter(*Filter::parse("pop:GRU"));
    QTRY_VERIFY_WITH_TIMEOUT(AskedPage::ended.available() > 0, kPatience);
    AskedPage::ended.acquire();
    QTRY_VERIFY_WITH_TIMEOUT(!page.shown.empty(), kPatience);
    QCOMPARE(std::count(page.shown.begin(), page.shown.end(), AskedPage::held), 0);
}

void TestDrawingStops::stopsWithThePage()
{
    VirtualHistory traffic;
    ViewState state;
    {
        AskedPage page(state, [&](const std::filesystem::path&) { return traffic.open(); });
        test::showPast(traffic, state, page);
        QTRY_VERIFY_WITH_TIMEOUT(AskedPage::begun.available() > 0, kPatience);
        AskedPage::begun.acquire();
    }
    QCOMPARE(AskedPage::ended.available(), 1);
    AskedPage::ended.acquire();
}

void TestDrawingStops::stopsReadingThePast()
{
    VirtualHistory traffic;
    Held held;
    ViewState state;
    BrokerWatch broker;
    {
        TopologyPage page(
            state, broker, nullptr,
            HeldReader::opener([&](const std::filesystem::path&) { return traffic.open(); }, held));
        test::endNow(traffic);
        page.resize(1200, 700);
        page.show();
        // Its season is the ranges before it.
        const auto end = traffic.timeOf(test::kPastMessages);
        state.setRange({false, {}, end - std::chrono::seconds(2), end});
        state.setHistory("h.db");
        QTRY_VERIFY_WITH_TIMEOUT(held.begun.available() > 0, kPatience);
        held.begun.acquire(); // of the season
        QCOMPARE(held.ended.available(), 0);
        QTest::keyClick(page.findChild<QComboBox*>("flowCompare"), Qt::Key_Down); // with the range before
        QTRY_VERIFY_WITH_TIMEOUT(held.begun.available() > 0, kPatience);
        held.begun.acquire();
        QCOMPARE(held.ended.available(), 1);
    }
    QCOMPARE(held.ended.available(), 2);
}

void TestDrawingStops::endsWhileALargeGraphIsDrawn()
{
    const Timestamp begin = SystemClock().now() - std::chrono::minutes(1);
    const auto content = hugeEdge(begin);
    Held held;
    ViewState state;
    BrokerWatch broker;
    auto page = std::make_unique<TopologyPage>(state, broker, nullptr,
                                               HeldReader::opener(OneBatchReader::opener(content), held));
    page->resize(1200, 700);
    page->show();
    state.setRange({false, {}, begin, begin + std::chrono::minutes(1)});
    state.setHistory("h.db");
    QTRY_VERIFY_WITH_TIMEOUT(held.looksAsked.available() > 0, kPatience);
    held.looksAsked.acquire();
    QVERIFY(held.drawer != nullptr && held.drawer != QThread::currentThread());
    QElapsedTimer timer;
    timer.start();
    page.reset();
    QVERIFY2(timer.elapsed() < kPatience, qPrintable(QString::number(timer.elapsed())));
}

void TestDrawingStops::drawsAfterAStop()
{
    const Timestamp begin = SystemClock().now() - std::chrono::minutes(1);
    const auto content = hugeEdge(begin);
    auto batch = std::make_shared<Batch>();
    batch->names = content->names;
    batch->messages = content->messages;
    FlowAsked asked;
    asked.tracker = std::make_shared<FlowTracker>(std::chrono::minutes(1), false);
    asked.tracker->consume(batch);
    asked.history = "h.db";
    asked.from = begin;
    asked.to = begin + std::chrono::minutes(1);
    FlowDraft draft(OneBatchReader::opener(content));
    std::stop_source stop;
    stop.request_stop();
    const FlowDrawn stopped = draft.draw(asked, stop.get_token());
    QVERIFY(!stopped.picture);
    QVERIFY2(stopped.problem.contains("it was stopped"), qPrintable(stopped.problem));
    const FlowDrawn drawn = draft.draw(asked);
    QVERIFY2(drawn.picture, qPrintable(drawn.problem));
    QVERIFY(drawn.picture->graph->nodes.size() > kNodes * 9 / 10);
    QVERIFY(drawn.isFirst);
    QVERIFY(!draft.draw(asked).isFirst);
}

QTEST_MAIN(TestDrawingStops)
#include "tst_drawingstops.moc"
