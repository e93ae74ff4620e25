// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/envelope/Names.h"
#include "core/filter/Filter.h"
#include "core/filter/FilterSuggestions.h"

#include <QTest>

#include <algorithm>

using namespace weir;

class TestFilterSuggestions : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void offers_data();
    void offers();
    void completedTextsAreRight();
    void survivesAnyText();

private:
    Names m_names;
};

void TestFilterSuggestions::initTestCase()
{
    for (const char* subject : {"orders.1.created", "orders.2.paid", "auth.login", "ping"})
        m_names.subjects.intern(subject);
    for (const char* pop : {"FRA", "LHR", "AFR"})
        m_names.pops.intern(pop);
    m_names.workers.intern("check out");
    m_names.identities.intern(
        {"ada", "iss", Evidence::Verified, "", R"({"acc":"EDGE"})", "", kNoTime, kNoTime});
}

void TestFilterSuggestions::offers_data()
{
    // `|` is the cursor.
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("column");
    QTest::addColumn<int>("length");
    QTest::addColumn<QStringList>("first");
    const auto row = [](const char* text, int column, int length, const QStringList& first) {
        QTest::addRow("%s", text) << QString(text) << column << length << first;
    };
    row("|", 0, 0, {"subject", "pop", "worker"});
    row("la|", 0, 2, {"latency"});
    row("la|tency", 0, 7, {"latency"});
    row("po", 0, 2, {"pop"});
    row("pop:FRA |", 8, 0, {"subject", "pop"});
    row("pop:FRA an|", 8, 2, {"AND"});
    row("an|", 0, 2, {});
    row("NOT po|", 4, 2, {"pop"});
    row("(po|", 1, 2, {"pop"});
    row("pop |", 4, 0, {":", "=", "!=", "~"});
    row("size |", 5, 0, {":", "=", "!=", "<", "<=", ">", ">="});
    row("pop:|", 4, 0, {"FRA", "LHR", "AFR", "\"\""});
    row("pop:fr|", 4, 2, {"FRA", "AFR"});
    row("pop:FRA,l|", 8, 1, {"LHR"});
    row("pop:FRA, |", 9, 0, {"FRA", "LHR"});
    row("pop:F|RA", 4, 3, {"FRA", "AFR"});
    row("pop:\"F|RA\"", 4, 5, {"FRA", "AFR"});
    row("worker:c|", 7, 1, {"\"check out\""});
    row("subject:|", 8, 0, {"orders.>", "auth.>", "ping"});
    row("subject:orders.|", 8, 7, {"orders.1.>", "orders.2.>"});
    row("subject:orders.1.|", 8, 9, {"orders.1.created"});
    row("identity:|", 9, 0, {"ada"});
    row("account:e|", 8, 1, {"EDGE"});
    row("evidence>=v|", 10, 1, {"verified", "vouched"});
    row("latency>100|", 8, 3, {"100us", "100ms", "100s"});
    row("latency>|", 8, 0, {"10ms", "100ms"});
    row("size>1.5k|", 5, 4, {"1.5kB"});
    row("time>-1|", 5, 2, {"-15m", "-1h", "-1d"});
    row("header.cf|", 0, 9, {"header.Cf-Ray"});
    row("\"needle|", 7, 0, {});
    row("\"Zürich\" po|", 9, 2, {"pop"});
    row("nonsense:x|", 10, 0, {});
}

void TestFilterSuggestions::offers()
{
    QFETCH(QString, text);
    QFETCH(int, column);
    QFETCH(int, length);
    QFETCH(QStringList, first);
    const qsizetype cursor = text.indexOf('|') < 0 ? text.size() : text.indexOf('|');
    const std::string plain = text.remove('|').toStdString();
    const auto made = FilterSuggestions::at(plain, static_cast<std::size_t>(cursor), &m_names);
    QStringList items;
    for (const FilterSuggestion& item : made.items)
        items << QString::fromStdString(item.text);
    QCOMPARE(items.mid(0, first.size()), first);
    QVERIFY2(!first.isEmpty() || items.isEmpty(), qPrintable(items.join(' ')));
    QCOMPARE(static_cast<int>(made.column), column);
    QCOMPARE(static_cast<int>(made.length), length);
}

void TestFilterSuggestions::completedTextsAreRight()
{
    for (const char* const head :
         {"pop:", "worker:", "subject:", "identity!=", "evidence<", "latency>5", "size<", "time>"}) {
        for (const FilterSuggestion& item : FilterSuggestions::at(head, 100, &m_names).items) {
            const std::string text =
                std::string(head).substr(0, FilterSuggestions::at(head, 100, &m_names).column) + item.text;
            QVERIFY2(Filter::check(text) == nullptr, text.c_str());
        }
    }
    QCOMPARE(FilterSuggestions::at("pop:", 4, &m_names, 2).items.size(), std::size_t{2});
    QVERIFY(FilterSuggestions::at("pop:", 4, nullptr).items.empty());
}

void TestFilterSuggestions::survivesAnyText()
{
    const std::string text = "NOT (pop:\"F\\\" RA\", LHR) json./a~1b~\"x\\\\\" header.\"a b\":Zoë,(x) \"\\";
    for (std::size_t length = 0; length <= text.size(); ++length) {
        for (std::size_t cursor = 0; cursor <= length + 1; ++cursor) {
            const auto made =
                FilterSuggestions::at(std::string_view(text).substr(0, length), cursor, &m_names);
            QVERIFY(made.column + made.length <= length);
        }
    }
}

QTEST_GUILESS_MAIN(TestFilterSuggestions)
#include "tst_filtersuggestions.moc"
