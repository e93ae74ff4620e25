// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/identity/Base64Url.h"

#include <string>
#include <string_view>

namespace weir::test {

/// A token in the JWS compact form with a signature that is no signature: for what reads before it verifies.
inline std::string unsignedToken(std::string_view claims,
                                 std::string_view header = R"({"alg":"ES256","kid":"k1"})")
{
    return encodeBase64Url(header) + "." + encodeBase64Url(claims) + "." + encodeBase64Url("not a signature");
}

} // namespace weir::test
