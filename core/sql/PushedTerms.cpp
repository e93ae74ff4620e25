// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sql/PushedTerms.h"

#include "core/filter/FilterFields.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace weir {
namespace {

/// SQLite may compare such a text as the number that it looks like.
bool looksNumeric(std::string_view text)
{
    return text.find_first_not_of("0123456789+-.eE \t\n\v\f\r") == std::string_view::npos;
}

bool areNames(const SqlValues& values)
{
    return std::all_of(values.begin(), values.end(), [](const SqlValue& value) {
        return value.kind == SqlValue::Kind::Text && !looksNumeric(value.bytes);
    });
}

constexpr std::array kNamed{
    NamedColumn{MessageColumn::Subject, FilterField::Subject, false},
    NamedColumn{MessageColumn::Pop, FilterField::Pop, true},
    NamedColumn{MessageColumn::Worker, FilterField::Worker, false},
    NamedColumn{MessageColumn::Identity, FilterField::Identity, false},
    NamedColumn{MessageColumn::Account, FilterField::Account, false},
    NamedColumn{MessageColumn::Trace, FilterField::Trace, true},
};

} // namespace

const NamedColumn* namedColumn(MessageColumn column)
{
    const auto found = std::find_if(kNamed.begin(), kNamed.end(),
                                    [column](const NamedColumn& named) { return named.column == column; });
    return found == kNamed.end() ? nullptr : &*found;
}

std::optional<FilterNode> nameTerm(const NamedColumn& column, const SqlValues& values)
{
    if (!areNames(values))
        return std::nullopt;
    FilterNode node;
    node.field = column.field;
    for (const SqlValue& value : values) {
        FilterValue one;
        one.text = column.folds ? asciiLower(value.bytes) : value.bytes;
        if (column.field == FilterField::Subject)
            one.pattern.emplace(one.text);
        node.values.push_back(std::move(one));
    }
    return node;
}

FilterNode numberTerm(FilterField field, FilterOp op, std::int64_t number)
{
    FilterNode node;
    node.field = field;
    node.op = op;
    node.values.resize(1);
    node.values.front().number = number;
    return node;
}

FilterNode subjectTerm(SqlOp op, std::string_view pattern)
{
    std::string_view prefix = pattern.substr(0, pattern.find_first_of(op == SqlOp::Like ? "%_" : "*?["));
    const auto plain = std::find_if(prefix.begin(), prefix.end(), [](char c) {
        return c == '\0' || static_cast<unsigned char>(c) >= 0x80;
    });
    prefix = prefix.substr(0, static_cast<std::size_t>(plain - prefix.begin()));
    FilterNode node;
    node.field = FilterField::Subject;
    node.op = FilterOp::Matches;
    node.values.resize(1);
    node.values.front().regex = std::make_shared<const re2::RE2>((op == SqlOp::Like ? "(?i)^" : "^") +
                                                                 re2::RE2::QuoteMeta(std::string(prefix)));
    return node;
}

} // namespace weir
