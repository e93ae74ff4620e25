// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/BrokerLook.h"

#include <algorithm>

namespace weir {

std::optional<double> growthRate(std::uint64_t before, Timestamp toldBefore, std::uint64_t now,
                                 Timestamp told)
{
    if (now < before || toldBefore == kNoTime || told <= toldBefore)
        return std::nullopt;
    return static_cast<double>(now - before) / std::chrono::duration<double>(told - toldBefore).count();
}

std::optional<double> both(const std::optional<double>& a, const std::optional<double>& b, bool first)
{
    if (first)
        return b;
    return a && b ? std::optional(*a + *b) : std::nullopt;
}

const SeenServer* serverOf(const BrokerLook& look, std::string_view id)
{
    const auto found = std::find_if(look.servers.begin(), look.servers.end(),
                                    [&](const SeenServer& server) { return !id.empty() && server.id == id; });
    return found == look.servers.end() ? nullptr : &*found;
}

ConnectionIndex connectionsOf(const BrokerLook* look)
{
    ConnectionIndex index;
    if (look == nullptr)
        return index;
    for (const SeenConnection& connection : look->connections)
        index.emplace(std::pair<std::string_view, std::uint64_t>(connection.server, connection.cid),
                      &connection);
    return index;
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
