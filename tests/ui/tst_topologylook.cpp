// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/Console.h"
#include "tests/support/WarningFreeTest.h"
#include "tests/ui/EdgeHistory.h"
#include "ui/theme/Theme.h"
#include "ui/views/SubjectsPage.h"
#include "ui/views/TopologyPage.h"
#include "ui/views/topology/FlowDetails.h"
#include "ui/views/topology/GraphView.h"
#include "ui/views/topology/TopologyPicture.h"
#include "ui/window/MainWindow.h"

#include <QAbstractButton>
#include <QDir>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

#include <map>

using namespace weir;
using weir::test::EdgeHistory;

/// The pictures of the topology in the whole window, as the program puts it together, over a recording of few
/// and of many nodes, light and dark, large and small. With WEIR_SCREENSHOT_DIR set it keeps what they look
/// like, for people to judge.
class TestTopologyLook : public test::WarningFreeTest
{
    Q_OBJECT

    QTemporaryDir m_home;
    std::map<int, std::unique_ptr<EdgeHistory>> m_histories; ///< by nodes

    const EdgeHistory& historyOf(int nodes)
    {
        auto& history = m_histories[nodes];
        if (!history)
            history = std::make_unique<EdgeHistory>(static_cast<std::size_t>(nodes));
        return *history;
    }

    static void keep(QWidget& window, const QString& name)
    {
        const QString dir = qEnvironmentVariable("WEIR_SCREENSHOT_DIR");
        if (dir.isEmpty())
            return;
        QDir().mkpath(dir);
        QVERIFY(window.grab().save(dir + QLatin1Char('/') + name + QStringLiteral(".png")));
    }

private slots:
    void initTestCase() { qputenv("XDG_CONFIG_HOME", m_home.path().toUtf8()); }

    void looksRight_data()
    {
        QTest::addColumn<int>("nodes");
        QTest::addColumn<bool>("dark");
        QTest::addColumn<QSize>("size");
        for (const int nodes : {20, 200, 2000}) {
            for (const bool dark : {false, true}) {
                for (const QSize& size : {QSize(1440, 900), QSize(1024, 640)})
                    QTest::addRow("%d-%s-%d", nodes, dark ? "dark" : "light", size.width())
                        << nodes << dark << size;
            }
        }
    }

    void subjectsLookRight_data() { looksRight_data(); }

    /// The tree of subjects beside them.
    void subjectsLookRight()
    {
        QFETCH(int, nodes);
        QFETCH(bool, dark);
        QFETCH(QSize, size);
        const EdgeHistory& history = historyOf(nodes);
        QVERIFY2(history.problem().empty(), history.problem().c_str());
        QSettings().setValue(QStringLiteral("theme/mode"), dark ? "dark" : "light");
        Console console;
        MainWindow& window = console.window();
        window.resize(size);
        console.openHistory(history.path());
        console.show();
        window.showPage(1);
        auto* page = window.findChild<SubjectsPage*>();
        auto* tree = page->findChild<QTreeView*>(QStringLiteral("subjectTree"));
        QTRY_VERIFY_WITH_TIMEOUT(tree->model()->rowCount() > 0 && !page->isReading(), 20'000);
        const auto reader = HistoryReader::open(history.path());
        QVERIFY(reader);
        quint64 messages = 0;
        for (int row = 0; row < tree->model()->rowCount(); ++row) {
            const auto cell = tree->model()->index(row, static_cast<int>(SubjectColumn::Messages));
            messages += cell.data().toString().remove(QLatin1Char(',')).toULongLong();
        }
        QCOMPARE(messages, (*reader)->info()->messages); // all that was read is shown
        for (int column = 1; column < kSubjectColumns; ++column) {
            const QString text = tree->model()->index(0, column).data().toString();
            QVERIFY2(tree->isColumnHidden(column) ||
                         tree->fontMetrics().horizontalAdvance(text) <= tree->columnWidth(column),
                     qPrintable(text));
        }
        keep(window, QStringLiteral("subjects-") + QLatin1String(QTest::currentDataTag()));
        QCOMPARE(window.size(), size);
    }

    void looksRight()
    {
        QFETCH(int, nodes);
        QFETCH(bool, dark);
        QFETCH(QSize, size);
        const EdgeHistory& history = historyOf(nodes);
        QVERIFY2(history.problem().empty(), history.problem().c_str());
        QSettings().setValue(QStringLiteral("theme/mode"), dark ? "dark" : "light");
        Console console;
        MainWindow& window = console.window();
        window.resize(size);
        console.openHistory(history.path());
        console.show();
        window.showPage(3);
        auto* page = window.findChild<TopologyPage*>();
        for (const char* picture : {"flow", "world", "servers"}) {
            auto* button =
                page->findChild<QAbstractButton*>(QLatin1String("picture-") + QLatin1String(picture));
            QTest::mouseClick(button, Qt::LeftButton);
            QTRY_VERIFY_WITH_TIMEOUT(page->shown().hasContent() && !page->isReading(), 20'000);
            const auto graph = page->shown().graph();
            QVERIFY2(graph->nodes.size() > static_cast<std::size_t>(nodes) / 8,
                     qPrintable(QString::number(graph->nodes.size())));
            const QString name =
                QLatin1String(picture) + QLatin1Char('-') + QLatin1String(QTest::currentDataTag());
            keep(window, name);
            QCOMPARE(window.size(), size);
            auto* view = page->findChild<GraphView*>(QLatin1String(picture) + QStringLiteral("View"));
            const FlowNode& node = graph->nodes[graph->nodes.size() / 2];
            const QImage before = view->grab().toImage();
            view->select(node.id);
            QTRY_VERIFY(page->details()->isVisible());
            const QString told = qobject_cast<FlowDetails*>(page->details())->toPlainText();
            QVERIFY2(told.contains(QString::fromStdString(node.name)), qPrintable(told));
            QVERIFY(view->grab().toImage() != before); // it is drawn, and stands out
            keep(window, name + QStringLiteral("-details"));
            QCOMPARE(window.size(), size);
            view->select(std::nullopt);
        }
    }
};

QTEST_MAIN(TestTopologyLook)
#include "tst_topologylook.moc"
