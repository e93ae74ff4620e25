// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowDiff.h"
#include "core/topology/FlowOfHistory.h"
#include "core/topology/FlowText.h"
#include "tests/core/history/HistoryFixture.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

/// What appeared, vanished and changed between two graphs, and nothing that did not.
class FlowDiffTest : public QObject
{
    Q_OBJECT

private slots:
    void saysWhatCameAndWent();
    void callsNoChanceAChange();
    void tellsOfP99WhereThereAreEnough();
    void writesJson();
    void foldsBothAlike();
    void comparesRangesOfAHistory();
};

namespace {

struct Line
{
    std::string from;
    std::string to;
    double rate = 0;
    std::uint64_t messages = 0;
    Nanoseconds p99 = kNoDuration;
};

FlowGraph graphOf(const std::vector<Line>& lines)
{
    FlowAssembly assembly;
    for (const Line& line : lines) {
        for (const std::string& id : {line.from, line.to}) {
            FlowNode node;
            node.id = id;
            node.name = id;
            assembly.node(node);
        }
        FlowEdge edge;
        edge.rate = line.rate;
        edge.messages = line.messages;
        edge.p99 = line.p99;
        assembly.edge(line.from, line.to, edge);
    }
    return assembly.take();
}

} // namespace

void FlowDiffTest::saysWhatCameAndWent()
{
    const FlowGraph diff = compareFlows(graphOf({{"a", "b", 10, 10'000}, {"a", "c", 10, 10'000}}),
                                        graphOf({{"a", "b", 30, 30'000}, {"a", "d", 5, 5'000}}), 1.5);
    QCOMPARE(diff.nodes.size(), 4U);
    QCOMPARE(diff.edges.size(), 3U);
    std::vector<FlowChange> changes;
    for (const FlowNode& node : diff.nodes)
        changes.push_back(node.change);
    QCOMPARE(changes, (std::vector<FlowChange>{FlowChange::Same, FlowChange::Same, FlowChange::Vanished,
                                               FlowChange::Appeared}));
    QCOMPARE(diff.edges[0].change, FlowChange::Changed);
    QCOMPARE(diff.edges[0].p99Before, kNoDuration);
    QCOMPARE(diff.edges[0].rateBefore, std::optional(10.0));
    QCOMPARE(diff.edges[1].change, FlowChange::Vanished);
    QCOMPARE(diff.edges[2].change, FlowChange::Appeared);
    QCOMPARE(
        changesInWords(diff),
        (std::vector<std::string>{"vanished  pop c", "appeared  pop d", "changed  pop a → pop b  10/s → 30/s",
                                  "vanished  pop a → pop c", "appeared  pop a → pop d"}));
    QVERIFY(
        changesInWords(compareFlows(graphOf({{"a", "b", 1, 1}}), graphOf({{"a", "b", 1, 1}}), 1.5)).empty());
}

void FlowDiffTest::callsNoChanceAChange()
{
    const auto change = [](double before, double now, double seconds, double factor) {
        const auto count = [&](double rate) { return static_cast<std::uint64_t>(rate * seconds); };
        return compareFlows(graphOf({{"a", "b", before, count(before)}}),
                            graphOf({{"a", "b", now, count(now)}}), factor)
            .edges[0]
            .change;
    };
    QCOMPARE(change(1, 2, 5, 1.5), FlowChange::Same); // 5 and 10 messages
    QCOMPARE(change(1, 2, 500, 1.5), FlowChange::Changed);
    QCOMPARE(change(2, 1, 500, 1.5), FlowChange::Changed);
    QCOMPARE(change(1, 1.4, 5000, 1.5), FlowChange::Same);
    QCOMPARE(change(1, 1.4, 5000, 1.2), FlowChange::Changed);
    // What stopped though somebody still says that it goes there.
    QCOMPARE(change(0, 1, 1000, 1.5), FlowChange::Changed);
    QCOMPARE(change(0, 1, 2, 1.5), FlowChange::Same);
}

void FlowDiffTest::tellsOfP99WhereThereAreEnough()
{
    const auto change = [](std::uint64_t messages, Nanoseconds before, Nanoseconds now) {
        return compareFlows(graphOf({{"a", "b", 1, messages, before}}),
                            graphOf({{"a", "b", 1, messages, now}}), 2)
            .edges[0];
    };
    QVERIFY(change(1000, 10ms, 30ms).p99Before != kNoDuration);
    QVERIFY(change(1000, 30ms, 10ms).p99Before != kNoDuration);
    QVERIFY(change(1000, 10ms, 19ms).p99Before == kNoDuration);
    QVERIFY(change(99, 10ms, 30ms).p99Before == kNoDuration);
    QVERIFY(change(1000, kNoDuration, 30ms).p99Before == kNoDuration);
    QCOMPARE(change(1000, 10ms, 30ms).change, FlowChange::Changed);
}

void FlowDiffTest::writesJson()
{
    FlowGraph before = graphOf({{"a", "b", 10, 10'000, 5ms}});
    before.from = Timestamp(1s);
    before.to = Timestamp(2s);
    before.coverage = {"then"};
    FlowGraph now = graphOf({{"a", "b", 30, 30'000, 20ms}, {"a", "c", 1, 1}});
    now.from = Timestamp(3s);
    now.to = Timestamp(4s);
    const QByteArray text = QByteArray::fromStdString(flowJson(compareFlows(before, now, 1.5)));
    QJsonParseError error;
    const QJsonObject json = QJsonDocument::fromJson(text, &error).object();
    QCOMPARE(error.error, QJsonParseError::NoError);
    QCOMPARE(json["from"].toString(), QString("1970-01-01T00:00:03.000000000Z"));
    QCOMPARE(json["against"]["to"].toString(), QString("1970-01-01T00:00:02.000000000Z"));
    QCOMPARE(json["nodes"][2]["change"].toString(), QString("appeared"));
    QCOMPARE(json["edges"][0]["change"].toString(), QString("changed"));
    QCOMPARE(json["edges"][0]["rate_before"].toDouble(), 10.0);
    QCOMPARE(json["edges"][0]["latency_p99_before_us"].toInt(), 5000);
    QVERIFY(json["edges"][1]["rate_before"].isNull());
    QCOMPARE(json["coverage"][0].toString(), QString("of the earlier range: then"));
}

void FlowDiffTest::foldsBothAlike()
{
    // Thirteen tokens behind one front are drawn as one; twelve are not. A range with twelve must not seem to
    // have lost them all to one with thirteen.
    HistoryFixture history;
    QCOMPARE(history.open(), std::string());
    const Timestamp begin = history.clock.now();
    const auto put = [&](int subjects) {
        for (int i = 0; i < subjects; ++i) {
            Message message;
            message.time = history.clock.now();
            history.put(history.traffic->own(
                {message}, "orders." + std::string(1, static_cast<char>('a' + i)) + ".new"));
            history.pass(1s);
        }
    };
    put(12);
    history.clock.advance(begin + 1min - history.clock.now());
    put(13);
    QCOMPARE(history.close(), std::string());
    const auto reader = history.reader();
    const auto then = FlowOfHistory::read(*reader, begin, begin + 1min, {}, {}).value();
    const auto now = FlowOfHistory::read(*reader, begin + 1min, begin + 2min, {}, {}).value();
    QCOMPARE(then.groups().size(), 12U);
    QVERIFY(then.graph().find("subjects:orders.a.new"));
    QVERIFY(now.graph().find("subjects:orders.*.new"));
    const FlowGraph diff = compareFlows(then.graph(now.groups()), now.graph(then.groups()), 1.5);
    for (const FlowNode& node : diff.nodes)
        QCOMPARE(node.change, FlowChange::Same);
    QVERIFY(diff.find("subjects:orders.*.new"));
}

void FlowDiffTest::comparesRangesOfAHistory()
{
    HistoryFixture history;
    QCOMPARE(history.open(), std::string());
    const Timestamp begin = history.clock.now();
    const auto put = [&](const std::string& subject, int count) {
        std::vector<Message> messages(static_cast<std::size_t>(count));
        for (Message& message : messages)
            message.time = history.clock.now();
        history.put(history.traffic->own(messages, subject));
    };
    for (int i = 0; i < 120; ++i) {
        put("orders.new", 10);
        if (i < 60)
            put("orders.old", 2);
        else
            put("orders.newer", 2);
        history.pass(1s);
    }
    QCOMPARE(history.close(), std::string());
    const auto reader = history.reader();
    const auto then = FlowOfHistory::read(*reader, begin, begin + 1min, {}, {}).value();
    const auto now = FlowOfHistory::read(*reader, begin + 1min, begin + 2min, {}, {}).value();
    const FlowGraph diff = compareFlows(then.graph(now.groups()), now.graph(then.groups()), 1.5);
    QSet<QString> changes;
    for (const std::string& line : changesInWords(diff))
        changes << QString::fromStdString(line);
    QCOMPARE(changes, (QSet<QString>{"vanished  subjects orders.old", "appeared  subjects orders.newer",
                                     "vanished  identity publisher unknown → subjects orders.old",
                                     "appeared  identity publisher unknown → subjects orders.newer"}));
    // A rate is of all the time that was recorded, also where its messages began late.
    const auto filtered =
        FlowOfHistory::read(*reader, begin, begin + 2min, Filter::parse("subject:orders.newer").value(), {})
            .value();
    const FlowGraph graph = filtered.graph();
    QCOMPARE(graph.nodes.size(), 2U);
    QCOMPARE(*graph.edges.front().messages, 120U);
    QVERIFY(qAbs(*graph.edges.front().rate - 1.0) < 0.02);
}

QTEST_APPLESS_MAIN(FlowDiffTest)
#include "tst_flowdiff.moc"
