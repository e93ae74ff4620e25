// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/BrokerLook.h"
#include "core/topology/FlowGraph.h"

#include <string>
#include <string_view>
#include <vector>

namespace weir {

// What the facts of a node are called that its credential told.
inline constexpr std::string_view kUserFact = "user";
inline constexpr std::string_view kNkeyFact = "nkey";

/// Whether what a server tells as user is a user's public nkey.
[[nodiscard]] bool isUserNkey(const std::string& user);

/// Whether a connection is known by this name: of its user, its public nkey, or the one that it gives itself.
[[nodiscard]] bool isNamed(const SeenConnection& connection, const std::string& name);

/// "orders.>, auth.> but orders.secret". A JWT that allows nothing by name leaves it to its account's
/// default, or to the signing key's template, which no monitoring tells.
[[nodiscard]] std::string rightsText(const std::vector<std::string>& allow,
                                     const std::vector<std::string>& deny);

/// Adds what the broker says of the credential that a connection came with: user, nkey, when it was issued
/// and ends, and what it lets its bearer publish and subscribe to. Nothing of what the broker does not say.
void addCredential(const SeenConnection& connection, FlowNode& node);

} // namespace weir
