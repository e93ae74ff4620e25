// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/CredentialFacts.h"

#include "core/base/Time.h"
#include "core/base/Wording.h"

namespace weir {
namespace {

constexpr std::size_t kNamed = 12;      ///< subjects of one list
constexpr std::size_t kNkeyLength = 56; ///< of a public one (nats-io/nkeys: 35 bytes in base32)

} // namespace

std::string rightsText(const std::vector<std::string>& allow, const std::vector<std::string>& deny)
{
    const std::string text = allow.empty() ? "what its account or signing key allows" : listed(allow, kNamed);
    return deny.empty() ? text : text + " but " + listed(deny, kNamed);
}

bool isUserNkey(const std::string& user)
{
    return user.size() == kNkeyLength && user.front() == 'U';
}

bool isNamed(const SeenConnection& connection, const std::string& name)
{
    return connection.userName == name || connection.user == name || connection.name == name;
}

void addCredential(const SeenConnection& connection, FlowNode& node)
{
    if (const std::string& user = connection.userName.empty() ? connection.user : connection.userName;
        !user.empty())
        node.facts.emplace_back(kUserFact, user);
    if (isUserNkey(connection.user) && connection.user != node.facts.back().second)
        node.facts.emplace_back(kNkeyFact, connection.user);
    if (!connection.permissions)
        return;
    if (connection.issued != kNoTime) {
        node.facts.emplace_back("credential issued", formatSecond(connection.issued));
        node.facts.emplace_back("credential ends",
                                connection.expires == kNoTime ? "never" : formatSecond(connection.expires));
    }
    const UserPermissions& rights = *connection.permissions;
    node.facts.emplace_back("may publish to", rightsText(rights.publishAllow, rights.publishDeny));
    node.facts.emplace_back("may subscribe to", rightsText(rights.subscribeAllow, rights.subscribeDeny));
}

} // namespace weir
