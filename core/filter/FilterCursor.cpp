// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/filter/FilterCursor.h"

#include <algorithm>

namespace weir {
namespace {

constexpr std::string_view kSpaces = " \t\r\n";
constexpr std::string_view kOperators = ":=!<>~";

bool isOneOf(char c, std::string_view set)
{
    return set.find(c) != std::string_view::npos;
}

/// Walks a filter as FilterParser does, but forgives everything, and stops where the cursor is.
class Walker
{
public:
    Walker(std::string_view text, std::size_t cursor) : m_text(text), m_cursor(cursor) {}

    FilterCursor walk()
    {
        while (!m_done) {
            skip(kSpaces);
            if (m_pos >= m_cursor)
                return stop(FilterCursor::Place::Term, m_pos, kSpaces);
            const char c = m_text[m_pos];
            if (c == '(' || c == ')') {
                ++m_pos;
                m_here.afterTerm = c == ')';
            } else if (c == '"') {
                skipQuoted();
                m_here.afterTerm = true;
            } else {
                word();
            }
        }
        return m_here;
    }

private:
    void skip(std::string_view set)
    {
        while (m_pos < m_cursor && isOneOf(m_text[m_pos], set))
            ++m_pos;
    }
    /// Moves on to the next of `set`; true when the cursor comes first.
    bool reachesCursor(std::string_view set)
    {
        while (m_pos < m_cursor && !isOneOf(m_text[m_pos], set))
            ++m_pos;
        return m_pos >= m_cursor;
    }
    FilterCursor stop(FilterCursor::Place place, std::size_t begin, std::string_view ends)
    {
        m_done = true;
        m_here.place = place;
        m_here.begin = std::min(begin, m_cursor);
        m_here.end = std::min(m_text.find_first_of(ends, m_cursor), m_text.size());
        m_here.typed = m_text.substr(m_here.begin, m_cursor - m_here.begin);
        return m_here;
    }
    void skipQuoted()
    {
        for (++m_pos; m_pos < m_cursor && m_text[m_pos] != '"'; ++m_pos)
            m_pos += m_text[m_pos] == '\\' ? 1 : 0;
        if (m_pos >= m_cursor)
            stop(FilterCursor::Place::Nothing, m_cursor, kSpaces);
        ++m_pos;
    }
    void word();
    bool values();

    std::string_view m_text;
    std::size_t m_cursor;
    std::size_t m_pos = 0;
    bool m_done = false;
    FilterCursor m_here;
};

void Walker::word()
{
    const std::size_t begin = m_pos;
    if (reachesCursor(" \t\r\n.:=!<>~()\",")) {
        stop(FilterCursor::Place::Term, begin, " \t\r\n:=!<>~()\",");
        return;
    }
    const std::string word = asciiLower(m_text.substr(begin, m_pos - begin));
    if (word == "and" || word == "or" || word == "not") {
        m_here.afterTerm = false;
        return;
    }
    m_here.field = findFilterField(word);
    if (m_here.field == nullptr) {
        stop(FilterCursor::Place::Nothing, m_cursor, kSpaces);
        return;
    }
    if (m_here.field->name.ends_with('.')) {
        if (reachesCursor(" \t\r\n:=!<>(),")) {
            stop(FilterCursor::Place::Name, begin, " \t\r\n:=!<>~()\",");
            return;
        }
    }
    skip(kSpaces);
    if (m_pos >= m_cursor || !isOneOf(m_text[m_pos], kOperators)) {
        stop(FilterCursor::Place::Operator, m_pos, " \t\r\n");
        m_here.end = m_here.begin;
        return;
    }
    skip(kOperators);
    if (values()) {
        m_here.field = nullptr;
        m_here.afterTerm = true;
    }
}

/// False when the cursor is in one of them.
bool Walker::values()
{
    constexpr std::string_view kEnds = " \t\r\n,)\"";
    for (;;) {
        skip(kSpaces);
        const std::size_t begin = m_pos;
        if (m_pos < m_cursor && m_text[m_pos] == '"') {
            skipQuoted();
            if (m_done) {
                m_here.place = FilterCursor::Place::Value;
                m_here.begin = begin;
                m_here.typed = m_text.substr(begin + 1, m_cursor - begin - 1);
                const std::size_t close = m_text.find('"', m_cursor);
                m_here.end = close == std::string_view::npos ? m_text.size() : close + 1;
                return false;
            }
        } else if (reachesCursor(kEnds)) {
            stop(FilterCursor::Place::Value, begin, kEnds);
            return false;
        }
        const std::size_t after = m_pos;
        skip(kSpaces);
        if (m_pos >= m_cursor || m_text[m_pos] != ',') {
            m_pos = after;
            return true;
        }
        ++m_pos;
    }
}

} // namespace

FilterCursor FilterCursor::at(std::string_view text, std::size_t cursor)
{
    return Walker(text, std::min(cursor, text.size())).walk();
}

} // namespace weir
