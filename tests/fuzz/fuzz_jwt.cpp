// SPDX-License-Identifier: GPL-3.0-or-later
// The first line as a header, the rest as claims of a token, and both together as a token and as a key set.
#include "core/identity/Base64Url.h"
#include "core/identity/JsonWebKey.h"
#include "core/identity/Jwt.h"
#include "core/identity/Nkey.h"

#include <cstdlib>

using namespace weir;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string input(reinterpret_cast<const char*>(data), size);
    (void)Jwt::parse(input);
    (void)JsonWebKeySet::parse(input);
    (void)JsonWebKey::parse(input);
    if (const auto key = Nkey::decode(input); key && key->encode() != input)
        std::abort();
    if (const auto bytes = decodeBase64Url(input); bytes && encodeBase64Url(*bytes) != input)
        std::abort();
    const std::size_t line = std::min(input.find('\n'), input.size());
    const auto jwt = Jwt::parse(encodeBase64Url(input.substr(0, line)) + "." +
                                encodeBase64Url(input.substr(line)) + ".AAAA");
    // What is kept as claims must be JSON again, whatever came in.
    if (jwt && !Jwt::parse(encodeBase64Url(R"({"alg":"x"})") + "." + encodeBase64Url(jwt->claims) + "."))
        std::abort();
    return 0;
}
