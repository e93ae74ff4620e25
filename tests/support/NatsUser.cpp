// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/NatsUser.h"

#include <QCryptographicHash>
#include <QDateTime>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <memory>

namespace weir::test {
namespace {

using Key = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;

Key keyOf(const std::array<std::uint8_t, 32>& seed)
{
    return {EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()), EVP_PKEY_free};
}

std::uint8_t prefixOf(char kind)
{
    return static_cast<std::uint8_t>((kind - 'A') << 3);
}

/// Base32 of the bytes and their CRC16/XMODEM in little-endian (nats-io/nkeys, strkey.go).
QByteArray encoded(QByteArray bytes)
{
    std::uint32_t crc = 0;
    for (const char byte : bytes) {
        crc ^= static_cast<std::uint32_t>(static_cast<std::uint8_t>(byte)) << 8;
        for (int bit = 0; bit < 8; ++bit)
            crc = ((crc & 0x8000u) != 0 ? (crc << 1) ^ 0x1021u : crc << 1) & 0xFFFFu;
    }
    bytes.append(static_cast<char>(crc & 0xFF)).append(static_cast<char>(crc >> 8));
    QByteArray text;
    std::uint32_t bits = 0;
    int held = 0;
    for (const char byte : bytes) {
        bits = (bits << 8) | static_cast<std::uint8_t>(byte);
        for (held += 8; held >= 5; held -= 5)
            text += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[(bits >> (held - 5)) & 31];
    }
    if (held > 0)
        text += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[(bits << (5 - held)) & 31];
    return text;
}

QByteArray base64(const QByteArray& bytes)
{
    return bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

} // namespace

TestNkey::TestNkey(char kind) : m_kind(kind)
{
    RAND_bytes(m_seed.data(), static_cast<int>(m_seed.size()));
}

QByteArray TestNkey::publicKey() const
{
    std::array<std::uint8_t, 32> raw{};
    std::size_t size = raw.size();
    EVP_PKEY_get_raw_public_key(keyOf(m_seed).get(), raw.data(), &size);
    return encoded(QByteArray(1, static_cast<char>(prefixOf(m_kind))) +
                   QByteArray(reinterpret_cast<const char*>(raw.data()), 32));
}

QByteArray TestNkey::seed() const
{
    const std::uint8_t kind = prefixOf(m_kind);
    QByteArray bytes;
    bytes.append(static_cast<char>(144 | (kind >> 5))).append(static_cast<char>((kind & 31) << 3));
    return encoded(bytes + QByteArray(reinterpret_cast<const char*>(m_seed.data()), 32));
}

QByteArray TestNkey::sign(const QByteArray& bytes) const
{
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    const Key key = keyOf(m_seed);
    QByteArray signature(64, 0);
    std::size_t size = 64;
    EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get());
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                   reinterpret_cast<const unsigned char*>(bytes.constData()),
                   static_cast<std::size_t>(bytes.size()));
    return signature;
}

QByteArray makeJwt(const QByteArray& subject, const QByteArray& name, const QByteArray& natsClaims,
                   const TestNkey& issuer, qint64 expires)
{
    const QByteArray now = QByteArray::number(QDateTime::currentSecsSinceEpoch());
    QByteArray claims = "{";
    if (expires != 0)
        claims += "\"exp\":" + QByteArray::number(expires) + ",";
    claims += "\"jti\":\"" + name + now + "\",\"iat\":" + now + ",\"iss\":\"" + issuer.publicKey() +
              "\",\"name\":\"" + name + "\",\"sub\":\"" + subject + "\",\"nats\":{" + natsClaims +
              ",\"version\":2}}";
    const QByteArray body = base64(R"({"typ":"JWT","alg":"ed25519-nkey"})") + "." + base64(claims);
    return body + "." + base64(issuer.sign(body));
}

QByteArray makeCreds(const QByteArray& jwt, const QByteArray& seed)
{
    return "-----BEGIN NATS USER JWT-----\n" + jwt + "\n------END NATS USER JWT------\n\n" +
           "************************* IMPORTANT *************************\nKeep it secret.\n\n" +
           "-----BEGIN USER NKEY SEED-----\n" + seed + "\n------END USER NKEY SEED------\n";
}

namespace {

const QByteArray kLimits =
    R"("limits":{"subs":-1,"data":-1,"payload":-1,"imports":-1,"exports":-1,"wildcards":true,)"
    R"("conn":-1,"leaf":-1)";
const QByteArray kAccount =
    kLimits + R"(,"mem_storage":-1,"disk_storage":-1,"streams":-1,"consumer":-1},"type":"account")";
const QByteArray kSystemAccount = kLimits + R"(},"type":"account")"; ///< may have no JetStream

QByteArray userOf(const TestNkey& account, const QByteArray& name, const QByteArray& limits, qint64 expires)
{
    const TestNkey user('U');
    const QByteArray claims =
        (limits.isEmpty() ? limits : limits + ",") + R"("subs":-1,"data":-1,"payload":-1,"type":"user")";
    return makeCreds(makeJwt(user.publicKey(), name, claims, account, expires), user.seed());
}

} // namespace

TestOperator::TestOperator() = default;

QString TestOperator::config() const
{
    const QByteArray root =
        makeJwt(m_operator.publicKey(), "OP",
                R"("type":"operator","system_account":")" + m_system.publicKey() + "\"", m_operator);
    const QByteArray account = makeJwt(m_account.publicKey(), "ACC", kAccount, m_operator);
    const QByteArray system = makeJwt(m_system.publicKey(), "SYS", kSystemAccount, m_operator);
    return QString(
               "operator: %1\nsystem_account: %2\nresolver: MEMORY\nresolver_preload: { %2: %3\n%4: %5 }\n")
        .arg(QString(root), QString(m_system.publicKey()), QString(system), QString(m_account.publicKey()),
             QString(account));
}

QByteArray TestOperator::userCreds(const QByteArray& name, const QByteArray& limits, qint64 expires) const
{
    return userOf(m_account, name, limits, expires);
}

QByteArray TestOperator::systemCreds() const
{
    return userOf(m_system, "sys", {}, 0);
}

QByteArray TestOperator::accountWithout(const QByteArray& userCreds) const
{
    const QByteArray jwt = userCreds.split('\n').at(1);
    const QByteArray claims = QByteArray::fromBase64(jwt.split('.').at(1), QByteArray::Base64UrlEncoding);
    const auto at = claims.indexOf("\"sub\":\"") + 7;
    const QByteArray user = claims.mid(at, claims.indexOf('"', at) - at);
    const QByteArray now = QByteArray::number(QDateTime::currentSecsSinceEpoch());
    return makeJwt(m_account.publicKey(), "ACC", "\"revocations\":{\"" + user + "\":" + now + "}," + kAccount,
                   m_operator);
}

QByteArray TestOperator::strangerCreds() const
{
    return userOf(TestNkey('A'), "stranger", {}, 0);
}

} // namespace weir::test
