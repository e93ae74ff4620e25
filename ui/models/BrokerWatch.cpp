// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/BrokerWatch.h"

#include "core/broker/LiveMonitor.h"

#include <algorithm>
#include <deque>
#include <pthread.h>
#include <utility>

namespace weir {
namespace {
constexpr std::size_t kKept = 7;                                  ///< looks
constexpr Nanoseconds kShortest = std::chrono::milliseconds(200); ///< between glances that events ask for
constexpr int kApart = 5; ///< intervals between the looks that are compared

using Look = NatsMonitor::Look;

/// When what moves was last read of it.
Timestamp lastTold(const BrokerLook& look)
{
    Timestamp last = kNoTime;
    for (const SeenStream& stream : look.streams)
        last = std::max(last, stream.told);
    for (const SeenConnection& connection : look.connections)
        last = std::max(last, connection.told);
    return last;
}

/// Streams that were told since are told by both, so that each has a rate.
bool isBefore(const BrokerLook& look, const BrokerLook& now, Nanoseconds apart)
{
    Timestamp last = kNoTime;
    Timestamp first = Timestamp::max();
    for (const SeenStream& stream : look.streams)
        last = std::max(last, stream.told);
    for (const SeenStream& stream : now.streams)
        first = std::min(first, stream.told);
    return look.time + apart <= now.time && last < first;
}

/// Adds a look. The one before it stays only where it tells something anew, and is not of the same moment as
/// the one before that: events may ask for many.
void keep(std::deque<Look>& looks, Look look, Nanoseconds interval)
{
    if (looks.size() > 1) {
        const BrokerLook& last = *looks.back();
        const BrokerLook& earlier = *looks[looks.size() - 2];
        if (last.time - earlier.time < interval || lastTold(last) == lastTold(earlier))
            looks.pop_back();
    }
    looks.push_back(std::move(look));
    if (looks.size() > kKept)
        looks.pop_front();
}

Look lookBefore(const std::deque<Look>& looks, Nanoseconds apart)
{
    for (auto it = looks.rbegin() + 1; it != looks.rend(); ++it) {
        if (isBefore(**it, *looks.back(), apart))
            return *it;
    }
    return looks.size() > 1 ? looks.front() : nullptr;
}

} // namespace

BrokerWatch::BrokerWatch(std::chrono::milliseconds interval, QObject* parent)
    : QObject(parent), m_interval(interval)
{
}

BrokerWatch::~BrokerWatch()
{
    stop();
    m_watchers.clear(); // joins
}

void BrokerWatch::start(const ConnectionProfile& profile, std::vector<std::string> observed)
{
    stop();
    m_known = {};
    m_known.observed = std::move(observed);
    m_profile = profile;
    m_watching = !profile.monitorUrl.empty() || !profile.systemCreds.empty();
    auto ended = std::make_shared<std::atomic<bool>>(false);
    std::jthread thread([this, profile, ended, generation = m_generation](const std::stop_token& token) {
        pthread_setname_np(pthread_self(), "monitor");
        watch(token, profile, generation);
        ended->store(true);
    });
    m_watchers.push_back({std::move(thread), std::move(ended)});
    emit looked();
}

void BrokerWatch::stop()
{
    m_profile.reset();
    ++m_generation;
    m_watching = false;
    for (Watcher& each : m_watchers)
        each.thread.request_stop();
    std::erase_if(m_watchers, [](const Watcher& each) { return each.ended->load(); });
}

void BrokerWatch::watch(const std::stop_token& stop, const ConnectionProfile& profile,
                        std::uint64_t generation)
{
    NatsMonitor::Options options;
    options.interval = m_interval;
    bool woken = false; // guarded by m_mutex
    const auto wake = [this, &woken] {
        {
            const std::unique_lock lock(m_mutex);
            woken = true;
        }
        m_pause.notify_all();
    };
    LiveMonitor monitor(profile, options, wake, m_clock);
    Known known;
    std::deque<Look> looks;
    while (!stop.stop_requested()) {
        auto look = monitor.glance(stop);
        if (stop.stop_requested())
            return;
        if (look) {
            keep(looks, *look, m_interval);
            known.now = looks.back();
            known.before = lookBefore(looks, m_interval * kApart);
            known.account = monitor.account();
            known.problem.clear();
        } else {
            known.problem = look.error().line();
        }
        QMetaObject::invokeMethod(
            this, [this, known, generation] { take(known, generation); }, Qt::QueuedConnection);
        const Nanoseconds shortest = std::min<Nanoseconds>(kShortest, m_interval);
        std::unique_lock lock(m_mutex);
        m_pause.wait_for(lock, stop, shortest, [] { return false; });
        m_pause.wait_for(lock, stop, monitor.nextAt() - m_clock.steady(), [&] { return woken; });
        woken = false;
    }
}

void BrokerWatch::take(Known known, std::uint64_t generation)
{
    if (generation != m_generation)
        return;
    known.observed = std::move(m_known.observed);
    m_watching = m_watching || known.now != nullptr;
    if (!m_watching)
        known.problem.clear(); // nobody asked for it: the user is none of the system account
    m_known = std::move(known);
    emit looked();
}

} // namespace weir
