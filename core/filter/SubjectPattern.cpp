// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/filter/SubjectPattern.h"

namespace weir {
namespace {

/// Takes the first token off `rest`; false when nothing is left. `more` is true until the last was taken.
bool takeToken(std::string_view& rest, bool& more, std::string_view& token)
{
    if (!more)
        return false;
    const std::size_t dot = rest.find('.');
    token = rest.substr(0, dot);
    more = dot != std::string_view::npos;
    rest = more ? rest.substr(dot + 1) : std::string_view{};
    return true;
}

} // namespace

SubjectPattern::SubjectPattern(std::string_view pattern) : m_text(pattern)
{
    std::string_view rest = m_text;
    bool more = !rest.empty();
    std::string_view token;
    m_prefix = m_text.size();
    while (takeToken(rest, more, token)) {
        if (token == "*" || (token == ">" && !more)) {
            m_literal = false;
            m_prefix = static_cast<std::size_t>(token.data() - m_text.data());
            return;
        }
    }
}

std::string_view SubjectPattern::literalPrefix() const
{
    return std::string_view(m_text).substr(0, m_prefix);
}

bool SubjectPattern::matches(std::string_view subject) const
{
    if (m_literal)
        return subject == m_text;
    if (!subject.starts_with(literalPrefix()))
        return false;
    std::string_view patternRest = std::string_view(m_text).substr(m_prefix);
    std::string_view subjectRest = subject.substr(m_prefix);
    bool patternMore = true;
    // After a prefix that ends with a dot there is always a token, be it empty.
    bool subjectMore = !subject.empty();
    std::string_view want;
    std::string_view have;
    while (takeToken(patternRest, patternMore, want)) {
        if (!takeToken(subjectRest, subjectMore, have))
            return false;
        if (want == ">" && !patternMore)
            return !have.empty() || subjectMore;
        if (want == "*" ? have.empty() : want != have)
            return false;
    }
    return !subjectMore;
}

bool SubjectPattern::isLegal(std::string_view pattern)
{
    if (pattern.find_first_of(" \t\r\n\f") != std::string_view::npos)
        return false;
    std::string_view rest = pattern;
    bool more = true;
    std::string_view token;
    while (takeToken(rest, more, token)) {
        if (token.empty() || (token == ">" && more))
            return false;
    }
    return true;
}

std::vector<std::string_view> subjectTokens(std::string_view subject)
{
    std::vector<std::string_view> tokens;
    bool more = !subject.empty();
    std::string_view token;
    while (takeToken(subject, more, token))
        tokens.push_back(token);
    return tokens;
}

} // namespace weir
