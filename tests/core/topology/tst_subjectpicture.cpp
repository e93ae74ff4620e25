// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/SubjectPicture.h"
#include "core/topology/TopologySheet.h"
#include "tests/core/topology/SubjectFeed.h"

#include <QTest>
#include <QXmlStreamReader>

#include <algorithm>

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

QString rowsOf(const SubjectPicture& picture)
{
    QStringList words;
    for (const SubjectPicture::Row& row : picture.rows)
        words += QString(static_cast<int>(row.depth), '-') +
                 QString::fromStdString(subjectRowName(row.node)) + ":" + QString::number(row.node.count);
    return words.join(' ');
}

} // namespace

/// A tree of subjects as it is saved and printed.
class TestSubjectPicture : public QObject
{
    Q_OBJECT

private slots:
    void rowsAreReadAsATree()
    {
        SubjectTree tree;
        SubjectFeed feed(tree);
        feed.add("orders.eu.paid", 5);
        feed.add("orders.eu.created", 7);
        feed.add("auth.login", 20);
        feed.add("_INBOX.abc.1", 3);
        SubjectPictureOf of;
        of.sort = SubjectSort::Count;
        const SubjectPicture picture = subjectPicture(tree, of);
        QCOMPARE(rowsOf(picture), QString("auth:20 -login:20 orders:12 -eu:12 --created:7 --paid:5 "
                                          "Inboxes (_INBOX.…):3 -abc:3 --1:3"));
        // The graph is the same: a node a row, and what lies below one hangs on it.
        QCOMPARE(picture.graph.nodes.size(), picture.rows.size());
        QCOMPARE(picture.graph.edges.size(), std::size_t{6});
        for (const FlowEdge& edge : picture.graph.edges) {
            const bool isInbox = picture.graph.nodes[edge.from].id == "subject:(inboxes)";
            const std::string from = isInbox ? "_INBOX" : picture.graph.nodes[edge.from].name;
            QVERIFY(picture.graph.nodes[edge.to].name.starts_with(from + "."));
        }
        QVERIFY(picture.graph.find("subject:orders.eu.paid") && picture.graph.find("subject:(inboxes)"));
    }

    /// What is left out is the quietest, and that is said; no node stands there without what it lies below.
    void theBusiestStay()
    {
        SubjectTree tree;
        SubjectFeed feed(tree);
        for (int i = 0; i < 200; ++i)
            feed.add("t" + std::to_string(i / 10) + ".s" + std::to_string(i), i + 1);
        SubjectPictureOf of;
        of.sort = SubjectSort::Count;
        of.most = 25;
        const SubjectPicture picture = subjectPicture(tree, of);
        QCOMPARE(picture.rows.size(), std::size_t{25});
        QCOMPARE(QString::fromStdString(picture.rows[0].node.token), QString("t19"));
        QCOMPARE(picture.graph.coverage.size(), std::size_t{1});
        QVERIFY(picture.graph.coverage[0].starts_with("the busiest 25 of "));
        for (std::size_t i = 0; i < picture.rows.size(); ++i)
            QVERIFY(picture.rows[i].depth == 0 ||
                    (i > 0 && picture.rows[i - 1].depth + 1 >= picture.rows[i].depth));
        of.most = 1000;
        QVERIFY(subjectPicture(tree, of).graph.coverage.empty());
    }

    /// Of a range of the past rates are means; live they are the last seconds', with the minute drawn.
    void ratesAreWhatTheWindowShows()
    {
        SubjectTree tree;
        SubjectFeed feed(tree);
        feed.add("orders", 600);
        SubjectPictureOf of;
        of.from = Timestamp(1000s);
        of.to = Timestamp(1060s);
        SubjectPicture picture = subjectPicture(tree, of);
        QCOMPARE(picture.rows[0].rate, 10.0);
        QVERIFY(!QByteArray::fromStdString(subjectsSvg(picture)).contains("class=\"trend\""));
        of.live = true;
        picture = subjectPicture(tree, of);
        QCOMPARE(picture.rows[0].rate, picture.rows[0].node.rate);
        QVERIFY(!picture.rows[0].node.sparkline.empty());
        QVERIFY(QByteArray::fromStdString(subjectsSvg(picture)).contains("class=\"trend\""));
    }

    void whoSubscribesIsCounted()
    {
        BrokerLook look;
        look.time = Timestamp(100s);
        SeenConnection ledger;
        ledger.account = "A";
        ledger.name = "ledger";
        ledger.subscriptions = {{"orders.>", {}, 0}};
        look.connections = {ledger};
        look.connectionsTotal = 1;
        const SubjectAudience audience(look, "A");
        SubjectTree tree;
        SubjectFeed feed(tree);
        feed.add("orders.eu", 2);
        feed.add("auth.login", 1);
        SubjectPictureOf of;
        of.audience = &audience;
        const SubjectPicture picture = subjectPicture(tree, of);
        for (const SubjectPicture::Row& row : picture.rows)
            QCOMPARE(row.node.audience->total(), row.node.path.starts_with("orders") ? 1U : 0U);
    }

    void takesAnyName()
    {
        SubjectTree tree;
        SubjectFeed feed(tree);
        feed.add("a<b>&\"'.\u202e\x01." + std::string(4096, 'x'), 1);
        std::string deep = "t0";
        for (int i = 1; i < 60; ++i)
            deep += ".t" + std::to_string(i);
        feed.add(deep, 1);
        const auto picture = std::make_shared<const SubjectPicture>(subjectPicture(tree, {}));
        const TopologySheet sheet = subjectsSheet(picture);
        QXmlStreamReader xml(QByteArray::fromStdString(sheet.text(SheetFormat::Svg)));
        QString told;
        while (!xml.atEnd()) {
            xml.readNext();
            told += xml.text();
        }
        QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
        QVERIFY(told.contains("a<b>&\"'") && !told.contains(QChar(0x202e)));
        QVERIFY(!sheet.isEmpty() && sheet.placed->places.size() == sheet.placed->graph->nodes.size());
        for (const SheetFormat format : {SheetFormat::Dot, SheetFormat::Json, SheetFormat::Cytoscape})
            QVERIFY(sheet.text(format).size() > 4096);
    }

    void nothingIsEmpty()
    {
        const SubjectTree tree;
        QVERIFY(subjectsSheet(std::make_shared<const SubjectPicture>(subjectPicture(tree, {}))).isEmpty());
        QVERIFY(subjectsSheet(nullptr).isEmpty());
    }
};

QTEST_APPLESS_MAIN(TestSubjectPicture)
#include "tst_subjectpicture.moc"
