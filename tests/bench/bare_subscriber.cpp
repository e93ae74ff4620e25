// SPDX-License-Identifier: GPL-3.0-or-later
// What the capture is measured against: a plain nats.c subscriber that reads every header and keeps nothing.
//   bare_subscriber URL SUBJECT COUNT
// Ends after COUNT messages received or dropped; prints {"received":…,"dropped":…,"seconds":…}, seconds from
// the first message to the last.
#include <nats/nats.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>

namespace {

using Clock = std::chrono::steady_clock;

struct Reading
{
    std::uint64_t wanted = 0;
    std::uint64_t received = 0; // delivery thread
    std::uint64_t headerBytes = 0;
    Clock::time_point first;
    Clock::time_point last;
    std::mutex mutex;
    std::condition_variable ended;
    bool done = false;
};

void onMessage(natsConnection*, natsSubscription* subscription, natsMsg* message, void* closure)
{
    auto& reading = *static_cast<Reading*>(closure);
    const char** keys = nullptr;
    int count = 0;
    if (natsMsgHeader_Keys(message, &keys, &count) == NATS_OK) {
        for (int i = 0; i < count; ++i) {
            const char* value = nullptr;
            if (natsMsgHeader_Get(message, keys[i], &value) == NATS_OK)
                reading.headerBytes += static_cast<unsigned char>(value[0]);
        }
        std::free(keys);
    }
    natsMsg_Destroy(message);
    const auto now = Clock::now();
    if (reading.received++ == 0)
        reading.first = now;
    reading.last = now;
    std::int64_t dropped = 0;
    if (reading.received % 4096 == 0 || reading.received >= reading.wanted)
        natsSubscription_GetDropped(subscription, &dropped);
    if (reading.received + static_cast<std::uint64_t>(dropped) >= reading.wanted) {
        const std::lock_guard lock(reading.mutex);
        reading.done = true;
        reading.ended.notify_one();
    }
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 4)
        return 2;
    Reading reading;
    reading.wanted = std::strtoull(argv[3], nullptr, 10);
    natsConnection* connection = nullptr;
    natsSubscription* subscription = nullptr;
    if (natsConnection_ConnectTo(&connection, argv[1]) != NATS_OK ||
        natsConnection_Subscribe(&subscription, connection, argv[2], onMessage, &reading) != NATS_OK ||
        natsSubscription_SetPendingLimits(subscription, -1, -1) != NATS_OK ||
        natsConnection_Flush(connection) != NATS_OK) {
        std::fprintf(stderr, "%s\n", nats_GetLastError(nullptr));
        return 1;
    }
    std::fprintf(stderr, "ready\n");
    {
        std::unique_lock lock(reading.mutex);
        reading.ended.wait_for(lock, std::chrono::minutes(3), [&] { return reading.done; });
    }
    std::int64_t dropped = 0;
    natsSubscription_GetDropped(subscription, &dropped);
    std::printf("{\"received\":%llu,\"dropped\":%lld,\"seconds\":%.6f}\n",
                static_cast<unsigned long long>(reading.received), static_cast<long long>(dropped),
                std::chrono::duration<double>(reading.last - reading.first).count());
    natsSubscription_Destroy(subscription);
    natsConnection_Destroy(connection);
    nats_Close();
    return 0;
}
