// SPDX-License-Identifier: GPL-3.0-or-later
#include "SigningKey.h"

#include "core/identity/Base64Url.h"

#include <array>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

namespace weir::test {
namespace {

const unsigned char* bytes(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

EVP_PKEY* generate(SigningKey::Kind kind)
{
    using Kind = SigningKey::Kind;
    switch (kind) {
    case Kind::Rsa1024:
        return EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{1024});
    case Kind::Rsa2048:
        return EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048});
    case Kind::P256:
        return EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
    case Kind::P384:
        return EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-384");
    case Kind::P521:
        return EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-521");
    case Kind::Ed25519:
        return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    }
    return nullptr;
}

const EVP_MD* digestOf(std::string_view algorithm)
{
    if (algorithm.ends_with("384"))
        return EVP_sha384();
    return algorithm.ends_with("512") ? EVP_sha512() : EVP_sha256();
}

/// ECDSA's DER form as JWS has it: r and s, each of the curve's size.
std::string rawSignature(std::string_view der, int size)
{
    const unsigned char* at = bytes(der);
    ECDSA_SIG* parsed = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
    std::string raw(static_cast<std::size_t>(2 * size), '\0');
    auto* to = reinterpret_cast<unsigned char*>(raw.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(parsed), to, size);
    BN_bn2binpad(ECDSA_SIG_get0_s(parsed), to + size, size);
    ECDSA_SIG_free(parsed);
    return raw;
}

template<typename Write>
std::string written(Write write)
{
    const std::unique_ptr<BIO, int (*)(BIO*)> out(BIO_new(BIO_s_mem()), BIO_free);
    write(out.get());
    char* data = nullptr;
    const long size = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

int curveSize(SigningKey::Kind kind)
{
    return kind == SigningKey::Kind::P256 ? 32 : kind == SigningKey::Kind::P384 ? 48 : 66;
}

} // namespace

SigningKey::SigningKey(Kind kind) : m_kind(kind), m_key(generate(kind), EVP_PKEY_free) {}

std::string SigningKey::number(const char* name, int size) const
{
    BIGNUM* value = nullptr;
    EVP_PKEY_get_bn_param(m_key.get(), name, &value);
    std::string raw(static_cast<std::size_t>(size == 0 ? BN_num_bytes(value) : size), '\0');
    BN_bn2binpad(value, reinterpret_cast<unsigned char*>(raw.data()), static_cast<int>(raw.size()));
    BN_free(value);
    return encodeBase64Url(raw);
}

std::string SigningKey::rawPublicKey() const
{
    std::string raw(32, '\0');
    std::size_t size = raw.size();
    EVP_PKEY_get_raw_public_key(m_key.get(), reinterpret_cast<unsigned char*>(raw.data()), &size);
    return raw;
}

std::string SigningKey::publicPem() const
{
    return written([this](BIO* out) { PEM_write_bio_PUBKEY(out, m_key.get()); });
}

std::string SigningKey::privatePem() const
{
    return written([this](BIO* out) {
        PEM_write_bio_PrivateKey(out, m_key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
}

std::string SigningKey::selfSignedCertificate() const
{
    const std::unique_ptr<X509, void (*)(X509*)> certificate(X509_new(), X509_free);
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_NAME* name = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, bytes("127.0.0.1"), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    X509_set_pubkey(certificate.get(), m_key.get());
    X509_sign(certificate.get(), m_key.get(), EVP_sha256());
    return written([&certificate](BIO* out) { PEM_write_bio_X509(out, certificate.get()); });
}

std::string SigningKey::jwk(std::string_view id, std::string_view more) const
{
    std::string text = R"({"kid":")" + std::string(id) + "\"";
    if (m_kind == Kind::Rsa1024 || m_kind == Kind::Rsa2048) {
        text += R"(,"kty":"RSA","n":")" + number("n", 0) + R"(","e":")" + number("e", 0) + "\"";
    } else if (m_kind == Kind::Ed25519) {
        text += R"(,"kty":"OKP","crv":"Ed25519","x":")" + encodeBase64Url(rawPublicKey()) + "\"";
    } else {
        const int size = curveSize(m_kind);
        const char* curve = size == 32 ? "P-256" : size == 48 ? "P-384" : "P-521";
        text += std::string(R"(,"kty":"EC","crv":")") + curve + R"(","x":")" + number("qx", size) +
                R"(","y":")" + number("qy", size) + "\"";
    }
    return text + std::string(more) + "}";
}

std::string SigningKey::signature(std::string_view algorithm, std::string_view input) const
{
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    EVP_PKEY_CTX* settings = nullptr;
    const EVP_MD* digest = m_kind == Kind::Ed25519 ? nullptr : digestOf(algorithm);
    EVP_DigestSignInit(context.get(), &settings, digest, nullptr, m_key.get());
    if (algorithm.starts_with("PS")) {
        EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING);
        EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, RSA_PSS_SALTLEN_DIGEST);
    }
    std::string made(1024, '\0');
    std::size_t size = made.size();
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(made.data()), &size, bytes(input),
                   input.size());
    made.resize(size);
    const bool curve = m_kind == Kind::P256 || m_kind == Kind::P384 || m_kind == Kind::P521;
    return curve ? rawSignature(made, curveSize(m_kind)) : made;
}

std::string SigningKey::sign(std::string_view algorithm, std::string_view header,
                             std::string_view claims) const
{
    const std::string input = encodeBase64Url(header) + "." + encodeBase64Url(claims);
    return input + "." + encodeBase64Url(signature(algorithm, input));
}

std::string SigningKey::token(std::string_view algorithm, std::string_view id, std::string_view claims) const
{
    return sign(algorithm, R"({"alg":")" + std::string(algorithm) + R"(","kid":")" + std::string(id) + "\"}",
                claims);
}

std::string hmacToken(std::string_view secret, std::string_view header, std::string_view claims)
{
    const std::string input = encodeBase64Url(header) + "." + encodeBase64Url(claims);
    std::array<unsigned char, 32> mac{};
    unsigned size = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes(input), input.size(), mac.data(),
         &size);
    return input + "." + encodeBase64Url({reinterpret_cast<const char*>(mac.data()), size});
}

std::string keySet(std::initializer_list<std::string> jwks)
{
    std::string text = R"({"keys":[)";
    for (const std::string& jwk : jwks)
        text += (text.back() == '[' ? "" : ",") + jwk;
    return text + "]}";
}

} // namespace weir::test
