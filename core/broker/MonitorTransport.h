// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"

#include <QByteArray>

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace weir {

/// One document of a server's monitoring that is asked for. Not its subsz: that lists the subscriptions that
/// connz lists with details, but for the server's own, and does not say whose they are (nats-server 2.9.10).
struct MonitorQuestion
{
    enum class Page : std::uint8_t { Varz, Connz, Routez, Gatewayz, Leafz, Accountz, Jsz };

    Page page = Page::Varz;
    bool details = false;     ///< Connz: subscriptions and users
    std::uint64_t offset = 0; ///< Connz: connections, Jsz: accounts
    std::uint64_t cid = 0;    ///< Connz: this one alone
    std::string account;      ///< Accountz, Jsz: this one alone
};

/// A way to ask servers for the documents of their monitoring. Answers are bounded in size and time. One
/// thread, not the GUI's.
class MonitorTransport
{
public:
    virtual ~MonitorTransport() = default;

    /// Whom to ask, as they are known now: the same text for the same server as long as it answers.
    [[nodiscard]] virtual Result<std::vector<std::string>> servers(const std::stop_token& stop) = 0;
    /// The document, or what answered in its place: the readers of MonitorReply tell. Cancelled when `stop`
    /// is asked.
    [[nodiscard]] virtual Result<QByteArray> ask(const std::string& server, const MonitorQuestion& question,
                                                 const std::stop_token& stop) = 0;
    /// What a question is to people: the URL, or the subject.
    [[nodiscard]] virtual std::string describe(const std::string& server,
                                               const MonitorQuestion& question) const = 0;
    /// Why a server that others name was not asked.
    [[nodiscard]] virtual std::string whyNotAsked() const = 0;
    /// How many servers there are at least, as they say themselves; 0: that is not known.
    [[nodiscard]] virtual std::uint64_t expected() const { return 0; }
};

} // namespace weir
