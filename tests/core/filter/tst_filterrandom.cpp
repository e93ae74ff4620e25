// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/filter/Filter.h"
#include "tests/core/filter/NaiveFilter.h"

#include <QTest>

#include <numeric>

using namespace weir;
using weir::test::NaiveFilter;
using weir::test::Sample;
using weir::test::SampleMessage;

/// Random filters against random messages, and against a naive evaluator made of other code.
class TestFilterRandom : public QObject
{
    Q_OBJECT
private slots:
    void agreesWithTheNaiveEvaluator();
};

void TestFilterRandom::agreesWithTheNaiveEvaluator()
{
    std::mt19937 random(20261121);
    std::vector<SampleMessage> made;
    Sample sample;
    for (int i = 0; i < 300; ++i) {
        made.push_back(weir::test::randomMessage(random));
        sample.add(made.back());
    }
    const Batch batch = sample.batch();
    std::size_t matched = 0;
    std::size_t asked = 0;
    for (int i = 0; i < 1500; ++i) {
        const NaiveFilter naive = weir::test::randomFilter(random, 3);
        const auto filter = Filter::parse(naive.text);
        QVERIFY2(filter.has_value(), (naive.text + ": " + (filter ? "" : filter.error().line())).c_str());
        std::vector<std::uint32_t> expected;
        for (std::uint32_t row = 0; row < made.size(); ++row) {
            const bool matches = naive.matches(made[row]);
            QVERIFY2(filter->matches(batch.messages[row], *batch.names) == matches,
                     (naive.text + " on message " + std::to_string(row) + " " + made[row].subject + " | " +
                      made[row].headers + " | " + made[row].payload)
                         .c_str());
            if (matches)
                expected.push_back(row);
        }
        std::vector<std::uint32_t> rows(batch.messages.size());
        std::iota(rows.begin(), rows.end(), 0U);
        ColumnSet needed = 0;
        QVERIFY(filter->select(batch.messages, *batch.names, rows, weir::test::noting(needed)));
        QCOMPARE(needed & ~filter->columns(), 0U);
        QVERIFY2(rows == expected, naive.text.c_str());
        matched += expected.size();
        asked += made.size();
    }
    // The random worlds meet: neither everything nor nothing matches.
    QVERIFY(matched > asked / 10 && matched < asked * 9 / 10);
}

QTEST_GUILESS_MAIN(TestFilterRandom)
#include "tst_filterrandom.moc"
