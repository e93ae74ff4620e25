// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/SubjectGroup.h"

#include <algorithm>
#include <array>
#include <cstddef>

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

int keptTokens(std::string_view subject)
{
    for (const Prefix& prefix : kPrefixes) {
        if (subject.starts_with(prefix.subject))
            return prefix.tokens;
    }
    return kDeepest;
}

} // namespace

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
