// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/filter/ByteSearch.h"

#include <QTest>

#include <random>

using weir::ByteSearch;

class TestByteSearch : public QObject
{
    Q_OBJECT
private slots:
    void findsAtBothEndsAndNowhereElse();
    void agreesWithStringFind();
};

void TestByteSearch::findsAtBothEndsAndNowhereElse()
{
    const ByteSearch needle("needle");
    QVERIFY(needle.isIn("needle"));
    QVERIFY(needle.isIn("needle at the front"));
    QVERIFY(needle.isIn("at the end a needle"));
    QVERIFY(!needle.isIn("needl"));
    QVERIFY(!needle.isIn("eedle needl"));
    QVERIFY(!needle.isIn({}));
    QVERIFY(ByteSearch(std::string("\0z", 2)).isIn(std::string("a\0z", 3)));
}

void TestByteSearch::agreesWithStringFind()
{
    std::mt19937 random(7);
    int found = 0;
    constexpr int kRounds = 20'000;
    for (int i = 0; i < kRounds; ++i) {
        const auto letters = [&random](std::size_t most, unsigned kinds) {
            std::string text(1 + random() % most, ' ');
            for (char& letter : text)
                letter = "abkz\0\xff\"q"[random() % kinds];
            return text;
        };
        const unsigned kinds = 1 + random() % 8;
        const std::string bytes = letters(i % 100 == 0 ? 20'000 : 60, kinds); // long: the seldom byte is not
        const std::string wanted = letters(4, kinds);
        const bool is = bytes.find(wanted) != std::string::npos;
        QCOMPARE(ByteSearch(wanted).isIn(bytes), is);
        found += is ? 1 : 0;
    }
    QVERIFY(found > kRounds / 10 && found < kRounds * 9 / 10);
}

QTEST_GUILESS_MAIN(TestByteSearch)
#include "tst_bytesearch.moc"
