// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/ConnectionProfile.h"
#include "core/broker/MonitorTransport.h"

#include <QNetworkAccessManager>
#include <QSslConfiguration>

#include <chrono>
#include <optional>

namespace weir {

/// nats-server's monitoring ports (http:// or https://, the certificate verified). Waits with an event loop
/// of its own; connections to the servers are kept.
class HttpMonitor : public MonitorTransport
{
public:
    struct Options
    {
        std::vector<std::string> urls;
        ConnectionProfile profile; ///< whose CA and certificate https:// is spoken with
        std::chrono::milliseconds patience = std::chrono::seconds(3); ///< for one page
        std::int64_t largestPage = std::int64_t{64} << 20;            ///< bytes
        std::uint64_t pageSize = 4096;                                ///< connections
    };

    explicit HttpMonitor(Options options);

    [[nodiscard]] Result<std::vector<std::string>> servers(const std::stop_token& stop) override;
    [[nodiscard]] Result<QByteArray> ask(const std::string& server, const MonitorQuestion& question,
                                         const std::stop_token& stop) override;
    [[nodiscard]] std::string describe(const std::string& server,
                                       const MonitorQuestion& question) const override;
    [[nodiscard]] std::string whyNotAsked() const override;

private:
    [[nodiscard]] Result<QByteArray> fetch(const std::string& url, const std::stop_token& stop);

    Options m_options;
    QNetworkAccessManager m_network;
    std::optional<QSslConfiguration> m_https; ///< once the files were read
};

} // namespace weir
