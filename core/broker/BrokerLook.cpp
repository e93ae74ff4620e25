// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/BrokerLook.h"

namespace weir {

std::optional<double> growthRate(std::uint64_t before, Timestamp toldBefore, std::uint64_t now,
                                 Timestamp told)
{
    if (now < before || toldBefore == kNoTime || told <= toldBefore)
        return std::nullopt;
    return static_cast<double>(now - before) / std::chrono::duration<double>(told - toldBefore).count();
}

std::string accountOfUser(const BrokerLook& look, std::string_view user)
{
    for (const SeenConnection& connection : look.connections) {
        if (connection.user == user)
            return connection.account;
    }
    return {};
}

} // namespace weir
