// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/filter/JsonTerm.h"

#include <re2/re2.h>
#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <vector>

namespace weir {
namespace {

namespace od = simdjson::ondemand;

/// One parser and one padded copy of the payload a thread: both are reused from message to message.
struct Workspace
{
    od::parser parser;
    std::vector<char> padded;
};

Workspace& workspace()
{
    thread_local Workspace space;
    return space;
}

/// The member `key`, the first of several. simdjson's own lookup compares keys as written in the text; here
/// `\u0061` is an `a`.
simdjson::simdjson_result<od::value> member(od::object object, std::string_view key)
{
    for (auto field : object) {
        std::string_view name;
        if (field.error() != simdjson::SUCCESS)
            return field.error();
        if (const auto error = field.unescaped_key().get(name); error != simdjson::SUCCESS)
            return error;
        if (name == key)
            return field.value();
    }
    return simdjson::NO_SUCH_FIELD;
}

/// RFC 6901 section 4: digits without a leading zero.
bool arrayIndex(const std::string& token, std::size_t& index)
{
    if (token.empty() || (token.size() > 1 && token.front() == '0'))
        return false;
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
    return error == std::errc() && end == token.data() + token.size();
}

template<typename Parent>
simdjson::simdjson_result<od::value> step(Parent& parent, const std::string& token)
{
    od::json_type type{};
    if (const auto error = parent.type().get(type); error != simdjson::SUCCESS)
        return error;
    if (type == od::json_type::object) {
        od::object object;
        if (const auto error = parent.get_object().get(object); error != simdjson::SUCCESS)
            return error;
        return member(object, token);
    }
    std::size_t index = 0;
    if (type != od::json_type::array || !arrayIndex(token, index))
        return simdjson::NO_SUCH_FIELD;
    od::array array;
    if (const auto error = parent.get_array().get(array); error != simdjson::SUCCESS)
        return error;
    return array.at(index);
}

bool compareNumber(double left, FilterOp op, double right)
{
    switch (op) {
    case FilterOp::Less:
        return left < right;
    case FilterOp::LessOrEqual:
        return left <= right;
    case FilterOp::Greater:
        return left > right;
    case FilterOp::GreaterOrEqual:
        return left >= right;
    case FilterOp::Equals:
    case FilterOp::NotEquals:
    case FilterOp::Matches:
        break;
    }
    return left == right;
}

bool textMatches(const FilterNode& term, std::string_view text)
{
    return std::any_of(term.values.begin(), term.values.end(), [&](const FilterValue& value) {
        return term.op == FilterOp::Matches ? RE2::PartialMatch({text.data(), text.size()}, *value.regex)
                                            : value.text == text;
    });
}

bool numberMatches(const FilterNode& term, od::value value)
{
    if (term.op == FilterOp::Matches) {
        std::string_view token = value.raw_json_token();
        while (!token.empty() && std::strchr(" \t\r\n", token.back()) != nullptr)
            token.remove_suffix(1);
        return textMatches(term, token);
    }
    od::number number;
    if (value.get_number().get(number) != simdjson::SUCCESS)
        return false;
    const bool equality = term.op == FilterOp::Equals || term.op == FilterOp::NotEquals;
    return std::any_of(term.values.begin(), term.values.end(), [&](const FilterValue& wanted) {
        // Whole numbers are compared as such: a double would take neighbouring 64-bit ids for the same.
        if (equality && wanted.whole && number.is_int64())
            return number.get_int64() == *wanted.whole;
        return wanted.real && compareNumber(number.as_double(), term.op, *wanted.real);
    });
}

bool scalarMatches(const FilterNode& term, od::value value)
{
    const bool ordered =
        term.op != FilterOp::Equals && term.op != FilterOp::NotEquals && term.op != FilterOp::Matches;
    od::json_type type{};
    if (value.type().get(type) != simdjson::SUCCESS)
        return false;
    if (type == od::json_type::number)
        return numberMatches(term, value);
    if (ordered)
        return false;
    if (type == od::json_type::string) {
        std::string_view text;
        return value.get_string().get(text) == simdjson::SUCCESS && textMatches(term, text);
    }
    bool flag = false;
    if (type == od::json_type::boolean)
        return value.get_bool().get(flag) == simdjson::SUCCESS && textMatches(term, flag ? "true" : "false");
    // An `n` begins a null only where "null" follows: the answer may be an error.
    return type == od::json_type::null && value.is_null().get(flag) == simdjson::SUCCESS && flag &&
           textMatches(term, "null");
}

bool found(const FilterNode& term, std::string_view payload)
{
    Workspace& space = workspace();
    if (space.padded.size() < payload.size() + simdjson::SIMDJSON_PADDING)
        space.padded.resize((payload.size() + simdjson::SIMDJSON_PADDING) * 2);
    std::copy(payload.begin(), payload.end(), space.padded.begin());
    od::document document;
    if (space.parser.iterate(space.padded.data(), payload.size(), space.padded.size()).get(document) !=
        simdjson::SUCCESS)
        return false;
    od::value value;
    if (step(document, term.pointer.front()).get(value) != simdjson::SUCCESS)
        return false;
    for (std::size_t i = 1; i < term.pointer.size(); ++i) {
        if (step(value, term.pointer[i]).get(value) != simdjson::SUCCESS)
            return false;
    }
    return scalarMatches(term, value);
}

} // namespace

bool jsonTermMatches(const FilterNode& term, std::string_view payload)
{
    const std::size_t first = payload.find_first_not_of(" \t\r\n");
    const bool json = first != std::string_view::npos && (payload[first] == '{' || payload[first] == '[');
    return (json && found(term, payload)) != (term.op == FilterOp::NotEquals);
}

} // namespace weir
