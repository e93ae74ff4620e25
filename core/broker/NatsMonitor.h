// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/broker/BrokerLook.h"
#include "core/broker/ConnectionProfile.h"
#include "core/broker/MonitorTransport.h"
#include "core/broker/MonitoredServer.h"

#include <chrono>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace weir {

/// Looks at nats-servers: at all that they tell, or again and again at what changed (see MonitoredServer). A
/// server that answers something else costs a line in `problems`, not the look; one that others name and that
/// was not reached, too. Waits with an event loop of its own: any thread but the GUI's, and always the same.
class NatsMonitor
{
public:
    struct Options
    {
        std::vector<std::string> urls; ///< monitoring ports
        ConnectionProfile profile;     ///< for https:// ones: CA and certificate
        std::chrono::milliseconds patience = std::chrono::seconds(3); ///< for one page
        std::int64_t largestPage = std::int64_t{64} << 20;            ///< bytes
        std::uint64_t pageSize = 4096;                                ///< connections
        std::uint64_t mostConnections = 100'000;                      ///< of one server
        Nanoseconds interval = std::chrono::seconds(2);               ///< between two glances
    };
    using Look = std::shared_ptr<const BrokerLook>;

    /// Through the monitoring ports of `options.urls`.
    NatsMonitor(const Options& options, Clock& clock);
    /// Through `transport`, whatever URLs the options name.
    NatsMonitor(std::unique_ptr<MonitorTransport> transport, const Options& options, Clock& clock);

    /// A whole look; Cancelled when `stop` is asked. An error when not one server said what it is.
    [[nodiscard]] Result<Look> look(const std::stop_token& stop);
    /// The look that follows: what changed and what is worn is read anew, as the servers' pace allows. The
    /// same as before where nothing was due.
    [[nodiscard]] Result<Look> glance(const std::stop_token& stop);
    /// When glance() will have something to do (steady).
    [[nodiscard]] Nanoseconds nextAt() const;

    /// The server of this id; null: it is not known. For what events tell.
    [[nodiscard]] MonitoredServer* server(const std::string& id);
    /// Events tell that streams of an account changed, or that more happened than they can say.
    void expectStreams(const std::string& account);
    void expectMuch();

private:
    /// Which servers there are; false: none can be asked.
    [[nodiscard]] Result<void> findServers(const std::stop_token& stop);
    [[nodiscard]] Result<Look> assemble();
    void noteRestarts(const BrokerLook& look);
    void tellCoverage(BrokerLook& look) const;

    std::unique_ptr<MonitorTransport> m_transport;
    const MonitoredServer::Options m_options;
    Clock& m_clock;
    std::map<std::string, MonitoredServer> m_servers; ///< by how the transport names them
    std::vector<std::string> m_order;                 ///< of the transport
    std::map<std::string, SeenServer> m_seen;         ///< by id: every server that ever answered
    std::vector<std::string> m_notes;
};

/// The monitoring ports that a profile names.
[[nodiscard]] std::vector<std::string> monitorUrls(const ConnectionProfile& profile);

} // namespace weir
