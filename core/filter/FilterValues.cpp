// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/filter/FilterValues.h"

#include <re2/re2.h>

#include <array>
#include <charconv>
#include <cmath>

namespace weir {
namespace {

using Fault = std::unique_ptr<FilterValueFault>;

Fault fault(std::string why, std::vector<std::string> expected)
{
    return std::make_unique<FilterValueFault>(FilterValueFault{std::move(why), std::move(expected)});
}

std::string inQuotes(const std::string& text)
{
    return "'" + text + "'";
}

/// Splits "10.5kB" into 10.5 and "kB".
bool splitNumber(std::string_view text, double& number, std::string_view& unit)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || !std::isfinite(number))
        return false;
    unit = text.substr(static_cast<std::size_t>(end - text.data()));
    return true;
}

Fault readRegex(FilterValue& value)
{
    RE2::Options options;
    options.set_log_errors(false);
    auto regex = std::make_shared<RE2>(value.text, options);
    if (!regex->ok())
        return fault(inQuotes(value.text) + " is not a regular expression: " + regex->error(),
                     {"a regular expression (RE2)"});
    value.regex = std::move(regex);
    return nullptr;
}

Fault readSubject(FilterValue& value)
{
    // Empty tokens are let through in quotes: they find what a broken proxy sends.
    const std::string& text = value.text;
    if (text.starts_with(">.") || text.find(".>.") != std::string::npos)
        return fault("'>' may only be the last token of a subject",
                     {"a subject such as orders.*.created or orders.>"});
    value.pattern.emplace(text);
    return nullptr;
}

Fault readEvidence(FilterValue& value)
{
    constexpr std::array kAll{Evidence::Verified, Evidence::Vouched, Evidence::Claimed, Evidence::Inferred,
                              Evidence::Unknown};
    value.text = asciiLower(value.text);
    std::vector<std::string> expected;
    for (const Evidence evidence : kAll) {
        if (evidenceName(evidence) == value.text) {
            value.evidence = evidence;
            return nullptr;
        }
        expected.emplace_back(evidenceName(evidence));
    }
    return fault(inQuotes(value.text) + " is no kind of evidence", std::move(expected));
}

Fault readSize(FilterValue& value)
{
    struct Unit
    {
        std::string_view name;
        double bytes;
    };
    constexpr std::array kUnits{Unit{"", 1},          Unit{"b", 1},        Unit{"kb", 1e3},
                                Unit{"mb", 1e6},      Unit{"gb", 1e9},     Unit{"kib", 1024},
                                Unit{"mib", 1 << 20}, Unit{"gib", 1 << 30}};
    double number = 0;
    std::string_view unit;
    if (!splitNumber(value.text, number, unit) || number < 0)
        return fault(inQuotes(value.text) + " is not a size", {"a size such as 512, 10kB or 2MB"});
    const std::string lower = asciiLower(unit);
    for (const Unit& known : kUnits) {
        if (known.name == lower && number * known.bytes < 9e18) {
            value.number = std::llround(number * known.bytes);
            return nullptr;
        }
    }
    return fault(inQuotes(std::string(unit)) + " is no unit of size", {"B", "kB", "MB", "GB"});
}

Fault readLatency(FilterValue& value)
{
    double number = 0;
    std::string_view unit;
    if (!splitNumber(value.text, number, unit))
        return fault(inQuotes(value.text) + " is not a duration",
                     {"a number and a unit: 250us, 100ms, 1.5s"});
    if (unit.empty())
        return fault("latency needs a unit after " + value.text, {"us", "ms", "s"});
    const bool negative = value.text.starts_with('-');
    const auto duration = parseDuration(std::string_view(value.text).substr(negative ? 1 : 0));
    if (!duration)
        return fault(inQuotes(std::string(unit)) + " is no unit of time", {"us", "ms", "s"});
    value.number = negative ? -duration->count() : duration->count();
    return nullptr;
}

Fault readTime(FilterValue& value, Timestamp now)
{
    const auto time = parseMoment(value.text, now);
    if (!time)
        return fault(inQuotes(value.text) + " is not a time",
                     {"a time such as 2026-11-20T23:45:08Z", "an age such as -15m", "now"});
    value.number = toUnixNanos(*time);
    return nullptr;
}

Fault readSeq(FilterValue& value)
{
    const char* const end = value.text.data() + value.text.size();
    const auto [stop, error] = std::from_chars(value.text.data(), end, value.number);
    if (error != std::errc() || stop != end || value.number < 0)
        return fault(inQuotes(value.text) + " is not a sequence number", {"a whole number"});
    return nullptr;
}

Fault readJson(FilterOp op, FilterValue& value)
{
    const char* const end = value.text.data() + value.text.size();
    std::int64_t whole = 0;
    if (const auto [stop, error] = std::from_chars(value.text.data(), end, whole);
        error == std::errc() && stop == end)
        value.whole = whole;
    double real = 0;
    if (const auto [stop, error] = std::from_chars(value.text.data(), end, real);
        error == std::errc() && stop == end && std::isfinite(real))
        value.real = real;
    if (op != FilterOp::Equals && op != FilterOp::NotEquals && !value.real)
        return fault(inQuotes(value.text) + " is not a number", {"a number"});
    return nullptr;
}

} // namespace

Fault readFilterValue(const FilterFieldInfo& info, FilterOp op, Timestamp now, FilterValue& value)
{
    if (op == FilterOp::Matches)
        return readRegex(value);
    switch (info.field) {
    case FilterField::Subject:
        return readSubject(value);
    case FilterField::Evidence:
        return readEvidence(value);
    case FilterField::Size:
        return readSize(value);
    case FilterField::Latency:
        return readLatency(value);
    case FilterField::Time:
        return readTime(value, now);
    case FilterField::Seq:
        return readSeq(value);
    case FilterField::Json:
        return readJson(op, value);
    case FilterField::Pop:
    case FilterField::Trace:
        value.text = asciiLower(value.text);
        return nullptr;
    case FilterField::Worker:
    case FilterField::Identity:
    case FilterField::Account:
    case FilterField::Stream:
    case FilterField::Header:
    case FilterField::Payload:
    case FilterField::Text:
        break;
    }
    return nullptr;
}

} // namespace weir
