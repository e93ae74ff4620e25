// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/BrokerLookout.h"

#include "core/broker/LiveMonitor.h"

#include <algorithm>
#include <utility>

#include <pthread.h>

namespace weir {
namespace {
constexpr Nanoseconds kShortest = std::chrono::milliseconds(200); ///< between glances that events ask for
} // namespace

BrokerLookout::BrokerLookout(ConnectionProfile profile, std::chrono::milliseconds interval,
                             std::function<void(const Told&)> tell)
    : m_profile(std::move(profile)),
      m_interval(interval),
      m_tell(std::move(tell)),
      m_thread([this](const std::stop_token& stop) {
          pthread_setname_np(pthread_self(), "monitor");
          run(stop);
          m_ended = true;
      })
{
}

BrokerLookout::~BrokerLookout() = default;

void BrokerLookout::run(const std::stop_token& stop)
{
    NatsMonitor::Options options;
    options.interval = m_interval;
    const auto wake = [this] {
        {
            const std::unique_lock lock(m_mutex);
            m_woken = true;
        }
        m_pause.notify_all();
    };
    LiveMonitor monitor(m_profile, options, wake, m_clock);
    while (!stop.stop_requested()) {
        const auto look = monitor.glance(stop);
        if (stop.stop_requested())
            return;
        m_tell(look ? Told{*look, monitor.account(), {}} : Told{nullptr, {}, look.error().line()});
        const Nanoseconds shortest = std::min<Nanoseconds>(kShortest, m_interval);
        std::unique_lock lock(m_mutex);
        m_pause.wait_for(lock, stop, shortest, [] { return false; });
        m_pause.wait_for(lock, stop, monitor.nextAt() - m_clock.steady(), [this] { return m_woken; });
        m_woken = false;
    }
}

bool saysHowToLook(const ConnectionProfile& profile)
{
    return !profile.monitorUrl.empty() || !profile.systemCreds.empty();
}

} // namespace weir
