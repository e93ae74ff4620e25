// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/base/Time.h"

#include <cstddef>
#include <optional>
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

/// Decodes unpadded base64url (RFC 7515 section 2); nothing for any other character, padding, or an
/// impossible length.
[[nodiscard]] std::optional<std::string> decodeBase64Url(std::string_view text);
[[nodiscard]] std::string encodeBase64Url(std::string_view bytes);

/// Lower-case hex of the SHA-256 of `bytes`.
[[nodiscard]] std::string sha256Hex(std::string_view bytes);

} // namespace weir
