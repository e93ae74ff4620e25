// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/BrokerLook.h"
#include "core/topology/FlowGraph.h"
#include "core/topology/PopPlaces.h"

#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// The kind of a finding about a client that is not let in: no node is of it.
inline constexpr std::string_view kAuthError = "auth_error";

/// Where what was observed and what is allowed, or wise, differ: publishes outside of permissions, edge
/// identities that subscribe, clients that are not let in, PoPs far from every server. `messages`: the graph
/// that messages show; `account`: whose subjects they were observed in, an id.
[[nodiscard]] std::vector<FlowFinding> policyFindings(const FlowGraph& messages, const BrokerLook& look,
                                                      const std::string& account,
                                                      const PopPlaces& places = PopPlaces::builtIn());

} // namespace weir
