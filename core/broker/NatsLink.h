// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/base/Time.h"
#include "core/broker/ConnectionProfile.h"
#include "core/broker/NatsHandles.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace weir {

/// One nats.c connection from its birth to its end; it never reconnects by itself. Its callbacks only note
/// what happened and call `wake`. Made and used by one thread.
class NatsLink
{
public:
    /// Connects and waits for the server's PONG. `wake` is called on nats.c's threads, quickly, never after
    /// the link is gone.
    [[nodiscard]] static Result<std::unique_ptr<NatsLink>> connect(const ConnectionProfile& profile,
                                                                   const std::vector<std::string>& discovered,
                                                                   std::function<void()> wake);
    /// Closes, and waits until nats.c has called its last callback.
    ~NatsLink();
    NatsLink(const NatsLink&) = delete;
    NatsLink& operator=(const NatsLink&) = delete;

    [[nodiscard]] natsConnection* handle() const { return m_connection.get(); }
    [[nodiscard]] bool closed() const { return m_closed.load(std::memory_order_acquire); }
    /// Why it closed, in the server's words where it said something.
    [[nodiscard]] std::string closeReason() const;
    /// Permission violations and other asynchronous errors since the last call, in words.
    [[nodiscard]] std::vector<Error> takeErrors();
    /// The permission that the server last refused on this link; empty when none was.
    [[nodiscard]] std::string refusedPermission() const;

    /// A PING and its PONG: everything sent before has been handled by the server.
    [[nodiscard]] Result<Nanoseconds> roundTrip(std::chrono::milliseconds patience) const;
    void close();

    /// Messages that this link ever received.
    [[nodiscard]] std::uint64_t received() const;
    [[nodiscard]] std::string url() const;      ///< of the server that we are on, without user information
    [[nodiscard]] std::string serverId() const; ///< of that server
    [[nodiscard]] std::vector<std::string> discoveredServers() const;
    [[nodiscard]] const std::vector<std::string>& warnings() const { return m_warnings; }

private:
    NatsLink() = default;
    static void onClosed(natsConnection* connection, void* closure);
    static void onError(natsConnection* connection, natsSubscription* subscription, natsStatus status,
                        void* closure);

    std::function<void()> m_wake;
    std::vector<std::string> m_warnings;
    std::atomic<bool> m_closed{false};
    mutable std::mutex m_mutex;
    std::condition_variable m_ended;
    bool m_lastCall = false;     // guarded by m_mutex
    std::string m_reason;        // guarded by m_mutex
    std::string m_authReason;    // guarded by m_mutex
    std::vector<Error> m_errors; // guarded by m_mutex
    NatsConnectionPtr m_connection;
    std::uint16_t m_localPort = 0; ///< 0: nats.c does not say
};

} // namespace weir
