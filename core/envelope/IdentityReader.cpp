// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/envelope/IdentityReader.h"

#include "core/envelope/FactParsers.h"
#include "core/identity/Base64Url.h"
#include "core/identity/Jwt.h"

#include <simdjson.h>

namespace weir {
namespace {

constexpr std::size_t kCachedTokens = 32 * 1024;
constexpr std::size_t kCachedTokenBytes = 24 << 20;
constexpr std::size_t kCachedNames = 16 * 1024;
constexpr std::size_t kCachedNameBytes = 4 << 20;
constexpr Nanoseconds kOfferAgain = std::chrono::seconds(1);
constexpr std::size_t kMaxRequestInfo = 16 * 1024;

Identity fromJwt(Jwt&& jwt, std::string sha256)
{
    Identity identity;
    identity.name = plainText(jwt.subject);
    identity.issuer = plainText(jwt.issuer);
    identity.evidence = Evidence::Claimed;
    identity.proof = "not verified: its signature was not checked";
    identity.claims = std::move(jwt.claims);
    identity.tokenSha256 = std::move(sha256);
    identity.notBefore = jwt.notBefore;
    identity.expires = jwt.expires;
    return identity;
}

std::string text(simdjson::dom::object members, std::string_view key)
{
    std::string_view found;
    if (members[key].get(found) != simdjson::SUCCESS)
        return {};
    return plainText(found);
}

} // namespace

IdentityReader::IdentityReader(std::shared_ptr<Names> names, TokenChecker checkToken)
    : m_names(std::move(names)),
      m_checkToken(std::move(checkToken)),
      m_tokens(kCachedTokens, kCachedTokenBytes),
      m_vouched(kCachedNames, kCachedNameBytes),
      m_unvouched(kCachedNames, kCachedNameBytes),
      m_named(kCachedNames, kCachedNameBytes)
{
}

void IdentityReader::settle()
{
    m_last = nullptr;
    m_tokens.settle();
    m_vouched.settle();
    m_unvouched.settle();
    m_named.settle();
}

CachedValue& IdentityReader::token(std::string_view token)
{
    // Within one message the same token is asked for several times: as an identity and for its replacement.
    if (m_last != nullptr && m_lastView.data() == token.data() && m_lastView.size() == token.size())
        return *m_last;
    bool isNew = false;
    CachedValue& entry = m_tokens.at(token, isNew);
    if (isNew)
        entry.replacement = "<redacted sha256:" + sha256Hex(token) + ">";
    m_last = &entry;
    m_lastView = token;
    return entry;
}

IdentityId IdentityReader::ofToken(CachedValue& token, Timestamp now)
{
    if (!token.identified) {
        token.identity = identify(token);
        token.identified = true;
    }
    if (!token.handedOver && !token.identity.isNone())
        offer(token, now);
    return token.identity;
}

IdentityId IdentityReader::identify(const CachedValue& token)
{
    auto jwt = Jwt::parse(token.value);
    if (!jwt)
        return {};
    constexpr std::size_t kPrefix = std::string_view("<redacted sha256:").size();
    Identity identity = fromJwt(std::move(*jwt), token.replacement.substr(kPrefix, 64));
    if (identity.name.empty())
        identity.name = identity.issuer.empty() ? "(token without sub)" : identity.issuer;
    if (m_tokenIdentities >= kMaxTokenIdentities) {
        identity.tokenSha256.clear();
        identity.claims.clear();
        identity.notBefore = identity.expires = kNoTime;
        identity.proof =
            "not verified: more than " + std::to_string(kMaxTokenIdentities) +
            " distinct tokens in this capture; this entry stands for all later ones of that name";
        return intern(identity);
    }
    const std::uint32_t before = m_names->identities.size();
    const IdentityId id = intern(identity);
    m_tokenIdentities += m_names->identities.size() > before ? 1 : 0;
    return id;
}

void IdentityReader::offer(CachedValue& token, Timestamp now)
{
    if (token.offerAgain != kNoTime && now < token.offerAgain)
        return;
    const bool checkable = m_checkToken && !m_names->identities.at(token.identity).tokenSha256.empty();
    token.handedOver = !checkable || m_checkToken(token.identity, token.value);
    token.offerAgain = now + kOfferAgain;
}

IdentityId IdentityReader::ofRequestInfo(std::string_view json, bool vouched)
{
    bool isNew = false;
    CachedValue& entry = (vouched ? m_vouched : m_unvouched).at(json, isNew);
    if (!isNew)
        return entry.identity;
    simdjson::dom::parser parser;
    simdjson::dom::object members;
    if (json.size() > kMaxRequestInfo ||
        parser.parse(json.data(), json.size()).get(members) != simdjson::SUCCESS)
        return {};
    Identity identity;
    const std::string account = text(members, "acc");
    const std::string user = text(members, "user");
    const std::string server = text(members, "server");
    // A server adds the user only where the import is shared; the account is always there.
    identity.name = user.empty() ? account : user;
    identity.issuer = server.empty() || user.empty() ? account : account + " at " + server;
    identity.evidence = vouched ? Evidence::Vouched : Evidence::Claimed;
    identity.proof = vouched ? "Nats-Request-Info on a subject that the rules say only service imports reach"
                             : "Nats-Request-Info, which any publisher can write himself on this subject";
    if (!identity.name.empty())
        entry.identity = intern(identity);
    return entry.identity;
}

IdentityId IdentityReader::ofName(std::string_view name, std::string_view place)
{
    bool isNew = false;
    CachedValue& entry = m_named.at(name, isNew);
    if (!isNew)
        return entry.identity;
    FactBuffer buffer;
    const std::string_view clean = parseName(name, buffer);
    if (clean.empty())
        return {};
    Identity identity;
    identity.name = clean;
    identity.evidence = Evidence::Claimed;
    identity.proof = "unsigned: " + std::string(place);
    entry.identity = intern(identity);
    return entry.identity;
}

IdentityId IdentityReader::intern(const Identity& identity)
{
    if (m_names->identities.size() < kMaxIdentities)
        return m_names->identities.intern(identity);
    Identity rest;
    rest.name = "(others)";
    rest.evidence = Evidence::Claimed;
    rest.proof =
        "not told apart: more than " + std::to_string(kMaxIdentities) + " identities in this capture";
    return m_names->identities.intern(rest);
}

} // namespace weir
