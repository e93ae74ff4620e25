// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/CredentialFacts.h"

#include "core/base/Time.h"
#include "core/base/Wording.h"

namespace weir {
namespace {

constexpr std::size_t kNamed = 12;      ///< subjects of one list
constexpr std::size_t kNkeyLength = 56; ///< of a public one (nats-io/nkeys: 35 bytes in base32)

void addRight(const char* what, const std::vector<std::string>& allow, const std::vector<std::string>& deny,
              FlowNode& node)
{
    std::string text = allow.empty() ? "everything" : listed(allow, kNamed);
    if (!deny.empty())
        text += " but " + listed(deny, kNamed);
    node.facts.emplace_back(what, std::move(text));
}

} // namespace

bool isNamed(const SeenConnection& connection, const std::string& name)
{
    return connection.userName == name || connection.user == name || connection.name == name;
}

void addCredential(const SeenConnection& connection, FlowNode& node)
{
    const bool hasNkey = connection.user.size() == kNkeyLength && connection.user.front() == 'U';
    if (const std::string& user = connection.userName.empty() ? connection.user : connection.userName;
        !user.empty())
        node.facts.emplace_back("user", user);
    if (hasNkey && connection.user != node.facts.back().second)
        node.facts.emplace_back("nkey", connection.user);
    if (!connection.permissions)
        return;
    if (connection.issued != kNoTime) {
        node.facts.emplace_back("credential issued", formatRfc3339(connection.issued));
        node.facts.emplace_back("credential ends",
                                connection.expires == kNoTime ? "never" : formatRfc3339(connection.expires));
    }
    const UserPermissions& rights = *connection.permissions;
    addRight("may publish to", rights.publishAllow, rights.publishDeny, node);
    addRight("may subscribe to", rights.subscribeAllow, rights.subscribeDeny, node);
}

} // namespace weir
