// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/HistoryReader.h"
#include "tests/support/NatsServer.h"
#include "tests/support/Program.h"
#include "tests/support/RawPublisher.h"
#include "tests/support/StreamBroker.h"

#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <array>
#include <map>
#include <memory>

using namespace weir;
using namespace weir::test;

namespace {

/// A stream, and a history that `weir record --stream` fills from it again and again.
class Ground : public StreamBroker
{
public:
    /// Records until the consumer has nothing left; false when that did not come to pass.
    [[nodiscard]] bool record(const QStringList& more = {}, const QByteArray& consumer = "weir",
                              bool kill = false)
    {
        Program recorder(WEIR_BINARY, QStringList{"record", "--server", server().url(), "--stream", "ORDERS",
                                                  "--consumer", consumer, "--history", path()} +
                                          more);
        const bool done = recorder.says("recording") &&
                          QTest::qWaitFor([&] { return isSettled("ORDERS", consumer); }, 30'000);
        if (kill) {
            recorder.kill();
            return done;
        }
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
    /// One that goes on beside others, into a history of its own.
    [[nodiscard]] std::unique_ptr<Program> recorder(const QString& history,
                                                    const QStringList& more = {}) const
    {
        auto made = std::make_unique<Program>(
            WEIR_BINARY, QStringList{"record", "--server", server().url(), "--stream", "ORDERS", "--history",
                                     m_dir.filePath(history), "--format", "json"} +
                             more);
        return made->says("recording") ? std::move(made) : nullptr;
    }
    [[nodiscard]] HistoryInfo info() const
    {
        const auto reader = HistoryReader::open(path().toStdString());
        return reader ? (*reader)->info().value() : HistoryInfo();
    }
    [[nodiscard]] int consumers() const
    {
        return int(api("CONSUMER.NAMES.ORDERS").value("consumers").toArray().size());
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
    void goesOnWithoutALoss();
    void goesOnAfterAHole();
    void goesOnBehindSomebodyElse_data();
    void goesOnBehindSomebodyElse();
    void twoThroughOneConsumer();
    void twoByDefault();
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

void TestStreamAgain::goesOnWithoutALoss()
{
    Ground ground;
    QVERIFY(ground.start());
    QVERIFY(ground.publish(100));
    QVERIFY(ground.record());
    QVERIFY(ground.publish(50));
    QVERIFY(ground.record({}, "weir", true));
    QVERIFY(ground.publish(50));
    QVERIFY(ground.record());
    QCOMPARE(ground.stored().size(), std::size_t{200});
    QCOMPARE(notOnce(ground.stored()), std::size_t{0});
    const HistoryInfo info = ground.info();
    QVERIFY2(info.gaps.empty(), info.gaps.empty() ? "" : info.gaps.front().detail.c_str());
}

void TestStreamAgain::goesOnAfterAHole()
{
    Ground ground;
    QVERIFY(ground.start());
    QVERIFY(ground.publish(100));
    QVERIFY(ground.record());
    QVERIFY(ground.publish(50));
    QVERIFY(ground.api("STREAM.UPDATE.ORDERS", R"({"name":"ORDERS","subjects":["orders.>"],"max_msgs":20})")
                .contains("config"));
    QVERIFY(ground.record());
    const HistoryInfo info = ground.info();
    QCOMPARE(info.gaps.size(), std::size_t{1});
    QCOMPARE(info.gaps.front().messages, std::optional<std::uint64_t>(30));
    QCOMPARE(info.droppedBroker, std::uint64_t{30});
}

void TestStreamAgain::goesOnBehindSomebodyElse_data()
{
    QTest::addColumn<QStringList>("more");
    QTest::addColumn<int>("missing"); // -1: not known
    QTest::newRow("the whole stream") << QStringList() << 50;
    QTest::newRow("some subjects") << QStringList{"--subject", "orders.1"} << -1;
}

void TestStreamAgain::goesOnBehindSomebodyElse()
{
    QFETCH(const QStringList, more);
    QFETCH(const int, missing);
    Ground ground;
    QVERIFY(ground.start());
    QVERIFY(ground.publish(100));
    QVERIFY(ground.record(more));
    const auto other = ground.recorder("other.db", more + QStringList{"--consumer", "weir"});
    QVERIFY(other);
    QVERIFY(ground.publish(50));
    QTRY_VERIFY_WITH_TIMEOUT(ground.isSettled("ORDERS", "weir"), 30'000);
    other->terminate();
    QCOMPARE(other->exitCode(), 0);
    QVERIFY(ground.publish(10));
    QVERIFY(ground.record(more));
    const HistoryInfo info = ground.info();
    QCOMPARE(info.gaps.size(), std::size_t{1});
    QCOMPARE(info.gaps.front().cause, GapCause::TakenElsewhere);
    QCOMPARE(info.gaps.front().messages ? int(*info.gaps.front().messages) : -1, missing);
}

/// Each has a part, says so while it records and at its end, and knows how many are missing.
void TestStreamAgain::twoThroughOneConsumer()
{
    Ground ground;
    QVERIFY(ground.start());
    const std::array both{ground.recorder("a.db", {"--consumer", "ours"}),
                          ground.recorder("b.db", {"--consumer", "ours"})};
    QVERIFY(both[0] && both[1]);
    QVERIFY(ground.publish(1000));
    QTRY_VERIFY_WITH_TIMEOUT(ground.isSettled("ORDERS", "ours"), 30'000);
    for (const auto& recorder : both)
        QVERIFY2(recorder->says("another recorder takes messages through the same consumer ours"),
                 recorder->errors().constData());
    int stored = 0;
    for (const auto& recorder : both) {
        recorder->terminate();
        QCOMPARE(recorder->exitCode(), 3);
        const QJsonObject result = recorder->json();
        QVERIFY(result.value("gaps").toInt() > 0);
        QCOMPARE(result.value("stored").toInt() + result.value("dropped_broker").toInt(), 1000);
        QVERIFY(result.value("warnings").toArray().first().toString().contains("--consumer NAME"));
        stored += result.value("stored").toInt();
    }
    QCOMPARE(stored, 1000);
}

void TestStreamAgain::twoByDefault()
{
    Ground ground;
    QVERIFY(ground.start());
    QVERIFY(ground.publish(500));
    for (int again = 0; again < 2; ++again) {
        const std::array both{ground.recorder("a.db", {"--duration", "2s"}),
                              ground.recorder("b.db", {"--duration", "2s"})};
        QVERIFY(both[0] && both[1]);
        QVERIFY(ground.publish(500));
        for (const auto& recorder : both) {
            QVERIFY2(recorder->exitCode() == 0, recorder->errors().constData());
            QCOMPARE(recorder->json().value("stored").toInt(), again == 0 ? 1000 : 500);
        }
        QCOMPARE(ground.consumers(), 2); // each history keeps its own
    }
}

QTEST_GUILESS_MAIN(TestStreamAgain)
#include "tst_streamagain.moc"
