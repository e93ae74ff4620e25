// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/filter/SubjectPattern.h"
#include "core/identity/Evidence.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace re2 {
class RE2;
}

namespace weir {

enum class FilterField : std::uint8_t {
    Subject,
    Pop,
    Worker,
    Identity,
    Account,
    Evidence,
    Trace,
    Stream,
    Size,
    Latency,
    Time,
    Seq,
    Header,
    Payload,
    Json,
    Text, ///< a quoted text by itself: payload and headers
};

/// `:` and `=` mean the same and are both Equals.
enum class FilterOp : std::uint8_t { Equals, NotEquals, Less, LessOrEqual, Greater, GreaterOrEqual, Matches };

/// One value of a term, read for its field; what does not concern the field is unset.
struct FilterValue
{
    std::string text;        ///< as written, unquoted; lower case where case does not count
    std::int64_t number = 0; ///< Size: bytes, Latency: ns, Time: ns since 1970, Seq
    Evidence evidence = Evidence::Unknown;
    std::optional<std::int64_t> whole;     ///< Json: the value, where it is a whole number
    std::optional<double> real;            ///< Json: the value, where it is a number
    std::optional<SubjectPattern> pattern; ///< Subject
    std::shared_ptr<const re2::RE2> regex; ///< operator Matches
};

/// A node of a parsed filter. And and Or have two children or more, Not has one, Term none.
/// A term matches if any of its values does; NotEquals if none does. An unknown latency or time matches no
/// comparison at all, NotEquals included.
struct FilterNode
{
    enum class Kind : std::uint8_t { And, Or, Not, Term };
    Kind kind = Kind::Term;
    std::vector<FilterNode> children;

    FilterField field = FilterField::Text;
    FilterOp op = FilterOp::Equals;
    std::string name;                 ///< Header: its name in lower case. Json: the pointer (RFC 6901)
    std::vector<std::string> pointer; ///< Json: its tokens, unescaped
    std::vector<FilterValue> values;
};

} // namespace weir
