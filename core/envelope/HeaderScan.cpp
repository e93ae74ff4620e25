// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/envelope/HeaderScan.h"

#include <algorithm>
#include <cstring>

namespace weir {
namespace {

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

std::string_view trim(std::string_view text)
{
    while (!text.empty() && isBlank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isBlank(text.back()))
        text.remove_suffix(1);
    return text;
}

constexpr std::array<bool, 256> tokenCharacters()
{
    std::array<bool, 256> set{};
    for (unsigned c = 0; c < 256; ++c) {
        set[c] = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
                 c == '_' || c == '.';
    }
    return set;
}
constexpr auto kTokenCharacters = tokenCharacters();

const char* find(const char* from, const char* end, char c)
{
    return static_cast<const char*>(std::memchr(from, c, static_cast<std::size_t>(end - from)));
}

std::string_view between(const char* from, const char* end)
{
    return {from, static_cast<std::size_t>(end - from)};
}

bool isRedacted(std::string_view value)
{
    constexpr std::string_view kFront = "<redacted sha256:";
    constexpr std::size_t kDigits = 64;
    if (value == "<redacted>")
        return true;
    if (!value.starts_with(kFront) || value.size() != kFront.size() + kDigits + 1 || value.back() != '>')
        return false;
    const std::string_view digits = value.substr(kFront.size(), kDigits);
    return digits.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

} // namespace

std::string_view findJwt(std::string_view text)
{
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    const char* from = begin;
    // 'J' is the rarest of the three letters in ordinary headers.
    while (const char* j = from < end ? find(from, end, 'J') : nullptr) {
        from = j + 1;
        if (j - begin < 2 || j[-1] != 'y' || j[-2] != 'e')
            continue;
        int dots = 0;
        const char* stop = from;
        for (; stop < end && kTokenCharacters[static_cast<unsigned char>(*stop)]; ++stop)
            dots += *stop == '.' ? 1 : 0;
        if (dots >= 2)
            return between(j - 2, stop);
        from = stop;
    }
    return between(end, end);
}

std::string_view bearerToken(std::string_view value)
{
    constexpr std::string_view kScheme = "bearer";
    if (value.size() > kScheme.size() && isBlank(value[kScheme.size()])) {
        bool same = true;
        for (std::size_t i = 0; i < kScheme.size(); ++i)
            same = same && (value[i] | 0x20) == kScheme[i];
        if (same)
            return trim(value.substr(kScheme.size()));
    }
    const std::string_view jwt = findJwt(value);
    return jwt.size() == value.size() ? jwt : std::string_view{};
}

void HeaderScan::run(std::string_view block)
{
    m_seen = 0;
    m_repeated = 0;
    m_inSecret = false;
    m_redactions.clear();
    const char* at = block.data();
    m_end = at + block.size();
    m_nextToken = findJwt(block);
    // The first line is the version and perhaps a status; a broken block may begin with a header at once.
    bool first = true;
    while (at < m_end) {
        const char* newline = find(at, m_end, '\n');
        const char* stop = newline == nullptr ? m_end : newline;
        const char* next = newline == nullptr ? m_end : newline + 1;
        if (stop > at && stop[-1] == '\r')
            --stop;
        const std::string_view line = between(at, stop);
        if (!first || line.substr(0, 5) != "NATS/")
            readLine(line);
        takeTokens(next);
        first = false;
        at = next;
    }
}

void HeaderScan::readLine(std::string_view line)
{
    std::string_view value;
    if (!line.empty() && isBlank(line.front())) {
        value = trim(line);
    } else {
        m_inSecret = false;
        const char* colon = line.empty() ? nullptr : find(line.data(), line.data() + line.size(), ':');
        if (colon == nullptr)
            return;
        const std::string_view name = trim(between(line.data(), colon));
        const int slot = m_index.find(name);
        value = trim(between(colon + 1, line.data() + line.size()));
        if (slot == HeaderIndex::kNone) {
            takeBearer(value);
            return;
        }
        const HeaderMask bit = HeaderMask{1} << slot;
        if ((m_seen & bit) == 0) {
            m_values[static_cast<std::size_t>(slot)] = value;
            m_names[static_cast<std::size_t>(slot)] = name;
        } else {
            m_repeated |= bit;
        }
        m_seen |= bit;
        m_inSecret = (m_index.secrets() & bit) != 0;
    }
    if (!m_inSecret)
        takeBearer(value);
    else if (!value.empty() && !(m_keepsRedacted && isRedacted(value)))
        redact(value);
}

/// A bearer token is a secret in whatever header it stands (X-Forwarded-Authorization, …).
void HeaderScan::takeBearer(std::string_view value)
{
    if (value.empty() || (value.front() | 0x20) != 'b')
        return;
    const std::string_view token = bearerToken(value);
    if (!token.empty() && std::none_of(token.begin(), token.end(), isBlank))
        redact(value);
}

void HeaderScan::redact(std::string_view value)
{
    // A token may stand in the line's name too. None reaches across: it has neither colons nor blanks in it.
    takeTokens(value.data());
    m_redactions.push_back({value, bearerToken(value)});
    if (m_nextToken.data() < value.data() + value.size())
        m_nextToken = findJwt(between(value.data() + value.size(), m_end));
}

/// Redacts what looks like a JWT and begins before `stop`.
void HeaderScan::takeTokens(const char* stop)
{
    while (m_nextToken.data() < stop && !m_nextToken.empty()) {
        m_redactions.push_back({m_nextToken, m_nextToken});
        m_nextToken = findJwt(between(m_nextToken.data() + m_nextToken.size(), m_end));
    }
}

bool HeaderScan::isSecret(std::string_view view) const
{
    for (const Redaction& redaction : m_redactions) {
        const bool before = view.data() + view.size() <= redaction.text.data();
        const bool after = redaction.text.data() + redaction.text.size() <= view.data();
        if (!before && !after)
            return true;
    }
    return false;
}

} // namespace weir
