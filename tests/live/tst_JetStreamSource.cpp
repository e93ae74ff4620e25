// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/JetStreamSource.h"
#include "tests/support/EventLog.h"
#include "tests/support/RawPublisher.h"
#include "tests/support/StreamBroker.h"

#include <QTest>

#include <set>

using namespace weir;
using namespace weir::test;

namespace {

class Broker : public StreamBroker
{
public:
    void publish(int from, int count)
    {
        RawPublisher publisher(server().port());
        for (int i = from; i < from + count; ++i)
            publisher.publish("orders." + QByteArray::number(i % 7), "order " + QByteArray::number(i),
                              "NATS/1.0\r\nN: 1\r\n\r\n");
        QVERIFY(publisher.flush());
        QTRY_COMPARE(lastSequence("ORDERS"), std::uint64_t(from + count - 1));
    }
    [[nodiscard]] JetStreamSource::Options options() const
    {
        JetStreamSource::Options options;
        options.profile.urls = {server().url().toStdString()};
        options.stream = "ORDERS";
        options.ackWait = std::chrono::seconds(1);
        options.reconnect = quickReconnect();
        return options;
    }
};

std::set<std::uint64_t> sequences(const std::vector<TakenMessage>& messages)
{
    std::set<std::uint64_t> found;
    for (const TakenMessage& message : messages)
        found.insert(message.streamSeq);
    return found;
}

} // namespace

class TestJetStreamSource : public QObject
{
    Q_OBJECT

private slots:
    void takesTheWholeStreamInOrder();
    void acknowledgesOnlyWhatIsCommitted();
    void acknowledgesAfterStopToo();
    void losesNothingWhenKilled();
    void waitsWhenTheQueueIsFull();
    void goesOnAfterTheServerRestarts();
    void goesOnAfterTheConsumerIsDeleted();
    void losesNothingWhenTheStreamIsMadeAnew();
    void takesOnlyWhatIsAskedFor();
    void tellsWhatTheStreamDiscarded();
    void saysWhatIsInTheWay();
};

void TestJetStreamSource::takesTheWholeStreamInOrder()
{
    Broker broker;
    QVERIFY(broker.start());
    broker.publish(1, 20'000);
    SystemClock clock;
    MessageQueue queue;
    EventLog events;
    JetStreamSource source(broker.options(), clock);
    const Result<void> started = source.start(queue, events);
    QVERIFY2(started, started ? "" : started.error().line().c_str());
    const std::vector<TakenMessage> taken = takeMessages(queue, 20'000);
    QCOMPARE(taken.size(), std::size_t{20'000});
    for (std::size_t i = 0; i < taken.size(); ++i)
        QVERIFY(taken[i].streamSeq == i + 1 && taken[i].payload == "order " + std::to_string(i + 1));
    QCOMPARE(QByteArray::fromStdString(taken[5].subject), QByteArray("orders.6"));
    QCOMPARE(QByteArray::fromStdString(taken[5].headers), QByteArray("NATS/1.0\r\nN: 1\r\n\r\n"));
    QVERIFY(taken[5].reply.empty());
    QVERIFY(clock.now() - taken[5].stored < std::chrono::minutes(1));
    broker.publish(20'001, 10);
    QCOMPARE(takeMessages(queue, 10).size(), std::size_t{10});
    QVERIFY(events.gaps().empty());
}

void TestJetStreamSource::acknowledgesOnlyWhatIsCommitted()
{
    Broker broker;
    QVERIFY(broker.start());
    broker.publish(1, 100);
    SystemClock clock;
    MessageQueue queue;
    EventLog events;
    JetStreamSource::Options options = broker.options();
    options.ackWait = std::chrono::seconds(30);
    JetStreamSource source(options, clock);
    QVERIFY(source.start(queue, events));
    QCOMPARE(takeMessages(queue, 100).size(), std::size_t{100});
    QCOMPARE(broker.unacknowledged(), 100);
    source.committed(60);
    QTRY_COMPARE(broker.unacknowledged(), 40);
    QCOMPARE(broker.floor(), 60);
    source.committed(100);
    QTRY_COMPARE(broker.unacknowledged(), 0);
}

void TestJetStreamSource::acknowledgesAfterStopToo()
{
    Broker broker;
    QVERIFY(broker.start());
    broker.publish(1, 100);
    SystemClock clock;
    MessageQueue queue;
    EventLog events;
    JetStreamSource source(broker.options(), clock);
    QVERIFY(source.start(queue, events));
    QCOMPARE(takeMessages(queue, 100).size(), std::size_t{100});
    source.stop();
    source.committed(100);
    QTRY_COMPARE(broker.unacknowledged(), 0);
}

void TestJetStreamSource::losesNothingWhenKilled()
{
    Broker broker;
    QVERIFY(broker.start());
    broker.publish(1, 1000);
    SystemClock clock;
    std::set<std::uint64_t> history;
    {
        MessageQueue queue;
        EventLog events;
        JetStreamSource source(broker.options(), clock);
        QVERIFY(source.start(queue, events));
        const auto taken = takeMessages(queue, 1000);
        QCOMPARE(taken.size(), std::size_t{1000});
        // 700 became durable, only 500 of them were acknowledged; then the process died.
        for (std::size_t i = 0; i < 700; ++i)
            history.insert(taken[i].streamSeq);
        source.committed(500);
        QTRY_COMPARE(broker.floor(), 500);
    }
    broker.publish(1001, 50);
    MessageQueue queue;
    EventLog events;
    JetStreamSource::Options options = broker.options();
    options.findStored = [&history](std::uint64_t floor) -> Result<StoredMessages> {
        if (floor != 500) // up to which all were acknowledged
            return Error{ErrorCode::Internal, "asking for what is stored", "of the wrong range", ""};
        return StoredMessages{[&history](std::uint64_t seq, Timestamp) { return history.contains(seq); }};
    };
    JetStreamSource source(options, clock);
    QVERIFY(source.start(queue, events));
    const auto taken = takeMessages(queue, 350);
    QCOMPARE(taken.size(), std::size_t{350});
    for (const std::uint64_t seq : sequences(taken))
        QVERIFY2(history.insert(seq).second, "stored twice");
    QCOMPARE(history.size(), std::size_t{1050});
    source.committed(350);
    QTRY_COMPARE(broker.unacknowledged(), 0);
    QVERIFY(takeMessages(queue, 1, std::chrono::milliseconds(1500)).empty());
}

void TestJetStreamSource::waitsWhenTheQueueIsFull()
{
    Broker broker;
    QVERIFY(broker.start());
    broker.publish(1, 30'000);
    SystemClock clock;
    MessageQueue queue(std::size_t{1} << 20);
    EventLog events;
    JetStreamSource::Options options = broker.options();
    options.ackWait = std::chrono::seconds(30);
    JetStreamSource source(options, clock);
    QVERIFY(source.start(queue, events));
    QTRY_VERIFY(queue.waitingBytes() > (std::size_t{1} << 19));
    const auto taken = takeMessages(queue, 30'000);
    QCOMPARE(sequences(taken).size(), std::size_t{30'000});
    QCOMPARE(taken.size(), std::size_t{30'000});
    QCOMPARE(events.queueDrops() + events.brokerDrops(), 0u);
}

void TestJetStreamSource::goesOnAfterTheServerRestarts()
{
    Broker broker;
    QVERIFY(broker.start());
    broker.publish(1, 100);
    SystemClock clock;
    MessageQueue queue;
    EventLog events;
    JetStreamSource source(broker.options(), clock);
    QVERIFY(source.start(queue, events));
    QCOMPARE(takeMessages(queue, 100).size(), std::size_t{100});
    source.committed(100);
    QTRY_COMPARE(broker.floor(), 100);
    broker.server().stop(false);
    QTRY_VERIFY(events.lastStatus().phase == ConnectionPhase::Reconnecting);
    QVERIFY2(broker.server().start(), qPrintable(broker.server().error()));
    QVERIFY(broker.connect());
    broker.publish(101, 100);
    const auto taken = takeMessages(queue, 100);
    QCOMPARE(taken.size(), std::size_t{100});
    QCOMPARE(taken.front().streamSeq, std::uint64_t{101});
    // What a stream keeps for us while we are away is no gap.
    QVERIFY(events.gaps().empty());
}

void TestJetStreamSource::goesOnAfterTheConsumerIsDeleted()
{
    Broker broker;
    QVERIFY(broker.start());
    broker.publish(1, 100);
    SystemClock clock;
    MessageQueue queue;
    EventLog events;
    JetStreamSource source(broker.options(), clock);
    QVERIFY(source.start(queue, events));
    QCOMPARE(takeMessages(queue, 100).size(), std::size_t{100});
    QVERIFY(broker.api("CONSUMER.DELETE.ORDERS.weir").value("success").toBool());
    broker.publish(101, 10);
    const auto taken = takeMessages(queue, 10);
    QCOMPARE(taken.size(), std::size_t{10});
    QCOMPARE(taken.front().streamSeq, std::uint64_t{101});
    QVERIFY(broker.consumer().contains("config"));
}

/// While it is being recorded: the new one's sequences are those of the old one, its messages are not.
void TestJetStreamSource::losesNothingWhenTheStreamIsMadeAnew()
{
    Broker broker;
    QVERIFY(broker.start());
    broker.publish(1, 100);
    SystemClock clock;
    MessageQueue queue;
    EventLog events;
    JetStreamSource source(broker.options(), clock);
    QVERIFY(source.start(queue, events));
    QCOMPARE(takeMessages(queue, 100).size(), std::size_t{100});
    source.committed(60);
    QTRY_COMPARE(broker.floor(), 60);
    QVERIFY(broker.api("STREAM.DELETE.ORDERS").value("success").toBool());
    QVERIFY(broker.api("STREAM.CREATE.ORDERS", R"({"name":"ORDERS","subjects":["orders.>"]})")
                .contains("config"));
    broker.publish(1, 50);
    const auto taken = takeMessages(queue, 50);
    QCOMPARE(taken.size(), std::size_t{50});
    QCOMPARE(taken.front().streamSeq, std::uint64_t{1});
    // The old one's rest becomes durable: nothing of the new one may be acknowledged by that.
    source.committed(100);
    QTRY_COMPARE(broker.unacknowledged(), 50);
    source.committed(110);
    QTRY_COMPARE(broker.floor(), 10);
    QCOMPARE(broker.unacknowledged(), 40);
    QCOMPARE(events.gaps().size(), std::size_t{1});
    QVERIFY(events.gaps().front().from < events.gaps().front().to);
}

void TestJetStreamSource::takesOnlyWhatIsAskedFor()
{
    Broker broker;
    QVERIFY(broker.start());
    broker.publish(1, 70);
    SystemClock clock;
    EventLog events;
    MessageQueue filtered;
    JetStreamSource::Options options = broker.options();
    options.filterSubject = "orders.3";
    options.consumer = "filtered";
    JetStreamSource some(options, clock);
    QVERIFY(some.start(filtered, events));
    QCOMPARE(takeMessages(filtered, 10).size(), std::size_t{10});
    MessageQueue fresh;
    options = broker.options();
    options.fromNow = true;
    options.consumer = "fresh";
    JetStreamSource later(options, clock);
    QVERIFY(later.start(fresh, events));
    MessageQueue rest;
    options = broker.options();
    options.startAfter = 60;
    options.consumer = "rest";
    JetStreamSource after(options, clock);
    QVERIFY(after.start(rest, events));
    broker.publish(71, 5);
    QCOMPARE(takeMessages(fresh, 5).front().streamSeq, std::uint64_t{71});
    QCOMPARE(takeMessages(rest, 15).front().streamSeq, std::uint64_t{61});
    QVERIFY(takeMessages(filtered, 2, std::chrono::milliseconds(200)).size() == 1);
}

void TestJetStreamSource::tellsWhatTheStreamDiscarded()
{
    Broker broker;
    QVERIFY(broker.start());
    broker.publish(1, 100);
    SystemClock clock;
    {
        MessageQueue queue;
        EventLog events;
        JetStreamSource source(broker.options(), clock);
        QVERIFY(source.start(queue, events));
        QCOMPARE(takeMessages(queue, 100).size(), std::size_t{100});
        source.committed(100);
        QTRY_COMPARE(broker.floor(), 100);
    }
    broker.publish(101, 50);
    // The stream's limits, not a purge: a purge moves the consumers on, so nobody can tell afterwards.
    QVERIFY(broker.api("STREAM.UPDATE.ORDERS", R"({"name":"ORDERS","subjects":["orders.>"],"max_msgs":20})")
                .contains("config"));
    MessageQueue queue;
    EventLog events;
    JetStreamSource source(broker.options(), clock);
    QVERIFY(source.start(queue, events));
    QCOMPARE(takeMessages(queue, 20).front().streamSeq, std::uint64_t{131});
    QCOMPARE(events.brokerDrops(), std::uint64_t{30});
    QCOMPARE(events.gaps().size(), std::size_t{1});
}

void TestJetStreamSource::saysWhatIsInTheWay()
{
    Broker broker;
    QVERIFY(broker.start());
    SystemClock clock;
    MessageQueue queue;
    EventLog events;
    JetStreamSource::Options options = broker.options();
    options.stream = "ORDRES";
    const Result<void> unknown = JetStreamSource(options, clock).start(queue, events);
    QCOMPARE(int(unknown.error().code), int(ErrorCode::NotFound));
    QVERIFY(unknown.error().hint.find("ORDERS") != std::string::npos);
    QVERIFY(
        broker
            .api(
                "CONSUMER.DURABLE.CREATE.ORDERS.push",
                R"({"stream_name":"ORDERS","config":{"durable_name":"push","deliver_subject":"x","ack_policy":"none"}})")
            .contains("config"));
    options = broker.options();
    options.consumer = "push";
    QCOMPARE(int(JetStreamSource(options, clock).start(queue, events).error().code), int(ErrorCode::Usage));
    options.consumer = "some";
    options.filterSubject = "orders.>";
    QVERIFY(JetStreamSource(options, clock).start(queue, events));
    options.filterSubject.clear();
    const Error other = JetStreamSource(options, clock).start(queue, events).error();
    QCOMPARE(QByteArray::fromStdString(other.hint),
             QByteArray("give --subject 'orders.>' to go on with it, or --consumer NAME for another one"));
    options.consumer = "a.b";
    QCOMPARE(int(JetStreamSource(options, clock).start(queue, events).error().code), int(ErrorCode::Usage));
    NatsServer plain;
    QVERIFY2(plain.start(), qPrintable(plain.error()));
    options = broker.options();
    options.profile.urls = {plain.url().toStdString()};
    const Result<void> none = JetStreamSource(options, clock).start(queue, events);
    QCOMPARE(int(none.error().code), int(ErrorCode::Unsupported));
}

QTEST_GUILESS_MAIN(TestJetStreamSource)
#include "tst_JetStreamSource.moc"
