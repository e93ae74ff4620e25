// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace weir {

/// What a capture believes about tokens. Empty lists ask for nothing.
struct IdentityConfig
{
    /// JWKS documents (RFC 7517): paths, or https:// URLs (http:// only to this machine).
    std::vector<std::string> jwks;
    /// Accepted `iss` values. For NATS JWTs (alg ed25519-nkey): the account or operator keys that are
    /// trusted; without one of them such a token stays claimed.
    std::vector<std::string> issuers;
    /// Accepted `aud` values; a token must name one of them.
    std::vector<std::string> audiences;

    [[nodiscard]] bool operator==(const IdentityConfig&) const = default;
};

} // namespace weir
