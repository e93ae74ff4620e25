// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/envelope/Names.h"
#include "tests/support/WarningFreeTest.h"
#include "tests/ui/VirtualHistory.h"
#include "ui/models/SubjectSearch.h"
#include "ui/models/SubjectsModel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>

using namespace weir;
using weir::test::VirtualHistory;

namespace {

SubjectNode node(std::uint64_t id, const char* path, std::uint64_t count, std::uint32_t children = 0)
{
    SubjectNode made;
    made.id = {id};
    made.path = path;
    made.token = made.path.substr(made.path.find_last_of('.') + 1);
    made.count = count;
    made.own = children == 0 ? count : 0;
    made.children = children;
    made.rate = static_cast<double>(count);
    return made;
}

SubjectPage pageOf(std::vector<SubjectNode> nodes)
{
    const std::size_t total = nodes.size();
    return {std::move(nodes), total};
}

QString drawn(const QAbstractItemModel& model, const QModelIndex& parent = {})
{
    QString text;
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const QModelIndex index = model.index(row, 0, parent);
        text += index.data().toString();
        if (model.rowCount(index) > 0)
            text += QLatin1Char('(') + drawn(model, index) + QLatin1Char(')');
        text += QLatin1Char(' ');
    }
    return text.trimmed();
}

} // namespace

class TestSubjectsModel : public test::WarningFreeTest
{
    Q_OBJECT
private slots:
    /// Nodes come, go and change places; what is open stays open, what is chosen stays chosen.
    void changesByDifferences()
    {
        SubjectsModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QTreeView view;
        view.setModel(&model);
        model.start({1}, Nanoseconds::zero());
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        model.take({{{1}, pageOf({node(2, "orders", 10, 2), node(3, "auth", 5)})}}, true);
        QCOMPARE(drawn(model), QStringLiteral("orders auth"));
        view.expand(model.index(0, 0));
        QCOMPARE(model.wanted().size(), std::size_t(2));
        model.take({{{1}, pageOf({node(2, "orders", 10, 2), node(3, "auth", 5)})},
                    {{2}, pageOf({node(4, "orders.eu", 6), node(5, "orders.us", 4)})}},
                   true);
        QCOMPARE(drawn(model), QStringLiteral("orders(eu us) auth"));
        view.setCurrentIndex(model.index(1, 0, model.index(0, 0)));

        // auth is faster now: it may not move yet, then it may.
        const SubjectSnapshot next{
            {{1}, pageOf({node(6, "new", 99), node(3, "auth", 50), node(2, "orders", 11, 2)})},
            {{2}, pageOf({node(5, "orders.us", 7), node(4, "orders.eu", 4)})}};
        model.take(next, false); // the order shown and the figures shown belong together
        QCOMPARE(drawn(model), QStringLiteral("orders(eu us) auth"));
        QCOMPARE(model.index(1, static_cast<int>(SubjectColumn::Rate)).data().toString(),
                 QStringLiteral("5.0/s"));
        model.take(next, true);
        QCOMPARE(drawn(model), QStringLiteral("new auth orders(us eu)"));
        QVERIFY(view.isExpanded(model.index(2, 0)));
        QCOMPARE(view.currentIndex().data().toString(), QStringLiteral("us"));

        model.take({{{1}, pageOf({node(2, "orders", 12, 1)})}, {{2}, pageOf({node(5, "orders.us", 8)})}},
                   true);
        QCOMPARE(drawn(model), QStringLiteral("orders(us)"));
        QCOMPARE(view.currentIndex().data().toString(), QStringLiteral("us"));
        QCOMPARE(resets.count(), 0);
    }

    /// What is closed costs nothing (the model tester would open it again: none here).
    void forgetsWhatIsClosed()
    {
        SubjectsModel model;
        model.start({1}, Nanoseconds::zero());
        model.take({{{1}, pageOf({node(2, "orders", 12, 1)})}}, true);
        model.fetchMore(model.index(0, 0));
        model.take({{{2}, pageOf({node(5, "orders.us", 8)})}}, true);
        QCOMPARE(drawn(model), QStringLiteral("orders(us)"));
        QCOMPARE(model.wanted().size(), std::size_t(2));
        model.forgetChildren(model.index(0, 0));
        QCOMPARE(drawn(model), QStringLiteral("orders"));
        QCOMPARE(model.wanted().size(), std::size_t(1));
        QVERIFY(model.hasChildren(model.index(0, 0)));
    }

    void writesFilterTerms_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<int>("own");
        QTest::addColumn<int>("children");
        QTest::addColumn<QString>("term");
        QTest::newRow("leaf") << "orders.eu" << 5 << 0 << "subject:orders.eu";
        QTest::newRow("branch") << "orders" << 0 << 3 << "subject:orders.>";
        QTest::newRow("both") << "orders" << 5 << 3 << "subject:orders,orders.>";
        QTest::newRow("collapsed") << "orders.*.paid" << 5 << 0 << "subject:orders.*.paid";
        QTest::newRow("group") << "" << 0 << 3 << "";
        QTest::newRow("odd") << "a b" << 1 << 0 << "subject:\"a b\"";
    }

    void writesFilterTerms()
    {
        QFETCH(QString, path);
        QFETCH(int, own);
        QFETCH(int, children);
        QFETCH(QString, term);
        SubjectNode made;
        made.path = path.toStdString();
        made.own = static_cast<std::uint64_t>(own);
        made.children = static_cast<std::uint32_t>(children);
        QCOMPARE(subjectTerm(made), term);
        if (!term.isEmpty())
            QVERIFY(Filter::parse(term.toStdString()).has_value());
    }

    void matchesAsTyped_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("subject");
        QTest::addColumn<bool>("matches");
        QTest::newRow("part") << "paid"
                              << "orders.eu.paid" << true;
        QTest::newRow("case") << "PAID"
                              << "orders.eu.paid" << true;
        QTest::newRow("dot is a dot") << "a.b"
                                      << "axb" << false;
        QTest::newRow("one token") << "orders.*.paid"
                                   << "orders.eu.paid" << true;
        QTest::newRow("one token only") << "orders.*"
                                        << "orders.eu.paid" << false;
        QTest::newRow("rest") << "orders.>"
                              << "orders.eu.paid" << true;
        QTest::newRow("rest is not nothing") << "orders.>"
                                             << "orders" << false;
        QTest::newRow("star inside") << "*pai*"
                                     << "orders.eu.paid" << true;
        QTest::newRow("star in a token") << "orders.e*.paid"
                                         << "orders.eu.paid" << true;
        QTest::newRow("regex") << "/^orders\\.(eu|us)\\.P/"
                               << "orders.eu.paid" << true;
        QTest::newRow("regex, another") << "/^eu/"
                                        << "orders.eu.paid" << false;
        QTest::newRow("slashes alone") << "//"
                                       << "a.//.b" << true;
        QTest::newRow("one slash") << "/orders"
                                   << "orders.eu" << false;
        QTest::newRow("brackets") << "a["
                                  << "x.a[b" << true;
    }

    void matchesAsTyped()
    {
        QFETCH(QString, typed);
        QFETCH(QString, subject);
        QFETCH(bool, matches);
        const auto match = subjectMatch(typed);
        QVERIFY(match);
        QCOMPARE((*match)(subject.toStdString()), matches);
    }

    /// A bad expression says why, and a malicious one takes no time.
    void refusesBadExpressions()
    {
        const auto bad = subjectMatch(QStringLiteral("/orders.(eu/"));
        QVERIFY(!bad);
        QVERIFY2(bad.error().line().starts_with("reading /orders.(eu/ failed: missing )"),
                 bad.error().line().c_str());
        const auto slow = subjectMatch(QStringLiteral("/(a+)+(b+)+$/"));
        QVERIFY(slow);
        QVERIFY(!(*slow)(std::string(2000, 'a')));
    }

    void searchesARealTree()
    {
        VirtualHistory history;
        history.setCount(20'000);
        SubjectTree tree;
        tree.consume(history.batch(1, 20'000, kEnvelopeOnly));
        tree.tick(history.timeOf(20'000));
        const SubjectHits hits =
            searchSubjects(tree, *subjectMatch(QStringLiteral("orders.*.paid")), SubjectSort::Count, 10);
        QCOMPARE(hits.page.total, std::size_t(2));
        QVERIFY(hits.page.nodes[0].count >= hits.page.nodes[1].count);
        QVERIFY(!hits.partial);
        QCOMPARE(
            searchSubjects(tree, *subjectMatch(QStringLiteral("e")), SubjectSort::Name, 3).page.nodes.size(),
            std::size_t(3));
    }

private:
};

QTEST_MAIN(TestSubjectsModel)
#include "tst_subjectsmodel.moc"
