// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/SubjectPattern.h"

#include <algorithm>

namespace weir {
namespace {

std::string_view nextToken(std::string_view& rest, bool& more)
{
    const std::size_t dot = rest.find('.');
    const std::string_view token = rest.substr(0, dot);
    more = dot != std::string_view::npos;
    rest = more ? rest.substr(dot + 1) : std::string_view{};
    return token;
}

Result<void> check(const std::string& subject)
{
    const auto bad = [&subject](const char* why) {
        return Error{ErrorCode::Usage, "subscribing to '" + subject + "'", why,
                     "a subject is like orders.eu.* or orders.>"};
    };
    if (subject.empty())
        return bad("the subject is empty");
    if (subject.find_first_of(" \t\r\n") != std::string::npos)
        return bad("a subject has no blanks");
    std::string_view rest = subject;
    bool more = true;
    while (more) {
        const std::string_view token = nextToken(rest, more);
        if (token.empty())
            return bad("one of its tokens is empty");
        if (token == ">" && more)
            return bad("> stands only at the end");
    }
    return {};
}

} // namespace

bool patternCovers(std::string_view wide, std::string_view narrow)
{
    bool moreWide = true;
    bool moreNarrow = true;
    while (moreWide && moreNarrow) {
        const std::string_view w = nextToken(wide, moreWide);
        const std::string_view n = nextToken(narrow, moreNarrow);
        if (w == ">")
            return true;
        if (n == ">" || (w != "*" && w != n))
            return false;
    }
    return !moreWide && !moreNarrow;
}

bool patternsMeet(std::string_view a, std::string_view b)
{
    bool moreA = true;
    bool moreB = true;
    while (moreA && moreB) {
        const std::string_view tokenA = nextToken(a, moreA);
        const std::string_view tokenB = nextToken(b, moreB);
        if (tokenA == ">" || tokenB == ">")
            return true;
        if (tokenA != tokenB && tokenA != "*" && tokenB != "*")
            return false;
    }
    return !moreA && !moreB;
}

std::optional<std::string> patternsMeeting(std::string_view a, std::string_view b)
{
    std::string both;
    bool moreA = true;
    bool moreB = true;
    while (moreA && moreB) {
        const std::string_view restA = a;
        const std::string_view restB = b;
        const std::string_view tokenA = nextToken(a, moreA);
        const std::string_view tokenB = nextToken(b, moreB);
        if (tokenA == ">" || tokenB == ">")
            return both.append(tokenA == ">" ? restB : restA);
        if (tokenA != tokenB && tokenA != "*" && tokenB != "*")
            return std::nullopt;
        both.append(tokenA == "*" ? tokenB : tokenA);
        if (moreA)
            both += '.';
    }
    return moreA || moreB ? std::nullopt : std::optional(both);
}

Result<std::vector<std::string>> withoutCovered(const std::vector<std::string>& subjects)
{
    std::vector<std::string> kept;
    for (const std::string& subject : subjects) {
        if (const Result<void> sound = check(subject); !sound)
            return sound.error();
        const auto covers = [&subject](const std::string& other) { return patternCovers(other, subject); };
        if (std::any_of(kept.begin(), kept.end(), covers))
            continue;
        std::erase_if(kept, [&subject](const std::string& other) { return patternCovers(subject, other); });
        kept.push_back(subject);
    }
    return kept;
}

} // namespace weir
