// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/identity/Jwt.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// A public key that checks signatures: RSA of 2048 bits or more, EC on P-256, P-384, P-521, or Ed25519
/// (RFC 7517, 7518, 8037). Symmetric keys are never one: whoever can check with them can sign.
/// Immutable; one thread at a time.
class JsonWebKey
{
public:
    /// Reads one member of a JWKS' `keys`. Private parts are not read.
    [[nodiscard]] static Result<JsonWebKey> parse(std::string_view json);

    [[nodiscard]] const std::string& id() const { return m_id; }
    /// Whether the key is of the kind (and curve, and `alg` where it names one) that `algorithm` needs.
    [[nodiscard]] bool fits(std::string_view algorithm) const;
    /// Checks the signature of `token`, of which `jwt` is the decoded form.
    [[nodiscard]] bool verifies(const Jwt& jwt, std::string_view token) const;

private:
    struct Handle;
    std::string m_id;
    std::string m_kind;      ///< kty, with the curve: RSA, EC P-256, OKP Ed25519
    std::string m_algorithm; ///< `alg` of the key; empty: any that fits
    std::shared_ptr<const Handle> m_handle;
};

/// A JWKS document: its usable keys, and how many of its members were not.
struct JsonWebKeySet
{
    std::vector<JsonWebKey> keys;
    std::size_t unusable = 0;

    /// At most 1 MiB and 1,000 keys.
    [[nodiscard]] static Result<JsonWebKeySet> parse(std::string_view json);
};

/// Checks an Ed25519 signature (64 bytes) of `message` by a public key (32 bytes).
[[nodiscard]] bool verifyEd25519(std::string_view publicKey, std::string_view message,
                                 std::string_view signature);

} // namespace weir
