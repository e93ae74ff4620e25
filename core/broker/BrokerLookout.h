// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/broker/BrokerLook.h"
#include "core/broker/ConnectionProfile.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace weir {

/// Looks at a broker again and again on a thread of its own (`monitor`), at a pace that the broker does not
/// feel, and at once where its events tell of a change (see LiveMonitor).
class BrokerLookout
{
public:
    struct Told
    {
        std::shared_ptr<const BrokerLook> look; ///< null: see problem
        std::string account;                    ///< whose subjects the profile's user sees: an id
        std::string problem;
    };

    /// Begins. `tell` is called on that thread after each look.
    BrokerLookout(ConnectionProfile profile, std::chrono::milliseconds interval,
                  std::function<void(const Told&)> tell);
    /// Waits until the thread has ended: seconds, where a server does not answer.
    ~BrokerLookout();

    /// Asks it to end; waits for nothing.
    void stop() { m_thread.request_stop(); }
    [[nodiscard]] bool hasEnded() const { return m_ended; }

private:
    void run(const std::stop_token& stop);

    const ConnectionProfile m_profile;
    const std::chrono::milliseconds m_interval;
    const std::function<void(const Told&)> m_tell;
    SystemClock m_clock;
    std::mutex m_mutex;
    std::condition_variable_any m_pause;
    bool m_woken = false; ///< guarded by m_mutex
    std::atomic<bool> m_ended{false};
    std::jthread m_thread;
};

/// Whether the profile says how to look at its broker.
[[nodiscard]] bool saysHowToLook(const ConnectionProfile& profile);

} // namespace weir
