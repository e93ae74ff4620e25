// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/broker/ConnectionProfile.h"
#include "core/broker/MonitorTransport.h"
#include "core/broker/NatsHandles.h"
#include "core/broker/ReconnectPolicy.h"

#include <chrono>
#include <memory>

namespace weir {

class NatsLink;

/// The monitoring of all servers through requests to `$SYS.REQ.SERVER.…` (nats-server v2.9.10 events.go),
/// which a user of the system account may make. Which servers there are is asked of all at once, now and
/// then; each is then asked by its id, in pages that fit into a message. Connects by itself, again where the
/// connection ended.
class SystemMonitor : public MonitorTransport
{
public:
    struct Options
    {
        ConnectionProfile profile;                                    ///< whose user is in the system account
        std::chrono::milliseconds patience = std::chrono::seconds(3); ///< for one answer
        std::chrono::milliseconds straggling =
            std::chrono::seconds(1);                    ///< for servers that are slower than the first
        Nanoseconds between = std::chrono::seconds(10); ///< times when all are asked who is there
        std::int64_t largestPage = std::int64_t{64} << 20;
        std::uint64_t pageSize = 256; ///< connections: with their subscriptions they fit into a message
    };

    SystemMonitor(Options options, Clock& clock);
    ~SystemMonitor() override;

    [[nodiscard]] Result<std::vector<std::string>> servers(const std::stop_token& stop) override;
    [[nodiscard]] Result<QByteArray> ask(const std::string& server, const MonitorQuestion& question,
                                         const std::stop_token& stop) override;
    [[nodiscard]] std::string describe(const std::string& server,
                                       const MonitorQuestion& question) const override;
    [[nodiscard]] std::string whyNotAsked() const override;
    [[nodiscard]] std::uint64_t expected() const override { return m_expected; }

private:
    [[nodiscard]] Result<void> connect();
    [[nodiscard]] Result<void> findServers(const std::stop_token& stop);
    /// Sends a request whose answers come to the inbox that take() reads.
    [[nodiscard]] Result<void> send(const std::string& subject, const QByteArray& body);
    /// The next answer to the last request; null within `patience`, and when nobody is there to answer.
    struct Answer
    {
        NatsMsgPtr message;
        bool nobody = false;
    };
    [[nodiscard]] Answer take(std::chrono::milliseconds patience, const std::stop_token& stop);

    const Options m_options;
    Clock& m_clock;
    std::unique_ptr<NatsLink> m_link;
    NatsSubscriptionPtr m_answers;
    std::string m_inbox;
    std::uint64_t m_asked = 0; ///< requests, so that a late answer is known as one
    std::vector<std::string> m_servers;
    std::uint64_t m_expected = 0; ///< servers that the servers themselves know of
    Nanoseconds m_findAt = Nanoseconds::min();
    Nanoseconds m_connectAt = Nanoseconds::min();
    ReconnectPolicy m_policy;
    Error m_failure; ///< why there is no connection, or nobody found: until the next attempt
};

/// The profile whose user is in the system account: of `systemCreds` where it is set, else the profile as it
/// is.
[[nodiscard]] ConnectionProfile systemProfileOf(ConnectionProfile profile);

} // namespace weir
