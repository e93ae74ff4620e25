// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/Console.h"
#include "core/capture/CoverageLedger.h"
#include "core/history/HistoryWriter.h"
#include "tests/support/NatsServer.h"
#include "tests/support/WarningFreeTest.h"
#include "tests/ui/VirtualHistory.h"
#include "ui/dialogs/ConnectDialog.h"
#include "ui/views/HugeTableView.h"
#include "ui/views/MessagesPage.h"
#include "ui/window/MainWindow.h"

#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

using namespace weir;

/// The whole console, put together as the program does it.
class TestConsole : public test::WarningFreeTest
{
    Q_OBJECT

    QTemporaryDir m_home;

private slots:
    void initTestCase() { qputenv("XDG_CONFIG_HOME", m_home.path().toUtf8()); }

    /// One writer, any number of readers: where another Weir records, the window offers to follow it.
    void followsAHistoryThatAnotherWeirWrites()
    {
        QTemporaryDir dir;
        SystemClock clock;
        CoverageLedger ledger;
        HistoryWriter::Options options;
        options.path = dir.filePath(QStringLiteral("h.db")).toStdString();
        auto writer = HistoryWriter::open(options, clock, ledger, [](std::uint64_t) {});
        QVERIFY2(writer.has_value(), writer ? "" : writer.error().line().c_str());
        test::VirtualHistory traffic;
        traffic.setStart(clock.now());
        const auto write = [&](std::uint64_t first, std::uint64_t last) {
            auto batch = traffic.batch(first, last, kAllColumns);
            for (Message& message : batch->messages)
                message.subject = (*writer)->names()->subjects.intern(message.subjectName);
            batch->names = (*writer)->names();
            (*writer)->consume(batch);
            (*writer)->tick(clock.now() + std::chrono::seconds(1));
        };

        Console console;
        console.show();
        MainWindow& window = console.window();
        CaptureRequest request;
        request.profile.urls = {"nats://127.0.0.1:1"};
        request.subjects = {"orders.>"};
        request.history = options.path;
        console.observe(request);
        auto* button = window.findChild<QPushButton*>(QStringLiteral("noticeAction"));
        QTRY_VERIFY(button->isVisible());
        const QString said = window.findChild<QLabel*>(QStringLiteral("noticeText"))->text();
        QVERIFY2(said.contains(QStringLiteral("it is being written by another Weir (process")),
                 qPrintable(said));
        QCOMPARE(button->text(), QStringLiteral("Follow it read-only"));
        QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(!window.findChild<QWidget*>(QStringLiteral("noticeBar"))->isVisible());
        QCOMPARE(window.windowTitle(), QString::fromUtf8("h.db – Weir"));
        auto& table = window.findChild<MessagesPage*>()->table();
        write(1, 100);
        QTRY_COMPARE(table.model()->rowCount(), 100);
        write(101, 150);
        QTRY_COMPARE(table.model()->rowCount(), 150);
        QVERIFY(table.isFollowing());
        QVERIFY((*writer)->close().has_value());
    }

    /// Whoever opens the connect dialog while recording is asked before the recording ends.
    void aRecordingIsReplacedOnlyWhenSaidSo()
    {
        QTemporaryDir dir;
        test::NatsServer server;
        QVERIFY2(server.start(), qPrintable(server.error()));
        Console console;
        console.show();
        CaptureRequest request;
        request.profile.name = "first";
        request.profile.urls = {server.url().toStdString()};
        request.profile.subjects = request.subjects = {"orders.>"};
        request.history = dir.filePath(QStringLiteral("first.db")).toStdString();
        console.observe(request);
        QTRY_COMPARE(console.window().windowTitle(), QString::fromUtf8("first.db – Weir"));
        CaptureRequest next = request;
        next.history = dir.filePath(QStringLiteral("second.db")).toStdString();
        QString said;
        QTimer::singleShot(0, &console, [&] {
            auto* dialog = console.window().findChild<ConnectDialog*>();
            QTest::mouseClick(dialog->findChild<QPushButton*>(QStringLiteral("connectStart")),
                              Qt::LeftButton);
            if (auto* question = dialog->findChild<QMessageBox*>(QStringLiteral("replaceQuestion")))
                said = question->informativeText();
            dialog->reject();
        });
        console.askForConnection(next);
        QVERIFY2(said.contains(QStringLiteral("first.db")) && said.contains(QStringLiteral("second.db")),
                 qPrintable(said));
    }
};

QTEST_MAIN(TestConsole)
#include "tst_console.moc"
