// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/ConnectionProfile.h"

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace weir {

/// A subject that someone may want to observe, and what is known of its traffic before subscribing.
struct SubjectProposal
{
    std::string subject;
    std::optional<double> messagesPerSecond; ///< absent: unknown
    std::optional<double> bytesPerSecond;
    std::string
        basis; ///< what the rate rests on: "stream ORDERS grew by 120 messages in 1.0 s"; or why unknown
    std::string origin;    ///< who uses it: "stream ORDERS", "3 subscriptions"
    bool isStream = false; ///< `origin` is a stream's name that may be captured without loss
};

struct SubjectProposals
{
    std::vector<SubjectProposal> subjects;         ///< busiest first; never `>`
    std::optional<double> serverMessagesPerSecond; ///< of all subjects together: an upper bound for each
    std::optional<double> serverBytesPerSecond;
    std::string serverBasis;        ///< what that rests on, or why it is unknown
    std::vector<std::string> notes; ///< what could not be read, and why
};

/// Asks the broker what is going on: its streams, and the connections' subscriptions through the monitoring
/// endpoint (`profile.monitorUrl`) or the system account where this user may. Looks twice, `window` apart.
/// Subscribes to nothing but its own inbox. Blocks: run it on a thread of its own.
[[nodiscard]] Result<SubjectProposals>
proposeSubjects(const ConnectionProfile& profile, std::stop_token stop = {},
                std::chrono::milliseconds window = std::chrono::seconds(1));

} // namespace weir
