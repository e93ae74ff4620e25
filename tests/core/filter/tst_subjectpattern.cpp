// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/filter/SubjectPattern.h"

#include <QTest>

using namespace weir;

class TestSubjectPattern : public QObject
{
    Q_OBJECT
private slots:
    void matches_data();
    void matches();
    void legal_data();
    void legal();
    void prefix();
};

void TestSubjectPattern::matches_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("subject");
    QTest::addColumn<bool>("expected");
    const auto row = [](const char* pattern, const char* subject, bool expected) {
        QTest::addRow("%s / %s", pattern, subject) << QString(pattern) << QString(subject) << expected;
    };
    row("a.b", "a.b", true);
    row("a.b", "a.bc", false);
    row("a.*", "a.b", true);
    row("a.*", "a.b.c", false);
    row("a.*", "a", false);
    row("a.*", "a.", false);
    row("*", "a", true);
    row("*", "", false);
    row("*.b", "a.b", true);
    row("*.b", ".b", false);
    row("a.*.c", "a.b.c", true);
    row("a.*.c", "a.b.d", false);
    row("a.*.c", "a..c", false);
    row("a.>", "a.b", true);
    row("a.>", "a.b.c.d", true);
    row("a.>", "a", false);
    row("a.>", "a.", false);
    row("a.>", "ab.c", false);
    row(">", "a", true);
    row(">", "a.b", true);
    row(">", "", false);
    row("*.>", "a.b", true);
    row("*.>", "a", false);
    row("a*", "ab", false);
    row("a*", "a*", true);
    row("a.b>", "a.b>", true);
    row("a..b", "a..b", true);
    row("", "", true);
    row(".", ".", true);
    row("*.*", ".", false);
    row(">", "..", true); // more follows an empty first token
    row(">.a", "b.a", false);
    row("*.*.*", "a.b.c", true);
    row("*.*.*", "a.b", false);
}

void TestSubjectPattern::matches()
{
    QFETCH(QString, pattern);
    QFETCH(QString, subject);
    QFETCH(bool, expected);
    QCOMPARE(SubjectPattern(pattern.toStdString()).matches(subject.toStdString()), expected);
}

void TestSubjectPattern::legal_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<bool>("expected");
    QTest::newRow("a.b") << "a.b" << true;
    QTest::newRow(">") << ">" << true;
    QTest::newRow("a.*.>") << "a.*.>" << true;
    QTest::newRow("empty") << "" << false;
    QTest::newRow("a.") << "a." << false;
    QTest::newRow("a..b") << "a..b" << false;
    QTest::newRow(">.a") << ">.a" << false;
    QTest::newRow("space") << "a b" << false;
}

void TestSubjectPattern::legal()
{
    QFETCH(QString, pattern);
    QFETCH(bool, expected);
    QCOMPARE(SubjectPattern::isLegal(pattern.toStdString()), expected);
}

void TestSubjectPattern::prefix()
{
    QCOMPARE(SubjectPattern("orders.*.x").literalPrefix(), std::string_view("orders."));
    QCOMPARE(SubjectPattern("orders.x").literalPrefix(), std::string_view("orders.x"));
    QVERIFY(SubjectPattern(">").literalPrefix().empty());
    QVERIFY(SubjectPattern("a*").isLiteral());
    QCOMPARE(subjectTokens("a..b").size(), std::size_t{3});
    QVERIFY(subjectTokens("").empty());
}

QTEST_GUILESS_MAIN(TestSubjectPattern)
#include "tst_subjectpattern.moc"
