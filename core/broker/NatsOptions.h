// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/base/Secret.h"
#include "core/broker/ConnectionProfile.h"
#include "core/broker/NatsHandles.h"

#include <memory>
#include <string>
#include <vector>

namespace weir {

/// How a broker lists the connections of a Weir.
inline constexpr const char* kNatsClientName = "weir";

/// The user's proof, read anew for each connection attempt; nats.c's callbacks read it while connecting.
struct NatsProof
{
    Secret jwt;
    Secret seed;
    /// nats.c would have left out the signature that it was given: another attempt has another nonce.
    bool unsendable = false;
};

/// nats.c options made from a profile, and what they refer to: keep it until the connection is made.
struct NatsSetup
{
    NatsOptionsPtr options;
    std::unique_ptr<NatsProof> proof;
    std::vector<std::string> warnings;
};

/// Reads the profile's credentials and makes options of them, with nats.c's own reconnecting off: a
/// supervisor of ours does that. `discovered` are further servers of the cluster, tried after the profile's.
/// Errors that waiting cannot heal (see canHeal) are the profile's or a file's.
[[nodiscard]] Result<NatsSetup> natsOptionsFor(const ConnectionProfile& profile,
                                               const std::vector<std::string>& discovered = {});

/// natsConnection_Connect, and once more where the server's nonce had a signature that nats.c cannot send.
[[nodiscard]] natsStatus connectNats(const NatsSetup& setup, natsConnection** connection);

/// Whether a later attempt with the same profile may succeed.
[[nodiscard]] bool canHeal(const Error& error);

} // namespace weir
