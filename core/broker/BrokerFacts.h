// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Time.h"
#include "core/broker/ConnectionProfile.h"

#include <cstdint>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace weir {

class NatsLink;

struct StreamFacts
{
    std::string name;
    std::vector<std::string> subjects;
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
    std::uint64_t lastSequence = 0;
};

struct SubscriptionFacts
{
    std::string subject;
    std::uint64_t messages = 0; ///< given to it so far
};

struct PublisherFacts
{
    std::uint64_t messages = 0; ///< published by one connection so far
    std::uint64_t bytes = 0;
};

/// One look at what a broker says of its streams, subscriptions and traffic, as far as this user may see.
struct BrokerFacts
{
    Nanoseconds time{0}; ///< steady
    std::map<std::string, StreamFacts> streams;
    std::map<std::string, SubscriptionFacts> subscriptions; ///< by connection and subscription number
    std::map<std::string, PublisherFacts> publishers;       ///< of this user's account, by connection
    std::optional<std::uint64_t> inMessages;                ///< of all clients of the server
    std::optional<std::uint64_t> inBytes;
    std::vector<std::string> notes; ///< what could not be read or be seen, and why
};

/// Streams through JetStream's API; connections of the own account, with what each published and was given,
/// through `$SYS.REQ.SERVER.PING.CONNZ`, which every account may ask about itself (nats-server 2.9
/// events.go); else, and for the whole server's traffic, through the monitoring URL where the profile has
/// one. Blocks a few seconds at the most.
[[nodiscard]] BrokerFacts readBrokerFacts(NatsLink& link, const ConnectionProfile& profile,
                                          const std::stop_token& stop);

} // namespace weir
