// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/SubjectGroup.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace weir {
namespace {

constexpr int kDeepest = 8; ///< tokens

struct Prefix
{
    std::string_view subject;
    int tokens; ///< that are kept
};
// Reply subjects of clients and of the server, and JetStream's own (NATS docs, "JetStream wire API").
constexpr std::array kPrefixes{Prefix{"_INBOX.", 1},  Prefix{"_R_.", 1}, Prefix{"$JS.ACK.", 3},
                               Prefix{"$JS.API.", 4}, Prefix{"$KV.", 2}, Prefix{"$O.", 2}};

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isHex(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == '-';
}

int keptTokens(std::string_view subject)
{
    for (const Prefix& prefix : kPrefixes) {
        if (subject.starts_with(prefix.subject))
            return prefix.tokens;
    }
    return kDeepest;
}

/// A group and a pattern, token by token.
class GroupMatch
{
public:
    GroupMatch(const SubjectPattern& pattern, std::string_view group)
        : m_wanted(subjectTokens(pattern.text())),
          m_have(subjectTokens(group)),
          m_tail(!m_have.empty() && m_have.back() == ">"),
          // "orders.>" is also what came once there were too many groups, "orders" itself included, and its
          // token may be cut.
          m_vague(m_tail && m_have.size() == 2 && group != "_INBOX.>" && group != "_R_.>")
    {
    }
    [[nodiscard]] Share share() const
    {
        Share share = Share::All;
        for (std::size_t i = 0; i < m_wanted.size(); ++i) {
            if (m_wanted[i] == ">" && i + 1 == m_wanted.size())
                return i >= m_have.size() ? Share::None : isVague(i) ? Share::Some : share;
            if (i >= m_have.size())
                return Share::None;
            const Share one = isTail(i) ? Share::Some : ofToken(m_wanted[i], m_have[i]);
            if (one == Share::None || isTail(i))
                return one;
            share = std::min(share, one);
        }
        if (m_have.size() == m_wanted.size())
            return share;
        return isVague(m_wanted.size()) ? Share::Some : Share::None;
    }

private:
    [[nodiscard]] bool isTail(std::size_t i) const { return m_tail && i + 1 == m_have.size(); }
    [[nodiscard]] bool isVague(std::size_t i) const
    {
        return i < m_have.size() && (m_have[i].empty() || (m_vague && isTail(i)));
    }
    [[nodiscard]] Share ofToken(std::string_view wanted, std::string_view have) const
    {
        if (wanted == "*")
            return have.empty() ? Share::None : Share::All;
        if (have == "*")
            return looksLikeAnId(wanted) ? Share::Some : Share::None;
        if (m_vague && wanted.starts_with(have))
            return Share::Some;
        return wanted == have ? Share::All : Share::None;
    }

    std::vector<std::string_view> m_wanted;
    std::vector<std::string_view> m_have;
    bool m_tail;  ///< ends in `>`
    bool m_vague; ///< see the constructor
};

} // namespace

/// Numbers, UUIDs and other hex, and long ones with digits in them (NUIDs, ULIDs).
bool looksLikeAnId(std::string_view token)
{
    const auto digits = std::count_if(token.begin(), token.end(), isDigit);
    if (digits == 0)
        return false;
    if (static_cast<std::size_t>(digits) == token.size())
        return true;
    if (token.size() >= 8 && digits >= 2 && std::all_of(token.begin(), token.end(), isHex))
        return true;
    return token.size() >= 16 && digits >= 3;
}

Share shareOf(const SubjectPattern& pattern, std::string_view group)
{
    return GroupMatch(pattern, group).share();
}

bool isOneSubject(std::string_view group)
{
    const auto tokens = subjectTokens(group);
    return std::none_of(tokens.begin(), tokens.end(),
                        [](std::string_view token) { return token == "*" || token == ">"; });
}

std::string subjectGroup(std::string_view subject)
{
    std::string group;
    const int most = keptTokens(subject);
    for (int tokens = 0;; ++tokens) {
        if (tokens == most)
            return group + ".>";
        const std::size_t dot = subject.find('.');
        const std::string_view token = subject.substr(0, dot);
        group += tokens > 0 ? "." : "";
        group += looksLikeAnId(token) ? std::string_view("*") : token;
        if (dot == std::string_view::npos)
            return group;
        subject.remove_prefix(dot + 1);
    }
}

} // namespace weir
