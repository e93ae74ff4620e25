// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/SubjectTree.h"
#include "tests/core/topology/SubjectFeed.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <ctime>
#include <random>

using namespace weir;
using weir::test::SubjectFeed;

namespace {

/// CPU time that the tree takes for each of `messages`, in batches of a capture's size.
double nanosOfAMessage(SubjectTree& tree, const std::vector<Message>& messages)
{
    std::vector<std::shared_ptr<const Batch>> batches;
    for (std::size_t i = 0; i < messages.size(); i += 4096) {
        auto batch = std::make_shared<Batch>();
        batch->messages.assign(messages.begin() + static_cast<std::ptrdiff_t>(i),
                               messages.begin() +
                                   static_cast<std::ptrdiff_t>(std::min(messages.size(), i + 4096)));
        batches.push_back(std::move(batch));
    }
    const std::clock_t start = std::clock();
    for (const auto& batch : batches)
        tree.consume(batch);
    return static_cast<double>(std::clock() - start) * 1e9 / CLOCKS_PER_SEC /
           static_cast<double>(messages.size());
}

} // namespace

/// Bounds and figures with a million subjects. Times are printed, not judged: the machine is shared.
class TestSubjectTreeScale : public QObject
{
    Q_OBJECT
private slots:
    void memoryOfAMillionSubjects_data();
    void memoryOfAMillionSubjects();
    void memoryWithASplitShape();
    void pagesStayCheap();
};

void TestSubjectTreeScale::memoryOfAMillionSubjects_data()
{
    QTest::addColumn<int>("subjects");
    QTest::addColumn<int>("wide");
    QTest::addColumn<bool>("collapsing");
    QTest::newRow("1000 x 1000, every subject a node") << 1'000'000 << 1000 << false;
    QTest::newRow("a million under one token, every subject a node") << 1'000'000 << 1 << false;
    QTest::newRow("1000 x 100, every subject a node") << 100'000 << 1000 << false;
    QTest::newRow("1000 x 1000, collapsing") << 1'000'000 << 1000 << true;
    QTest::newRow("a million under one token, collapsing") << 1'000'000 << 1 << true;
}

void TestSubjectTreeScale::memoryOfAMillionSubjects()
{
    QFETCH(int, subjects);
    QFETCH(int, wide);
    QFETCH(bool, collapsing);
    SubjectTree::Options options;
    if (!collapsing)
        options.maxChildren = options.maxRootChildren = options.maxNodes = 2'000'000;
    SubjectTree tree(options);
    SubjectFeed feed(tree);
    std::vector<Message> all;
    for (int i = 0; i < subjects; ++i)
        all.push_back(feed.make("g" + std::to_string(i % wide) + ".item" + std::to_string(i)));
    const double first = nanosOfAMessage(tree, all);
    std::shuffle(all.begin(), all.end(), std::mt19937(1));
    const double again = nanosOfAMessage(tree, all);
    const double memory = static_cast<double>(tree.memory()) / subjects;
    qInfo("%zu nodes, %.0f bytes a subject, CPU %.0f ns a new subject, %.0f ns a message of a known one",
          tree.nodeCount(), memory, first, again);
    QCOMPARE(tree.root().count, 2 * all.size());
    // The sparklines are a fixed budget (40,000 of 244 bytes), not a cost of each subject.
    QVERIFY(memory <= 300 + (subjects < 1'000'000 ? 40'000 * 244.0 / subjects : 0));
    QVERIFY(!collapsing || memory <= 100);
}

/// As many places split and pinned as a reader may have: the bound stands.
void TestSubjectTreeScale::memoryWithASplitShape()
{
    constexpr int kSubjects = 1'000'000;
    constexpr int kShaped = 64;
    SubjectTree::Options options;
    for (int i = 0; i < kShaped; ++i) {
        options.shape.split.push_back("g" + std::to_string(i));
        options.shape.pinned.push_back("g" + std::to_string(100 + i) + ".item" + std::to_string(100 + i));
    }
    SubjectTree tree(options);
    SubjectFeed feed(tree);
    std::vector<Message> all;
    for (int i = 0; i < kSubjects; ++i)
        all.push_back(feed.make("g" + std::to_string(i % 250) + ".item" + std::to_string(i)));
    const double nanos = nanosOfAMessage(tree, all);
    const double memory = static_cast<double>(tree.memory()) / kSubjects;
    qInfo(
        "%d places split to 4,096 tokens, %d pinned: %zu nodes, %.0f bytes a subject, CPU %.0f ns a new one",
        kShaped, kShaped, tree.nodeCount(), memory, nanos);
    QCOMPARE(tree.root().count, std::uint64_t{kSubjects});
    QVERIFY(tree.nodeCount() >= kShaped * 4000);
    QVERIFY(tree.nodeCount() <= kShaped * 4097 + 250 * 258 + 4);
    QVERIFY(tree.at("g100.item100")->pinned);
    QVERIFY(memory <= 300);
}

void TestSubjectTreeScale::pagesStayCheap()
{
    SubjectTree::Options options;
    options.maxChildren = options.maxRootChildren = 200'000;
    SubjectTree tree(options);
    SubjectFeed feed(tree);
    auto batch = std::make_shared<Batch>();
    for (int i = 0; i < 100'000; ++i)
        batch->messages.push_back(feed.make("a." + std::to_string(i)));
    tree.consume(batch);
    const SubjectNodeId parent = tree.children(tree.root().id, SubjectSort::Name, 0, 1).nodes.front().id;
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < 10; ++i)
        QCOMPARE(tree.children(parent, SubjectSort::Rate, 0, 100).nodes.size(), std::size_t{100});
    qInfo("100 of 100,000 children by rate: %.2f ms", static_cast<double>(timer.nsecsElapsed()) / 1e7);
}

QTEST_GUILESS_MAIN(TestSubjectTreeScale)
#include "tst_subjecttreescale.moc"
