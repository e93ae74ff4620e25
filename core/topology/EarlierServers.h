// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/BrokerLook.h"

namespace weir {

/// Adds to `last` the servers and links that `earlier` has besides, as gone. A server has a new id at each
/// start: one that began anew is the present one, and so are the ends of its links.
void addEarlierServers(BrokerLook& last, const BrokerLook& earlier);

} // namespace weir
