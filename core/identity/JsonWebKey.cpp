// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/identity/JsonWebKey.h"

#include "core/identity/Base64Url.h"

#include <algorithm>
#include <array>
#include <cjose/cjose.h>
#include <openssl/evp.h>
#include <simdjson.h>

namespace weir {
namespace {

using simdjson::dom::object;

constexpr std::size_t kMaxDocument = 1 << 20;
constexpr std::size_t kMaxKeys = 1000;
constexpr std::size_t kMinRsaBytes = 256;
constexpr std::size_t kMaxRsaBytes = 1024;

struct FreeKey
{
    void operator()(cjose_jwk_t* key) const { cjose_jwk_release(key); }
    void operator()(cjose_jws_t* jws) const { cjose_jws_release(jws); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

/// What an algorithm of RFC 7518 section 3.1 (and RFC 8037) needs of a key and of a signature.
struct Algorithm
{
    std::string_view name;
    std::string_view kind;
    std::size_t signatureSize; ///< bytes; 0: as long as the modulus
};
constexpr std::array kAlgorithms{Algorithm{"RS256", "RSA", 0},        Algorithm{"RS384", "RSA", 0},
                                 Algorithm{"RS512", "RSA", 0},        Algorithm{"PS256", "RSA", 0},
                                 Algorithm{"PS384", "RSA", 0},        Algorithm{"PS512", "RSA", 0},
                                 Algorithm{"ES256", "EC P-256", 64},  Algorithm{"ES384", "EC P-384", 96},
                                 Algorithm{"ES512", "EC P-521", 132}, Algorithm{"EdDSA", "OKP Ed25519", 64}};

const Algorithm* algorithmNamed(std::string_view name)
{
    const auto found = std::find_if(kAlgorithms.begin(), kAlgorithms.end(),
                                    [name](const Algorithm& one) { return one.name == name; });
    return found == kAlgorithms.end() ? nullptr : &*found;
}

Error bad(std::string why)
{
    return {ErrorCode::Format, "reading a key", std::move(why), {}};
}

std::string text(object members, std::string_view key)
{
    std::string_view found;
    return members[key].get(found) == simdjson::SUCCESS ? std::string(found) : std::string();
}

/// `use` and `key_ops` (RFC 7517 sections 4.2, 4.3) may keep a key from checking signatures.
bool isForSignatures(object members)
{
    const std::string use = text(members, "use");
    if (!use.empty() && use != "sig")
        return false;
    simdjson::dom::array operations;
    if (members["key_ops"].get(operations) != simdjson::SUCCESS)
        return true;
    return std::any_of(operations.begin(), operations.end(), [](simdjson::dom::element one) {
        std::string_view name;
        return one.get(name) == simdjson::SUCCESS && name == "verify";
    });
}

/// The public members as a JWK that cjose takes; each must be base64url, so that nothing needs escapes.
std::string publicJwk(object members, const std::string& kind)
{
    const auto member = [&](const char* name) -> std::string {
        const std::string value = text(members, name);
        return value.empty() || !decodeBase64Url(value) ? std::string() : value;
    };
    if (kind == "RSA") {
        const std::string n = member("n");
        const std::string e = member("e");
        return n.empty() || e.empty() ? "" : R"({"kty":"RSA","n":")" + n + R"(","e":")" + e + "\"}";
    }
    const std::string x = member("x");
    const std::string y = member("y");
    return x.empty() || y.empty()
               ? ""
               : R"({"kty":"EC","crv":")" + kind.substr(3) + R"(","x":")" + x + R"(","y":")" + y + "\"}";
}

} // namespace

struct JsonWebKey::Handle
{
    std::unique_ptr<cjose_jwk_t, FreeKey> jwk; ///< RSA and EC
    std::string ed25519;                       ///< the public key, 32 bytes
    std::size_t modulusSize = 0;               ///< bytes
};

Result<JsonWebKey> JsonWebKey::parse(std::string_view json)
{
    simdjson::dom::parser parser;
    object members;
    if (parser.parse(json.data(), json.size()).get(members) != simdjson::SUCCESS)
        return bad("it is not a JSON object");
    JsonWebKey key;
    key.m_id = text(members, "kid");
    key.m_algorithm = text(members, "alg");
    key.m_kind = text(members, "kty");
    if (const std::string curve = text(members, "crv"); !curve.empty())
        key.m_kind += " " + curve;
    if (!isForSignatures(members))
        return bad("it is not for signatures");
    const bool known = std::any_of(kAlgorithms.begin(), kAlgorithms.end(),
                                   [&key](const Algorithm& one) { return one.kind == key.m_kind; });
    if (!known)
        return bad("no signature that Weir checks is made with a key of kind '" + key.m_kind + "'");
    auto handle = std::make_shared<Handle>();
    if (key.m_kind == "OKP Ed25519") {
        handle->ed25519 = decodeBase64Url(text(members, "x")).value_or("");
        if (handle->ed25519.size() != 32)
            return bad("its x is not 32 bytes");
    } else {
        const std::string jwk = publicJwk(members, key.m_kind);
        cjose_err error{};
        handle->jwk.reset(jwk.empty() ? nullptr : cjose_jwk_import(jwk.data(), jwk.size(), &error));
        if (!handle->jwk)
            return bad("its numbers are missing or not a key");
    }
    if (key.m_kind == "RSA") {
        const std::string modulus = decodeBase64Url(text(members, "n")).value_or("");
        const std::size_t zeros = std::min(modulus.find_first_not_of('\0'), modulus.size());
        handle->modulusSize = modulus.size() - zeros;
        if (handle->modulusSize < kMinRsaBytes || handle->modulusSize > kMaxRsaBytes)
            return bad("an RSA key must have 2048 to 8192 bits");
    }
    key.m_handle = std::move(handle);
    return key;
}

bool JsonWebKey::fits(std::string_view algorithm) const
{
    const Algorithm* needs = algorithmNamed(algorithm);
    return needs != nullptr && needs->kind == m_kind && (m_algorithm.empty() || m_algorithm == algorithm);
}

bool JsonWebKey::verifies(const Jwt& jwt, std::string_view token) const
{
    const Algorithm* needs = algorithmNamed(jwt.algorithm);
    if (needs == nullptr || !fits(jwt.algorithm))
        return false;
    const std::size_t size = needs->signatureSize == 0 ? m_handle->modulusSize : needs->signatureSize;
    if (jwt.signature.size() != size)
        return false;
    if (!m_handle->jwk)
        return verifyEd25519(m_handle->ed25519, jwt.signingInput, jwt.signature);
    cjose_err error{};
    const std::unique_ptr<cjose_jws_t, FreeKey> jws(cjose_jws_import(token.data(), token.size(), &error));
    return jws != nullptr && cjose_jws_verify(jws.get(), m_handle->jwk.get(), &error);
}

Result<JsonWebKeySet> JsonWebKeySet::parse(std::string_view json)
{
    if (json.size() > kMaxDocument)
        return bad("the key set is larger than 1 MiB");
    simdjson::dom::parser parser;
    simdjson::dom::array list;
    simdjson::dom::element root;
    if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS ||
        root["keys"].get(list) != simdjson::SUCCESS)
        return bad("it is not a JSON object with a list \"keys\" (RFC 7517)");
    JsonWebKeySet set;
    for (const simdjson::dom::element item : list) {
        auto key = set.keys.size() < kMaxKeys ? JsonWebKey::parse(simdjson::minify(item))
                                              : Result<JsonWebKey>(bad("too many"));
        if (key)
            set.keys.push_back(std::move(*key));
        else
            ++set.unusable;
    }
    return set;
}

bool verifyEd25519(std::string_view publicKey, std::string_view message, std::string_view signature)
{
    const auto bytes = [](std::string_view view) {
        return reinterpret_cast<const unsigned char*>(view.data());
    };
    if (publicKey.size() != 32 || signature.size() != 64)
        return false;
    const std::unique_ptr<EVP_PKEY, FreeKey> key(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes(publicKey), publicKey.size()));
    const std::unique_ptr<EVP_MD_CTX, FreeKey> context(EVP_MD_CTX_new());
    return key && context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
           EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(message),
                            message.size()) == 1;
}

} // namespace weir
