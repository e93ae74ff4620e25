// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/KeepOptions.h"

#include "core/filter/SubjectPattern.h"

#include <CLI/CLI.hpp>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace weir::cli {
namespace {

constexpr std::uint64_t kLeastSize = 1'000'000; ///< below this, tables without a message take more
constexpr Nanoseconds kLeastAge = std::chrono::seconds(1);

Result<KeepRule> parseRule(const std::string& text)
{
    const auto refuse = [&text](const std::string& why) {
        return Error{ErrorCode::Usage, "reading --keep '" + text + "'", why,
                     "write a subject and how long it stays: 'telemetry.>=1d', 'audit.>=forever'"};
    };
    const std::size_t equals = text.rfind('=');
    if (equals == std::string::npos)
        return refuse("it has no '='");
    KeepRule rule{text.substr(0, equals), {}};
    const std::string age = text.substr(equals + 1);
    if (!SubjectPattern::isLegal(rule.subject))
        return refuse("'" + rule.subject + "' is not a subject");
    if (age == "forever")
        return rule;
    const auto parsed = parseDuration(age);
    if (!parsed)
        return refuse("'" + age + "' is not a duration");
    if (*parsed < kLeastAge)
        return refuse("it takes 1s or more, not " + age);
    rule.age = *parsed;
    return rule;
}

} // namespace

Result<std::uint64_t> parseSize(const std::string& text)
{
    struct Unit
    {
        std::string_view name;
        double bytes;
    };
    constexpr std::array kUnits{Unit{"", 1},         Unit{"B", 1},        Unit{"kB", 1e3},
                                Unit{"KB", 1e3},     Unit{"MB", 1e6},     Unit{"GB", 1e9},
                                Unit{"TB", 1e12},    Unit{"KiB", 0x1p10}, Unit{"MiB", 0x1p20},
                                Unit{"GiB", 0x1p30}, Unit{"TiB", 0x1p40}};
    double number = 0;
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, number);
    const std::string_view suffix(end, static_cast<std::size_t>(last - end));
    for (const Unit& unit : kUnits) {
        if (error == std::errc() && suffix == unit.name && number >= 0 && number * unit.bytes < 9e18)
            return static_cast<std::uint64_t>(std::llround(number * unit.bytes));
    }
    return Error{ErrorCode::Usage, "reading size '" + text + "'", "it is not a size",
                 "write a number and a unit: 500MB, 10GB, 1TB"};
}

void KeepOptions::addTo(CLI::App& app)
{
    app.add_option("--keep-age", age, "Remove messages from the history when they are older, e.g. 7d")
        ->type_name("D");
    app.add_option("--keep-size", size, "Remove the oldest messages when the history is larger, e.g. 10GB")
        ->type_name("SIZE");
    app.add_option("--keep", subjects,
                   "Keep what matches a subject for another time than --keep-age, e.g. 'telemetry.>=1d' or "
                   "'audit.>=forever'; may be given again, the first that matches counts. Blocks of messages "
                   "are written anew without what is too old")
        ->type_name("SUBJECT=AGE")
        ->allow_extra_args(false);
}

Result<KeepLimits> KeepOptions::limits() const
{
    KeepLimits limits;
    for (const std::string& text : subjects) {
        auto rule = parseRule(text);
        if (!rule)
            return rule.error();
        limits.subjects.push_back(std::move(*rule));
    }
    if (!age.empty()) {
        const auto parsed = parseDuration(age);
        if (!parsed)
            return parsed.error();
        if (*parsed < kLeastAge)
            return Error{ErrorCode::Usage, "reading the command line",
                         "--keep-age takes 1s or more, not " + age, "leave it out to keep everything"};
        limits.age = *parsed;
    }
    if (!size.empty()) {
        const auto parsed = parseSize(size);
        if (!parsed)
            return parsed.error();
        if (*parsed < kLeastSize)
            return Error{ErrorCode::Usage, "reading the command line",
                         "--keep-size takes 1MB or more, not " + size, "leave it out to keep everything"};
        limits.bytes = *parsed;
    }
    return limits;
}

} // namespace weir::cli
