// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/envelope/FactParsers.h"

#include <QTest>

using namespace weir;

class TestFactParsers : public QObject
{
    Q_OBJECT
private slots:
    void pop_data();
    void pop();
    void name_data();
    void name();
    void plainTexts();
    void traceparent_data();
    void traceparent();
    void sent_data();
    void sent();
    void subjects_data();
    void subjects();
};

namespace {

QString text(std::string_view view)
{
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

} // namespace

void TestFactParsers::pop_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("expected");
    QTest::newRow("upper") << QByteArray("FRA") << "FRA";
    QTest::newRow("lower") << QByteArray("fra") << "FRA";
    QTest::newRow("region") << QByteArray("eu-west_1.a") << "EU-WEST_1.A";
    QTest::newRow("empty") << QByteArray() << "";
    QTest::newRow("32 long") << QByteArray(32, 'a') << QString(32, 'A');
    QTest::newRow("33 long") << QByteArray(33, 'a') << "";
    QTest::newRow("space inside") << QByteArray("F A") << "";
    QTest::newRow("NUL") << QByteArray("F\0A", 3) << "";
    QTest::newRow("UTF-8") << QByteArray("MÜN") << "";
    QTest::newRow("control") << QByteArray("F\x1bRA") << "";
}

void TestFactParsers::pop()
{
    QFETCH(QByteArray, value);
    FactBuffer buffer;
    QTEST(text(parsePop({value.constData(), static_cast<std::size_t>(value.size())}, buffer)), "expected");
}

void TestFactParsers::name_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("expected");
    QTest::newRow("plain") << QByteArray("checkout") << "checkout";
    QTest::newRow("source") << QByteArray("/workers/checkout") << "/workers/checkout";
    QTest::newRow("percent") << QByteArray("caf%C3%A9%20eu") << "café eu";
    QTest::newRow("one round only") << QByteArray("%2525") << "%25";
    QTest::newRow("bad escape stays") << QByteArray("50%zz%4") << "50%zz%4";
    QTest::newRow("percent at the end") << QByteArray("a%") << "a%";
    QTest::newRow("quoted") << QByteArray("\"a\\\"b\"") << "a\"b";
    QTest::newRow("one quote") << QByteArray("\"") << "\"";
    QTest::newRow("hidden control") << QByteArray("a%00b") << "";
    QTest::newRow("newline") << QByteArray("a%0Ab") << "";
    QTest::newRow("UTF-8") << QByteArray("café") << "café";
    QTest::newRow("not UTF-8") << QByteArray("caf\xe9") << "";
    QTest::newRow("not UTF-8, decoded") << QByteArray("caf%E9") << "";
    QTest::newRow("255 long") << QByteArray(255, 'w') << QString(255, 'w');
    QTest::newRow("256 long") << QByteArray(256, 'w') << "";
}

void TestFactParsers::name()
{
    QFETCH(QByteArray, value);
    FactBuffer buffer;
    QTEST(text(parseName({value.constData(), static_cast<std::size_t>(value.size())}, buffer)), "expected");
}

void TestFactParsers::plainTexts()
{
    QVERIFY(plainText("a\nb\x1b[31m") == "a?b?[31m");
    QVERIFY(plainText(std::string(254, 'a') + "éb") == std::string(254, 'a'));
    QVERIFY(plainText(std::string(253, 'a') + "éb") == std::string(253, 'a') + "é");
    QVERIFY(plainText("") == "");
}

void TestFactParsers::traceparent_data()
{
    QTest::addColumn<QString>("value");
    QTest::addColumn<bool>("valid");
    const QString trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    const QString parent = "00f067aa0ba902b7";
    QTest::newRow("valid") << "00-" + trace + "-" + parent + "-01" << true;
    QTest::newRow("unknown flags") << "00-" + trace + "-" + parent + "-ff" << true;
    QTest::newRow("version 01") << "01-" + trace + "-" + parent + "-01" << true;
    QTest::newRow("version 01 with more") << "01-" + trace + "-" + parent + "-01-x" << true;
    QTest::newRow("version 01 glued") << "01-" + trace + "-" + parent + "-01x" << false;
    QTest::newRow("version 00 with more") << "00-" + trace + "-" + parent + "-01-x" << false;
    QTest::newRow("version ff") << "ff-" + trace + "-" + parent + "-01" << false;
    QTest::newRow("zero trace") << "00-" + QString(32, '0') + "-" + parent + "-01" << false;
    QTest::newRow("zero parent") << "00-" + trace + "-" + QString(16, '0') + "-01" << false;
    QTest::newRow("upper case") << "00-" + trace.toUpper() + "-" + parent + "-01" << false;
    QTest::newRow("short") << "00-" + trace + "-" + parent << false;
    QTest::newRow("empty") << "" << false;
}

void TestFactParsers::traceparent()
{
    QFETCH(QString, value);
    QFETCH(bool, valid);
    const std::string bytes = value.toStdString();
    QCOMPARE(text(parseTraceparent(bytes)), valid ? value.mid(3, 32) : QString());
}

void TestFactParsers::sent_data()
{
    QTest::addColumn<QString>("value");
    QTest::addColumn<qint64>("nanos");
    const qint64 none = toUnixNanos(kNoTime);
    QTest::newRow("s") << "1767323045" << 1767323045000000000LL;
    QTest::newRow("s with fraction") << "1767323045.678" << 1767323045678000000LL;
    QTest::newRow("ms") << "1767323045678" << 1767323045678000000LL;
    QTest::newRow("ms with fraction") << "1767323045678.25" << 1767323045678250000LL;
    QTest::newRow("us") << "1767323045678901" << 1767323045678901000LL;
    QTest::newRow("ns") << "1767323045678901234" << 1767323045678901234LL;
    QTest::newRow("RFC 3339") << "2026-01-02T03:04:05.678Z" << 1767323045678000000LL;
    QTest::newRow("RFC 3339 with offset") << "2026-01-02T04:04:05.678+01:00" << 1767323045678000000LL;
    QTest::newRow("zero") << "0" << none;
    QTest::newRow("negative") << "-5" << none;
    QTest::newRow("too long") << "17673230456789012345" << none;
    QTest::newRow("largest") << "9223372036854775807" << none;
    QTest::newRow("a word") << "now" << none;
    QTest::newRow("a number and more") << "1767323045x" << none;
    QTest::newRow("no such day") << "2026-13-02T03:04:05Z" << none;
    QTest::newRow("empty") << "" << none;
}

void TestFactParsers::sent()
{
    QFETCH(QString, value);
    const std::string bytes = value.toStdString();
    QTEST(static_cast<qint64>(toUnixNanos(parseSent(bytes))), "nanos");
}

void TestFactParsers::subjects_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("subject");
    QTest::addColumn<bool>("matches");
    QTest::newRow("same") << "a.b"
                          << "a.b" << true;
    QTest::newRow("star") << "a.*"
                          << "a.b" << true;
    QTest::newRow("star is one token") << "a.*"
                                       << "a.b.c" << false;
    QTest::newRow("rest") << "a.>"
                          << "a.b.c" << true;
    QTest::newRow("rest is at least one") << "a.>"
                                          << "a" << false;
    QTest::newRow("all") << ">"
                         << "a" << true;
    QTest::newRow("shorter") << "a.b"
                             << "a" << false;
    QTest::newRow("empty tokens") << "a.*.c"
                                  << "a..c" << true;
    QTest::newRow("prefix is not enough") << "ab"
                                          << "abc" << false;
}

void TestFactParsers::subjects()
{
    QFETCH(QString, pattern);
    QFETCH(QString, subject);
    QTEST(subjectMatches(pattern.toStdString(), subject.toStdString()), "matches");
    QVERIFY(subjectToken("a.b.c", 1) == "b");
    QVERIFY(subjectToken("a.b.c", 2) == "c");
    QVERIFY(subjectToken("a.b.c", 3).empty());
}

QTEST_GUILESS_MAIN(TestFactParsers)
#include "tst_factparsers.moc"
