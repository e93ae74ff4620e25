// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// A subject pattern of NATS: `*` stands for one token, `>` as the last token for one or more. (NATS docs,
/// "Subject-Based Messaging", Wildcards.) Both are wildcards only where they are a whole token.
/// Subjects with empty tokens ("a..b", ".a", "a.") are not legal in NATS; should one come from a broken
/// proxy, an empty token matches no `*`, and `>` wants a rest that is not empty. Immutable, any thread.
class SubjectPattern
{
public:
    explicit SubjectPattern(std::string_view pattern);

    [[nodiscard]] bool matches(std::string_view subject) const;
    [[nodiscard]] const std::string& text() const { return m_text; }
    /// No wildcard in it: it matches one subject only.
    [[nodiscard]] bool isLiteral() const { return m_literal; }
    /// The characters before the first wildcard; every subject that matches begins with them.
    [[nodiscard]] std::string_view literalPrefix() const;
    /// Legal as a subscription of NATS: no empty token, no space, `>` only at the end.
    [[nodiscard]] static bool isLegal(std::string_view pattern);

private:
    std::string m_text;
    std::size_t m_prefix = 0;
    bool m_literal = true;
};

/// Splits at dots; "a..b" has an empty token in the middle, "" has none at all. Views into `subject`.
[[nodiscard]] std::vector<std::string_view> subjectTokens(std::string_view subject);

} // namespace weir
