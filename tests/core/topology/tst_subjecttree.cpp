// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/SubjectTree.h"
#include "tests/core/topology/SubjectFeed.h"

#include <QTest>

#include <atomic>
#include <random>
#include <thread>

using namespace weir;
using std::chrono::milliseconds;
using std::chrono::seconds;
using weir::test::nodeAt;
using weir::test::SubjectFeed;
using Kind = SubjectNode::Kind;

namespace {

QStringList names(const SubjectPage& page)
{
    QStringList made;
    for (const SubjectNode& node : page.nodes)
        made << QString::fromStdString(node.path);
    return made;
}

/// Everything below `id` adds up to it.
bool addsUp(const SubjectTree& tree, const SubjectNode& node)
{
    std::uint64_t count = node.own;
    for (const SubjectNode& child : tree.children(node.id, SubjectSort::Count, 0, SIZE_MAX).nodes) {
        if (child.parent != node.id || !addsUp(tree, child))
            return false;
        count += child.count;
    }
    return count == node.count;
}

} // namespace

class TestSubjectTree : public QObject
{
    Q_OBJECT
private slots:
    void countsUpTheTree();
    void sortsAndPages();
    void groupsStandApart();
    void oddSubjects_data();
    void oddSubjects();
    void manyChildrenCollapse();
    void heavyChildrenKeepTheirNames();
    void collapsedSubtreesMerge();
    void theNodeBoundHolds();
    void ratesAndSparklinesFollowMessageTime();
    void lateMessagesCountInTheirSecond();
    void idsOfMergedNodesAreNotFound();
    void sumsHoldForRandomTraffic();
    void readableWhileFed();
};

void TestSubjectTree::countsUpTheTree()
{
    SubjectTree tree;
    SubjectFeed feed(tree);
    QCOMPARE(tree.root().count, std::uint64_t{0});
    QCOMPARE(tree.root().children, 0U);
    feed.add("orders.created", 3, 10);
    feed.add("orders.created.eu", 2, 5);
    feed.time += seconds(1);
    feed.add("orders", 1, 1);
    const SubjectNode orders = nodeAt(tree, "orders");
    QCOMPARE(orders.count, std::uint64_t{6});
    QCOMPARE(orders.own, std::uint64_t{1});
    QCOMPARE(orders.bytes, std::uint64_t{41});
    QCOMPARE(orders.children, 1U);
    QCOMPARE(orders.lastSeen, feed.time);
    const SubjectNode created = nodeAt(tree, "orders.created");
    QCOMPARE(created.own, std::uint64_t{3});
    QCOMPARE(created.count, std::uint64_t{5});
    QCOMPARE(created.parent, orders.id);
    QCOMPARE(created.lastSeen, feed.time - seconds(1));
    QCOMPARE(tree.root().count, std::uint64_t{6});
    QCOMPARE(tree.root().parent, tree.root().id);
    QVERIFY(addsUp(tree, tree.root()));
}

void TestSubjectTree::sortsAndPages()
{
    SubjectTree tree;
    SubjectFeed feed(tree);
    feed.add("b", 5, 1);
    feed.add("a", 1, 100);
    feed.time += seconds(1);
    feed.add("c", 3, 2);
    feed.add("$SYS.x", 50, 1);
    const auto sorted = [&](SubjectSort sort) { return names(tree.children(tree.root().id, sort, 0, 10)); };
    QCOMPARE(sorted(SubjectSort::Name), QStringList({"a", "b", "c", ""}));
    QCOMPARE(sorted(SubjectSort::Count), QStringList({"b", "c", "a", ""}));
    QCOMPARE(sorted(SubjectSort::Bytes), QStringList({"a", "c", "b", ""}));
    QCOMPARE(sorted(SubjectSort::LastSeen).first(), QString("c"));
    QCOMPARE(sorted(SubjectSort::Rate).first(), QString("b"));
    const SubjectPage page = tree.children(tree.root().id, SubjectSort::Name, 1, 2);
    QCOMPARE(names(page), QStringList({"b", "c"}));
    QCOMPARE(page.total, std::size_t{4});
    QVERIFY(tree.children(tree.root().id, SubjectSort::Name, 9, 2).nodes.empty());
}

void TestSubjectTree::groupsStandApart()
{
    SubjectTree tree;
    SubjectFeed feed(tree);
    feed.add("$JS.API.INFO", 2);
    feed.add("_INBOX.abc.1", 3);
    feed.add("_INBOX");
    feed.add("_INBOXES.x");
    const SubjectPage page = tree.children(tree.root().id, SubjectSort::Name, 0, 10);
    QCOMPARE(page.nodes.size(), std::size_t{3});
    QCOMPARE(page.nodes[0].path, std::string("_INBOXES"));
    QCOMPARE(page.nodes[1].kind, Kind::System);
    QCOMPARE(page.nodes[1].count, std::uint64_t{2});
    QCOMPARE(page.nodes[2].kind, Kind::Inboxes);
    QCOMPARE(page.nodes[2].count, std::uint64_t{4});
    QCOMPARE(page.nodes[2].own, std::uint64_t{1});
    QCOMPARE(nodeAt(tree, "_INBOX.abc.1").count, std::uint64_t{3});
    QCOMPARE(nodeAt(tree, "$JS.API.INFO").count, std::uint64_t{2});
}

void TestSubjectTree::oddSubjects_data()
{
    QTest::addColumn<QString>("subject");
    QTest::newRow("empty token") << "a..b";
    QTest::newRow("leading dot") << ".a";
    QTest::newRow("trailing dot") << "a.";
    QTest::newRow("dots") << "...";
    QTest::newRow("star") << "a.*.b";
    QTest::newRow("control") << QString("a.\x01\x7f.b");
    QTest::newRow("60 tokens") << QString("t.").repeated(59) + "t";
    QTest::newRow("2000 tokens") << QString("t.").repeated(1999) + "t";
    QTest::newRow("4 kB") << QString(4096, 'x');
}

void TestSubjectTree::oddSubjects()
{
    QFETCH(QString, subject);
    SubjectTree tree;
    SubjectFeed feed(tree);
    feed.add(subject.toStdString(), 2);
    QCOMPARE(tree.root().count, std::uint64_t{2});
    SubjectNode at = tree.root();
    while (at.children > 0)
        at = tree.children(at.id, SubjectSort::Name, 0, 1).nodes.front();
    QCOMPARE(at.path, subject.toStdString());
    QCOMPARE(at.own, std::uint64_t{2});
    QVERIFY(tree.nodeCount() <= 40);
}

void TestSubjectTree::manyChildrenCollapse()
{
    SubjectTree tree;
    SubjectFeed feed(tree);
    constexpr int kOrders = 5000;
    for (int i = 0; i < kOrders; ++i) {
        feed.add("orders." + std::to_string(i) + ".created");
        feed.add("orders." + std::to_string(i) + ".paid");
    }
    const SubjectNode orders = nodeAt(tree, "orders");
    QCOMPARE(orders.count, std::uint64_t{2 * kOrders});
    const SubjectNode star = nodeAt(tree, "orders.*");
    QCOMPARE(star.kind, Kind::Collapsed);
    QCOMPARE(star.token, std::string("*"));
    QVERIFY2(std::abs(static_cast<double>(star.distinct) - kOrders) < 0.08 * kOrders,
             qPrintable(QString::number(star.distinct)));
    QCOMPARE(nodeAt(tree, "orders.*.created").count, std::uint64_t{kOrders});
    QCOMPARE(nodeAt(tree, "orders.*.paid").count, std::uint64_t{kOrders});
    QVERIFY(addsUp(tree, tree.root()));
    // Known ids whose node was merged away still find their place.
    feed.add("orders.0.created", 10);
    QCOMPARE(nodeAt(tree, "orders.*.created").count, std::uint64_t{kOrders + 10});
    QVERIFY(tree.nodeCount() < 20);
}

void TestSubjectTree::heavyChildrenKeepTheirNames()
{
    SubjectTree::Options options;
    options.maxChildren = 50;
    SubjectTree tree(options);
    SubjectFeed feed(tree);
    feed.add("orders.created", 100);
    for (int i = 0; i < 200; ++i)
        feed.add("orders." + std::to_string(i));
    QCOMPARE(names(tree.children(nodeAt(tree, "orders").id, SubjectSort::Name, 0, 10)),
             QStringList({"orders.*", "orders.created"}));
    feed.add("orders.created", 5);
    QCOMPARE(nodeAt(tree, "orders.created").count, std::uint64_t{105});
    const auto distinct = static_cast<double>(
        tree.children(nodeAt(tree, "orders").id, SubjectSort::Name, 0, 1).nodes[0].distinct);
    QVERIFY(std::abs(distinct - 200) < 16);
    QVERIFY(addsUp(tree, tree.root()));
}

void TestSubjectTree::collapsedSubtreesMerge()
{
    // Both levels are many; those of the first 40 devices collapse before their parent does.
    SubjectTree::Options options;
    options.maxChildren = 40;
    SubjectTree tree(options);
    SubjectFeed feed(tree);
    for (int device = 0; device < 60; ++device) {
        for (int session = 0; session < 60; ++session)
            feed.add("dev." + std::to_string(device) + "." + std::to_string(device * 100 + session) + ".up");
    }
    QCOMPARE(nodeAt(tree, "dev.*.*.up").count, std::uint64_t{3600});
    const auto distinct = static_cast<double>(nodeAt(tree, "dev.*.*").distinct);
    QVERIFY2(std::abs(distinct - 3600) < 0.1 * 3600, qPrintable(QString::number(distinct)));
    QVERIFY(addsUp(tree, tree.root()));
}

void TestSubjectTree::theNodeBoundHolds()
{
    SubjectTree::Options options;
    options.maxNodes = 500;
    SubjectTree tree(options);
    SubjectFeed feed(tree);
    std::mt19937 random(5);
    for (int i = 0; i < 20'000; ++i)
        feed.add("a" + std::to_string(random() % 100) + ".b" + std::to_string(random() % 100) + ".c" +
                 std::to_string(random() % 100));
    QVERIFY2(tree.nodeCount() <= 1000, qPrintable(QString::number(tree.nodeCount())));
    QCOMPARE(tree.root().count, std::uint64_t{20'000});
    QVERIFY(addsUp(tree, tree.root()));
}

void TestSubjectTree::ratesAndSparklinesFollowMessageTime()
{
    SubjectTree tree;
    SubjectFeed feed(tree);
    for (int second = 0; second < 70; ++second, feed.time += seconds(1))
        feed.add("a.b", second < 60 ? 10 : 20);
    // 69 s began; the whole seconds before it are 64…68.
    const auto at = [&] { return nodeAt(tree, "a"); };
    const auto secondsWith = [&](std::uint32_t messages) {
        const std::vector<std::uint32_t> sparkline = at().sparkline;
        return std::count(sparkline.begin(), sparkline.end(), messages);
    };
    QCOMPARE(at().rate, 20.0);
    QCOMPARE(at().sparkline.size(), std::size_t{60});
    QCOMPARE(at().sparkline.back(), 20U);
    QCOMPARE(at().sparkline.front(), 10U);
    QCOMPARE(secondsWith(20), std::ptrdiff_t{9});
    QCOMPARE(tree.root().rate, 20.0);
    // Time passes, nothing comes.
    tree.tick(feed.time + seconds(1));
    QCOMPARE(at().rate, 16.0);
    QCOMPARE(at().sparkline.back(), 0U);
    tree.tick(feed.time + seconds(5));
    QCOMPARE(at().rate, 0.0);
    tree.tick(feed.time + seconds(40));
    QCOMPARE(secondsWith(20), std::ptrdiff_t{10});
    tree.tick(feed.time + seconds(100));
    QVERIFY(at().sparkline.empty());
    QCOMPARE(at().count, std::uint64_t{800});
    feed.time += seconds(100);
    feed.add("a.b", 7);
    tree.tick(feed.time + seconds(1));
    QCOMPARE(at().sparkline.back(), 7U);
    QCOMPARE(secondsWith(0), std::ptrdiff_t{59});
}

void TestSubjectTree::lateMessagesCountInTheirSecond()
{
    SubjectTree tree;
    SubjectFeed feed(tree);
    feed.add("a", 5);
    tree.tick(feed.time + seconds(3));
    feed.time += seconds(1);
    feed.add("a", 5);
    QCOMPARE(nodeAt(tree, "a").rate, 2.0);
    QCOMPARE(nodeAt(tree, "a").sparkline[58], 5U);
    feed.time -= seconds(1000);
    feed.add("a", 5);
    QCOMPARE(nodeAt(tree, "a").rate, 2.0);
    QCOMPARE(nodeAt(tree, "a").count, std::uint64_t{15});
}

void TestSubjectTree::idsOfMergedNodesAreNotFound()
{
    SubjectTree::Options options;
    options.maxChildren = 50;
    SubjectTree tree(options);
    SubjectFeed feed(tree);
    feed.add("a.0");
    const SubjectNodeId id = nodeAt(tree, "a.0").id;
    QVERIFY(tree.node(id).has_value());
    const std::uint64_t before = tree.structureRevision();
    for (int i = 0; i < 100'000; ++i)
        feed.add("a." + std::to_string(i));
    QVERIFY(tree.structureRevision() > before);
    QVERIFY(!tree.node(id));
    QVERIFY(!tree.node({}));
    QVERIFY(!tree.node({0xFFFFFFFF}));
    QCOMPARE(tree.children(id, SubjectSort::Name, 0, 10).total, std::size_t{0});
}

void TestSubjectTree::sumsHoldForRandomTraffic()
{
    SubjectTree::Options options;
    options.maxChildren = 8;
    options.maxRootChildren = 12;
    options.maxSparklines = 64;
    options.maxDepth = 5;
    SubjectTree tree(options);
    SubjectFeed feed(tree);
    std::mt19937 random(11);
    const char* const heads[] = {"", "$JS.", "_INBOX.", "orders."};
    std::uint64_t count = 0;
    for (int round = 0; round < 300; ++round) {
        auto batch = std::make_shared<Batch>();
        for (int i = 0; i < 50; ++i, ++count) {
            std::string subject = heads[random() % 4];
            const auto depth = 1 + random() % 6;
            for (unsigned token = 0; token < depth; ++token)
                subject += (token == 0 ? "" : ".") + std::to_string(random() % (1 + random() % 40));
            batch->messages.push_back(feed.make(subject, 1));
        }
        tree.consume(batch);
        feed.time += milliseconds(random() % 900);
        if (round % 50 == 0)
            QVERIFY(addsUp(tree, tree.root()));
    }
    QCOMPARE(tree.root().count, count);
    QCOMPARE(tree.root().bytes, count);
    QVERIFY(addsUp(tree, tree.root()));
}

void TestSubjectTree::readableWhileFed()
{
    SubjectTree::Options options;
    options.maxChildren = 30;
    SubjectTree tree(options);
    std::atomic<bool> ended = false;
    std::thread reader([&] {
        while (!ended) {
            for (const SubjectNode& node : tree.children(tree.root().id, SubjectSort::Rate, 0, 50).nodes)
                (void)tree.children(node.id, SubjectSort::Name, 0, 50);
        }
    });
    SubjectFeed feed(tree);
    for (int i = 0; i < 20'000; ++i)
        feed.add("a" + std::to_string(i % 7) + "." + std::to_string(i));
    ended = true;
    reader.join();
    QCOMPARE(tree.root().count, std::uint64_t{20'000});
}

QTEST_GUILESS_MAIN(TestSubjectTree)
#include "tst_subjecttree.moc"
