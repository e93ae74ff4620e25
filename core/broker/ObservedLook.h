// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/BrokerLook.h"

#include <memory>
#include <string>
#include <vector>

namespace weir {

/// A look at a broker and what was observed there meanwhile.
struct ObservedLook
{
    std::shared_ptr<const BrokerLook> look;
    std::string account;               ///< whose subjects were observed: an id; empty: not known
    std::vector<std::string> observed; ///< what was subscribed to
};

} // namespace weir
