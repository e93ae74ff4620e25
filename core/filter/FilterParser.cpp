// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/filter/FilterParser.h"

#include <algorithm>

namespace weir {
namespace {

constexpr int kMaxDepth = 64;
constexpr std::size_t kMaxText = std::size_t{64} << 10;

/// Bytes to characters: continuation bytes of UTF-8 are part of the character before.
std::size_t characters(std::string_view text)
{
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

FilterNode combine(FilterNode::Kind kind, std::vector<FilterNode> children)
{
    if (children.size() == 1)
        return std::move(children.front());
    FilterNode node;
    node.kind = kind;
    node.children = std::move(children);
    return node;
}

} // namespace

std::string FilterParser::join(const std::vector<std::string>& parts)
{
    std::string joined;
    for (std::size_t i = 0; i < parts.size(); ++i)
        joined += (i == 0 ? "" : i + 1 == parts.size() ? " or " : ", ") + parts[i];
    return joined;
}

char FilterParser::peek(std::size_t ahead) const
{
    return m_pos + ahead < m_text.size() ? m_text[m_pos + ahead] : '\0';
}

void FilterParser::skipSpaces()
{
    while (!atEnd() && isSpace(m_text[m_pos]))
        ++m_pos;
}

bool FilterParser::atKeyword(std::string_view keyword) const
{
    if (asciiLower(m_text.substr(m_pos, keyword.size())) != keyword)
        return false;
    const char next = peek(keyword.size());
    return m_pos + keyword.size() == m_text.size() || isSpace(next) || next == '(' || next == ')' ||
           next == '"';
}

std::nullopt_t FilterParser::fail(std::size_t at, std::size_t length, std::string why,
                                  std::vector<std::string> expected, std::string hint)
{
    const std::size_t column = characters(m_text.substr(0, at));
    const std::size_t width =
        std::max<std::size_t>(1, characters(m_text.substr(std::min(at, m_text.size()), length)));
    if (hint.empty() && !expected.empty())
        hint = "expected " + join(expected);
    Error error{ErrorCode::Usage, "reading the filter", "column " + std::to_string(column + 1) + ": " + why,
                std::move(hint)};
    m_error =
        std::make_unique<FilterError>(FilterError{std::move(error), column, width, std::move(expected)});
    return std::nullopt;
}

FilterParser::Parsed FilterParser::parse()
{
    if (m_text.size() > kMaxText)
        return fail(kMaxText, 1, "a filter has at most 65536 bytes", {});
    skipSpaces();
    if (atEnd())
        return std::nullopt;
    Parsed expression = parseOr();
    if (!expression)
        return std::nullopt;
    if (!atEnd())
        return fail(m_pos, 1, "this ')' closes nothing", {"a term", "the end"});
    return expression;
}

FilterParser::Parsed FilterParser::parseOr()
{
    std::vector<FilterNode> children;
    for (;;) {
        Parsed child = parseAnd();
        if (!child)
            return std::nullopt;
        children.push_back(std::move(*child));
        skipSpaces();
        if (!atKeyword("or"))
            return combine(FilterNode::Kind::Or, std::move(children));
        m_pos += 2;
    }
}

FilterParser::Parsed FilterParser::parseAnd()
{
    std::vector<FilterNode> children;
    for (;;) {
        Parsed child = parseUnary();
        if (!child)
            return std::nullopt;
        children.push_back(std::move(*child));
        skipSpaces();
        if (atEnd() || peek() == ')' || atKeyword("or"))
            return combine(FilterNode::Kind::And, std::move(children));
        if (atKeyword("and"))
            m_pos += 3;
    }
}

FilterParser::Parsed FilterParser::parseUnary()
{
    bool negated = false;
    skipSpaces();
    while (atKeyword("not")) {
        negated = !negated;
        m_pos += 3;
        skipSpaces();
    }
    Parsed inner = peek() == '(' ? parseGroup() : peek() == '"' ? parseText() : parseTerm();
    if (!inner || !negated)
        return inner;
    FilterNode node;
    node.kind = FilterNode::Kind::Not;
    node.children.push_back(std::move(*inner));
    return node;
}

FilterParser::Parsed FilterParser::parseGroup()
{
    const std::size_t open = m_pos;
    if (++m_depth > kMaxDepth)
        return fail(open, 1, "parentheses are nested more than 64 deep", {"fewer parentheses"});
    ++m_pos;
    Parsed inner = parseOr();
    if (!inner)
        return std::nullopt;
    skipSpaces();
    if (peek() != ')')
        return fail(m_pos, 1,
                    "the '(' of column " + std::to_string(characters(m_text.substr(0, open)) + 1) +
                        " is not closed",
                    {"')'"});
    ++m_pos;
    --m_depth;
    return inner;
}

FilterParser::Parsed FilterParser::parseText()
{
    const std::size_t start = m_pos;
    FilterNode term;
    term.field = FilterField::Text;
    FilterValue value;
    if (!parseQuoted(value.text))
        return std::nullopt;
    if (value.text.empty())
        return fail(start, 2, "there is no text between the quotes", {"text to search for"});
    term.values.push_back(std::move(value));
    if (!expectSeparator())
        return std::nullopt;
    return term;
}

bool FilterParser::parseQuoted(std::string& out)
{
    const std::size_t open = m_pos++;
    while (!atEnd() && m_text[m_pos] != '"') {
        if (m_text[m_pos] == '\\' && (peek(1) == '"' || peek(1) == '\\'))
            ++m_pos;
        out += m_text[m_pos++];
    }
    if (atEnd()) {
        fail(open, m_text.size() - open, "the quote is not closed", {"'\"'"});
        return false;
    }
    ++m_pos;
    return true;
}

bool FilterParser::expectSeparator()
{
    if (atEnd() || isSpace(peek()) || peek() == ')' || peek() == ',')
        return true;
    fail(m_pos, 1, "something follows without a space", {"a space", "','", "')'"});
    return false;
}

} // namespace weir
