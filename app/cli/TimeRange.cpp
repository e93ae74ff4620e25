// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/TimeRange.h"

#include <CLI/CLI.hpp>

namespace weir::cli {
namespace {

Result<void> readMoment(const std::string& text, Timestamp now, Timestamp& into)
{
    if (text.empty())
        return {};
    const auto parsed = parseMoment(text, now);
    if (!parsed)
        return parsed.error();
    into = *parsed;
    return {};
}

} // namespace

Result<TimeRange::Moments> TimeRange::moments(Timestamp now) const
{
    Moments read;
    if (const auto done = readMoment(from, now, read.from); !done)
        return done.error();
    if (const auto done = readMoment(to, now, read.to); !done)
        return done.error();
    if (read.from >= read.to)
        return Error{ErrorCode::Usage, "reading the range", "--from is not before --to: nothing lies between",
                     "change the two around"};
    return read;
}

void addRangeOptions(CLI::App& app, TimeRange& range)
{
    app.add_option("--from", range.from, "Not before: RFC 3339, or an age such as -15m")->type_name("TIME");
    app.add_option("--to", range.to, "Before: RFC 3339, or an age such as -5m")->type_name("TIME");
}

} // namespace weir::cli
