// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/BrokerLook.h"
#include "core/topology/ServerPlan.h"

#include <memory>

namespace weir::test {

/// A look at about `servers` servers: clusters of three to nine, each server with a route to each, gateways
/// between the clusters and to one that was not looked at, leaf nodes on them. One route is slow, one is
/// missing, one server was not reached, one runs another version. The same for the same numbers; `second`:
/// some seconds later.
[[nodiscard]] BrokerLook bigServers(std::size_t servers, bool second);
[[nodiscard]] std::shared_ptr<const ServerPlan> bigPlan(std::size_t servers);

} // namespace weir::test
