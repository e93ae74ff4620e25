// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Dictionary.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace weir;

class TestDictionary : public QObject
{
    Q_OBJECT
private slots:
    void givesIdsFromOneWithoutGaps();
    void emptyIsNone();
    void namesKeepTheirAddress();
    void readersSeeOnlyWholeNamesWhileItGrows();
};

void TestDictionary::givesIdsFromOneWithoutGaps()
{
    Dictionary<SubjectId> subjects;
    QCOMPARE(subjects.intern("a").value, 1U);
    QCOMPARE(subjects.intern("b").value, 2U);
    QCOMPARE(subjects.intern("a").value, 1U);
    QCOMPARE(subjects.size(), 2U);
    QVERIFY(subjects.name({2}) == "b");
    QVERIFY(subjects.name({3}).empty());
    QVERIFY(subjects.find("b") == SubjectId{2});
    QVERIFY(!subjects.find("c"));
}

void TestDictionary::emptyIsNone()
{
    Dictionary<PopId> pops;
    QVERIFY(pops.intern("").isNone());
    QCOMPARE(pops.size(), 0U);
}

void TestDictionary::namesKeepTheirAddress()
{
    Dictionary<SubjectId> subjects;
    const std::string_view first =
        subjects.name(subjects.intern("s")); // short: lies inside the string itself
    for (int i = 0; i < 100'000; ++i)
        (void)subjects.intern(std::to_string(i));
    QCOMPARE(static_cast<const void*>(subjects.name({1}).data()), static_cast<const void*>(first.data()));
    QVERIFY(first == "s");
}

void TestDictionary::readersSeeOnlyWholeNamesWhileItGrows()
{
    Dictionary<SubjectId> subjects;
    std::atomic<bool> done{false};
    std::atomic<bool> wrong{false};
    std::thread reader([&] {
        while (!done) {
            const std::uint32_t size = subjects.size();
            if (size > 0 && subjects.name({size}) != std::to_string(size))
                wrong = true;
        }
    });
    for (std::uint32_t i = 1; i <= 5'000; ++i)
        (void)subjects.intern(std::to_string(i));
    done = true;
    reader.join();
    QVERIFY(!wrong);
}

QTEST_APPLESS_MAIN(TestDictionary)
#include "tst_dictionary.moc"
