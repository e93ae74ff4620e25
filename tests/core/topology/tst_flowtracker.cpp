// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowText.h"
#include "core/topology/FlowTracker.h"

#include <QTest>

using namespace weir;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t kBegin = 1'000'000'000; // seconds, a multiple of nothing in particular

/// Names, and messages that say all of themselves.
class Feed
{
public:
    Feed()
    {
        m_key.pop = m_names->pops.intern("FRA");
        m_key.worker = m_names->workers.intern("checkout");
        m_subject = m_names->subjects.intern("orders.7.new");
        m_key.group = m_names->groups.intern("orders.*.new");
    }
    [[nodiscard]] std::shared_ptr<const Batch> batch(std::int64_t second, int count)
    {
        auto batch = std::make_shared<Batch>();
        for (int i = 0; i < count; ++i) {
            Message message;
            message.seq = ++m_seq;
            message.time = Timestamp(std::chrono::seconds(second)) + i * 1ms;
            message.sent = message.time - 10ms;
            message.pop = m_key.pop;
            message.worker = m_key.worker;
            message.subject = m_subject;
            message.payloadSize = 100;
            batch->messages.push_back(message);
        }
        batch->names = m_names;
        return batch;
    }
    [[nodiscard]] RollupSlot slot(std::int64_t second, std::uint32_t count, std::int64_t width = 1) const
    {
        RollupSlot slot{second, width, 1, 1, {}, {}};
        RollupCell cell;
        cell.key = m_key;
        cell.count = count;
        cell.bytes = count * 100ULL;
        slot.cells.push_back(cell);
        return slot;
    }
    [[nodiscard]] std::shared_ptr<Names> names() const { return m_names; }

private:
    std::shared_ptr<Names> m_names = std::make_shared<Names>();
    RollupKey m_key;
    SubjectId m_subject;
    std::uint64_t m_seq = 0;
};

Timestamp at(std::int64_t second)
{
    return Timestamp(std::chrono::seconds(second));
}

std::uint64_t messagesIn(const FlowGraph& graph)
{
    for (const FlowEdge& edge : graph.edges) {
        if (graph.nodes[edge.from].kind == FlowKind::Pop)
            return edge.messages.value_or(0);
    }
    return 0;
}

} // namespace

class TestFlowTracker : public QObject
{
    Q_OBJECT
private slots:
    void takesSumsAndMessages();
    void namesAGroupAtItsFirstMessage();
    void letsGoWhatLeavesTheRange();
    void keepsAllOfAFixedRange();
    void wantsMinutesOfLongRanges();
    void ratesAreOfWhatWasRecorded();
    void staysFineForever();
    void staysSmall();
    void startsOver();
    void sumsByPop();
};

void TestFlowTracker::takesSumsAndMessages()
{
    Feed feed;
    FlowTracker tracker(5min, true);
    QCOMPARE(tracker.sumWidth(false), kSecondSlot);
    tracker.consumeSums(feed.slot(kBegin, 40), feed.names());
    tracker.consume(feed.batch(kBegin + 1, 60));
    const FlowGraph graph = tracker.graph(at(kBegin), at(kBegin + 10), {});
    QCOMPARE(graph.nodes.size(), std::size_t{3});
    QVERIFY(graph.find("subjects:orders.*.new"));
    QCOMPARE(messagesIn(graph), std::uint64_t{100});
    QCOMPARE(graph.edges[0].rate, std::optional<double>(10));
    QCOMPARE(graph.edges[0].firstSeen, at(kBegin));
    QCOMPARE(graph.edges[0].lastSeen, at(kBegin + 2));
    QVERIFY(graph.edges[0].p50 >= 10ms && graph.edges[0].p50 < 10100us);
}

void TestFlowTracker::namesAGroupAtItsFirstMessage()
{
    // The history sums a group up, and gives it an id, only after the message can be read.
    auto names = std::make_shared<Names>();
    auto batch = std::make_shared<Batch>();
    Message message;
    message.time = at(kBegin);
    message.subject = names->subjects.intern("new.subject");
    batch->messages = {message};
    batch->names = names;
    FlowTracker tracker(1min, true);
    tracker.consume(batch);
    const FlowGraph graph = tracker.graph(at(kBegin), at(kBegin + 1), {});
    QVERIFY(graph.find("subjects:new.subject"));
    QVERIFY(!graph.find("subjects:"));
    QCOMPARE(names->groups.size(), 0u);
}

void TestFlowTracker::letsGoWhatLeavesTheRange()
{
    Feed feed;
    FlowTracker tracker(1min, true);
    for (std::int64_t second = 0; second < 300; ++second)
        tracker.consumeSums(feed.slot(kBegin + second, 1), feed.names());
    QCOMPARE(messagesIn(tracker.graph(at(kBegin + 240), at(kBegin + 300), {})), std::uint64_t{60});
    QVERIFY(messagesIn(tracker.graph(at(kBegin), at(kBegin + 300), {})) <= 63);
}

void TestFlowTracker::keepsAllOfAFixedRange()
{
    Feed feed;
    FlowTracker tracker(1min, false);
    for (const std::int64_t second : {59, 0, 30}) // in any order
        tracker.consumeSums(feed.slot(kBegin + second, 1), feed.names());
    QCOMPARE(messagesIn(tracker.graph(at(kBegin), at(kBegin + 60), {})), std::uint64_t{3});
}

void TestFlowTracker::wantsMinutesOfLongRanges()
{
    Feed feed;
    FlowTracker tracker(24h, false);
    QCOMPARE(tracker.sumWidth(false), kMinuteSlot);
    const std::int64_t minute = kBegin / 60 * 60;
    tracker.consumeSums(feed.slot(minute, 5, 60), feed.names());
    tracker.consumeSums(feed.slot(minute + 60, 5, 60), feed.names());
    QCOMPARE(messagesIn(tracker.graph(at(minute - 86400), at(minute + 120), {})), std::uint64_t{10});
}

void TestFlowTracker::ratesAreOfWhatWasRecorded()
{
    Feed feed;
    FlowTracker tracker(100s, false);
    tracker.consumeSums(feed.slot(kBegin, 100), feed.names());
    tracker.consumeSums(feed.slot(kBegin + 99, 100), feed.names());
    const std::vector<Gap> gaps{{at(kBegin + 20), at(kBegin + 70), GapCause::NotRecording, {}, false, {}},
                                {at(kBegin + 80), at(kBegin + 90), GapCause::SlowConsumer, 7, false, {}}};
    const FlowGraph graph = tracker.graph(at(kBegin), at(kBegin + 100), gaps);
    QCOMPARE(graph.edges[0].rate, std::optional<double>(4)); // 200 in the 50 s that were recorded
    QCOMPARE(recordedWithin(gaps, at(kBegin + 25), at(kBegin + 60)), Nanoseconds{0});
}

void TestFlowTracker::staysFineForever()
{
    // An hour of a live minute with 200 keys a second: what has left the range does not count as held.
    Feed feed;
    std::vector<WorkerId> workers;
    for (int i = 0; i < 200; ++i)
        workers.push_back(feed.names()->workers.intern("w" + std::to_string(i)));
    const GroupId group = feed.names()->groups.intern("a");
    FlowTracker tracker(1min, true);
    for (std::int64_t second = 0; second < 3600; ++second) {
        RollupSlot slot{kBegin + second, 1, 1, 1, {}, {}};
        for (const WorkerId worker : workers) {
            RollupCell cell;
            cell.key.worker = worker;
            cell.key.group = group;
            cell.count = 1;
            slot.cells.push_back(cell);
        }
        tracker.consumeSums(slot, feed.names());
    }
    std::uint64_t counted = 0;
    for (const FlowEdge& edge : tracker.graph(at(kBegin + 3539), at(kBegin + 3599), {}).edges)
        counted += edge.messages.value_or(0);
    QCOMPARE(counted, std::uint64_t{60 * 200});
    QCOMPARE(tracker.sumWidth(false), kSecondSlot);
}

void TestFlowTracker::staysSmall()
{
    Feed feed;
    FlowTracker tracker(300s, false);
    // Each second has a thousand Workers of its own: rubbish in a header.
    std::uint64_t all = 0;
    for (std::int64_t second = 0; second < 300; ++second) {
        RollupSlot slot{kBegin + second, 1, 1, 1, {}, {}};
        for (int i = 0; i < 1000; ++i) {
            RollupCell cell;
            cell.key.worker = feed.names()->workers.intern("w" + std::to_string(second * 1000 + i));
            cell.key.group = feed.names()->groups.intern("a");
            cell.count = 1;
            slot.cells.push_back(cell);
            ++all;
        }
        tracker.consumeSums(slot, feed.names());
    }
    const FlowGraph graph = tracker.graph(at(kBegin), at(kBegin + 300), {});
    QVERIFY2(graph.nodes.size() <= 4097, qPrintable(QString::number(graph.nodes.size())));
    std::uint64_t counted = 0;
    for (const FlowEdge& edge : graph.edges)
        counted += edge.messages.value_or(0);
    QCOMPARE(counted, all); // what cannot be told apart is in the rest
}

void TestFlowTracker::startsOver()
{
    Feed feed;
    FlowTracker tracker(60s, true);
    tracker.consumeSums(feed.slot(kBegin, 1), feed.names());
    const std::uint64_t before = tracker.revision();
    tracker.startOver();
    QVERIFY(tracker.revision() > before);
    QVERIFY(tracker.graph(at(kBegin), at(kBegin + 60), {}).nodes.empty());
}

void TestFlowTracker::sumsByPop()
{
    Feed feed;
    FlowTracker tracker(5min, true);
    QVERIFY(tracker.pops(at(kBegin), at(kBegin + 10), {}).empty());
    tracker.consume(feed.batch(kBegin + 1, 60));
    // No PoP, and the rest of a slot that had too many keys.
    RollupSlot slot = feed.slot(kBegin + 2, 40);
    slot.cells.push_back(slot.cells[0]);
    slot.cells[0].key.pop = PopId();
    slot.cells[0].unknown = 40;
    slot.cells[1].key = RollupKey();
    slot.cells[1].count = 7;
    tracker.consumeSums(slot, feed.names());
    const std::vector<PopSum> pops = tracker.pops(at(kBegin), at(kBegin + 11), {});
    QCOMPARE(pops.size(), std::size_t{3});
    QCOMPARE(pops[0].name, std::string("FRA"));
    QVERIFY(pops[0].isCode);
    QCOMPARE(pops[0].messages, std::uint64_t{60});
    QCOMPARE(pops[0].rate, std::optional<double>(6));
    QCOMPARE(pops[0].latency.count, std::uint64_t{60});
    QVERIFY(pops[0].latency.p99 >= 10ms && pops[0].latency.p99 < 10100us);
    QCOMPARE(pops[0].firstSeen, at(kBegin + 1));
    QCOMPARE(pops[0].lastSeen, at(kBegin + 2));
    QCOMPARE(pops[1].name, std::string("no PoP"));
    QVERIFY(!pops[1].isCode);
    QCOMPARE(pops[1].messages, std::uint64_t{40});
    QCOMPARE(pops[1].latency.unknown, std::uint64_t{40});
    QCOMPARE(pops[1].latency.p99, kNoDuration);
    QCOMPARE(pops[2].name, std::string("other PoPs"));
    QCOMPARE(pops[2].messages, std::uint64_t{7});
}

QTEST_GUILESS_MAIN(TestFlowTracker)
#include "tst_flowtracker.moc"
