// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/CaptureSession.h"
#include "core/history/HistoryReader.h"
#include "tests/support/FailingVfs.h"
#include "tests/support/FakeSource.h"
#include "tests/support/ManualClock.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <future>
#include <random>
#include <thread>
#include <utility>

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

/// A capture of what the test pushes, with a clock that the test moves.
class Capture
{
public:
    explicit Capture(const QTemporaryDir& dir)
    {
        options.source = std::make_unique<FakeSource>();
        options.history = dir.filePath("h.db").toStdString();
        options.sourceName = "fake";
        options.subjects = "a.>";
    }
    [[nodiscard]] FakeSource& source() { return *dynamic_cast<FakeSource*>(options.source.get()); }
    /// The error's line; empty: it runs.
    [[nodiscard]] std::string start()
    {
        m_source = &source();
        auto started = CaptureSession::start(std::move(options), clock);
        if (!started)
            return started.error().line();
        session = std::move(*started);
        return {};
    }
    bool push(std::string_view payload = "payload")
    {
        RawMessage message;
        message.time = clock.now();
        message.subject = "a.b";
        message.payload = payload;
        return m_source->push(message);
    }
    [[nodiscard]] FakeSource& pushed() { return *m_source; }
    [[nodiscard]] Coverage coverage() const { return session->status().coverage; }
    /// Lets a flush interval pass; ticks come from the capture's own thread.
    [[nodiscard]] bool isStored(std::uint64_t count)
    {
        clock.advance(250ms);
        return coverage().stored == count;
    }
    /// Lets a flush interval pass; whether as much waits as may, and the pipeline stands before the store.
    [[nodiscard]] bool stands()
    {
        clock.advance(250ms);
        const std::uint64_t before = std::exchange(m_received, coverage().received);
        return before == m_received && m_received > 1000;
    }

    ManualClock clock;
    CaptureSession::Options options;
    std::unique_ptr<CaptureSession> session;

private:
    FakeSource* m_source = nullptr;
    std::uint64_t m_received = 0; ///< when stands() was asked last
};

/// The payloads that the history holds.
std::vector<std::string> payloads(const std::filesystem::path& history)
{
    std::vector<std::string> found;
    const auto reader = HistoryReader::open(history);
    if (!reader)
        return found;
    const auto scanned = (*reader)->scan({}, {}, [&](const std::shared_ptr<const Batch>& batch) {
        for (const Message& message : batch->messages)
            found.emplace_back(message.payload);
        return true;
    });
    return scanned && scanned->damagedBlocks == 0 ? found : std::vector<std::string>();
}

HistoryInfo infoOf(const std::filesystem::path& history)
{
    const auto reader = HistoryReader::open(history);
    const auto info = reader ? (*reader)->info() : Result<HistoryInfo>(reader.error());
    return info ? *info : HistoryInfo();
}

bool addsUp(const Coverage& c)
{
    return c.stored + c.failed <= c.received && // what is in flight is not negative
           c.offered() == c.received + c.droppedBroker + c.droppedQueue + c.sampledOut;
}

/// Bytes that do not pack.
std::string noise(std::size_t size)
{
    static std::mt19937_64 random(7);
    std::string bytes(size, '\0');
    for (char& byte : bytes)
        byte = static_cast<char>(random());
    return bytes;
}

} // namespace

/// One recording from its start to its end, whatever the source, the clock and the disk do.
class TestCaptureSession : public QObject
{
    Q_OBJECT
private slots:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }
    void storesAndTells();
    void stopCommitsWhatWasAccepted();
    void aSourceThatDoesNotStartLeavesNoHistory();
    void aSourceThatDoesNotStartLeavesNothingRunning();
    void aHistoryThatDoesNotOpenLeavesTheSourceAlone();
    void keysAreLookedForFirst();
    void endsAtItsLimit();
    void countsEverythingInOnePlace();
    void aFullQueueIsCounted();
    void samplingAndGapsReachTheHistory();
    void goesOnInTheSameHistory();
    void givesUpWhatTheDiskRefusesAtTheEnd();
    void holdsWhatTheSourceKeepsUntilTheDiskIsBack();
    void stopsWhileTheDiskIsFull();

private:
    [[nodiscard]] std::filesystem::path history() const { return m_dir->filePath("h.db").toStdString(); }
    std::unique_ptr<QTemporaryDir> m_dir;
};

void TestCaptureSession::storesAndTells()
{
    Capture capture(*m_dir);
    QCOMPARE(capture.start(), std::string());
    const Timestamp began = capture.clock.now();
    QCOMPARE(capture.session->status().started, began);
    QCOMPARE(capture.session->status().firstReceived, kNoTime);
    QCOMPARE(capture.session->history(), history());
    capture.clock.advance(1s);
    for (int i = 0; i < 10; ++i)
        QVERIFY(capture.push());
    QTRY_VERIFY(capture.isStored(10));
    QCOMPARE(capture.pushed().committedCount(), 10U); // a source that acknowledges may do so
    const CaptureStatus status = capture.session->status();
    QCOMPARE(status.firstReceived, began + 1s);
    QVERIFY(status.lastCommitted > began + 1s);
    QCOMPARE(status.coverage.received, 10U);
    QCOMPARE(status.coverage.bytesIn, 10U * 10U);
    QVERIFY(status.coverage.complete());
    QVERIFY(status.bytesOnDisk > 0);
    QVERIFY(!status.failure);
    QVERIFY(infoOf(history()).beingWritten);
}

void TestCaptureSession::stopCommitsWhatWasAccepted()
{
    Capture capture(*m_dir);
    QCOMPARE(capture.start(), std::string());
    std::vector<std::string> sent;
    for (int i = 0; i < 5000; ++i) {
        sent.push_back("payload " + std::to_string(i));
        QVERIFY(capture.push(sent.back()));
    }
    QVERIFY(capture.session->stop()); // the clock stood still: nothing but the end makes it commit
    QCOMPARE(capture.coverage().stored, 5000U);
    QCOMPARE(capture.coverage().inFlight(), 0U);
    QCOMPARE(capture.pushed().committedCount(), 5000U);
    QVERIFY(!capture.push()); // it does not listen any more
    QVERIFY(capture.session->stop());
    QVERIFY(payloads(history()) == sent);
    QVERIFY(!infoOf(history()).beingWritten);
    QVERIFY(!QFile::exists(m_dir->filePath("h.db.lock")));
}

void TestCaptureSession::aSourceThatDoesNotStartLeavesNoHistory()
{
    Capture vain(*m_dir);
    vain.source().refuse = Error{ErrorCode::Network, "connecting", "nobody listens", "look there"};
    QCOMPARE(vain.start(), std::string("connecting failed: nobody listens (look there)"));
    QVERIFY(QDir(m_dir->path()).isEmpty());
    QFile own(m_dir->filePath("h.db")); // empty, but somebody put it there
    QVERIFY(own.open(QIODevice::WriteOnly));
    Capture again(*m_dir);
    again.source().refuse = Error{ErrorCode::Network, "connecting", "nobody listens", "look there"};
    QVERIFY(!again.start().empty());
    QVERIFY(own.exists());
}

void TestCaptureSession::aSourceThatDoesNotStartLeavesNothingRunning()
{
    Capture before(*m_dir);
    QCOMPARE(before.start(), std::string());
    QVERIFY(before.session->stop());
    const Timestamp ended = infoOf(history()).recordedTo;
    Capture vain(*m_dir);
    vain.clock.advance(1h);
    vain.source().refuse = Error{ErrorCode::Network, "connecting", "nobody listens", "look there"};
    QCOMPARE(vain.start(), std::string("connecting failed: nobody listens (look there)"));
    const HistoryInfo after = infoOf(history());
    QVERIFY(!after.beingWritten);
    QVERIFY(after.gaps.empty()); // nothing was to be recorded
    QCOMPARE(after.recordedTo, ended);
    Capture next(*m_dir);
    QCOMPARE(next.start(), std::string());
    QVERIFY(next.push());
    QVERIFY(next.session->stop());
    QCOMPARE(payloads(history()).size(), 1U);
}

void TestCaptureSession::aHistoryThatDoesNotOpenLeavesTheSourceAlone()
{
    Capture first(*m_dir);
    QCOMPARE(first.start(), std::string());
    Capture second(*m_dir);
    second.source().refuse = Error{ErrorCode::Internal, "starting", "it was asked to", ""};
    const std::string refused = second.start();
    QVERIFY2(refused.find("it is being written by another Weir (process ") != std::string::npos,
             refused.c_str());
    QVERIFY(first.push());
    QVERIFY(first.session->stop());
    QCOMPARE(payloads(history()).size(), 1U);
}

void TestCaptureSession::keysAreLookedForFirst()
{
    Capture capture(*m_dir);
    capture.options.identity.jwks = {"https://id.example.org/jwks", m_dir->filePath("keys").toStdString()};
    const std::string refused = capture.start();
    QVERIFY2(refused.find("keys failed: there is no such file") != std::string::npos, refused.c_str());
    QVERIFY(!std::filesystem::exists(history()));
}

void TestCaptureSession::endsAtItsLimit()
{
    Capture capture(*m_dir);
    std::promise<void> reached;
    capture.options.limit = 20;
    capture.options.limitReached = [&reached] { reached.set_value(); }; // throws when it is called twice
    QCOMPARE(capture.start(), std::string());
    for (int i = 0; i < 50; ++i)
        QVERIFY(capture.push());
    QCOMPARE(reached.get_future().wait_for(30s), std::future_status::ready);
    QVERIFY(capture.session->stop());
    QCOMPARE(capture.coverage().received, 20U);
    QCOMPARE(capture.coverage().stored, 20U);
    QCOMPARE(payloads(history()).size(), 20U);
}

void TestCaptureSession::countsEverythingInOnePlace()
{
    constexpr std::uint64_t kEach = 20'000;
    Capture capture(*m_dir);
    QCOMPARE(capture.start(), std::string());
    std::atomic<std::uint64_t> accepted{0};
    std::atomic<int> running{2};
    const auto push = [&] {
        for (std::uint64_t i = 0; i < kEach; ++i)
            accepted += capture.push() ? 1 : 0;
        --running;
    };
    std::vector<std::jthread> threads;
    threads.emplace_back(push);
    threads.emplace_back(push);
    threads.emplace_back([&] {
        for (std::uint64_t i = 0; i < kEach; ++i) {
            capture.pushed().events().droppedByBroker(1);
            capture.pushed().events().sampledOut(2, i % 2 == 0);
        }
    });
    bool right = true;
    while (running > 0) {
        capture.clock.advance(10ms);
        right = right && addsUp(capture.coverage());
    }
    threads.clear();
    QVERIFY(right);
    QVERIFY(capture.session->stop());
    const Coverage end = capture.coverage();
    QCOMPARE(end.received, accepted.load());
    QCOMPARE(end.stored, accepted.load());
    QCOMPARE(end.received + end.droppedQueue, 2 * kEach);
    QCOMPARE(end.offered(), 2 * kEach + kEach + 2 * kEach);
    QVERIFY(end.sampledEstimated);
    const HistoryInfo info = infoOf(history());
    QCOMPARE(info.messages, end.stored);
    QCOMPARE(info.droppedBroker, end.droppedBroker);
    QCOMPARE(info.sampledOut, end.sampledOut);
    QCOMPARE(info.droppedQueue, end.droppedQueue);
}

void TestCaptureSession::aFullQueueIsCounted()
{
    Capture capture(*m_dir);
    capture.options.queueBudget = 1 << 16;
    QCOMPARE(capture.start(), std::string());
    const std::string large = noise(50'000);
    std::uint64_t pushed = 0;
    while (capture.coverage().droppedQueue == 0) {
        QVERIFY(pushed < 1'000'000);
        (void)capture.push(large);
        ++pushed;
    }
    QVERIFY(capture.session->stop());
    QCOMPARE(capture.coverage().stored + capture.coverage().droppedQueue, pushed);
    QCOMPARE(infoOf(history()).droppedQueue, capture.coverage().droppedQueue);
}

void TestCaptureSession::samplingAndGapsReachTheHistory()
{
    Capture capture(*m_dir);
    QCOMPARE(capture.start(), std::string());
    SourceEvents& events = capture.pushed().events();
    ConnectionStatus sampling;
    sampling.phase = ConnectionPhase::Connected;
    sampling.sampleOneIn = 10;
    events.statusChanged(sampling);
    events.sampledOut(900, true);
    const std::uint64_t key = events.gapBegan(GapCause::Sampled, capture.clock.now(), "over the budget");
    QCOMPARE(capture.session->status().connection.sampleOneIn, 10U);
    QCOMPARE(capture.coverage().sampledOut, 900U);
    QVERIFY(capture.coverage().sampledEstimated);
    QVERIFY(!capture.coverage().complete());
    capture.clock.advance(5s);
    events.gapEnded(key, capture.clock.now());
    QVERIFY(capture.session->stop());
    const HistoryInfo info = infoOf(history());
    QCOMPARE(info.sampledOut, 900U);
    QVERIFY(info.sampledEstimated);
    QCOMPARE(info.gaps.size(), 1U);
    QCOMPARE(info.gaps[0].cause, GapCause::Sampled);
    QCOMPARE(info.gaps[0].detail, std::string("over the budget"));
    QCOMPARE(info.gaps[0].to - info.gaps[0].from, Nanoseconds(5s));
}

void TestCaptureSession::goesOnInTheSameHistory()
{
    for (const int round : {0, 1, 2}) {
        Capture capture(*m_dir);
        capture.clock.advance(std::chrono::hours(round));
        QCOMPARE(capture.start(), std::string());
        for (int i = 0; i < 10; ++i)
            QVERIFY(capture.push(std::to_string(10 * round + i)));
        QVERIFY(capture.session->stop());
        QCOMPARE(capture.coverage().stored, 10U); // of this recording
    }
    const auto all = payloads(history());
    QCOMPARE(all.size(), 30U);
    for (std::size_t i = 0; i < all.size(); ++i)
        QCOMPARE(all[i], std::to_string(i));
    const HistoryInfo info = infoOf(history());
    QCOMPARE(info.lastSeq, 30U);
    QCOMPARE(info.gaps.size(), 2U); // between them
    QCOMPARE(info.gaps[0].cause, GapCause::NotRecording);
    QCOMPARE(info.gaps[1].to - info.gaps[1].from, Nanoseconds(1h));
}

void TestCaptureSession::givesUpWhatTheDiskRefusesAtTheEnd()
{
    FailingVfs disk;
    Capture capture(*m_dir);
    QCOMPARE(capture.start(), std::string());
    for (int i = 0; i < 100; ++i)
        QVERIFY(capture.push());
    QTRY_VERIFY(capture.isStored(100));
    disk.failAfter(0, FailingVfs::Fault::DiskFull);
    for (int i = 0; i < 50; ++i)
        QVERIFY(capture.push());
    const auto tells = [&] {
        capture.clock.advance(250ms);
        return capture.session->status().failure.has_value();
    };
    QTRY_VERIFY(tells());
    QCOMPARE(capture.session->status().failure->code, ErrorCode::DiskFull);
    const auto stopped = capture.session->stop();
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().code, ErrorCode::DiskFull);
    QCOMPARE(capture.coverage().stored, 100U);
    QCOMPARE(capture.coverage().failed, 50U);
    QCOMPARE(capture.coverage().inFlight(), 0U);
    QCOMPARE(capture.pushed().committedCount(), 100U); // the rest is never acknowledged
    capture.session.reset();
    disk.heal();
    QCOMPARE(payloads(history()).size(), 100U);
}

void TestCaptureSession::holdsWhatTheSourceKeepsUntilTheDiskIsBack()
{
    constexpr std::uint64_t kCount = 6000; // more bytes than may wait for the store
    FailingVfs disk;
    Capture capture(*m_dir);
    capture.options.holdWhileFailing = true;
    QCOMPARE(capture.start(), std::string());
    disk.failAfter(0, FailingVfs::Fault::DiskFull);
    for (std::uint64_t i = 0; i < kCount; ++i)
        QVERIFY(capture.push(noise(9000)));
    const auto fails = [&] {
        capture.clock.advance(250ms);
        return capture.session->status().failure.has_value();
    };
    QTRY_VERIFY(fails());
    QTRY_VERIFY(capture.stands());
    QVERIFY(capture.coverage().received < kCount); // the rest is in the queue
    QCOMPARE(capture.pushed().committedCount(), 0U);
    QCOMPARE(capture.coverage().failed, 0U);
    disk.heal();
    QTRY_VERIFY_WITH_TIMEOUT(capture.isStored(kCount), 30'000);
    QVERIFY(!capture.session->status().failure);
    QCOMPARE(capture.pushed().committedCount(), kCount);
    QVERIFY(capture.session->stop());
    QCOMPARE(capture.coverage().failed, 0U);
    capture.session.reset();
    QCOMPARE(infoOf(history()).messages, kCount);
}

void TestCaptureSession::stopsWhileTheDiskIsFull()
{
    FailingVfs disk;
    Capture capture(*m_dir);
    capture.options.holdWhileFailing = true;
    QCOMPARE(capture.start(), std::string());
    disk.failAfter(0, FailingVfs::Fault::DiskFull);
    for (int i = 0; i < 6000; ++i)
        QVERIFY(capture.push(noise(9000)));
    QTRY_VERIFY(capture.stands());
    auto stopping = std::async(std::launch::async, [&] { return capture.session->stop().has_value(); });
    if (stopping.wait_for(30s) != std::future_status::ready)
        qFatal("a full disk keeps the capture from ending");
    QVERIFY(!stopping.get());
    QCOMPARE(capture.coverage().stored, 0U);
    QCOMPARE(capture.coverage().inFlight(), 0U);
    QCOMPARE(capture.pushed().committedCount(), 0U); // the broker delivers all of it again
    capture.session.reset();
    disk.heal();
}

QTEST_GUILESS_MAIN(TestCaptureSession)
#include "tst_capturesession.moc"
