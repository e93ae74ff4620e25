// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Error.h"

#include <nats/nats.h>

#include <memory>
#include <string>

namespace weir {

struct NatsDeleter
{
    void operator()(natsOptions* options) const { natsOptions_Destroy(options); }
    void operator()(natsConnection* connection) const { natsConnection_Destroy(connection); }
    void operator()(natsSubscription* subscription) const { natsSubscription_Destroy(subscription); }
    void operator()(natsMsg* message) const { natsMsg_Destroy(message); }
};

using NatsOptionsPtr = std::unique_ptr<natsOptions, NatsDeleter>;
using NatsConnectionPtr = std::unique_ptr<natsConnection, NatsDeleter>;
using NatsSubscriptionPtr = std::unique_ptr<natsSubscription, NatsDeleter>;
using NatsMsgPtr = std::unique_ptr<natsMsg, NatsDeleter>;

/// nats.c's status and text of this thread's last failure as one of our errors: the one edge where they are
/// translated. `reason` empty: nats.c's own.
[[nodiscard]] Error natsError(std::string what, natsStatus status, std::string reason = {});

} // namespace weir
