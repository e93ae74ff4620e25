// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/broker/ConnectionProfile.h"

#include <QSslSocket>

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace weir {

/// Where a URL leads; NATS's port where it names none.
struct HostPort
{
    std::string host;
    std::uint16_t port = 4222;
};
[[nodiscard]] Result<HostPort> hostPortOf(const std::string& url);

/// What a NATS server says of itself before anything is asked (INFO, docs.nats.io "NATS protocol").
struct ServerGreeting
{
    std::string id;
    std::string name; ///< empty where the server was given none (then it shows its id: 56 characters)
    std::string version;
    bool tlsRequired = false;
    bool tlsAvailable = false;
    bool wantsCertificate = false; ///< the client's
    bool authRequired = false;
    bool jetstream = false;
    bool headers = false;
    std::int64_t maxPayload = 0;
};

/// One bare connection to a server, walked step by step: name, TCP, greeting, TLS. Blocks at most `patience`
/// a step, less when a stop is requested. One thread, any; needs no event loop.
class ServerProbe
{
public:
    explicit ServerProbe(HostPort where, std::stop_token stop = {},
                         std::chrono::milliseconds patience = std::chrono::seconds(3));

    /// The host's addresses, in words.
    [[nodiscard]] Result<std::string> resolve();
    [[nodiscard]] Result<void> connect();
    /// Format: something else answered, which the error quotes; Timeout: nothing did.
    [[nodiscard]] Result<ServerGreeting> greeting();
    /// Shakes hands as the profile says; the error has the certificate's own reasons, or the server's word on
    /// ours.
    [[nodiscard]] Result<std::string> encrypt(const ConnectionProfile& profile);

private:
    template<typename Done>
    bool waitFor(Done done);
    [[nodiscard]] Error notNats(const QByteArray& answer) const;
    [[nodiscard]] bool isLetIn();
    [[nodiscard]] std::string place() const;

    const HostPort m_where;
    const std::stop_token m_stop;
    const std::chrono::milliseconds m_patience;
    QSslSocket m_socket;
    bool m_wantsCertificate = false;
    bool m_ticket = false;
    QString m_trouble;
};

/// Walks to the profile's servers and returns the first thing that is wrong: a name, TCP, not NATS, TLS.
/// NotFound with empty texts when nothing is.
[[nodiscard]] Error diagnose(const ConnectionProfile& profile);

} // namespace weir
