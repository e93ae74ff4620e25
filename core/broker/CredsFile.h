// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/base/Secret.h"
#include "core/base/Time.h"

#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// What a user JWT says of itself, unverified: the server verifies it.
struct UserClaims
{
    std::string name;
    std::string publicKey; ///< U…
    std::string issuer;    ///< the account or signing key that signed it, A…
    std::string account;   ///< issuer_account where a signing key signed, else the issuer
    Timestamp issuedAt = kNoTime;
    Timestamp expires = kNoTime; ///< kNoTime: never
    bool bearer = false;         ///< needs no signature, so no seed
};

/// Reads the claims of a user JWT without checking its signature.
[[nodiscard]] Result<UserClaims> readUserJwt(std::string_view jwt);

/// A NATS .creds file: a user JWT and the user's seed, between lines of dashes (nats-io/jwt v2,
/// creds_utils.go: the first block is the JWT, the second the seed).
class CredsFile
{
public:
    /// Reads and checks one: missing, unreadable, truncated, malformed, expired at `now`, and a seed that is
    /// not the JWT's user's are errors that say so; a file that others may read is a warning.
    [[nodiscard]] static Result<CredsFile> read(const std::string& path, Timestamp now);
    /// The same of a text from elsewhere; `origin` names it in errors.
    [[nodiscard]] static Result<CredsFile> parse(const Secret& text, const std::string& origin,
                                                 Timestamp now);

    [[nodiscard]] const UserClaims& claims() const { return m_claims; }
    [[nodiscard]] const std::vector<std::string>& warnings() const { return m_warnings; }
    /// For the one call that connects. The JWT is no secret for a user with a seed, but a bearer's is.
    [[nodiscard]] const Secret& jwt() const { return m_jwt; }
    [[nodiscard]] const Secret& seed() const { return m_seed; }

private:
    UserClaims m_claims;
    Secret m_jwt;
    Secret m_seed;
    std::vector<std::string> m_warnings;
};

} // namespace weir
