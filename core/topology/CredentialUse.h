// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/BrokerLook.h"
#include "core/topology/LooksOfRange.h"

#include <optional>
#include <string>
#include <vector>

namespace weir {

/// A connection that a client made with a credential.
struct CredentialConnection
{
    std::string server; ///< name, or id
    std::uint64_t cid = 0;
    std::string client;  ///< that it calls itself
    std::string address; ///< ip:port
    std::string library;
    Timestamp issued = kNoTime; ///< the JWT that it came with
    Timestamp expires = kNoTime;
    Timestamp start = kNoTime;
    Timestamp gone = kNoTime; ///< it was there for a part of the range: the last look that had it
    std::size_t subscriptions = 0;
    std::optional<double> published; ///< messages a second
    std::optional<double> taken;     ///< messages a second
};

enum class CredentialState : std::uint8_t {
    Refused,  ///< somebody who claimed it was not let in
    Ended,    ///< its time is over
    EndsSoon, ///< within the last tenth of its life, or the last quarter of an hour
    Mixed,    ///< connections still use an older one than others
    Valid,
    NeverEnds, ///< its JWT has no end
    Untold,    ///< no JWT says: a password, a token, an nkey of the servers' configuration, or nothing at all
};
[[nodiscard]] std::string_view credentialStateName(CredentialState state);

/// What a broker tells of one credential: of a user, which its name or public nkey stands for, within an
/// account. Secrets are no part of what a broker tells.
struct CredentialUse
{
    std::string id;        ///< the same from look to look
    std::string name;      ///< of the user; empty: it has none
    std::string nkey;      ///< public; empty: it has none
    std::string accountId; ///< empty: nobody with it was let in
    std::string account;   ///< its name, or the id
    bool isSystem = false; ///< the account is the servers' own
    bool hasJwt = false;   ///< what follows is what its newest JWT says
    Timestamp issued = kNoTime;
    Timestamp expires = kNoTime; ///< kNoTime: never
    UserPermissions permissions;
    CredentialState state = CredentialState::Untold;
    std::string reason;              ///< of the state, in words; empty where there is nothing to say
    std::size_t present = 0;         ///< connections that were there at the end of the range
    std::size_t older = 0;           ///< of those, who came with an older JWT than the newest
    std::optional<double> published; ///< messages a second, of the present connections together
    std::optional<double> taken;
    std::vector<CredentialConnection> connections; ///< the present first, then the latest
    std::vector<SeenVisit> visits;                 ///< that came and went between two looks, the latest first
    std::vector<SeenAuthError> refusals;           ///< the latest first
};

/// All credentials of a range: what asks for a look first, then what ends first.
struct CredentialList
{
    std::vector<CredentialUse> uses;
    Timestamp to = kNoTime;            ///< the moment that states are of
    std::vector<std::string> coverage; ///< what the list cannot say
};

/// `looks`: of the range that begins with `from`. States are of the last look.
[[nodiscard]] CredentialList credentialsOf(const RangeLooks& looks, Timestamp from);

/// Whether `name` is of this credential: a user's name, its nkey, or what a client that uses it calls itself.
[[nodiscard]] bool isNamed(const CredentialUse& use, const std::string& name);

/// One credential as a JSON object: `name nkey account state issued expires connections …`.
[[nodiscard]] std::string credentialJson(const CredentialUse& use);

} // namespace weir
