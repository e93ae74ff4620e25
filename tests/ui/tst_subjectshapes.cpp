// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/NamedSubscriber.h"
#include "tests/support/NatsServer.h"
#include "tests/support/Patience.h"
#include "tests/support/WarningFreeTest.h"
#include "tests/ui/OneBatchReader.h"
#include "ui/models/BrokerWatch.h"
#include "ui/models/ViewState.h"
#include "ui/views/SubjectsPage.h"

#include <QAction>
#include <QLabel>
#include <QLineEdit>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

using namespace weir;
using namespace std::chrono_literals;
using weir::test::kLookPatience;
using weir::test::NamedSubscriber;
using weir::test::NatsServer;

namespace {

/// The page over a history of 400 orders, each with one message, and three other subjects.
class Stage
{
public:
    explicit Stage(QSettings* settings, const BrokerWatch* broker = nullptr, bool live = false,
                   const char* history = "h.db")
    {
        const Timestamp now = SystemClock().now();
        for (int i = 0; i < 400; ++i)
            add("orders." + std::to_string(i) + ".created", now - 20s + std::chrono::milliseconds(i));
        add("media.up", now - 10s);
        add("media.down", now - 9s);
        add("$SYS.x", now - 10s);
        state.setRange(live ? TimeRange{true, 1h, kNoTime, kNoTime}
                            : TimeRange{false, {}, now - 1h, now + 1h});
        page = std::make_unique<SubjectsPage>(state, nullptr, test::OneBatchReader::opener(content), broker,
                                              settings);
        page->resize(1100, 420);
        page->show();
        state.setHistory(history);
        view = page->findChild<QTreeView*>(QStringLiteral("subjectTree"));
    }
    /// The row with this path that is no second row of a pinned one.
    [[nodiscard]] QModelIndex row(const QString& path) const { return find(path, {}, false); }
    [[nodiscard]] QModelIndex pinnedRow(const QString& path) const { return find(path, {}, true); }
    [[nodiscard]] QAction* action(const char* name) const
    {
        return page->findChild<QAction*>(QLatin1String(name));
    }
    void choose(const QString& path) const
    {
        view->setCurrentIndex(row(path));
        view->setFocus();
    }
    void keep(const QString& name) const
    {
        if (const QString dir = qEnvironmentVariable("WEIR_SCREENSHOT_DIR"); !dir.isEmpty())
            QVERIFY(page->grab().save(dir + "/" + name + ".png"));
    }

    ViewState state;
    std::unique_ptr<SubjectsPage> page;
    QTreeView* view = nullptr;

private:
    void add(const std::string& subject, Timestamp time)
    {
        const SubjectId id = content->names->subjects.intern(subject);
        Message& message = content->messages.emplace_back();
        message.seq = content->messages.size();
        message.time = time;
        message.subject = id;
        message.subjectName = content->names->subjects.name(id);
    }
    [[nodiscard]] QModelIndex find(const QString& path, const QModelIndex& below, bool pinned) const
    {
        for (int i = 0; i < page->model().rowCount(below); ++i) {
            const QModelIndex index = page->model().index(i, 0, below);
            if (index.data(static_cast<int>(SubjectRole::PinRow)).toBool() == pinned &&
                index.data(static_cast<int>(SubjectRole::Path)).toString() == path)
                return index;
            if (const QModelIndex deeper = find(path, index, pinned); deeper.isValid())
                return deeper;
        }
        return {};
    }
    std::shared_ptr<test::HistoryContent> content = std::make_shared<test::HistoryContent>();
};

QString cell(const QModelIndex& row, SubjectColumn column, int role = Qt::DisplayRole)
{
    return row.siblingAtColumn(static_cast<int>(column)).data(role).toString();
}

} // namespace

/// What a reader pins, splits and folds, whom the subjects reach, and expressions in the search.
class TestSubjectShapes : public test::WarningFreeTest
{
    Q_OBJECT
private slots:
    void pinsStayOnTop();
    void splitsAndFolds();
    void keepsAllOfItForEachHistory();
    void aBadExpressionKeepsWhatWasFound();
    void saysWhoSubscribes();
    void saysWhyNobodyIsKnown();

private:
    QTemporaryDir m_dir;
};

void TestSubjectShapes::pinsStayOnTop()
{
    QSettings settings(m_dir.filePath("pins.ini"), QSettings::IniFormat);
    const Stage stage(&settings);
    QTRY_VERIFY(stage.row("orders.*").isValid());
    stage.choose("orders.*");
    QTest::keyClick(stage.view, Qt::Key_D, Qt::ControlModifier);
    QTRY_VERIFY(stage.pinnedRow("orders.*").isValid());
    const QModelIndex pinned = stage.pinnedRow("orders.*");
    QCOMPARE(pinned.row(), 0);
    QVERIFY(!pinned.parent().isValid());
    QCOMPARE(pinned.data().toString().left(10),
             QStringLiteral("\u2605 orders.* (about 400 tokens)").left(10));
    QCOMPARE(cell(pinned, SubjectColumn::Messages), cell(stage.row("orders.*"), SubjectColumn::Messages));
    QVERIFY(!stage.page->model().hasChildren(pinned));
    QCOMPARE(stage.action("subjectPin")->text(), QString("Unpin"));
    stage.keep("subjects-pinned");
    // By the button, on the pinned row itself.
    stage.view->setCurrentIndex(pinned);
    auto* button = qobject_cast<QToolButton*>(stage.action("subjectPin")->associatedObjects().last());
    QVERIFY(button);
    QTest::mouseClick(button, Qt::LeftButton);
    QTRY_VERIFY(!stage.pinnedRow("orders.*").isValid());
    QVERIFY(stage.row("orders.*").isValid());
}

void TestSubjectShapes::splitsAndFolds()
{
    QSettings settings(m_dir.filePath("splits.ini"), QSettings::IniFormat);
    const Stage stage(&settings);
    QTRY_VERIFY(stage.row("orders.*").isValid());
    QVERIFY(stage.row("orders.*").data().toString().startsWith("* (about "));
    stage.choose("orders.*");
    QCOMPARE(stage.action("subjectTokens")->text(), QString("Split"));
    QTest::keyClick(stage.view, Qt::Key_E, Qt::ControlModifier);
    // All of them, and whose tokens they are is chosen: the same key undoes it.
    QTRY_COMPARE(stage.page->model().rowCount(stage.row("orders")), 400);
    QTRY_COMPARE(stage.view->currentIndex(), stage.row("orders"));
    QVERIFY(!stage.row("orders.*").isValid());
    QCOMPARE(stage.action("subjectTokens")->text(), QString("Undo split"));
    stage.keep("subjects-split");
    QTest::keyClick(stage.view, Qt::Key_E, Qt::ControlModifier);
    QTRY_VERIFY(stage.row("orders.*").isValid());
    // Two tokens only: they fold by hand, and come back.
    stage.choose("media");
    QTRY_COMPARE(stage.action("subjectTokens")->text(), QString("Fold"));
    QVERIFY(stage.action("subjectTokens")->isEnabled());
    stage.action("subjectTokens")->trigger();
    QTRY_COMPARE(stage.action("subjectTokens")->text(), QString("Undo fold"));
    QTRY_COMPARE(stage.page->model().rowCount(stage.row("media")), 1);
    QCOMPARE(stage.row("media.*").data().toString(), QString("* (about 2 tokens)"));
    stage.action("subjectTokens")->trigger();
    QTRY_VERIFY(stage.row("media.up").isValid());
    // Nothing to fold, nothing to split.
    stage.choose("media.up");
    QTRY_VERIFY(!stage.action("subjectTokens")->isEnabled());
}

void TestSubjectShapes::keepsAllOfItForEachHistory()
{
    QSettings settings(m_dir.filePath("kept.ini"), QSettings::IniFormat);
    {
        const Stage stage(&settings);
        QTRY_VERIFY(stage.row("media.up").isValid());
        stage.choose("media.up");
        stage.action("subjectPin")->trigger();
        QTRY_VERIFY(stage.pinnedRow("media.up").isValid());
        stage.choose("orders.*");
        stage.action("subjectTokens")->trigger();
        QTRY_COMPARE(stage.page->model().rowCount(stage.row("orders")), 400);
    }
    {
        const Stage again(&settings); // another window, another day
        QTRY_VERIFY(again.pinnedRow("media.up").isValid());
        QTRY_COMPARE(again.row("orders").data(static_cast<int>(SubjectRole::Children)).toInt(), 400);
    }
    const Stage other(&settings, nullptr, false, "other.db");
    QTRY_VERIFY(other.row("orders").isValid());
    QVERIFY(!other.pinnedRow("media.up").isValid());
    QVERIFY(other.row("orders").data(static_cast<int>(SubjectRole::Children)).toInt() < 300);
}

void TestSubjectShapes::aBadExpressionKeepsWhatWasFound()
{
    const Stage stage(nullptr);
    auto* search = stage.page->findChild<QLineEdit*>(QStringLiteral("subjectSearch"));
    auto* wrong = stage.page->findChild<QLabel*>(QStringLiteral("subjectSearchWrong"));
    QVERIFY(search && wrong);
    QTRY_VERIFY(stage.row("media").isValid());
    search->setText("/^media\\.(up|left)$/");
    QTRY_VERIFY(stage.page->model().rowCount() == 1 && stage.row("media.up").isValid());
    QVERIFY(!wrong->isVisible());
    search->setText("/^media\\.(up/");
    QTRY_VERIFY(wrong->isVisible());
    QVERIFY2(wrong->text().startsWith("reading /^media\\.(up/ failed: missing )"), qPrintable(wrong->text()));
    QVERIFY(stage.page->model().rowCount() == 1 && stage.row("media.up").isValid());
    stage.keep("subjects-bad-expression");
    search->setText("/orders/");
    QTRY_VERIFY(!wrong->isVisible());
    QTRY_VERIFY(stage.row("orders.*.created").isValid());
}

void TestSubjectShapes::saysWhoSubscribes()
{
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    BrokerWatch broker(50ms);
    ConnectionProfile profile;
    profile.monitorUrl = server.monitorUrl().toStdString();
    const NamedSubscriber ledger(server.port(), "ledger", "orders.*.created");
    const NamedSubscriber audit(server.port(), "audit", "orders.>");
    const Stage stage(nullptr, &broker, true);
    QTRY_VERIFY(stage.row("orders.*").isValid());
    QCOMPARE(cell(stage.row("orders"), SubjectColumn::Subscribers), QString("not known"));
    broker.start(profile, {">"});
    QTRY_COMPARE_WITH_TIMEOUT(cell(stage.row("orders.*"), SubjectColumn::Subscribers), QString("2"),
                              kLookPatience);
    QCOMPARE(cell(stage.row("orders"), SubjectColumn::Subscribers), QString("2"));
    QCOMPARE(cell(stage.row("media"), SubjectColumn::Subscribers), QString("0"));
    const QString tip = cell(stage.row("orders.*"), SubjectColumn::Subscribers, Qt::ToolTipRole);
    QVERIFY2(tip.contains("client ledger of account $G") && tip.contains("client audit of account $G"),
             qPrintable(tip));
    stage.keep("subjects-subscribers");
    // One more: the next look has it.
    const NamedSubscriber late(server.port(), "late", "media.*");
    broker.start(profile, {">"});
    QTRY_COMPARE_WITH_TIMEOUT(cell(stage.row("media"), SubjectColumn::Subscribers), QString("1"),
                              kLookPatience);
    // A broker that does not answer is no broker without subscribers.
    server.stop();
    broker.start(profile, {">"});
    QTRY_VERIFY_WITH_TIMEOUT(!broker.known().problem.empty(), kLookPatience);
    QTRY_COMPARE_WITH_TIMEOUT(cell(stage.row("media"), SubjectColumn::Subscribers), QString("not known"),
                              kLookPatience);
    QVERIFY(cell(stage.row("media"), SubjectColumn::Subscribers, Qt::ToolTipRole).contains("refused"));
}

void TestSubjectShapes::saysWhyNobodyIsKnown()
{
    BrokerWatch broker;
    const Stage live(nullptr, &broker, true);
    QTRY_VERIFY(live.row("media").isValid());
    QCOMPARE(cell(live.row("media"), SubjectColumn::Subscribers), QString("not known"));
    QTRY_VERIFY(
        cell(live.row("media"), SubjectColumn::Subscribers, Qt::ToolTipRole).contains("monitoring port"));
    const Stage past(nullptr, &broker);
    QTRY_VERIFY(past.row("media").isValid());
    QCOMPARE(cell(past.row("media"), SubjectColumn::Subscribers), QString("\u2013"));
    QTRY_VERIFY(cell(past.row("media"), SubjectColumn::Subscribers, Qt::ToolTipRole).contains("now only"));
}

QTEST_MAIN(TestSubjectShapes)
#include "tst_subjectshapes.moc"
