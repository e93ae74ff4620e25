// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/broker/BrokerLook.h"
#include "core/broker/ConnectionProfile.h"

#include <QByteArray>

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace weir {

/// Looks at nats-servers through their monitoring ports (http:// or https://, the certificate verified).
/// Every page is bounded in size and time; a server that answers something else costs a line in `problems`,
/// not the look. Waits with an event loop of its own: any thread but the GUI's.
class NatsMonitor
{
public:
    struct Options
    {
        std::vector<std::string> urls;
        std::chrono::milliseconds patience = std::chrono::seconds(3); ///< for one page
        std::int64_t largestPage = std::int64_t{64} << 20;            ///< bytes
        std::uint64_t pageSize = 512;                                 ///< connections, accounts
        std::uint64_t mostConnections = 100'000;
    };

    NatsMonitor(Options options, Clock& clock) : m_options(std::move(options)), m_clock(clock) {}

    /// A whole look; Cancelled when `stop` is asked. An error when not one server said what it is.
    [[nodiscard]] Result<std::shared_ptr<const BrokerLook>> look(const std::stop_token& stop) const;

private:
    [[nodiscard]] Result<QByteArray> fetch(const std::string& url, const std::stop_token& stop) const;
    [[nodiscard]] Result<void> lookAt(const std::string& url, const std::stop_token& stop,
                                      BrokerLook& look) const;
    void readLinks(const std::string& url, const std::stop_token& stop, BrokerLook& look) const;
    void readAccounts(const std::string& url, const std::stop_token& stop, BrokerLook& look) const;
    void readStreams(const std::string& url, const std::stop_token& stop, BrokerLook& look) const;
    void readConnections(const std::string& url, const std::stop_token& stop, BrokerLook& look) const;

    const Options m_options;
    Clock& m_clock;
};

/// The monitoring ports that a profile names.
[[nodiscard]] std::vector<std::string> monitorUrls(const ConnectionProfile& profile);

/// When to look again: no sooner than `interval`, and so that looking takes at most a twentieth of the time.
[[nodiscard]] Nanoseconds pauseAfterLook(Nanoseconds interval, Nanoseconds took);

} // namespace weir
