// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/filter/Filter.h"
#include "core/filter/FilterFields.h"
#include "core/filter/FilterTree.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// Reads the filter grammar (design: "Filter grammar") by recursive descent. One parse an object.
///
/// Beyond the design's lines: keywords and field names are read without regard to case; spaces may stand
/// around operators and commas; a value without quotes ends at a space, a comma, a quote, or a `)` that was
/// not opened within it; `~0` and `~1` in a JSON pointer are its escapes, any other `~` is the operator.
class FilterParser
{
public:
    FilterParser(std::string_view text, Timestamp now) : m_text(text), m_now(now) {}

    /// The expression; none for a blank text or when error() says why not.
    [[nodiscard]] std::optional<FilterNode> parse();
    [[nodiscard]] std::unique_ptr<FilterError> takeError() { return std::move(m_error); }

private:
    using Parsed = std::optional<FilterNode>; ///< none: m_error is set

    [[nodiscard]] Parsed parseOr();
    [[nodiscard]] Parsed parseAnd();
    [[nodiscard]] Parsed parseUnary();
    [[nodiscard]] Parsed parseGroup();
    [[nodiscard]] Parsed parseText();
    [[nodiscard]] Parsed parseTerm();
    [[nodiscard]] bool parseName(const FilterFieldInfo& info, FilterNode& term);
    [[nodiscard]] bool parsePointer(std::size_t start, FilterNode& term);
    [[nodiscard]] bool parseOperator(const FilterFieldInfo& info, FilterNode& term);
    [[nodiscard]] bool parseValues(const FilterFieldInfo& info, FilterNode& term);
    [[nodiscard]] bool parseValue(const FilterFieldInfo& info, FilterNode& term);
    [[nodiscard]] bool checkPlain(const FilterFieldInfo& info, const FilterNode& term,
                                  const std::string& text, std::size_t start);
    [[nodiscard]] bool parseQuoted(std::string& out);
    [[nodiscard]] bool expectSeparator();

    [[nodiscard]] bool atEnd() const { return m_pos >= m_text.size(); }
    [[nodiscard]] char peek(std::size_t ahead = 0) const;
    [[nodiscard]] bool atKeyword(std::string_view keyword) const;
    void skipSpaces();
    [[nodiscard]] static bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
    /// "a, b or c".
    [[nodiscard]] static std::string join(const std::vector<std::string>& parts);
    std::nullopt_t failField(std::size_t start);
    std::nullopt_t fail(std::size_t at, std::size_t length, std::string why,
                        std::vector<std::string> expected, std::string hint = {});

    std::string_view m_text;
    Timestamp m_now;
    std::size_t m_pos = 0;
    int m_depth = 0;
    std::unique_ptr<FilterError> m_error;
};

} // namespace weir
