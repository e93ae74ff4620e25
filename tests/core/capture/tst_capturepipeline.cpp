// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/MessageQueue.h"
#include "core/capture/CapturePipeline.h"
#include "core/capture/CoverageLedger.h"
#include "tests/support/ManualClock.h"

#include <QTest>

#include <atomic>

using namespace weir;

namespace {

/// Keeps what it is given, and where in the order of all sinks it came.
class Collector final : public BatchSink
{
public:
    explicit Collector(std::vector<const BatchSink*>* order = nullptr) : m_order(order) {}
    void consume(const std::shared_ptr<const Batch>& batch) override
    {
        m_batches.push_back(batch);
        if (m_order != nullptr)
            m_order->push_back(this);
    }
    void tick(Timestamp) override { ++m_ticks; }

    [[nodiscard]] std::vector<Message> messages() const
    {
        std::vector<Message> all;
        for (const auto& batch : m_batches)
            all.insert(all.end(), batch->messages.begin(), batch->messages.end());
        return all;
    }
    [[nodiscard]] int ticks() const { return m_ticks; }

private:
    std::vector<const BatchSink*>* m_order;
    std::vector<std::shared_ptr<const Batch>> m_batches;
    std::atomic<int> m_ticks{0};
};

/// A running pipeline with a queue to push into.
struct Rig
{
    explicit Rig(std::vector<BatchSink*> sinks, CapturePipeline::Options options = {})
        : pipeline(queue, ledger, EnvelopeReader(EnvelopeRules::defaults(), names, {}), names, clock,
                   std::move(sinks), std::move(options))
    {
        pipeline.start();
    }
    MessageQueue queue;
    CoverageLedger ledger;
    std::shared_ptr<Names> names = std::make_shared<Names>();
    test::ManualClock clock;
    CapturePipeline pipeline;
};

RawMessage raw(std::string_view subject, std::string_view headers = {}, std::string_view payload = "p")
{
    RawMessage message;
    message.time = fromUnixNanos(1'767'323'045'000'000'000);
    message.subject = subject;
    message.headers = headers;
    message.payload = payload;
    return message;
}

} // namespace

class TestCapturePipeline : public QObject
{
    Q_OBJECT
private slots:
    void numbersAndReadsEveryMessage();
    void givesSinksTheSameBatchesInOrder();
    void stopsAtItsLimit();
    void ticksWithoutMessages();
    void countsWhatItReceived();
    void rawTokensNeverReachASink();
};

void TestCapturePipeline::numbersAndReadsEveryMessage()
{
    Collector sink;
    CapturePipeline::Options options;
    options.firstSeq = 101;
    Rig rig({&sink}, options);
    for (int i = 0; i < 3000; ++i)
        QVERIFY(
            rig.queue.push(raw("orders.eu." + std::to_string(i % 7), "NATS/1.0\r\nCf-Ray: 8a-FRA\r\n\r\n")));
    rig.pipeline.finish();
    const auto messages = sink.messages();
    QCOMPARE(messages.size(), std::size_t{3000});
    for (std::size_t i = 0; i < messages.size(); ++i) {
        QCOMPARE(messages[i].seq, 101 + i);
        QVERIFY(messages[i].subjectName == "orders.eu." + std::to_string(i % 7));
        QVERIFY(messages[i].popName == "FRA");
    }
    QCOMPARE(rig.names->subjects.size(), 7U);
    QVERIFY(rig.pipeline.firstReceived() == messages.front().time);
}

void TestCapturePipeline::givesSinksTheSameBatchesInOrder()
{
    std::vector<const BatchSink*> order;
    Collector first(&order);
    Collector second(&order);
    Rig rig({&first, &second});
    QVERIFY(rig.queue.push(raw("a")));
    rig.pipeline.finish();
    QCOMPARE(order, (std::vector<const BatchSink*>{&first, &second}));
    QCOMPARE(first.messages().size(), second.messages().size());
}

void TestCapturePipeline::stopsAtItsLimit()
{
    Collector sink;
    std::atomic<int> reached{0};
    CapturePipeline::Options options;
    options.limit = 1500;
    options.limitReached = [&reached] { ++reached; };
    Rig rig({&sink}, options);
    for (int i = 0; i < 4000; ++i)
        QVERIFY(rig.queue.push(raw("a")));
    rig.pipeline.finish();
    QCOMPARE(sink.messages().size(), std::size_t{1500});
    QCOMPARE(reached.load(), 1);
    QCOMPARE(rig.ledger.snapshot().received, std::uint64_t{1500});
}

void TestCapturePipeline::ticksWithoutMessages()
{
    Collector sink;
    Rig rig({&sink});
    QTRY_VERIFY(sink.ticks() > 2);
}

void TestCapturePipeline::countsWhatItReceived()
{
    Rig rig({});
    QVERIFY(rig.queue.push(raw("12345", "NATS/1.0\r\n\r\n", "123")));
    rig.pipeline.finish();
    QCOMPARE(rig.ledger.snapshot().received, std::uint64_t{1});
    QCOMPARE(rig.ledger.snapshot().bytesIn, std::uint64_t{5 + 12 + 3});
}

void TestCapturePipeline::rawTokensNeverReachASink()
{
    Collector sink;
    Rig rig({&sink});
    const std::string token = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ3b3JrZXI6Y2hlY2tvdXQifQ.c2lnbmF0dXJl";
    for (int i = 0; i < 100; ++i)
        QVERIFY(rig.queue.push(raw("orders", "NATS/1.0\r\nX-Identity-Token: " + token + "\r\nA: b\r\n\r\n")));
    rig.pipeline.finish();
    const auto messages = sink.messages();
    QCOMPARE(messages.size(), std::size_t{100});
    for (const Message& message : messages) {
        QVERIFY(message.headers.find("c2lnbmF0dXJl") == std::string_view::npos);
        QVERIFY(message.headers.find("<redacted sha256:") != std::string_view::npos);
        QVERIFY(message.headers.find("A: b\r\n") != std::string_view::npos);
        QCOMPARE(message.evidence, Evidence::Claimed);
    }
    QCOMPARE(rig.names->identities.at(messages.front().identity).name, std::string("worker:checkout"));
}

QTEST_APPLESS_MAIN(TestCapturePipeline)
#include "tst_capturepipeline.moc"
