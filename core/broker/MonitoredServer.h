// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/broker/BrokerLook.h"
#include "core/broker/ConnectionBook.h"
#include "core/broker/MonitorPace.h"
#include "core/broker/MonitorTransport.h"

#include <map>
#include <optional>
#include <set>
#include <stop_token>
#include <string>

namespace weir {

/// What one server told so far, and when which of it is asked again: its VARZ at the interval, and of the
/// dear pages those that VARZ or an event shows to have changed, then the oldest, one after the other as the
/// pace allows. All of it together stays within about two hundredths of a core (MonitorPace). One thread.
class MonitoredServer
{
public:
    struct Options
    {
        Nanoseconds interval = std::chrono::seconds(2);
        std::uint64_t mostConnections = 100'000;
    };

    /// `target` is how the transport names it. The transport and the clock must outlive this.
    MonitoredServer(std::string target, MonitorTransport& transport, Clock& clock, Options options);

    /// Asks for everything, whatever it costs.
    void readAll(const std::stop_token& stop);
    /// Asks for what is due. True when something was asked.
    bool readDue(const std::stop_token& stop);
    /// When something will be due.
    [[nodiscard]] Nanoseconds nextAt() const;

    /// An event told of a connection: it is looked at soon, and once more when it has had time to subscribe.
    void expectConnection(std::uint64_t cid);
    /// It ended; false when it was not known.
    bool forgetConnection(std::uint64_t cid);
    /// An event told that streams or consumers of an account changed.
    void expectStreams(const std::string& account);
    /// More happened than events can say: connections are read anew when the pace allows.
    void expectMuch() { m_newcomers = true; }

    [[nodiscard]] const std::optional<SeenServer>& server() const { return m_server; }
    [[nodiscard]] const std::optional<Error>& failure() const { return m_failure; }
    /// All that it told: nothing while it does not answer.
    void addTo(BrokerLook& look) const;

private:
    static constexpr Nanoseconds kNever{-(std::int64_t{1} << 60)}; ///< so that ages can be reckoned

    enum class Topic : std::uint8_t { Connections, Streams, Links, Accounts };
    /// One kind of dear pages: what they told, when, and how the server stood then.
    struct Part
    {
        BrokerLook told;
        std::string problem;
        Nanoseconds at = kNever; ///< steady
        SeenServer stood;
    };

    void readVarz(const std::stop_token& stop);
    void begin(SeenServer server);
    void fail(Error error);
    void read(Topic topic, const std::stop_token& stop);
    void readConnections(bool details, const std::stop_token& stop);
    void readStreams(const std::stop_token& stop);
    void readLinks(const std::stop_token& stop);
    void readAccounts(const std::stop_token& stop);
    bool readExpected(const std::stop_token& stop);
    void readConnection(std::uint64_t cid, const std::stop_token& stop);
    void readStreamsOf(const std::string& account, const std::stop_token& stop);
    [[nodiscard]] Result<QByteArray> ask(const MonitorQuestion& question, MonitorPace& pace,
                                         const std::stop_token& stop);
    /// When connections that are not known in detail may be read.
    [[nodiscard]] Nanoseconds newcomersAt() const;
    /// The topic to read next, if any is due; those that changed go first.
    [[nodiscard]] std::optional<Topic> dueTopic() const;
    [[nodiscard]] bool hasChanged(Topic topic) const;
    [[nodiscard]] bool isWorn(Topic topic) const;
    [[nodiscard]] bool areDetailsWorn() const;
    [[nodiscard]] Part& part(Topic topic) { return m_parts[static_cast<std::size_t>(topic)]; }
    [[nodiscard]] const Part& part(Topic topic) const { return m_parts[static_cast<std::size_t>(topic)]; }

    const std::string m_target;
    MonitorTransport& m_transport;
    Clock& m_clock;
    const Options m_options;
    MonitorPace m_pace;   ///< of what is read again and again
    MonitorPace m_urgent; ///< of what events ask for
    std::optional<SeenServer> m_server;
    std::optional<Error> m_failure;
    std::uint32_t m_failures = 0; ///< in a row
    Nanoseconds m_quickest = Nanoseconds::max();
    Nanoseconds m_glanced = kNever;
    Nanoseconds m_glanceAt = kNever;
    Part m_parts[4];
    ConnectionBook m_connections;
    SeenServer m_detailed; ///< how it stood when connections were read with their subscriptions
    Nanoseconds m_detailedAt = kNever;
    std::map<std::uint64_t, Nanoseconds> m_soon;  ///< cid → when to look at it
    std::map<std::uint64_t, Nanoseconds> m_later; ///< and once more
    std::set<std::string> m_changed;              ///< accounts whose streams did
    bool m_newcomers = false;                     ///< some connections are not known in detail
};

} // namespace weir
