// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/HistoryReader.h"
#include "tests/support/NatsServer.h"
#include "tests/support/Program.h"
#include "tests/support/RawPublisher.h"
#include "tests/support/StreamBroker.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <map>

using namespace weir;
using namespace weir::test;

namespace {

/// A stream, and a history that `weir record --stream` fills from it again and again.
class Ground : public StreamBroker
{
public:
    /// Records until the consumer has nothing left; false when that did not come to pass.
    [[nodiscard]] bool record(const QStringList& more = {}, const QByteArray& consumer = "weir")
    {
        Program recorder(WEIR_BINARY, QStringList{"record", "--server", server().url(), "--stream", "ORDERS",
                                                  "--consumer", consumer, "--history", path()} +
                                          more);
        const bool done = recorder.says("recording") &&
                          QTest::qWaitFor([&] { return isSettled("ORDERS", consumer); }, 30'000);
        recorder.terminate();
        return recorder.exitCode() == 0 || recorder.exitCode() == 3 ? done : false;
    }
    [[nodiscard]] bool publish(int count)
    {
        RawPublisher publisher(server().port());
        for (int i = 0; i < count; ++i, ++m_published)
            publisher.publish("orders." + QByteArray::number(m_published % 2),
                              "order " + QByteArray::number(m_published));
        return publisher.flush();
    }
    [[nodiscard]] bool makeStreamAnew() const
    {
        return api("STREAM.DELETE.ORDERS").value("success").toBool() &&
               api("STREAM.CREATE.ORDERS", R"({"name":"ORDERS","subjects":["orders.>"]})").contains("config");
    }
    [[nodiscard]] bool deleteConsumer() const
    {
        return api("CONSUMER.DELETE.ORDERS.weir").value("success").toBool();
    }
    /// How often each message that was ever published is in the history.
    [[nodiscard]] std::map<std::string, int> stored() const
    {
        std::map<std::string, int> times;
        for (int i = 0; i < m_published; ++i)
            times["order " + std::to_string(i)] = 0;
        const auto reader = HistoryReader::open(path().toStdString());
        if (!reader)
            return {};
        (void)(*reader)->scan({}, {}, [&](const std::shared_ptr<const Batch>& batch) {
            for (const Message& message : batch->messages)
                ++times[std::string(message.payload)];
            return true;
        });
        return times;
    }

private:
    [[nodiscard]] QString path() const { return m_dir.filePath("h.db"); }
    QTemporaryDir m_dir;
    int m_published = 0;
};

/// What is not there exactly once.
std::size_t notOnce(const std::map<std::string, int>& stored)
{
    return static_cast<std::size_t>(
        std::count_if(stored.begin(), stored.end(), [](const auto& one) { return one.second != 1; }));
}

} // namespace

/// A stream that is recorded more than once into one history: each message is in it once, whatever became of
/// the consumer or of the stream in between.
class TestStreamAgain : public QObject
{
    Q_OBJECT
private slots:
    void anotherConsumer();
    void aDeletedConsumer();
    void aFilteredConsumerBetween();
    void aStreamMadeAnew();
};

void TestStreamAgain::aDeletedConsumer()
{
    Ground ground;
    QVERIFY(ground.start());
    QVERIFY(ground.publish(1000));
    QVERIFY(ground.record());
    QVERIFY(ground.deleteConsumer());
    QVERIFY(ground.publish(100));
    QVERIFY(ground.record());
    QCOMPARE(ground.stored().size(), std::size_t{1100});
    QCOMPARE(notOnce(ground.stored()), std::size_t{0});
}

void TestStreamAgain::anotherConsumer()
{
    Ground ground;
    QVERIFY(ground.start());
    QVERIFY(ground.publish(300));
    QVERIFY(ground.record());
    QVERIFY(ground.publish(100));
    QVERIFY(ground.record({}, "other"));
    QCOMPARE(notOnce(ground.stored()), std::size_t{0});
    // The first one has yet to be given what the other one brought.
    QVERIFY(ground.publish(10));
    QVERIFY(ground.record());
    QCOMPARE(ground.stored().size(), std::size_t{410});
    QCOMPARE(notOnce(ground.stored()), std::size_t{0});
}

void TestStreamAgain::aFilteredConsumerBetween()
{
    Ground ground;
    QVERIFY(ground.start());
    QVERIFY(ground.publish(100));
    QVERIFY(ground.record({"--subject", "orders.1"}, "some"));
    QCOMPARE(notOnce(ground.stored()), std::size_t{50}); // those of the other subject
    QVERIFY(ground.record());
    QCOMPARE(notOnce(ground.stored()), std::size_t{0});
}

void TestStreamAgain::aStreamMadeAnew()
{
    Ground ground;
    QVERIFY(ground.start());
    QVERIFY(ground.publish(200));
    QVERIFY(ground.record());
    QVERIFY(ground.makeStreamAnew());
    QVERIFY(ground.publish(120)); // fewer than before: all their sequences are known
    QVERIFY(ground.record());
    QCOMPARE(ground.stored().size(), std::size_t{320});
    QCOMPARE(notOnce(ground.stored()), std::size_t{0});
    QVERIFY(ground.deleteConsumer());
    QVERIFY(ground.publish(100));
    QVERIFY(ground.record());
    QCOMPARE(ground.stored().size(), std::size_t{420});
    QCOMPARE(notOnce(ground.stored()), std::size_t{0});
}

QTEST_GUILESS_MAIN(TestStreamAgain)
#include "tst_streamagain.moc"
