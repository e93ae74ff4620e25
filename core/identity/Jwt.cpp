// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/identity/Jwt.h"

#include "core/identity/Base64Url.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <simdjson.h>

namespace weir {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr int kMaxDepth = 16;
constexpr std::size_t kMaxMembers = 256;

Error bad(std::string why)
{
    return {ErrorCode::Format, "reading a token", std::move(why), {}};
}

/// Members of claims that are secrets by their name (OAuth 2, OpenID Connect).
bool isSecretMember(std::string_view key)
{
    static constexpr std::array<std::string_view, 7> kNames{
        "access_token", "refresh_token", "id_token", "client_secret", "password", "secret", "act_token"};
    return std::find(kNames.begin(), kNames.end(), key) != kNames.end();
}

bool hasDuplicates(object members)
{
    std::vector<std::string_view> keys;
    for (const auto [key, value] : members) {
        (void)value;
        keys.push_back(key);
    }
    std::sort(keys.begin(), keys.end());
    return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
}

/// Writes claims back as JSON without what is secret in them; false when they nest too deep.
class ClaimsWriter
{
public:
    bool write(element value, int depth)
    {
        if (depth > kMaxDepth)
            return false;
        if (object members; value.get(members) == simdjson::SUCCESS)
            return writeObject(members, depth);
        if (simdjson::dom::array items; value.get(items) == simdjson::SUCCESS)
            return writeArray(items, depth);
        if (std::string_view text; value.get(text) == simdjson::SUCCESS && text.starts_with("eyJ"))
            m_text += "\"<redacted>\"";
        else
            m_text += simdjson::minify(value);
        return true;
    }
    std::string take() { return std::move(m_text); }

private:
    bool writeObject(object members, int depth)
    {
        if (hasDuplicates(members))
            return false;
        m_text += '{';
        bool first = true;
        for (const auto [key, value] : members) {
            if (!std::exchange(first, false))
                m_text += ',';
            writeKey(key);
            if (isSecretMember(key))
                m_text += "\"<redacted>\"";
            else if (!write(value, depth + 1))
                return false;
        }
        m_text += '}';
        return true;
    }
    bool writeArray(simdjson::dom::array items, int depth)
    {
        m_text += '[';
        bool first = true;
        for (const element item : items) {
            if (!std::exchange(first, false))
                m_text += ',';
            if (!write(item, depth + 1))
                return false;
        }
        m_text += ']';
        return true;
    }
    void writeKey(std::string_view key)
    {
        m_text += '"';
        for (const char c : key) {
            if (c == '"' || c == '\\')
                m_text += '\\';
            if (static_cast<unsigned char>(c) < 0x20) {
                m_text += "\\u00";
                m_text += "0123456789abcdef"[c >> 4];
                m_text += "0123456789abcdef"[c & 15];
            } else {
                m_text += c;
            }
        }
        m_text += "\":";
    }

    std::string m_text;
};

std::string stringMember(object members, std::string_view key)
{
    std::string_view text;
    return members[key].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

/// NumericDate: seconds since 1970, a fraction allowed (RFC 7519 section 2).
bool timeMember(object members, std::string_view key, Timestamp& time)
{
    element value;
    if (members[key].get(value) != simdjson::SUCCESS)
        return true;
    double seconds = 0;
    if (value.get(seconds) != simdjson::SUCCESS || !std::isfinite(seconds) || std::abs(seconds) > 9e9)
        return false;
    const double whole = std::floor(seconds);
    time = fromUnixNanos(static_cast<std::int64_t>(whole) * 1'000'000'000 +
                         std::llround((seconds - whole) * 1e9));
    return true;
}

void readAudiences(object claims, Jwt& into)
{
    element value;
    if (claims["aud"].get(value) != simdjson::SUCCESS)
        return;
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS) {
        into.audiences.emplace_back(text);
        return;
    }
    simdjson::dom::array list;
    if (value.get(list) != simdjson::SUCCESS)
        return;
    for (const element item : list) {
        if (item.get(text) == simdjson::SUCCESS && into.audiences.size() < kMaxMembers)
            into.audiences.emplace_back(text);
    }
}

Result<void> readHeader(std::string_view json, Jwt& into)
{
    simdjson::dom::parser parser;
    object members;
    if (parser.parse(json.data(), json.size()).get(members) != simdjson::SUCCESS)
        return bad("its header is not a JSON object");
    if (members.size() > kMaxMembers || hasDuplicates(members))
        return bad("its header names a member twice");
    into.algorithm = stringMember(members, "alg");
    into.keyId = stringMember(members, "kid");
    into.type = stringMember(members, "typ");
    element crit;
    into.critical = members["crit"].get(crit) == simdjson::SUCCESS;
    return into.algorithm.empty() ? Result<void>(bad("its header has no alg")) : Result<void>();
}

Result<void> readClaims(std::string_view json, Jwt& into)
{
    simdjson::dom::parser parser;
    element root;
    object members;
    if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS ||
        root.get(members) != simdjson::SUCCESS)
        return bad("its claims are not a JSON object");
    if (members.size() > kMaxMembers)
        return bad("it has too many claims");
    ClaimsWriter writer;
    if (!writer.write(root, 0))
        return bad("its claims name a member twice or nest too deep");
    into.claims = writer.take();
    into.subject = stringMember(members, "sub");
    into.issuer = stringMember(members, "iss");
    readAudiences(members, into);
    if (!timeMember(members, "nbf", into.notBefore) || !timeMember(members, "exp", into.expires) ||
        !timeMember(members, "iat", into.issued))
        return bad("one of nbf, exp, iat is not a time");
    return {};
}

} // namespace

Result<Jwt> Jwt::parse(std::string_view token)
{
    if (token.size() > kMaxTokenSize)
        return bad("it is longer than 16 KiB");
    const std::size_t first = token.find('.');
    const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos)
        return bad("it has not three parts");
    const auto header = decodeBase64Url(token.substr(0, first));
    const auto payload = decodeBase64Url(token.substr(first + 1, second - first - 1));
    auto signature = decodeBase64Url(token.substr(second + 1));
    if (!header || !payload || !signature)
        return bad("it is not base64url");
    Jwt jwt;
    if (auto ok = readHeader(*header, jwt); !ok)
        return ok.error();
    if (auto ok = readClaims(*payload, jwt); !ok)
        return ok.error();
    jwt.signingInput = token.substr(0, second);
    jwt.signature = std::move(*signature);
    return jwt;
}

} // namespace weir
