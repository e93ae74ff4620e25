// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/MessageQueue.h"

#include <QTest>

#include <atomic>
#include <string>
#include <thread>

using namespace weir;
using namespace std::chrono_literals;

namespace {

RawMessage message(std::string_view subject, std::string_view payload)
{
    RawMessage raw;
    raw.time = fromUnixNanos(1);
    raw.subject = subject;
    raw.payload = payload;
    return raw;
}

} // namespace

class TestMessageQueue : public QObject
{
    Q_OBJECT
private slots:
    void copiesEveryPart();
    void keepsOrderAcrossChunks();
    void refusesWhenFullAndTakesAgainWhenDrained();
    void passesOneMessageLargerThanItsBudget();
    void closedRefusesAndDrains();
    void waitsNoLongerThanAsked();
    void manyProducersLoseNothing();
};

void TestMessageQueue::copiesEveryPart()
{
    MessageQueue queue;
    {
        std::string subject = "orders.eu.created";
        std::string headers("NATS/1.0\r\nA: \0\r\n\r\n", 18);
        RawMessage raw = message(subject, "payload");
        raw.reply = "_INBOX.1";
        raw.headers = headers;
        raw.streamSeq = 7;
        QVERIFY(queue.push(raw));
        subject.assign(subject.size(), 'x'); // the queue must have its own copy
        headers.assign(headers.size(), 'x');
    }
    const auto chunk = queue.take(0ns);
    QVERIFY(chunk);
    QCOMPARE(chunk->messages().size(), std::size_t{1});
    const RawMessage& kept = chunk->messages().front();
    QVERIFY(kept.subject == "orders.eu.created");
    QVERIFY(kept.reply == "_INBOX.1");
    QVERIFY(kept.headers == std::string_view("NATS/1.0\r\nA: \0\r\n\r\n", 18));
    QVERIFY(kept.payload == "payload");
    QCOMPARE(kept.streamSeq, std::uint64_t{7});
}

void TestMessageQueue::keepsOrderAcrossChunks()
{
    MessageQueue queue;
    for (int i = 0; i < 10'000; ++i)
        QVERIFY(queue.push(message("s", std::to_string(i))));
    int next = 0;
    int chunks = 0;
    while (const auto chunk = queue.take(0ns)) {
        ++chunks;
        for (const RawMessage& raw : chunk->messages())
            QVERIFY(raw.payload == std::to_string(next++));
    }
    QCOMPARE(next, 10'000);
    QVERIFY(chunks > 1);
    QCOMPARE(queue.waitingBytes(), std::size_t{0});
}

void TestMessageQueue::refusesWhenFullAndTakesAgainWhenDrained()
{
    MessageQueue queue(1 << 20);
    const std::string payload(10'000, 'p');
    int accepted = 0;
    while (queue.push(message("s", payload)))
        ++accepted;
    QVERIFY(accepted > 50);
    QVERIFY(queue.waitingBytes() <= 1 << 20);
    QVERIFY(!queue.push(message("s", payload)));
    QVERIFY(queue.take(0ns));
    QVERIFY(queue.push(message("s", payload)));
}

void TestMessageQueue::passesOneMessageLargerThanItsBudget()
{
    MessageQueue queue(1000);
    const std::string payload(8 << 20, 'p');
    QVERIFY(queue.push(message("s", payload)));
    QVERIFY(!queue.push(message("s", "small")));
    const auto chunk = queue.take(0ns);
    QCOMPARE(chunk->messages().front().payload.size(), payload.size());
    QVERIFY(queue.push(message("s", "small")));
}

void TestMessageQueue::closedRefusesAndDrains()
{
    MessageQueue queue;
    QVERIFY(queue.push(message("s", "1")));
    queue.close();
    QVERIFY(!queue.push(message("s", "2")));
    QVERIFY(queue.take(1h));
    QVERIFY(!queue.take(1h)); // closed and empty: no waiting
}

void TestMessageQueue::waitsNoLongerThanAsked()
{
    MessageQueue queue;
    QVERIFY(!queue.take(1ms));
}

void TestMessageQueue::manyProducersLoseNothing()
{
    constexpr int kEach = 50'000;
    MessageQueue queue;
    std::atomic<std::uint64_t> refused{0};
    const auto produce = [&] {
        for (int i = 0; i < kEach; ++i) {
            if (!queue.push(message("subject.of.some.length", "0123456789")))
                ++refused;
        }
    };
    std::thread one(produce);
    std::thread two(produce);
    std::uint64_t taken = 0;
    std::thread taker([&] {
        while (const auto chunk = queue.take(1h)) {
            for (const RawMessage& raw : chunk->messages())
                taken += raw.payload == "0123456789" ? 1U : 0U;
        }
    });
    one.join();
    two.join();
    queue.close();
    taker.join();
    QCOMPARE(taken + refused, std::uint64_t{2 * kEach});
}

QTEST_APPLESS_MAIN(TestMessageQueue)
#include "tst_messagequeue.moc"
