// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/SubjectPattern.h"
#include "core/topology/PatternIndex.h"

#include <QtTest>

using namespace weir;

class PatternIndexTest : public QObject
{
    Q_OBJECT

private slots:
    void findsWhateverMeets();
    void leavesOutWhatCannotMeet();
};

namespace {

const std::vector<std::string> kPatterns{"orders.new", "*.new", "auth.login", ">",       "orders.>",
                                         "orders",     "*",     "auth.*",     "other.x", "orders.*.paid"};

PatternIndex<std::string> indexOfAll()
{
    PatternIndex<std::string> index;
    for (const std::string& pattern : kPatterns)
        index.add(pattern, pattern);
    return index;
}

} // namespace

void PatternIndexTest::findsWhateverMeets()
{
    const auto index = indexOfAll();
    for (const std::string& pattern : kPatterns) {
        std::vector<std::string> meeting;
        std::copy_if(kPatterns.begin(), kPatterns.end(), std::back_inserter(meeting),
                     [&](const std::string& each) { return patternsMeet(each, pattern); });
        std::vector<std::string> found = index.near(pattern);
        std::erase_if(found, [&](const std::string& each) { return !patternsMeet(each, pattern); });
        QCOMPARE(found, meeting); // in their order
    }
}

void PatternIndexTest::leavesOutWhatCannotMeet()
{
    const std::vector<std::string> expected{"*.new", "auth.login", ">", "*", "auth.*"};
    QCOMPARE(indexOfAll().near("auth.token"), expected);
    QCOMPARE(PatternIndex<int>().near("orders.>"), std::vector<int>());
}

QTEST_APPLESS_MAIN(PatternIndexTest)
#include "tst_patternindex.moc"
