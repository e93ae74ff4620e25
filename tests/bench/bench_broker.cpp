// SPDX-License-Identifier: GPL-3.0-or-later
// What taking a message costs up to the queue, without the pipeline: NatsSource, and a thread that takes and
// throws away.
//   bench_broker URL COUNT SUBJECT…
// Ends after COUNT messages received or dropped; prints one JSON object, CPU being this process's.
#include "core/broker/NatsSource.h"
#include "tests/support/EventLog.h"

#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>

using namespace weir;

namespace {

double cpuSeconds()
{
    rusage usage = {};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 4)
        return 2;
    NatsSource::Options options;
    options.profile.urls = {argv[1]};
    options.profile.budget = {0, 0};
    options.subjects.assign(argv + 3, argv + argc);
    const std::uint64_t wanted = std::strtoull(argv[2], nullptr, 10);
    SystemClock clock;
    MessageQueue queue;
    test::EventLog events;
    NatsSource source(std::move(options), clock);
    if (const Result<void> started = source.start(queue, events); !started) {
        std::fprintf(stderr, "%s\n", started.error().line().c_str());
        return 1;
    }
    std::fprintf(stderr, "ready\n");
    std::uint64_t received = 0;
    Nanoseconds first{0};
    const double before = cpuSeconds();
    while (received + events.brokerDrops() + events.queueDrops() < wanted) {
        const std::shared_ptr<const Chunk> chunk = queue.take(std::chrono::milliseconds(200));
        if (!chunk)
            continue;
        if (first.count() == 0)
            first = clock.steady();
        received += chunk->messages().size();
    }
    const double seconds = std::chrono::duration<double>(clock.steady() - first).count();
    const double cpu = cpuSeconds() - before;
    std::printf("{\"received\":%llu,\"dropped_broker\":%llu,\"dropped_queue\":%llu,\"seconds\":%.3f,\"cpu_us_"
                "per_message\":%.3f}\n",
                static_cast<unsigned long long>(received),
                static_cast<unsigned long long>(events.brokerDrops()),
                static_cast<unsigned long long>(events.queueDrops()), seconds,
                cpu * 1e6 / static_cast<double>(received));
    return 0;
}
