// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/base/Time.h"
#include "core/identity/Base64Url.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

inline constexpr std::size_t kMaxTokenSize = 16 * 1024;

/// A decoded JSON Web Token in the compact form (RFC 7519, RFC 7515 section 7.1). Decoded only: whether its
/// signature holds is TokenVerifier's matter.
struct Jwt
{
    std::string algorithm; ///< `alg`
    std::string keyId;     ///< `kid`; empty without
    std::string type;      ///< `typ`
    bool critical = false; ///< has `crit`: extensions that must be understood
    std::string subject;   ///< `sub`
    std::string issuer;    ///< `iss`
    std::vector<std::string> audiences;
    Timestamp notBefore = kNoTime;
    Timestamp expires = kNoTime;
    Timestamp issued = kNoTime;
    std::string claims; ///< the claims as a JSON object, secrets in them replaced by "<redacted>"

    std::string signingInput; ///< the bytes that are signed: header, dot, payload as they stand
    std::string signature;    ///< decoded; empty for an unsigned token

    /// Splits and decodes. Refuses what is longer than kMaxTokenSize, not three parts of unpadded base64url,
    /// not JSON objects, or names a member twice (RFC 7519 section 4).
    [[nodiscard]] static Result<Jwt> parse(std::string_view token);
};

} // namespace weir
