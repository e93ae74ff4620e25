// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <openssl/evp.h>
#include <string>
#include <string_view>

namespace weir::test {

/// A private key made for one test, which signs tokens and shows its public JWK.
class SigningKey
{
public:
    enum class Kind { Rsa1024, Rsa2048, P256, P384, P521, Ed25519 };

    explicit SigningKey(Kind kind);

    /// The public key; `more` is further members, each with a comma before it: `,"use":"enc"`.
    [[nodiscard]] std::string jwk(std::string_view id, std::string_view more = {}) const;
    /// The token of these JSON texts, signed as `algorithm` says whatever the header says.
    [[nodiscard]] std::string sign(std::string_view algorithm, std::string_view header,
                                   std::string_view claims) const;
    /// As above, with the header {"alg":…,"kid":…}.
    [[nodiscard]] std::string token(std::string_view algorithm, std::string_view id,
                                    std::string_view claims) const;
    /// The 32 bytes of an Ed25519 public key.
    [[nodiscard]] std::string rawPublicKey() const;
    /// SubjectPublicKeyInfo in PEM: what algorithm confusion takes for an HMAC secret.
    [[nodiscard]] std::string publicPem() const;
    [[nodiscard]] std::string privatePem() const;
    /// A certificate for 127.0.0.1 that no authority signed, in PEM.
    [[nodiscard]] std::string selfSignedCertificate() const;

private:
    [[nodiscard]] std::string number(const char* name, int size) const;
    [[nodiscard]] std::string signature(std::string_view algorithm, std::string_view input) const;

    Kind m_kind;
    std::shared_ptr<EVP_PKEY> m_key;
};

/// A token under HS256 with `secret`.
[[nodiscard]] std::string hmacToken(std::string_view secret, std::string_view header,
                                    std::string_view claims);

/// `{"keys":[…]}` of some JWKs.
[[nodiscard]] std::string keySet(std::initializer_list<std::string> jwks);

} // namespace weir::test
