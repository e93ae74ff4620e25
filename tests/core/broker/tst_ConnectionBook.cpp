// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/ConnectionBook.h"

#include <QTest>

using namespace weir;

/// One server's connections, read in detail, lightly, or one alone; and those that nobody saw.
class TestConnectionBook : public QObject
{
    Q_OBJECT

private slots:
    void lightReadingsKeepWhatIsKnown();
    void readsPagesThatOverlap();
    void putsAndRemovesOne();
    void countsVisitors();
    void countsNoVisitorTwice();
    void countsNothingOfWhatWasNotRead();
};

namespace {

SeenConnection connection(std::uint64_t cid, std::uint64_t messages = 0, const char* subject = "")
{
    SeenConnection seen;
    seen.cid = cid;
    seen.inMessages = messages;
    if (*subject != '\0')
        seen.subscriptions.push_back({subject, {}, 0});
    return seen;
}

std::vector<SeenConnection> list(std::initializer_list<std::uint64_t> cids)
{
    std::vector<SeenConnection> all;
    for (const std::uint64_t cid : cids)
        all.push_back(connection(cid, 1, "a"));
    return all;
}

} // namespace

void TestConnectionBook::lightReadingsKeepWhatIsKnown()
{
    ConnectionBook book;
    book.replace(list({7, 3, 5}), 3);
    SeenConnection light = connection(5, 20);
    light.rtt = std::chrono::milliseconds(2);
    light.told = fromUnixNanos(9);
    QVERIFY(book.refresh({light, connection(7, 30)}, 2));
    QCOMPARE(book.all().size(), std::size_t{2}); // 3 left
    QCOMPARE(book.all()[0].inMessages, std::uint64_t{20});
    QCOMPARE(book.all()[0].subscriptions.size(), std::size_t{1});
    QCOMPARE(book.all()[0].told, fromUnixNanos(9));
    QVERIFY(book.refresh({connection(5, 21), connection(7, 31)}, 2));
    QCOMPARE(book.all()[0].rtt, Nanoseconds(std::chrono::milliseconds(2))); // not told every time
    QVERIFY(!book.refresh({connection(5), connection(7), connection(8)}, 3));
    QCOMPARE(book.all().size(), std::size_t{2});
    QCOMPARE(book.total(), std::uint64_t{3});
}

void TestConnectionBook::readsPagesThatOverlap()
{
    ConnectionBook book;
    book.replace(list({1, 2, 3, 3, 2, 4}), 4);
    QCOMPARE(book.all().size(), std::size_t{4});
}

void TestConnectionBook::putsAndRemovesOne()
{
    ConnectionBook book;
    book.replace(list({1, 9}), 2);
    book.put(connection(5, 0, "x"));
    book.put(connection(5, 0, "y"));
    QCOMPARE(book.total(), std::uint64_t{3});
    QCOMPARE(book.all()[1].subscriptions[0].subject, std::string("y"));
    QVERIFY(book.remove(1));
    QVERIFY(!book.remove(1));
    QCOMPARE(book.total(), std::uint64_t{2});
    QCOMPARE(book.all()[0].cid, std::uint64_t{5});
}

void TestConnectionBook::countsVisitors()
{
    ConnectionBook book;
    book.accepted(10);
    book.replace(list({1, 2}), 2);
    QCOMPARE(book.visitors(), std::uint64_t{0}); // those before are history
    book.accepted(10);
    book.replace(list({1, 2}), 2);
    book.accepted(14); // one stayed
    book.replace(list({1, 2, 9}), 3);
    QCOMPARE(book.visitors(), std::uint64_t{3});
    book.accepted(16);
    book.put(connection(12));
    QCOMPARE(book.visitors(), std::uint64_t{3}); // not all were read
    book.replace(list({1, 12}), 2);
    QCOMPARE(book.visitors(), std::uint64_t{4});
}

/// One that came between the count and the list is in the list first.
void TestConnectionBook::countsNoVisitorTwice()
{
    ConnectionBook book;
    book.accepted(1);
    book.replace(list({1}), 1);
    book.accepted(1);
    book.replace(list({1, 2}), 2);
    QCOMPARE(book.visitors(), std::uint64_t{0});
    book.accepted(2);
    book.replace(list({1, 2}), 2);
    QCOMPARE(book.visitors(), std::uint64_t{0});
    book.accepted(3);
    book.replace(list({1, 2}), 2);
    QCOMPARE(book.visitors(), std::uint64_t{1});
}

void TestConnectionBook::countsNothingOfWhatWasNotRead()
{
    ConnectionBook book;
    for (std::uint64_t ever = 100; ever < 500; ever += 100) {
        book.accepted(ever);
        book.replace(list({1, 2}), ever);
    }
    QCOMPARE(book.visitors(), std::uint64_t{0});
}

QTEST_GUILESS_MAIN(TestConnectionBook)
#include "tst_ConnectionBook.moc"
