// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/PopSums.h"

#include <QTest>

using namespace weir;

namespace {

RollupCell cell(std::uint32_t pop, std::uint32_t group, std::uint64_t count)
{
    RollupCell made;
    made.key.pop = PopId{pop};
    made.key.group = GroupId{group};
    made.count = count;
    made.bytes = count * 100;
    return made;
}

const PopSum* named(const std::vector<PopSum>& pops, const std::string& name)
{
    const auto found =
        std::find_if(pops.begin(), pops.end(), [&](const PopSum& pop) { return pop.name == name; });
    return found == pops.end() ? nullptr : &*found;
}

} // namespace

class TestPopSums : public QObject
{
    Q_OBJECT
private slots:
    void addsUpWhateverTheyPublished();
    void tellsNoPopFromOthers();
    void countsPopsBeyondItsLimitAsOthers();
};

/// Keys beside the PoP do not use up what a sum can tell apart.
void TestPopSums::addsUpWhateverTheyPublished()
{
    Names names;
    const PopId fra = names.pops.intern("FRA");
    const PopId gru = names.pops.intern("GRU");
    PopSums sums;
    for (std::uint32_t second = 0; second < 4; ++second) {
        RollupSlot slot;
        slot.start = 1000 + second;
        for (std::uint32_t group = 1; group <= 4000; ++group)
            slot.cells.push_back(cell((group % 2 == 0 ? fra : gru).value, second * 4000 + group, 3));
        sums.add(slot);
    }
    const auto pops = sums.take(names, std::chrono::seconds(10));
    QCOMPARE(pops.size(), std::size_t{2});
    QCOMPARE(pops[0].name, std::string("FRA"));
    QCOMPARE(pops[0].messages, std::uint64_t{24'000});
    QCOMPARE(pops[0].bytes, std::uint64_t{2'400'000});
    QCOMPARE(pops[0].rate, std::optional(2400.0));
    QCOMPARE(pops[1].messages, std::uint64_t{24'000});
    QCOMPARE(toUnixNanos(pops[1].firstSeen), std::int64_t{1000} * 1'000'000'000);
    QCOMPARE(toUnixNanos(pops[1].lastSeen), std::int64_t{1004} * 1'000'000'000);
    QVERIFY(sums.take(names, std::chrono::seconds(10)).empty());
}

void TestPopSums::tellsNoPopFromOthers()
{
    Names names;
    PopSums sums;
    RollupSlot slot;
    slot.cells = {cell(0, 0, 5), cell(0, 7, 11), cell(0, 8, 1)};
    sums.add(slot);
    const auto pops = sums.take(names, std::chrono::seconds(1));
    QCOMPARE(pops.size(), std::size_t{2});
    QVERIFY(named(pops, "no PoP") && named(pops, "other PoPs"));
    QCOMPARE(named(pops, "no PoP")->messages, std::uint64_t{12});
    QCOMPARE(named(pops, "other PoPs")->messages, std::uint64_t{5});
    QVERIFY(!pops[0].isCode && !pops[1].isCode);
}

/// A header may say anything: more PoPs than there are airports.
void TestPopSums::countsPopsBeyondItsLimitAsOthers()
{
    Names names;
    PopSums sums;
    constexpr std::uint32_t kPops = 9000;
    for (std::uint32_t i = 1; i <= kPops; ++i)
        (void)names.pops.intern("P" + std::to_string(i));
    for (std::uint32_t first = 1; first <= kPops; first += 1000) {
        RollupSlot slot;
        slot.start = first;
        for (std::uint32_t pop = first; pop < first + 1000; ++pop)
            slot.cells.push_back(cell(pop, 1, 2));
        sums.add(slot);
    }
    const auto pops = sums.take(names, std::chrono::seconds(1));
    QVERIFY(pops.size() <= kMaxRollupCells);
    std::uint64_t messages = 0;
    for (const PopSum& pop : pops)
        messages += pop.messages;
    QCOMPARE(messages, std::uint64_t{kPops} * 2);
    QVERIFY(named(pops, "other PoPs"));
    QVERIFY(named(pops, "other PoPs")->messages > kPops);
}

QTEST_APPLESS_MAIN(TestPopSums)
#include "tst_popsums.moc"
