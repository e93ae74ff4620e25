// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/broker/BrokerLook.h"
#include "core/broker/ConnectionProfile.h"
#include "core/broker/TraceEvents.h"

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// The way that one message takes, as the servers tell it.
struct MessageWay
{
    std::string subject;
    Timestamp time = kNoTime;       ///< when the probe was sent
    std::vector<TraceHop> hops;     ///< the first server's, then by their ids
    std::vector<std::string> lacks; ///< what did not answer: nothing else is missing

    [[nodiscard]] bool isWhole() const { return lacks.empty(); }
};

/// Whether a server of this version can trace a message without delivering it: from 2.11.0 on. An older one
/// takes no notice of the wish, and delivers.
[[nodiscard]] bool canTrace(std::string_view version);

/// Refuses where a server that is known is older than that, or has not said its version: naming it.
[[nodiscard]] Result<void> mayTrace(const BrokerLook& look);

/// Puts the servers' events together, and says which servers were sent the message but did not tell.
[[nodiscard]] MessageWay wayOf(std::string subject, std::vector<TraceHop> hops, Nanoseconds waited);
/// All have told whom the message was sent on to.
[[nodiscard]] bool isComplete(const std::vector<TraceHop>& hops);

struct TraceProbe
{
    std::string subject;                    ///< no wildcards
    std::shared_ptr<const BrokerLook> look; ///< what is known of the servers; null: only what INFO says
    std::chrono::milliseconds patience = std::chrono::seconds(2); ///< for the events
};

/// Sends one empty message that is traced, and neither delivered nor stored (headers Nats-Trace-Dest and
/// Nats-Trace-Only, NATS ADR-41), and gathers what the servers say of it. Unsupported, and nothing sent,
/// unless the connected server, those that its INFO names and those of the look have each said a version that
/// can. Blocks: run it on a thread of its own.
[[nodiscard]] Result<MessageWay> traceMessage(const ConnectionProfile& profile, const TraceProbe& probe,
                                              const std::stop_token& stop = {});

} // namespace weir
