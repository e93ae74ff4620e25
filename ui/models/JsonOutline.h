// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// A JSON text as a flat list of its values in the order in which they stand, keys twice and numbers of any
/// length included: what was sent is shown, not what a parser made of it (RFC 8259). Immutable, any thread.
class JsonOutline
{
public:
    enum class Kind : std::uint8_t { Object, Array, String, Number, Literal };
    struct Node
    {
        std::uint32_t keyBegin = 0; ///< with its quotes; empty (== keyEnd) in arrays and for the top value
        std::uint32_t keyEnd = 0;
        std::uint32_t begin = 0; ///< of the value's own text
        std::uint32_t end = 0;
        std::uint32_t parent = 0; ///< the top value's is its own
        std::uint32_t after = 0;  ///< the first node that is not below this one
        std::uint32_t children = 0;
        std::uint32_t row = 0; ///< place among its siblings
        Kind kind = Kind::Literal;
    };
    static constexpr std::size_t kMaxNodes = 1'000'000;
    static constexpr std::size_t kMaxDepth = 512;

    /// Nothing when `text` is not one JSON value, is deeper than kMaxDepth or has more than kMaxNodes values.
    [[nodiscard]] static std::optional<JsonOutline> parse(std::shared_ptr<const std::string> text);

    [[nodiscard]] const std::vector<Node>& nodes() const { return m_nodes; }
    /// The key without quotes, escapes resolved.
    [[nodiscard]] std::string key(std::uint32_t node) const;
    /// Strings without quotes, escapes resolved; everything else as it stands.
    [[nodiscard]] std::string value(std::uint32_t node) const;
    /// As it stands in the text.
    [[nodiscard]] std::string_view raw(std::uint32_t node) const;

private:
    friend class JsonScanner;
    std::shared_ptr<const std::string> m_text;
    std::vector<Node> m_nodes;
};

} // namespace weir
