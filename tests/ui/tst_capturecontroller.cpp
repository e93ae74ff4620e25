// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/HistoryReader.h"
#include "tests/support/FailingVfs.h"
#include "tests/support/FakeSource.h"
#include "tests/support/ManualClock.h"
#include "tests/support/WarningFreeTest.h"
#include "ui/models/CaptureController.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

/// The window's hand on the capture: what it tells, in which order, and that nothing accepted is lost.
class TestCaptureController : public test::WarningFreeTest
{
    Q_OBJECT
    void setUp() override;
    void tearDown() override;

private slots:
    void initTestCase() { qputenv("XDG_CONFIG_HOME", m_config.path().toUtf8()); }
    void startsAndTellsHowItStands();
    void stopsWithEverythingCommitted();
    void tellsWhyASourceDoesNotStart();
    void tellsWhyAHistoryDoesNotOpen();
    void tellsWhyTheRulesDoNotRead();
    void aNewStartEndsThePresentCapture();
    void startsAgainAfterAStop();
    void tellsTroubleOfTheStore();
    void tellsThatItSamples();
    void commitsWhenItIsDestroyed();
    void stopWithoutACaptureSaysNothing();

private:
    [[nodiscard]] CaptureRequest request(const QString& history = "h.db") const
    {
        CaptureRequest request;
        request.history = m_dir->filePath(history).toStdString();
        request.subjects = {"a.>"};
        return request;
    }
    void push(int count)
    {
        for (int i = 0; i < count; ++i) {
            RawMessage message;
            message.time = m_clock.now();
            message.subject = "a.b";
            message.payload = "payload";
            QVERIFY(m_source->push(message));
        }
    }
    [[nodiscard]] std::uint64_t messages(const QString& history = "h.db") const
    {
        const auto reader = HistoryReader::open(m_dir->filePath(history).toStdString());
        const auto info = reader ? (*reader)->info() : Result<HistoryInfo>(reader.error());
        return info && !info->beingWritten ? info->messages : 0;
    }
    /// Starts and waits until it runs.
    void begin(const CaptureRequest& wanted)
    {
        QSignalSpy started(m_controller.get(), &CaptureController::started);
        m_controller->start(wanted);
        QTRY_COMPARE(started.count(), 1);
    }

    QTemporaryDir m_config;
    std::unique_ptr<QTemporaryDir> m_dir;
    ManualClock m_clock;
    std::optional<Error> m_refuse;  ///< what the next source answers to its start
    std::optional<Error> m_notMade; ///< why no source can be made
    FakeSource* m_source = nullptr; ///< the latest one; the capture owns it
    bool m_waitsForBroker = false;
    std::unique_ptr<CaptureController> m_controller;
};

void TestCaptureController::setUp()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_refuse.reset();
    m_notMade.reset();
    m_controller = std::make_unique<CaptureController>(
        [this](const CaptureRequest& wanted, Clock&) -> Result<std::unique_ptr<MessageSource>> {
            if (m_notMade)
                return *m_notMade;
            m_waitsForBroker = wanted.retryFirstConnect;
            auto source = std::make_unique<FakeSource>();
            source->refuse = m_refuse;
            m_source = source.get();
            return std::unique_ptr<MessageSource>(std::move(source));
        },
        m_clock);
}

void TestCaptureController::tearDown()
{
    m_controller.reset();
}

void TestCaptureController::startsAndTellsHowItStands()
{
    QSignalSpy changed(m_controller.get(), &CaptureController::statusChanged);
    QSignalSpy failed(m_controller.get(), &CaptureController::failed);
    QVERIFY(!m_controller->isRunning());
    begin(request());
    QVERIFY(m_controller->isRunning());
    QVERIFY(m_waitsForBroker); // the window shows how it tries
    push(25);
    QTRY_COMPARE(m_controller->status().coverage.received, 25U); // told by itself
    QCOMPARE(m_controller->status().started, m_clock.now());
    m_clock.advance(250ms);
    QTRY_COMPARE(m_controller->status().coverage.stored, 25U);
    QVERIFY(changed.count() >= 2);
    QCOMPARE(failed.count(), 0);
}

void TestCaptureController::stopsWithEverythingCommitted()
{
    QSignalSpy stopped(m_controller.get(), &CaptureController::stopped);
    begin(request());
    push(1000);
    m_controller->stop();
    QTRY_COMPARE(stopped.count(), 1);
    QVERIFY(!m_controller->isRunning());
    const Coverage end = m_controller->status().coverage; // as of the very end
    QCOMPARE(end.received, 1000U);
    QCOMPARE(end.stored, 1000U);
    QCOMPARE(messages(), 1000U);
}

void TestCaptureController::tellsWhyASourceDoesNotStart()
{
    QSignalSpy failed(m_controller.get(), &CaptureController::failed);
    QSignalSpy started(m_controller.get(), &CaptureController::started);
    m_refuse = Error{ErrorCode::Auth, "connecting", "the server refuses the user", "check the creds"};
    m_controller->start(request());
    QTRY_COMPARE(failed.count(), 1);
    QCOMPARE(failed[0][0].value<Error>().line(), m_refuse->line());
    m_notMade = Error{ErrorCode::Format, "reading the history", "it is damaged", ""};
    m_controller->start(request());
    QTRY_COMPARE(failed.count(), 2);
    QCOMPARE(failed[1][0].value<Error>().line(), m_notMade->line());
    QVERIFY(!m_controller->isRunning());
    QCOMPARE(started.count(), 0);
    m_refuse.reset();
    m_notMade.reset();
    begin(request()); // nothing is left that would be in the way
    push(1);
}

void TestCaptureController::tellsWhyAHistoryDoesNotOpen()
{
    QSignalSpy failed(m_controller.get(), &CaptureController::failed);
    CaptureRequest wrong = request();
    wrong.history = m_dir->path().toStdString();
    m_controller->start(wrong);
    QTRY_COMPARE(failed.count(), 1);
    QVERIFY(failed[0][0].value<Error>().line().find("it is a directory") != std::string::npos);
    CaptureRequest keys = request();
    keys.profile.identity.jwks = {m_dir->filePath("nope.json").toStdString()};
    m_controller->start(keys);
    QTRY_COMPARE(failed.count(), 2);
    QVERIFY(failed[1][0].value<Error>().line().find("nope.json failed: there is no such file") !=
            std::string::npos);
    QVERIFY(!m_controller->isRunning());
}

void TestCaptureController::tellsWhyTheRulesDoNotRead()
{
    QVERIFY(QDir(m_config.path()).mkpath("weir"));
    QFile rules(m_config.filePath("weir/envelope-rules.json"));
    QVERIFY(rules.open(QIODevice::WriteOnly));
    rules.write("{ broken");
    rules.close();
    QSignalSpy failed(m_controller.get(), &CaptureController::failed);
    m_controller->start(request());
    QTRY_COMPARE(failed.count(), 1);
    QVERIFY(failed[0][0].value<Error>().line().find("envelope-rules.json") != std::string::npos);
    QVERIFY(rules.remove());
}

void TestCaptureController::aNewStartEndsThePresentCapture()
{
    QStringList told;
    connect(m_controller.get(), &CaptureController::started, this, [&] { told += "started"; });
    connect(m_controller.get(), &CaptureController::stopped, this, [&] { told += "stopped"; });
    begin(request("first.db"));
    push(10);
    begin(request("second.db"));
    QCOMPARE(told, (QStringList{"started", "stopped", "started"}));
    QVERIFY(m_controller->isRunning());
    QCOMPARE(messages("first.db"), 10U);
    push(5);
    QTRY_COMPARE(m_controller->status().coverage.received, 5U); // of the new one
    m_controller->stop();
    QTRY_COMPARE(told.size(), 4);
    QCOMPARE(messages("second.db"), 5U);
}

void TestCaptureController::startsAgainAfterAStop()
{
    for (const std::uint64_t round : {1U, 2U, 3U}) {
        QSignalSpy stopped(m_controller.get(), &CaptureController::stopped);
        begin(request());
        push(10);
        m_controller->stop();
        QTRY_COMPARE(stopped.count(), 1);
        QCOMPARE(messages(), 10 * round);
    }
}

void TestCaptureController::tellsTroubleOfTheStore()
{
    m_controller.reset();
    FailingVfs disk;
    setUp();
    begin(request());
    disk.failAfter(0, FailingVfs::Fault::DiskFull);
    push(10);
    const auto tells = [this] {
        m_clock.advance(250ms);
        return m_controller->status().failure.has_value();
    };
    QTRY_VERIFY(tells());
    QCOMPARE(m_controller->status().failure->code, ErrorCode::DiskFull);
    QVERIFY(m_controller->isRunning());
    QSignalSpy failed(m_controller.get(), &CaptureController::failed);
    QSignalSpy stopped(m_controller.get(), &CaptureController::stopped);
    m_controller->stop();
    QTRY_COMPARE(stopped.count(), 1);
    QCOMPARE(failed.count(), 1); // it says that not everything was kept
    QCOMPARE(m_controller->status().coverage.failed, 10U);
    m_controller.reset();
    disk.heal();
}

void TestCaptureController::tellsThatItSamples()
{
    begin(request());
    ConnectionStatus sampling;
    sampling.phase = ConnectionPhase::Connected;
    sampling.sampleOneIn = 4;
    m_source->events().statusChanged(sampling);
    m_source->events().sampledOut(300, true);
    push(100);
    QTRY_COMPARE(m_controller->status().connection.sampleOneIn, 4U);
    QTRY_COMPARE(m_controller->status().coverage.offered(), 400U);
    QVERIFY(m_controller->status().coverage.sampledEstimated);
}

void TestCaptureController::commitsWhenItIsDestroyed()
{
    begin(request());
    push(500);
    m_controller.reset(); // the window is closed
    QCOMPARE(messages(), 500U);
    QVERIFY(!QFile::exists(m_dir->filePath("h.db.lock")));
}

void TestCaptureController::stopWithoutACaptureSaysNothing()
{
    QSignalSpy stopped(m_controller.get(), &CaptureController::stopped);
    m_controller->stop();
    begin(request()); // after the stop in the thread's order
    QCOMPARE(stopped.count(), 0);
}

QTEST_GUILESS_MAIN(TestCaptureController)
#include "tst_capturecontroller.moc"
