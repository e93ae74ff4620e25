// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/Shell.h"
#include "tests/support/RawPublisher.h"

#include <QFile>
#include <QJsonArray>
#include <QTest>

using namespace weir::test;

/// What keeps a history small and sound, as a user at a terminal meets it.
class TestCliHistoryTools : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void refusesLimitsThatAreNone_data();
    void refusesLimitsThatAreNone();
    void saysWhatExpired();

private:
    Shell m_shell;
    NatsServer m_server;
};

void TestCliHistoryTools::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.error()));
}

void TestCliHistoryTools::refusesLimitsThatAreNone_data()
{
    QTest::addColumn<QStringList>("option");
    QTest::addColumn<QByteArray>("why");
    QTest::newRow("no age") << QStringList{"--keep-age", "soon"} << QByteArray("it is not a duration");
    QTest::newRow("too young") << QStringList{"--keep-age", "5ms"} << QByteArray("takes 1s or more");
    QTest::newRow("no size") << QStringList{"--keep-size", "10 elephants"} << QByteArray("it is not a size");
    QTest::newRow("negative") << QStringList{"--keep-size", "-1GB"} << QByteArray("it is not a size");
    QTest::newRow("too small") << QStringList{"--keep-size", "5kB"} << QByteArray("takes 1MB or more");
}

void TestCliHistoryTools::refusesLimitsThatAreNone()
{
    QFETCH(const QStringList, option);
    QFETCH(const QByteArray, why);
    const Said said = m_shell.weir(
        QStringList{"record", "--server", m_server.url(), "--subject", ">", "--history", "none.db"} + option);
    QVERIFY2(said.code == 2, said.all().constData());
    QVERIFY2(said.err.contains(why), said.err.constData());
    QVERIFY(!QFile::exists(m_shell.file("none.db")));
}

void TestCliHistoryTools::saysWhatExpired()
{
    const auto process =
        m_shell.start({"record", "--server", m_server.url(), "--subject", ">", "--history", "short.db",
                       "--duration", "4s", "--keep-age", "1s", "--keep-size", "1GB", "--format", "json"});
    QByteArray said;
    QVERIFY2(waitFor(*process, "recording", said), said.constData());
    RawPublisher publisher(m_server.port());
    for (int i = 0; i < 50; ++i)
        publisher.publish("old", "x");
    QVERIFY(publisher.flush());
    const Said recorded = finish(*process, said);
    QVERIFY2(recorded.code == 0, recorded.all().constData()); // it did what it was told
    QCOMPARE(recorded.json().value("stored").toInt(), 50);

    const Said info = m_shell.weir({"info", "--history", "short.db"});
    QCOMPARE(info.code, 3);
    QVERIFY2(info.out.contains("expired, 50 messages"), info.all().constData());
    QVERIFY2(info.out.contains("this history keeps the last 1.0"), info.all().constData());
    const auto gaps =
        m_shell.weir({"info", "--history", "short.db", "--format", "json"}).json().value("gaps");
    QCOMPARE(gaps.toArray().size(), 1);
    QCOMPARE(gaps.toArray().first().toObject().value("cause").toString(), QString("expired"));
    QCOMPARE(gaps.toArray().first().toObject().value("messages").toInt(), 50);
    const Said query = m_shell.weir({"query", "--history", "short.db"});
    QCOMPARE(query.code, 3);
    QVERIFY2(query.out.isEmpty() && query.err.contains("1 gap in this range"), query.all().constData());
}

QTEST_GUILESS_MAIN(TestCliHistoryTools)
#include "tst_clihistorytools.moc"
