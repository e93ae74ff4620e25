// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/SubjectTree.h"
#include "tests/core/topology/SubjectFeed.h"

#include <QTest>

using namespace weir;
using weir::test::nodeAt;
using weir::test::SubjectFeed;

namespace {

SubjectTree::Options narrow(const SubjectShape& shape)
{
    SubjectTree::Options options;
    options.maxChildren = 10;
    options.maxSplitChildren = 100;
    options.shape = shape;
    return options;
}

/// `count` orders, each with two subjects.
void feedOrders(SubjectFeed& feed, int count)
{
    for (int i = 0; i < count; ++i) {
        feed.add("orders." + std::to_string(i) + ".created");
        feed.add("orders." + std::to_string(i) + ".paid", 2);
    }
}

std::vector<SubjectNode> childrenOf(const SubjectTree& tree, const std::string& path)
{
    return tree.children(nodeAt(tree, path).id, SubjectSort::Name, 0, SIZE_MAX).nodes;
}

} // namespace

/// Pins, splits and folds: what a reader wants of the tree, within its bounds.
class TestSubjectShape : public QObject
{
    Q_OBJECT
private slots:
    void aPinnedSubjectStaysByItself();
    void pinsComeAndGo();
    void aSplitShowsTokensOneByOne();
    void aSplitHasABound();
    void aSplitBelowAStar();
    void aFoldCountsAllTokensAsOne();
    void theRootCanBeSplitAndFolded();
    void oddPaths_data();
    void oddPaths();
};

void TestSubjectShape::aPinnedSubjectStaysByItself()
{
    SubjectTree tree(narrow({{"orders.7.paid"}, {}, {}}));
    SubjectFeed feed(tree);
    QVERIFY(tree.at("orders.7.paid")->pinned);
    QCOMPARE(tree.root().count, std::uint64_t{0});
    QCOMPARE(tree.children(tree.root().id, SubjectSort::Name, 0, 10).nodes.size(), std::size_t{0});
    feedOrders(feed, 500);
    feed.add("orders.7.paid", 5);
    const auto node = tree.at("orders.7.paid");
    QVERIFY(node && node->pinned);
    QCOMPARE(node->count, std::uint64_t{7});
    QCOMPARE(nodeAt(tree, "orders.7").count, std::uint64_t{8});
    QVERIFY(!nodeAt(tree, "orders.7").pinned);
    // Its sisters are one, as ever, and nothing is counted twice.
    QCOMPARE(nodeAt(tree, "orders.*").kind, SubjectNode::Kind::Collapsed);
    QVERIFY(nodeAt(tree, "orders.*.paid").count > 900); // the first few weigh enough to keep their names
    QCOMPARE(nodeAt(tree, "orders").count, std::uint64_t{1505});
    const std::uint64_t distinct = nodeAt(tree, "orders.*").distinct;
    QVERIFY2(distinct > 460 && distinct < 540, qPrintable(QString::number(distinct)));
}

void TestSubjectShape::pinsComeAndGo()
{
    SubjectTree tree(narrow({}));
    SubjectFeed feed(tree);
    feedOrders(feed, 5);
    const std::uint64_t revision = tree.revision();
    tree.setPinned({"orders.3", "orders.4.paid"});
    QVERIFY(tree.revision() > revision);
    QVERIFY(nodeAt(tree, "orders.3").pinned);
    QCOMPARE(nodeAt(tree, "orders.3").count, std::uint64_t{3});
    tree.setPinned({"orders.4.paid"});
    QVERIFY(!nodeAt(tree, "orders.3").pinned);
    QVERIFY(nodeAt(tree, "orders.4.paid").pinned);
    feedOrders(feed, 100);
    QVERIFY(tree.at("orders.4.paid"));
    QCOMPARE(tree.at("orders.4.paid")->count, std::uint64_t{4});
    QCOMPARE(nodeAt(tree, "orders").count, std::uint64_t{315});
}

void TestSubjectShape::aSplitShowsTokensOneByOne()
{
    SubjectTree tree(narrow({{}, {"orders"}, {}}));
    SubjectFeed feed(tree);
    feedOrders(feed, 80);
    const auto children = childrenOf(tree, "orders");
    QCOMPARE(children.size(), std::size_t{80});
    for (const SubjectNode& child : children) {
        QCOMPARE(child.kind, SubjectNode::Kind::Token);
        QCOMPARE(child.count, std::uint64_t{3});
    }
    QVERIFY(nodeAt(tree, "orders").split);
    // Elsewhere nothing changes.
    for (int i = 0; i < 50; ++i)
        feed.add("media." + std::to_string(i));
    QCOMPARE(nodeAt(tree, "media.*").kind, SubjectNode::Kind::Collapsed);
}

void TestSubjectShape::aSplitHasABound()
{
    SubjectTree tree(narrow({{}, {"orders"}, {}}));
    SubjectFeed feed(tree);
    feedOrders(feed, 5000);
    QVERIFY(childrenOf(tree, "orders").size() <= 100);
    QCOMPARE(nodeAt(tree, "orders.*").kind, SubjectNode::Kind::Collapsed);
    QCOMPARE(nodeAt(tree, "orders").count, std::uint64_t{15'000});
    // The tree's own bound goes before.
    SubjectTree::Options small = narrow({{}, {"orders"}, {}});
    small.maxNodes = 50;
    SubjectTree bounded(small);
    SubjectFeed other(bounded);
    feedOrders(other, 200);
    QVERIFY2(bounded.nodeCount() <= 70, qPrintable(QString::number(bounded.nodeCount())));
    QCOMPARE(bounded.root().count, std::uint64_t{600});
}

void TestSubjectShape::aSplitBelowAStar()
{
    SubjectTree tree(narrow({{}, {"orders.*"}, {}}));
    SubjectFeed feed(tree);
    for (int i = 0; i < 2000; ++i)
        feed.add("orders." + std::to_string(i) + ".step" + std::to_string(i % 50));
    QCOMPARE(nodeAt(tree, "orders.*").kind, SubjectNode::Kind::Collapsed);
    QCOMPARE(childrenOf(tree, "orders.*").size(), std::size_t{50});
    QVERIFY(nodeAt(tree, "orders.*.step7").count > 30);
    QCOMPARE(nodeAt(tree, "orders").count, std::uint64_t{2000});
}

void TestSubjectShape::aFoldCountsAllTokensAsOne()
{
    SubjectTree tree(narrow({{"orders.3"}, {}, {"orders"}}));
    SubjectFeed feed(tree);
    feedOrders(feed, 4); // few: by themselves they would not collapse
    const auto children = childrenOf(tree, "orders");
    QCOMPARE(children.size(), std::size_t{2});
    QCOMPARE(children[0].token, std::string("*"));
    QCOMPARE(children[0].kind, SubjectNode::Kind::Collapsed);
    QCOMPARE(children[0].distinct, std::uint64_t{3});
    QCOMPARE(children[0].count, std::uint64_t{9});
    QCOMPARE(children[1].token, std::string("3")); // pinned
    QCOMPARE(nodeAt(tree, "orders.*.paid").count, std::uint64_t{6});
    QVERIFY(nodeAt(tree, "orders").folded);
}

void TestSubjectShape::theRootCanBeSplitAndFolded()
{
    SubjectTree::Options options = narrow({{}, {""}, {}});
    options.maxRootChildren = 10;
    SubjectTree split(options);
    SubjectFeed feed(split);
    for (int i = 0; i < 60; ++i)
        feed.add("t" + std::to_string(i));
    QCOMPARE(split.children(split.root().id, SubjectSort::Name, 0, 100).nodes.size(), std::size_t{60});
    QVERIFY(split.root().split);
    SubjectTree folded(narrow({{}, {}, {""}}));
    SubjectFeed other(folded);
    for (int i = 0; i < 6; ++i)
        other.add("t" + std::to_string(i));
    const auto children = folded.children(folded.root().id, SubjectSort::Name, 0, 100).nodes;
    QCOMPARE(children.size(), std::size_t{1});
    QCOMPARE(children[0].path, std::string("*"));
}

void TestSubjectShape::oddPaths_data()
{
    QTest::addColumn<QByteArray>("subject");
    QByteArray deep = "d";
    for (int i = 0; i < 60; ++i)
        deep += "." + QByteArray::number(i);
    for (const QByteArray& subject :
         {QByteArray("$JS.API.INFO"), QByteArray("_INBOX.abc.1"), QByteArray("_INBOX"), QByteArray("a..b"),
          QByteArray("."), QByteArray("a\xff\x01"), QByteArray("_INBOXES.a"), deep})
        QTest::newRow(subject.left(20).toPercentEncoding().constData()) << subject;
}

/// A path is that of the node where its messages are counted.
void TestSubjectShape::oddPaths()
{
    QFETCH(QByteArray, subject);
    SubjectTree plain;
    SubjectFeed feed(plain);
    feed.add(subject.toStdString());
    QVERIFY(plain.at(subject.toStdString()));
    QCOMPARE(plain.at(subject.toStdString())->path, subject.toStdString());
    SubjectTree tree(narrow({{subject.toStdString()}, {}, {}}));
    SubjectFeed again(tree);
    again.add(subject.toStdString(), 3);
    QCOMPARE(tree.at(subject.toStdString())->count, std::uint64_t{3});
    QVERIFY(tree.at(subject.toStdString())->pinned);
    QVERIFY(!tree.at("nobody.knows"));
}

QTEST_GUILESS_MAIN(TestSubjectShape)
#include "tst_subjectshape.moc"
