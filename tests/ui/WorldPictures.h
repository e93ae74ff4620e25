// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/WorldGraph.h"

#include <memory>

namespace weir::test {

/// `pops` PoPs with traffic, the large cities' first: a few slow, a few without a latency, three of unknown
/// codes where there are many; `regions` places of servers. The same for the same numbers.
[[nodiscard]] std::shared_ptr<const WorldGraph> bigWorld(std::size_t pops, std::size_t regions);
/// Its parts, to be changed.
[[nodiscard]] std::vector<PopSum> bigPops(std::size_t pops);
[[nodiscard]] BrokerLook serversIn(const std::vector<std::string>& codes);

} // namespace weir::test
