// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowLayout.h"
#include "tests/core/topology/LayeredFlow.h"

#include <QElapsedTimer>
#include <QTest>

#include <set>

using namespace weir;

namespace {

std::map<std::string, FlowPlace> placesIn(const FlowPicture& picture)
{
    std::map<std::string, FlowPlace> places;
    for (std::size_t i = 0; i < picture.places.size(); ++i)
        places[picture.graph->nodes[i].id] = picture.places[i];
    return places;
}

} // namespace

class TestFlowLayout : public QObject
{
    Q_OBJECT
private slots:
    void standsInColumnsApart();
    void crossesLittle();
    void keepsPlaces();
    void placesAnewWhatIsMostlyNew();
    void takesAnything();
    void crossesLittleWhereMostComeLater();
    void stopsWhenAsked();
    void isQuick();
};

void TestFlowLayout::standsInColumnsApart()
{
    FlowLayout layout({100, 20});
    const auto picture = layout.place(test::layeredFlow({5, 8, 3, 40}));
    QVERIFY(picture);
    std::map<double, std::set<double>> columns;
    for (std::size_t i = 0; i < (*picture)->places.size(); ++i) {
        const FlowPlace& place = (*picture)->places[i];
        const FlowKind kind = (*picture)->graph->nodes[i].kind;
        QVERIFY(place.x - flowBoxWidth(kind) / 2 >= (*picture)->left);
        QVERIFY(place.x + flowBoxWidth(kind) / 2 <= (*picture)->right);
        QVERIFY(columns[place.x].insert(place.y).second);
        QVERIFY(place.y >= (*picture)->top && place.y <= (*picture)->bottom);
    }
    for (const auto& [x, rows] : columns) {
        double last = -1e9;
        for (const double y : rows) {
            QVERIFY2(y - last >= 19, qPrintable(QString::number(y - last)));
            last = y;
        }
    }
}

void TestFlowLayout::crossesLittle()
{
    // Chains side by side can be drawn without any crossing.
    FlowAssembly assembly;
    for (const int i : {3, 1, 4, 0, 2}) {
        FlowNode from;
        from.id = "a" + std::to_string(i);
        FlowNode to;
        to.id = "b" + std::to_string((i * 3 + 1) % 5);
        to.kind = FlowKind::Worker;
        assembly.node(from);
        assembly.node(to);
        assembly.edge(from.id, to.id, {});
    }
    const auto graph = std::make_shared<const FlowGraph>(assembly.take());
    FlowLayout layout;
    const auto picture = layout.place(graph);
    QVERIFY(picture);
    for (const FlowEdge& a : graph->edges) {
        for (const FlowEdge& b : graph->edges) {
            const auto& places = (*picture)->places;
            QVERIFY((places[a.from].y - places[b.from].y) * (places[a.to].y - places[b.to].y) >= 0);
        }
    }
}

void TestFlowLayout::keepsPlaces()
{
    FlowLayout layout;
    const auto first = layout.place(test::layeredFlow({5, 8, 3, 40}));
    QVERIFY(first);
    const auto second = layout.place(test::layeredFlow({6, 8, 3, 44}, 2));
    QVERIFY(second);
    const auto before = placesIn(**first);
    auto after = placesIn(**second);
    QCOMPARE(after.size(), before.size() + 5);
    for (const auto& [id, place] : before)
        QCOMPARE(after[id], place);
    std::set<std::pair<double, double>> all;
    for (const auto& [id, place] : after)
        QVERIFY(all.insert({place.x, place.y}).second);
    // Who left and comes back finds its place.
    QVERIFY(layout.place(test::layeredFlow({5, 8, 3, 40})));
    QCOMPARE(placesIn(**layout.place(test::layeredFlow({6, 8, 3, 44}, 2))), after);
}

void TestFlowLayout::placesAnewWhatIsMostlyNew()
{
    FlowLayout layout;
    QVERIFY(layout.place(test::layeredFlow({1, 1})));
    const auto picture = layout.place(test::layeredFlow({10, 20}));
    QVERIFY(picture);
    FlowLayout other;
    QCOMPARE(placesIn(**picture), placesIn(**other.place(test::layeredFlow({10, 20}))));
}

void TestFlowLayout::takesAnything()
{
    FlowLayout layout;
    const auto empty = layout.place(std::make_shared<const FlowGraph>());
    QVERIFY(empty);
    QVERIFY((*empty)->places.empty());
    FlowAssembly assembly;
    FlowNode node;
    node.id = std::string("\"];\n\x01", 5) + std::string(4096, 'x');
    assembly.node(node);
    node.id = "alone";
    node.kind = kLastFlowKind;
    assembly.node(node);
    const auto odd = layout.place(std::make_shared<const FlowGraph>(assembly.take()));
    QVERIFY(odd);
    QVERIFY((*odd)->places[0].x != (*odd)->places[1].x);
}

/// More than Graphviz is given: the others come in beside their neighbours.
void TestFlowLayout::crossesLittleWhereMostComeLater()
{
    constexpr int kChains = 1501; // and so many nodes in each of three columns
    FlowAssembly assembly;
    for (int i = 0; i < kChains; ++i) {
        std::string before;
        for (int layer = 0; layer < 3; ++layer) {
            const int number = i * (100 * layer + 1) % kChains; // each column in an order of its own
            FlowNode node;
            node.id = std::to_string(layer) + ":" + std::to_string(number);
            node.kind = static_cast<FlowKind>(layer);
            assembly.node(node);
            if (layer > 0)
                assembly.edge(before, node.id, {});
            before = node.id;
        }
    }
    const FlowGraph chains = assembly.take();
    const auto order = orderFlow(chains, {});
    QVERIFY(order);
    QCOMPARE(crossingsOf(chains, *order), std::uint64_t{0});
    for (int layer = 0; layer < 3; ++layer)
        QCOMPARE((*order)[static_cast<std::size_t>(layer)].size(), std::size_t{kChains});
    FlowOrder turned = *order;
    std::swap(turned[1].front(), turned[1].back());
    QCOMPARE(crossingsOf(chains, turned), std::uint64_t{2 * (2 * kChains - 3)});
}

void TestFlowLayout::stopsWhenAsked()
{
    std::stop_source stop;
    stop.request_stop();
    const auto isStopped = [](const auto& result) {
        return !result && result.error().code == ErrorCode::Cancelled;
    };
    FlowLayout layout;
    const auto first = layout.place(test::layeredFlow({5, 8, 3, 40}));
    QVERIFY(first);
    // Neither a graph that is mostly new nor one of which little is leaves a trace.
    QVERIFY(isStopped(layout.place(test::layeredFlow({1500, 1500, 2000}), stop.get_token())));
    QVERIFY(isStopped(layout.place(test::layeredFlow({6, 8, 3, 44}, 2), stop.get_token())));
    QVERIFY(isStopped(orderFlow(*test::layeredFlow({50, 80, 30}), stop.get_token())));
    const auto next = layout.place(test::layeredFlow({6, 8, 3, 44}, 2));
    QVERIFY(next);
    FlowLayout other;
    QVERIFY(other.place(test::layeredFlow({5, 8, 3, 40})));
    QCOMPARE(placesIn(**next), placesIn(**other.place(test::layeredFlow({6, 8, 3, 44}, 2))));
}

void TestFlowLayout::isQuick()
{
    QElapsedTimer timer;
    timer.start();
    FlowLayout layout;
    const auto graph = test::layeredFlow({60, 40, 60, 500, 20, 120, 50, 150});
    QVERIFY(layout.place(graph));
    qInfo("%zu nodes and %zu lines placed in %lld ms", graph->nodes.size(), graph->edges.size(),
          static_cast<long long>(timer.elapsed()));
    // The figure is a bench's; this is what a layout that grows with the square would not hold.
    QVERIFY(timer.elapsed() < 10'000);
}

QTEST_GUILESS_MAIN(TestFlowLayout)
#include "tst_flowlayout.moc"
