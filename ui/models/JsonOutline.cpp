// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/JsonOutline.h"

#include <charconv>
#include <limits>

namespace weir {
namespace {

bool isSpace(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

void appendUtf8(std::string& out, std::uint32_t code)
{
    const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0U | (code >> 6U));
        put(0x80U | (code & 0x3FU));
    } else if (code < 0x10000) {
        put(0xE0U | (code >> 12U));
        put(0x80U | ((code >> 6U) & 0x3FU));
        put(0x80U | (code & 0x3FU));
    } else {
        put(0xF0U | (code >> 18U));
        put(0x80U | ((code >> 12U) & 0x3FU));
        put(0x80U | ((code >> 6U) & 0x3FU));
        put(0x80U | (code & 0x3FU));
    }
}

/// Four hex digits at `at`; nothing where they are not.
std::optional<std::uint32_t> hex4(std::string_view text, std::size_t at)
{
    std::uint32_t code = 0;
    if (at + 4 > text.size())
        return std::nullopt;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + 4, code, 16);
    return error == std::errc() && end == text.data() + at + 4 ? std::optional(code) : std::nullopt;
}

/// Resolves the escapes of a string's inside (RFC 8259, section 7); lone surrogates become U+FFFD.
std::string unescaped(std::string_view inside)
{
    std::string out;
    out.reserve(inside.size());
    for (std::size_t i = 0; i < inside.size(); ++i) {
        if (inside[i] != '\\' || i + 1 >= inside.size()) {
            out += inside[i];
            continue;
        }
        const char what = inside[++i];
        constexpr std::string_view kFrom = "bfnrt";
        constexpr std::string_view kTo = "\b\f\n\r\t";
        if (const auto known = kFrom.find(what); known != std::string_view::npos) {
            out += kTo[known];
        } else if (what != 'u') {
            out += what;
        } else {
            std::uint32_t code = hex4(inside, i + 1).value_or(0xFFFD);
            i += 4;
            const bool high = code >= 0xD800 && code < 0xDC00;
            const auto low = high && inside.substr(i + 1, 2) == "\\u" ? hex4(inside, i + 3) : std::nullopt;
            if (low && *low >= 0xDC00 && *low < 0xE000) {
                code = 0x10000 + ((code - 0xD800) << 10U) + (*low - 0xDC00);
                i += 6;
            } else if (code >= 0xD800 && code < 0xE000) {
                code = 0xFFFD;
            }
            appendUtf8(out, code);
        }
    }
    return out;
}

} // namespace

/// Reads JSON without recursion: what is open stands on a stack of its own.
class JsonScanner
{
public:
    explicit JsonScanner(JsonOutline& out) : m_out(out), m_text(*out.m_text) {}

    bool run()
    {
        if (!value())
            return false;
        while (!m_open.empty()) {
            if (!next())
                return false;
        }
        skipSpace();
        return m_at == m_text.size();
    }

private:
    using Node = JsonOutline::Node;
    using Kind = JsonOutline::Kind;

    void skipSpace()
    {
        while (m_at < m_text.size() && isSpace(m_text[m_at]))
            ++m_at;
    }
    bool take(char c)
    {
        skipSpace();
        if (m_at >= m_text.size() || m_text[m_at] != c)
            return false;
        ++m_at;
        return true;
    }
    Node& node(std::uint32_t number) { return m_out.m_nodes[number]; }
    bool text();
    bool number();
    bool literal();
    bool value();
    bool next();
    void close();

    JsonOutline& m_out;
    std::string_view m_text;
    std::size_t m_at = 0;
    std::uint32_t m_keyBegin = 0;
    std::uint32_t m_keyEnd = 0;
    std::vector<std::uint32_t> m_open;
};

bool JsonScanner::text()
{
    for (++m_at; m_at < m_text.size(); ++m_at) {
        if (m_text[m_at] == '\\')
            ++m_at;
        else if (m_text[m_at] == '"') {
            ++m_at;
            return true;
        } else if (static_cast<unsigned char>(m_text[m_at]) < 0x20)
            return false;
    }
    return false;
}

bool JsonScanner::number()
{
    const auto digits = [this] {
        const std::size_t from = m_at;
        while (m_at < m_text.size() && isDigit(m_text[m_at]))
            ++m_at;
        return m_at > from;
    };
    const auto is = [this](std::string_view any) {
        return m_at < m_text.size() && any.find(m_text[m_at]) != std::string_view::npos;
    };
    if (is("-"))
        ++m_at;
    if (!digits())
        return false;
    if (is(".")) {
        ++m_at;
        if (!digits())
            return false;
    }
    if (is("eE")) {
        ++m_at;
        if (is("+-"))
            ++m_at;
        return digits();
    }
    return true;
}

bool JsonScanner::literal()
{
    for (const std::string_view word : {"true", "false", "null"}) {
        if (m_text.substr(m_at, word.size()) == word) {
            m_at += word.size();
            return true;
        }
    }
    return false;
}

bool JsonScanner::value()
{
    skipSpace();
    if (m_at >= m_text.size() || m_out.m_nodes.size() >= JsonOutline::kMaxNodes)
        return false;
    const auto number_ = static_cast<std::uint32_t>(m_out.m_nodes.size());
    Node& fresh = m_out.m_nodes.emplace_back();
    fresh.keyBegin = m_keyBegin;
    fresh.keyEnd = m_keyEnd;
    m_keyBegin = m_keyEnd = 0;
    fresh.begin = static_cast<std::uint32_t>(m_at);
    fresh.parent = m_open.empty() ? number_ : m_open.back();
    if (!m_open.empty())
        fresh.row = node(m_open.back()).children++;
    const char first = m_text[m_at];
    if (first == '{' || first == '[') {
        fresh.kind = first == '{' ? Kind::Object : Kind::Array;
        ++m_at;
        m_open.push_back(number_);
        return m_open.size() <= JsonOutline::kMaxDepth;
    }
    fresh.kind = first == '"' ? Kind::String : first == '-' || isDigit(first) ? Kind::Number : Kind::Literal;
    const bool fine = first == '"' ? text() : fresh.kind == Kind::Number ? number() : literal();
    node(number_).end = static_cast<std::uint32_t>(m_at);
    node(number_).after = number_ + 1;
    return fine;
}

void JsonScanner::close()
{
    Node& closed = node(m_open.back());
    closed.end = static_cast<std::uint32_t>(m_at);
    closed.after = static_cast<std::uint32_t>(m_out.m_nodes.size());
    m_open.pop_back();
}

/// One step inside the innermost open object or array.
bool JsonScanner::next()
{
    const Node& open = node(m_open.back());
    const bool isObject = open.kind == Kind::Object;
    if (take(isObject ? '}' : ']')) {
        close();
        return true;
    }
    if (open.children > 0 && !take(','))
        return false;
    if (isObject) {
        skipSpace();
        if (m_at >= m_text.size() || m_text[m_at] != '"')
            return false;
        const std::size_t begin = m_at;
        if (!text())
            return false;
        m_keyBegin = static_cast<std::uint32_t>(begin);
        m_keyEnd = static_cast<std::uint32_t>(m_at);
        if (!take(':'))
            return false;
    }
    return value();
}

std::optional<JsonOutline> JsonOutline::parse(std::shared_ptr<const std::string> text)
{
    JsonOutline outline;
    outline.m_text = std::move(text);
    if (outline.m_text->size() >= std::numeric_limits<std::uint32_t>::max() || !JsonScanner(outline).run())
        return std::nullopt;
    return outline;
}

std::string_view JsonOutline::raw(std::uint32_t node) const
{
    return std::string_view(*m_text).substr(m_nodes[node].begin, m_nodes[node].end - m_nodes[node].begin);
}

std::string JsonOutline::key(std::uint32_t node) const
{
    const Node& here = m_nodes[node];
    if (here.keyEnd <= here.keyBegin)
        return {};
    return unescaped(std::string_view(*m_text).substr(here.keyBegin + 1, here.keyEnd - here.keyBegin - 2));
}

std::string JsonOutline::value(std::uint32_t node) const
{
    const std::string_view text = raw(node);
    return m_nodes[node].kind == Kind::String ? unescaped(text.substr(1, text.size() - 2))
                                              : std::string(text);
}

} // namespace weir
