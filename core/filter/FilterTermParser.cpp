// SPDX-License-Identifier: GPL-3.0-or-later
// The part of FilterParser that reads one term: field, name, operator, values.
#include "core/filter/FilterParser.h"
#include "core/filter/FilterValues.h"

#include <algorithm>

namespace weir {
namespace {

bool isWord(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

} // namespace

std::nullopt_t FilterParser::failField(std::size_t start)
{
    const std::string word(m_text.substr(start, m_pos - start));
    if (word.empty()) {
        const std::string here =
            atEnd() ? "the filter ends too early" : "'" + std::string(1, peek()) + "' cannot stand here";
        return fail(start, 1, here, {"a field", "text in quotes", "NOT", "'('"});
    }
    if (atKeyword("and") || asciiLower(word) == "and" || asciiLower(word) == "or")
        return fail(start, word.size(), "nothing stands before '" + word + "'",
                    {"a field", "text in quotes", "NOT", "'('"});
    std::vector<std::string> expected;
    const FilterFieldInfo* const near = nearestFilterField(word);
    if (near != nullptr)
        expected.emplace_back(near->name);
    else
        for (const FilterFieldInfo& info : filterFields())
            expected.emplace_back(info.name);
    const std::string quoteIt = "to search for it as text, write \"" + word + "\" in quotes";
    return fail(start, word.size(), "there is no field '" + word + "'", expected,
                near != nullptr ? "did you mean " + expected.front() + "? " + quoteIt
                                : "fields are " + join(expected) + "; " + quoteIt);
}

FilterParser::Parsed FilterParser::parseTerm()
{
    const std::size_t start = m_pos;
    while (isWord(peek()))
        ++m_pos;
    const FilterFieldInfo* const info = findFilterField(m_text.substr(start, m_pos - start));
    if (info == nullptr)
        return failField(start);
    FilterNode term;
    term.field = info->field;
    if ((info->name.ends_with('.') && !parseName(*info, term)) || !parseOperator(*info, term) ||
        !parseValues(*info, term))
        return std::nullopt;
    return term;
}

bool FilterParser::parseName(const FilterFieldInfo& info, FilterNode& term)
{
    const bool json = info.field == FilterField::Json;
    const std::string want = json ? "json./pointer/to/value" : "header.NAME";
    if (peek() != '.') {
        fail(m_pos, 1, "'" + std::string(info.name) + "' needs a name after its dot", {want});
        return false;
    }
    const std::size_t start = ++m_pos;
    if (peek() == '"') {
        if (!parseQuoted(term.name))
            return false;
    } else {
        const auto ends = [this, json](char c) {
            const bool escape = json && (peek(1) == '0' || peek(1) == '1');
            return isSpace(c) || std::string_view(":=!<>(),\"").find(c) != std::string_view::npos ||
                   (c == '~' && !escape);
        };
        while (!atEnd() && !ends(peek()))
            ++m_pos;
        term.name = m_text.substr(start, m_pos - start);
    }
    if (term.name.empty()) {
        fail(start, 1, "a name is missing after '" + std::string(info.name) + "'", {want});
        return false;
    }
    if (json)
        return parsePointer(start, term);
    term.name = asciiLower(term.name);
    return true;
}

bool FilterParser::parsePointer(std::size_t start, FilterNode& term)
{
    if (term.name.front() != '/') {
        fail(start, m_pos - start, "a JSON pointer begins with '/'", {"json./" + term.name});
        return false;
    }
    for (std::size_t i = 0; i < term.name.size(); ++i) {
        const char c = term.name[i];
        if (c == '/') {
            term.pointer.emplace_back();
        } else if (c != '~') {
            term.pointer.back() += c;
        } else if (i + 1 < term.name.size() && (term.name[i + 1] == '0' || term.name[i + 1] == '1')) {
            term.pointer.back() += term.name[++i] == '0' ? '~' : '/';
        } else {
            fail(start, m_pos - start, "in a JSON pointer '~' is written ~0 and '/' within a name ~1",
                 {"~0", "~1"});
            return false;
        }
    }
    return true;
}

bool FilterParser::parseOperator(const FilterFieldInfo& info, FilterNode& term)
{
    struct Known
    {
        std::string_view text;
        FilterOp op;
    };
    static constexpr Known kKnown[] = {{"!=", FilterOp::NotEquals},      {"<=", FilterOp::LessOrEqual},
                                       {">=", FilterOp::GreaterOrEqual}, {":", FilterOp::Equals},
                                       {"=", FilterOp::Equals},          {"<", FilterOp::Less},
                                       {">", FilterOp::Greater},         {"~", FilterOp::Matches}};
    skipSpaces();
    const auto* const found = std::find_if(std::begin(kKnown), std::end(kKnown), [this](const Known& known) {
        return m_text.substr(m_pos).starts_with(known.text);
    });
    const std::string name = std::string(info.name) + term.name;
    if (found == std::end(kKnown)) {
        fail(m_pos, 1, "an operator is missing after '" + name + "'", filterOperators(info),
             "as in " + name + ":" + std::string(info.example));
        return false;
    }
    const std::vector<std::string> allowed = filterOperators(info);
    if (std::find(allowed.begin(), allowed.end(), found->text) == allowed.end()) {
        fail(m_pos, found->text.size(), "'" + std::string(found->text) + "' cannot be used with " + name,
             allowed);
        return false;
    }
    term.op = found->op;
    m_pos += found->text.size();
    return true;
}

bool FilterParser::parseValues(const FilterFieldInfo& info, FilterNode& term)
{
    const bool single =
        term.op != FilterOp::Equals && term.op != FilterOp::NotEquals && term.op != FilterOp::Matches;
    for (;;) {
        if (!parseValue(info, term))
            return false;
        const std::size_t after = m_pos;
        skipSpaces();
        if (peek() != ',') {
            m_pos = after;
            return true;
        }
        if (single) {
            fail(m_pos, 1, "a comparison takes one value", {"a space"}, "lists go with ':', '!=' and '~'");
            return false;
        }
        ++m_pos;
    }
}

/// Text without quotes that was surely meant as something else.
bool FilterParser::checkPlain(const FilterFieldInfo& info, const FilterNode& term, const std::string& text,
                              std::size_t start)
{
    const std::string name = std::string(info.name) + term.name;
    if (text.starts_with('\'')) {
        fail(start, 1, "text is quoted with double quotes", {name + ":\"text\""});
        return false;
    }
    if (info.field == FilterField::Subject) {
        const std::size_t doubled = text.find("..");
        const bool any = text.starts_with('.') || text.ends_with('.') || doubled != std::string::npos;
        const std::size_t at = text.starts_with('.')   ? 0
                               : doubled < text.size() ? doubled + 1
                                                       : text.size() - 1;
        if (any)
            fail(start + at, 1, "a token of the subject is empty",
                 {"a subject such as orders.*.created or orders.>"});
        return !any;
    }
    const std::size_t star = text.find('*');
    if (star == std::string::npos || info.field == FilterField::Payload || info.field == FilterField::Json)
        return true;
    fail(start + star, 1, "'*' is no wildcard in " + name, {name + "~^regex", name + ":\"" + text + "\""},
         "a pattern is " + name + "~" + (star == 0 ? "." : "^" + text.substr(0, star)) +
             " (a regular expression), the text itself " + name + ":\"" + text + "\"");
    return false;
}

bool FilterParser::parseValue(const FilterFieldInfo& info, FilterNode& term)
{
    skipSpaces();
    const std::size_t start = m_pos;
    FilterValue value;
    const bool quoted = peek() == '"';
    if (quoted) {
        if (!parseQuoted(value.text))
            return false;
    } else {
        int open = 0;
        const auto ends = [&open](char c) {
            return isSpace(c) || c == ',' || c == '"' || (c == ')' && open == 0);
        };
        for (; !atEnd() && !ends(peek()); ++m_pos)
            open += peek() == '(' ? 1 : peek() == ')' ? -1 : 0;
        value.text = m_text.substr(start, m_pos - start);
        if (value.text.empty()) {
            fail(start, 1, "a value is missing", {"a value such as " + std::string(info.example)});
            return false;
        }
    }
    const std::size_t length = m_pos - start;
    if (!expectSeparator())
        return false;
    if (const auto fault = readFilterValue(info, term.op, m_now, value)) {
        fail(start, length, fault->why, fault->expected);
        return false;
    }
    if (!quoted && term.op != FilterOp::Matches && !checkPlain(info, term, value.text, start))
        return false;
    if (info.field == FilterField::Payload && value.text.empty()) {
        fail(start, length, "there is no text between the quotes", {"text to search for"});
        return false;
    }
    term.values.push_back(std::move(value));
    return true;
}

} // namespace weir
