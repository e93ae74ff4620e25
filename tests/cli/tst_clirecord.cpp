// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/Shell.h"
#include "tests/support/RawPublisher.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QRegularExpression>
#include <QTest>

#include <csignal>

using namespace weir::test;

/// A recording's life at a terminal: how it ends, what it tells, who may read and write beside it.
class TestCliRecord : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void endsAtItsCount();
    void leavesWhatWasThereWhenTheBrokerIsNot();
    void endsCleanlyOnASignal_data();
    void endsCleanlyOnASignal();
    void staysUnderNohup();
    void isFollowedByReadersAndHasOneWriter();
    void tellsALostConnection();
    void tellsThatItSamples();
    void theConsoleSaysNothingOfItsSurroundings();

private:
    [[nodiscard]] QStringList recording(const QStringList& more = {}) const
    {
        return QStringList{"record", "--server", m_server.url(), "--subject", "a.>", "--history", m_history} +
               more;
    }
    [[nodiscard]] int stored() const
    {
        return m_shell.weir({"query", "--history", m_history, "--count"}).out.trimmed().toInt();
    }
    void publish(int count) const
    {
        RawPublisher publisher(m_server.port());
        for (int i = 0; i < count; ++i)
            publisher.publish("a.b", "payload " + QByteArray::number(i));
        QVERIFY(publisher.flush());
    }
    Shell m_shell;
    NatsServer m_server;
    QString m_history;
    int m_number = 0;
};

void TestCliRecord::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.error()));
}

void TestCliRecord::init()
{
    m_history = m_shell.file(QString("h%1.db").arg(m_number++));
}

void TestCliRecord::endsAtItsCount()
{
    const auto process = m_shell.start(recording({"--count", "20"}));
    QByteArray said;
    QVERIFY2(waitFor(*process, "weir: recording a.> from " + m_server.url().toUtf8() + " into ", said),
             said.constData());
    publish(50);
    const Said ended = finish(*process, said);
    QVERIFY2(ended.code == 0, ended.all().constData());
    QVERIFY2(ended.out.startsWith("recorded   20 of 20 messages in "), ended.out.constData());
    QVERIFY2(ended.out.endsWith("\nmissing    nothing\n"), ended.out.constData());
    QCOMPARE(stored(), 20);
}

void TestCliRecord::leavesWhatWasThereWhenTheBrokerIsNot()
{
    const auto process = m_shell.start(recording({"--count", "20"}));
    QByteArray heard;
    QVERIFY2(waitFor(*process, "recording", heard), heard.constData());
    publish(20);
    QCOMPARE(finish(*process).code, 0);
    const Said said =
        m_shell.weir({"record", "--server", "nats://127.0.0.1:1", "--subject", "a", "--history", m_history});
    QCOMPARE(said.code, 1);
    QCOMPARE(stored(), 20);
}

void TestCliRecord::endsCleanlyOnASignal_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("Ctrl+C") << SIGINT;
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("terminal gone") << SIGHUP;
}

void TestCliRecord::endsCleanlyOnASignal()
{
    QFETCH(const int, signal);
    const auto process = m_shell.start(recording({"--format", "json"}));
    QByteArray said;
    QVERIFY2(waitFor(*process, "recording", said), said.constData());
    publish(500);
    QTRY_VERIFY_WITH_TIMEOUT(stored() > 0, 20'000);
    publish(500); // some of it is on its way when the signal comes
    QCOMPARE(::kill(static_cast<pid_t>(process->processId()), signal), 0);
    const Said ended = finish(*process, said);
    QVERIFY2(ended.code == 0, ended.all().constData());
    const QJsonObject result = ended.json();
    QVERIFY(result["stored"].toInt() >= 500);
    QCOMPARE(result["stored"], result["received"]);
    QCOMPARE(result["gaps"].toInt(-1), 0);
    QCOMPARE(stored(), result["stored"].toInt());
    const Said info = m_shell.weir({"info", "--history", m_history, "--format", "json"});
    QCOMPARE(info.json()["gaps"].toArray().size(), 0); // no unclean end
    QCOMPARE(info.code, 0);
    QVERIFY(!QFile::exists(m_history + ".lock"));
    QCOMPARE(QFileInfo(m_history + "-wal").size(), 0); // a reader leaves an empty one
}

void TestCliRecord::staysUnderNohup()
{
    const auto process = m_shell.start(recording(), [] { ::signal(SIGHUP, SIG_IGN); });
    QByteArray said;
    QVERIFY2(waitFor(*process, "recording", said), said.constData());
    QCOMPARE(::kill(static_cast<pid_t>(process->processId()), SIGHUP), 0);
    publish(10);
    QTRY_COMPARE_WITH_TIMEOUT(stored(), 10, 20'000);
    process->terminate();
    QCOMPARE(finish(*process).code, 0);
}

void TestCliRecord::isFollowedByReadersAndHasOneWriter()
{
    const auto process = m_shell.start(recording());
    QByteArray said;
    QVERIFY2(waitFor(*process, "recording", said), said.constData());
    for (int round = 1; round <= 3; ++round) { // a reader sees what was committed, while the writer writes
        publish(100);
        QTRY_COMPARE_WITH_TIMEOUT(stored(), 100 * round, 20'000);
    }
    const Said info = m_shell.weir({"info", "--history", m_history});
    QVERIFY2(info.out.contains("\nwriter     it is being written now\n"), info.out.constData());

    const Said future =
        m_shell.weir({"query", "--from", "2099-01-01T00:00:00Z", "--count", "--history", m_history});
    QCOMPARE(future.out, QByteArray("0\n"));
    QCOMPARE(future.code, 3);
    QVERIFY2(future.err.contains("nothing is recorded yet after "), future.all().constData());
    const Said now =
        m_shell.weir({"query", "--to", "2099-01-01T00:00:00Z", "--count", "--history", m_history});
    QVERIFY2(now.code == 0, now.all().constData());

    const Said second = m_shell.weir(recording());
    QCOMPARE(second.code, 1);
    const QByteArray holder = "it is being written by another Weir (process " +
                              QByteArray::number(process->processId()) + ", since ";
    QVERIFY2(second.err.startsWith("weir: opening history " + m_history.toUtf8() + " failed: " + holder),
             second.all().constData());
    QVERIFY2(second.err.contains(
                 "(stop that recording, or record into another file; reading it meanwhile is fine)"),
             second.all().constData());

    process->terminate();
    QCOMPARE(finish(*process).code, 0);
    QCOMPARE(stored(), 300);
}

void TestCliRecord::tellsALostConnection()
{
    NatsServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    const auto process =
        m_shell.start({"record", "--server", server.url(), "--subject", "a", "--history", m_history});
    QByteArray said;
    QVERIFY2(waitFor(*process, "recording", said), said.constData());
    server.stop();
    QVERIFY2(waitFor(*process, "weir: the connection is lost: ", said), said.constData());
    QVERIFY2(server.start(), qPrintable(server.error()));
    QVERIFY2(waitFor(*process, "weir: connected again to ", said), said.constData());
    process->terminate();
    const Said ended = finish(*process, said);
    QVERIFY2(ended.code == 3, ended.all().constData()); // done, but something is missing
    QVERIFY2(ended.out.contains(
                 "missing    0 dropped by the broker, 0 by the queue, 0 sampled out, 0 failed, 1 gap\n"),
             ended.out.constData());
    const Said info = m_shell.weir({"info", "--history", m_history});
    QVERIFY2(info.out.contains("  disconnected, number unknown\n"), info.out.constData());
    QCOMPARE(info.code, 3);
}

void TestCliRecord::tellsThatItSamples()
{
    const auto process = m_shell.start(recording({"--max-rate", "50", "--format", "json"}));
    QByteArray said;
    QVERIFY2(waitFor(*process, "recording", said), said.constData());
    while (!said.contains("observation budget") && process->state() == QProcess::Running) {
        publish(200);
        said += process->readAllStandardError();
        process->waitForReadyRead(20);
    }
    QVERIFY2(said.contains("weir: more comes than the observation budget allows: about one message in "),
             said.constData());
    process->terminate();
    const Said ended = finish(*process, said);
    QVERIFY2(ended.code == 3, ended.all().constData());
    QVERIFY2(ended.json()["sampled"].toInt() > 0, ended.all().constData());
    QVERIFY2(ended.json()["sampled_estimated"].toBool(), ended.all().constData());
    const Said info = m_shell.weir({"info", "--history", m_history, "--format", "json"});
    QCOMPARE(info.json()["sampled"], ended.json()["sampled"]);
    QCOMPARE(info.json()["sampled_estimated"], QJsonValue(true));
    QCOMPARE(info.code, 3);
    const Said text = m_shell.weir({"info", "--history", m_history});
    QVERIFY2(text.out.contains(" sampled out (estimated), 0 failed, "), text.all().constData());
    QCOMPARE(text.code, 3);
}

void TestCliRecord::theConsoleSaysNothingOfItsSurroundings()
{
    const auto console =
        m_shell.startWithWindow({"--server", m_server.url(), "--subject", "a.>", "--history", m_history});
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(m_history + ".lock"), 20'000);
    console->terminate();
    const Said said = finish(*console);
    QCOMPARE(said.code, 0);
    QVERIFY2(!said.err.contains("XDG_RUNTIME_DIR"), said.all().constData());
}

QTEST_GUILESS_MAIN(TestCliRecord)
#include "tst_clirecord.moc"
