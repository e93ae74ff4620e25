// SPDX-License-Identifier: GPL-3.0-or-later
// How long the figures of the Latency page take over a whole history: out of the sums, and out of the
// messages. Medians, everything in the page cache. Prints one line a figure.
//   bench_sums [MESSAGES [SECONDS_THEY_SPAN]]
#include "core/base/Clock.h"
#include "core/capture/CoverageLedger.h"
#include "core/history/HistoryFollower.h"
#include "core/history/HistoryWriter.h"
#include "core/latency/LatencyTracker.h"
#include "tests/bench/QueryWorld.h"
#include "tests/bench/Timing.h"
#include "tests/core/history/HistoryTraffic.h"

#include <QTemporaryDir>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <semaphore>
#include <string_view>
#include <thread>

using namespace weir;
using weir::bench::medianSeconds;
using weir::bench::orDie;

namespace {

constexpr std::size_t kPerBatch = 1024;

/// Runs as fast as the messages that are written.
class FeedClock final : public Clock
{
public:
    Timestamp now() override { return m_start + Nanoseconds(m_elapsed.load()); }
    Nanoseconds steady() override { return Nanoseconds(m_elapsed.load()); }
    void advance(Nanoseconds by) { m_elapsed += by.count(); }

private:
    const Timestamp m_start = fromUnixNanos(1'800'000'000'000'000'000);
    std::atomic<std::int64_t> m_elapsed{0};
};

/// A tracker that gets nothing but messages.
class MessagesOnly final : public BatchSink
{
public:
    explicit MessagesOnly(LatencyTracker& tracker) : m_tracker(tracker) {}
    void consume(const std::shared_ptr<const Batch>& batch) override { m_tracker.consume(batch); }
    void tick(Timestamp now) override { m_tracker.tick(now); }

private:
    LatencyTracker& m_tracker;
};

void write(const std::string& path, FeedClock& clock, std::uint64_t messages, Nanoseconds apart)
{
    CoverageLedger ledger;
    HistoryWriter::Options options;
    options.path = path;
    const auto writer = orDie(HistoryWriter::open(options, clock, ledger, {}));
    test::HistoryTraffic traffic(writer->names(), writer->firstSeq(), 1000);
    for (std::uint64_t made = 0; made < messages; made += kPerBatch) {
        writer->consume(traffic.next(kPerBatch, clock.now(), apart));
        clock.advance(apart * kPerBatch);
        writer->tick(clock.now());
        while (made + kPerBatch - ledger.snapshot().stored > 64 * kPerBatch)
            std::this_thread::yield();
    }
    orDie(writer->close());
}

/// From opening the history to the figures of its chart; how many messages they are of.
std::uint64_t figures(const std::string& path, FeedClock& clock, const char* filter, bool sums)
{
    LatencyTracker::Options settings; // as the page's
    settings.sumWidth = clock.steady() <= std::chrono::hours(1) ? kSecondSlot : kMinuteSlot;
    const auto tracker = std::make_shared<LatencyTracker>(settings);
    std::vector<std::shared_ptr<BatchSink>> sinks{tracker};
    if (!sums)
        sinks = {std::make_shared<MessagesOnly>(*tracker)};
    HistoryFollower::Options options;
    options.path = path;
    options.range = FollowRange::fixed(fromUnixNanos(1), clock.now());
    options.filter = orDie(Filter::parse(filter));
    std::binary_semaphore read(0);
    std::atomic<bool> told = false;
    HistoryFollower* running = nullptr;
    HistoryFollower follower(options, clock, sinks, [&] {
        if (running->status().caughtUp() && !told.exchange(true))
            read.release();
    });
    running = &follower;
    follower.start();
    read.acquire();
    std::uint64_t count = 0;
    for (const PopLatency& pop : tracker->series(options.range.from, options.range.to, 700))
        count += pop.summary.count + pop.summary.unknown + pop.summary.skewed;
    return count;
}

} // namespace

int main(int argc, char** argv)
{
    std::uint64_t messages = 10'000'000;
    std::int64_t span = 10'000;
    if (argc > 1)
        std::from_chars(argv[1], argv[1] + std::string_view(argv[1]).size(), messages);
    if (argc > 2)
        std::from_chars(argv[2], argv[2] + std::string_view(argv[2]).size(), span);
    const QTemporaryDir dir;
    const std::string path = dir.filePath("h.db").toStdString();
    FeedClock clock;
    write(path, clock, messages, Nanoseconds(span * 1'000'000'000 / static_cast<std::int64_t>(messages)));
    for (const char* filter : {"", "pop:FRA,GRU"}) {
        const std::uint64_t all = figures(path, clock, filter, false);
        if (figures(path, clock, filter, true) != all)
            orDie(Result<void>(Error{ErrorCode::Internal, "adding up", "the two differ", {}}));
        const double ours = medianSeconds(5, [&] { (void)figures(path, clock, filter, true); });
        const double theirs = medianSeconds(3, [&] { (void)figures(path, clock, filter, false); });
        std::printf(
            "latency of %llu messages over %lld s, filter \"%s\": sums %.3f s / messages %.3f s = %.4f\n",
            static_cast<unsigned long long>(all), static_cast<long long>(span), filter, ours, theirs,
            ours / theirs);
        std::fflush(stdout);
    }
    return EXIT_SUCCESS;
}
